"""What a person has answered so far who opens an incident, the command that says the same, and what it will write."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from status_tool.cli import editor, options, templating
from status_tool.cli.templating import Words
from status_tool.incident_files import file_names, store
from status_tool.model.component import ComponentStatus, Impact
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update, UpdateStatus
from status_tool.project import posting
from status_tool.project.project import Project


@dataclass(frozen=True)
class Answers:
    """Each answer is empty until it is given."""

    title: str = ""
    words: Words | None = None
    """The template that was chosen, with what is written into its blanks."""
    components: Sequence[str] | None = None
    """The ids of the components that are affected."""
    given: Mapping[str, ComponentStatus] = field(default_factory=dict)
    """The states that came with the choice of the components, and are not asked."""
    states: Mapping[str, ComponentStatus] = field(default_factory=dict)
    meant: Incident | None = None
    """The open incident of which this is an update."""
    anyway: bool = False
    """Whether it is another incident although one is open that may be the same."""
    impact: Impact | None = None
    message: str = ""
    next: str = ""
    """As --next takes it."""
    pushes: bool | None = None
    """As --push and --no-push say."""
    is_draft: bool = False
    """As --draft says, of a new incident."""
    is_agreed: bool = False
    """Whether the person has agreed to write it."""

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of the function of `status open`, or of `status update` if one is `meant`."""
        shared = {
            "components": tuple(f"{id}={state}" for id, state in self.states.items()),
            "message": self.message or None,
            "template": self.words.template.name if self.words else None,
            "blanks": tuple(f"{name}={text}" for name, text in self.words.values.items()) if self.words else (),
            "next_update": self.next or None,
            "pushes": self.pushes,
        }
        if self.meant:
            return {"incident": self.meant.id, **shared}
        new = {"title": self.title or None, "impact": self.impact, "anyway": self.anyway, "is_draft": self.is_draft}
        return {**new, **shared}

    def args(self, *, message: bool = True) -> list[str]:
        """The same on the command line, behind `status`; without -m, if not `message`."""
        given = self.arguments
        pairs = [("--template", given["template"]), *(("--set", blank) for blank in given["blanks"])]
        pairs += [("-c", component) for component in given["components"]]
        pairs += [("--impact", given.get("impact")), ("-m", given["message"] if message else None)]
        pairs += [("--next", given["next_update"])]
        named = [part for name, value in pairs if value for part in (name, str(value))]
        named += ["--anyway"] * bool(given.get("anyway")) + ["--draft"] * bool(given.get("is_draft"))
        named += [] if self.pushes is None else ["--push" if self.pushes else "--no-push"]
        if self.meant:
            return ["update", self.meant.id, *named]
        if self.title.startswith("-"):  # which would be taken for an option
            return ["open", *named, "--", self.title]
        return ["open", *([self.title] if self.title else []), *named]

    @property
    def command(self) -> str:
        """The same as a command, to be typed in a POSIX shell."""
        return shlex.join(["status", *self.args()])

    def incident(self, site: Project) -> Incident:
        """The incident as it would be written now; its text is empty where no answer gives one yet."""
        promised_at = options.promise(self.next or options.NO_PROMISE, site.now, site)
        update = Update(site.now, UpdateStatus.INVESTIGATING, self._text(promised_at), self.states, promised_at)
        if self.meant:
            at = max(site.now, self.meant.last.at + timedelta(seconds=1))
            update = replace(update, at=at, status=self._status or self.meant.last.status)
            return replace(self.meant, updates=(*self.meant.updates, update))
        title = self._title
        id = file_names.new_id(str(title), site.now, site.settings.timezone)
        update = replace(update, status=self._status or update.status)
        impact = self.impact or (self.words.template.impact if self.words else None)
        return Incident(id=id, title=title, updates=(update,), stated_impact=impact)

    @property
    def _status(self) -> UpdateStatus | None:
        return self.words.template.status if self.words else None

    @property
    def filled(self) -> Words | None:
        """The words, with the names of the components that are affected."""
        return self.words and self.words.completed(templating.affected(self.states), title=False, message=False)

    @property
    def _title(self) -> Text:
        return self.filled.title() if self.filled and not self.title else Text({"": self.title})

    def _text(self, promised_at: datetime | None) -> Text:
        if self.filled and not self.message and (promised_at or not self.filled.has_promise):
            return self.filled.message(promised_at)
        return Text({"": self.message})

    def rhythm(self, site: Project) -> timedelta | None:
        """How long after it the next update is promised, if nobody says otherwise."""
        if self.meant:
            by_impact = posting.rhythm(site, self.meant, self._status, self.states)
        else:
            by_impact = posting.rhythm_of(site, self.incident(site).impact_at(site.now))
        stated = self.words.template.next if self.words else None
        return stated or by_impact or site.settings.promise

    def is_written(self, site: Project) -> bool:
        """Whether an incident file has them, as its last update since `site.now`."""
        wanted = self.incident(site)
        return any(
            incident.last.published_at >= site.now and str(incident.title) == str(wanted.title)
            for incident in store.readable(site.settings)
        )

    def keep(self, error: BaseException) -> None:
        """Writes what was answered into a file, and says which, and how to go on; nothing if nothing was typed."""
        if self.message:
            editor.keep_message(self.message, error, self.args(message=False))
        elif self.title or self.words:
            editor.keep(f"{self.command}\n", error, self.command)
