"""One run of `status notify`: the channels that can be used, what they lack, and how that is claimed, sent and kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from status_tool.errors import StatusError, one_of
from status_tool.model.channel import Channel, Mode
from status_tool.notify import dispatch, ledger, run, secrets
from status_tool.notify.due import Due, Finder, Message, Speaker, Wanted
from status_tool.notify.ledger import Entry, Event, Ledger
from status_tool.notify.ledger_store import LedgerStore
from status_tool.notify.receipt import Outcome, Receipt
from status_tool.notify.run import Run
from status_tool.project.project import Project
from status_tool.render.context import RenderContext, SiteContext
from status_tool.settings.settings import Settings
from status_tool.system import clock
from status_tool.system.web import Web

CLOCKS_DIFFER = timedelta(minutes=3)
"""How long after its last attempt a claim still counts, as the clocks of two machines differ."""
Report = Callable[[Message, Receipt], None]


def chosen(settings: Settings, names: Sequence[str]) -> list[Channel]:
    """The channels with these names, or all on which a program may speak; StatusError when there is none."""
    real = [channel for channel in settings.channels if not channel.is_drill]
    by_name = {channel.name: channel for channel in real}
    if not by_name:
        hint = (
            "Add one below status:\n    channels:\n"
            "    - {name: mail, kind: email, from: status@example.org, to_env: STATUS_MAIL_TO, server_env: STATUS_SMTP}"
        )
        raise StatusError("no channel is configured.", settings.shown(settings.file), hint=hint)
    for name in names:
        if name not in by_name:
            raise StatusError(f'there is no channel "{name}".', hint=one_of(name, by_name))
        if by_name[name].mode is Mode.MANUAL:
            hint = f"Its words: status kit\nWhen it is said: status kit --mark-sent {name}"
            raise StatusError(f"on the channel {name} a person speaks by hand.", hint=hint)
    wanted = [by_name[name] for name in dict.fromkeys(names)] or real
    return [channel for channel in wanted if channel.mode is not Mode.MANUAL]


def speakers(
    channels: Iterable[Channel], environment: Mapping[str, str] | None = None
) -> tuple[list[Speaker], dict[str, StatusError]]:
    """The channels with what they need from the environment; and by name, why others cannot be used."""
    found: list[Speaker] = []
    errors: dict[str, StatusError] = {}
    for channel in channels:
        try:
            found.append(secrets.speaker(channel, os.environ if environment is None else environment))
        except StatusError as error:
            errors[channel.name] = error
    return found, errors


def refuse_other_keys(
    found: Sequence[Speaker], known: Ledger, now: datetime
) -> tuple[list[Speaker], dict[str, StatusError]]:
    """The channels whose recipients the ledger would know again; and why others cannot be used, as `speakers` has it.

    With another ledger key, everything that is news would be said to everybody once more.
    """
    good: list[Speaker] = []
    errors: dict[str, StatusError] = {}
    for speaker in found:
        name, since = speaker.channel.name, now - speaker.channel.max_age
        recent = (entry for entry in known.entries if entry.key.channel == name and entry.at >= since and entry.key.to)
        if speaker.ledger_key and any(entry.key.to.partition("-")[0] != speaker.mark for entry in recent):
            hint = f"Give {secrets.LEDGER_KEY} the value that everybody else has, who has sent there in the last hours."
            errors[name] = StatusError(f"{secrets.LEDGER_KEY} is not the one with which it was used before.", hint=hint)
        else:
            good.append(speaker)
    return good, errors


@dataclass(frozen=True)
class Notification:
    """What is said of one site by one process."""

    site: Project
    speakers: Sequence[Speaker]
    wanted: Wanted = field(default_factory=Wanted)
    is_drill: bool = False
    run: Run = field(default_factory=Run.begin)

    @cached_property
    def finder(self) -> Finder:
        """StatusError when an incident file has a problem, or the site has no address."""
        settings = self.site.settings
        if not settings.site_url:
            hint = "Write the address of the page, for example: site_url: https://status.example.org/"
            raise StatusError(
                "site_url is missing, and every message has a link.", settings.shown(settings.file), hint=hint
            )
        published = [incident for incident in self.site.incidents() if not incident.draft]
        now = self.site.summary_time(published)
        contexts: dict[str, RenderContext] = {}

        def context(code: str) -> RenderContext:
            if code not in contexts:
                other = replace(settings, language=code or settings.language)
                contexts[code] = SiteContext.of(other).with_incidents(published, now, is_drill=self.is_drill)
            return contexts[code]

        return Finder(context, now, settings.timezone, self.wanted)

    def due(self, known: Ledger) -> Due:
        return self.finder.find(self.speakers, known, run.dead(known))

    def claim(self, store: LedgerStore, approved: Collection[Message], *, offline: bool) -> list[Message]:
        """Those of `approved` that nobody else has claimed or said meanwhile; they are this run's now.

        Raises `Unreachable`, and then nothing is claimed.
        """
        wanted = {message.key for message in approved}
        mine: list[Message] = []

        def decide(known: Ledger) -> list[Entry]:
            mine[:] = [message for message in self.due(known).messages if message.key in wanted]
            return [self._claimed(message, clock.now()) for message in mine]

        store.claim(decide, offline=offline)
        return mine

    def _claimed(self, message: Message, now: datetime) -> Entry:
        until = now + message.speaker.channel.timeout + CLOCKS_DIFFER
        return Entry(now, message.key, Event.CLAIMED, self.run.id, self.run.by, until)

    def send(
        self, messages: Sequence[Message], known: Ledger, append: Callable[[Sequence[Entry]], None], report: Report
    ) -> list[tuple[Message, Receipt]]:
        """Sends what this run has claimed; `append` keeps what came of each at once, `report` is told of it."""
        done: list[tuple[Message, Receipt]] = []

        def record(message: Message, receipt: Receipt) -> None:
            append([ledger.entry_of(receipt, message.key, clock.now(), self.run.id, self.run.by)])
            done.append((message, receipt))
            report(message, receipt)

        dispatch.send(messages, known, record, Web())
        return done


def is_done(receipts: Iterable[Receipt]) -> bool:
    return all(receipt.outcome in (Outcome.DELIVERED, Outcome.ACCEPTED) for receipt in receipts)
