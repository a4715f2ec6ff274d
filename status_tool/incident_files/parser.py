"""An incident file's text as an `Incident`, and an `Incident` or one more `Update` as text.

What a file may hold stands in three tables, `RECORD`, `UPDATE` and `WINDOW`; the parser, the JSON
Schema and the manual's test all read them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Any, TypeVar

from status_tool.errors import Problem, StatusError, did_you_mean, one_of
from status_tool.model import recurrence
from status_tool.model.component import OPERATIONAL, ComponentStatus, Impact
from status_tool.model.incident import Incident, Kind, Text, Update, UpdateStatus, Window
from status_tool.system import clock
from status_tool.text import language_codes, yaml_text
from status_tool.text.yaml_text import Scalar

SUFFIXES = (".md", ".yml", ".yaml")
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Field:
    """One key of a file: what it takes (`form`, a method of the parser), and what it is for."""

    form: str
    about: str
    example: str
    required: bool = False
    words: type[StrEnum] | None = None


UPDATE = {
    "at": Field("time", "When the update was posted.", clock.EXAMPLE, required=True),
    "status": Field("status", "Where the work stands.", "investigating", required=True, words=UpdateStatus),
    "components": Field("components", "The components this update changes, and to what.", "{api: partial_outage}"),
    "next": Field("moment", "When the next update will be posted: a time, or how long after `at`.", "30m"),
    "message": Field("text", "What readers are told. Markdown.", "We are looking into it.", required=True),
    "edited": Field("time", "When the message was corrected, if it was.", "2026-11-23T14:52:00Z"),
    "window": Field("time", "Which window of recurring maintenance it is about.", "2026-12-08T02:00:00Z"),
}
WINDOW = {
    "from": Field("time", "When the work will begin.", "2026-12-01T02:00:00Z", required=True),
    "until": Field("time", "When the work will be over.", "2026-12-01T04:00:00Z", required=True),
    "repeat": Field("rule", "How the window recurs: a rule of RFC 5545.", "FREQ=WEEKLY;COUNT=8"),
}
RECORD = {
    "title": Field("text", "What is wrong, in one line.", "API errors", required=True),
    "kind": Field("word", "Whether it went wrong or was planned.", "incident", words=Kind),
    "started": Field("time", "When it began, if not with the first update.", "2026-11-23T13:58:00Z"),
    "ended": Field("time", "When it really ended, if not with the last update.", "2026-11-23T15:20:00Z"),
    "impact": Field("word", "How bad it is, if not what its components say.", "major", words=Impact),
    "scheduled": Field("window", "From when until when maintenance is planned.", "{from: …, until: …}"),
    "draft": Field("flag", "`true` keeps the file off the site.", "true"),
    "who": Field("text", "Who is affected. Markdown.", "Customers in the EU."),
    "workaround": Field("text", "What readers can do meanwhile. Markdown.", "Use the mobile app."),
    "contact": Field("text", "Where readers get help. Markdown.", "Call +1 555 0100."),
    "reviewed": Field(
        "time", "When the post-mortem was published, if not with the last update.", "2026-11-27T09:00:00Z"
    ),
    "updates": Field("updates", "What was said, and when; the oldest first.", "a list", required=True),
}
_SAMPLE = (
    "Write, for example:\nupdates:\n- at: 2026-11-23T14:05:00Z\n  status: investigating\n  message: Looking into it."
)


def _by_text(words: Iterable[Word]) -> dict[str, Word]:
    """Each of `words` by the text it is written as."""
    return {word.value: word for word in words}


_STATUSES = {kind: _by_text(kind.statuses) for kind in Kind}
_COMPONENT_STATUSES = _by_text(ComponentStatus)
_ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
LONGEST_ID = 120
RESERVED = "frame-of-every-page"
"""The frame that incident pages are poured into has this address while a site is built."""


def id_problem(name: str) -> Problem | None:
    """Why a file of this name cannot be an incident; its name without the suffix is the id and the address."""
    stem = name.rpartition(".")[0] or name
    if stem == RESERVED:
        return Problem("this name is that of a page of ours.", hint="Rename it.")
    if _ID.fullmatch(stem) and len(stem) <= LONGEST_ID:
        return None
    return Problem(
        f'the name "{stem}" cannot be an address.',
        hint=f"Rename it in lower-case letters, digits and hyphens, for example {slug(stem)}{PurePath(name).suffix}.",
    )


def slug(words: str) -> str:
    """`Facebook, Instagram & WhatsApp` -> `facebook-instagram-whatsapp`; never empty."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    kept = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return kept[:60].rstrip("-") or "incident"


@dataclass(frozen=True)
class _Halves:
    """A file's record and its post-mortem; `begin` is where the record stands in the text."""

    record: str
    begin: int
    first_line: int
    postmortem: str
    """As it was written."""


_FRONT = re.compile(r"\ufeff?---[ \t]*(?:\r\n|\n|\r)")
# That a line begins there is asked after the dashes are found: they are sought fifty times faster than line ends.
_CLOSING = re.compile(r"---(?<![^\r\n]---)[ \t]*(?:\r\n|\n|\r|\Z)")


def _halves(text: str, path: str) -> _Halves:
    if not path.endswith(".md"):
        begin = 1 if text.startswith("\ufeff") else 0
        return _Halves(text[begin:], begin, 1, "")
    front = _FRONT.match(text)
    if front is None:
        raise StatusError(
            "the front matter is missing.", path, 1, 'The first line must be "---", the record follows, then "---".'
        )
    closing = _CLOSING.search(text, front.end())
    if closing is None:
        raise StatusError(
            "the front matter has no end.", path, text.count("\n") + 1, 'Put a line "---" after the last update.'
        )
    return _Halves(text[front.end() : closing.start()], front.end(), 2, text[closing.end() :])


def parse(
    text: str,
    path: str,
    *,
    components: Collection[str] | None = None,
    latest: datetime | None = None,
) -> Incident:
    """The incident in `text`; `path` names it in messages, and its last part without suffix is the id.

    `components` are the ids that may stand in it (None: any). An update after `latest` is refused.
    Raises StatusError with every problem of the file.
    """
    halves = _halves(text, path)
    parser = _Parser(path, components, latest)
    root, mistakes = yaml_text.read(halves.record, halves.first_line)
    for mistake in mistakes:
        parser.add_problem(mistake.line, mistake.what, mistake.hint)
    if root is None and not mistakes:
        parser.add_problem(halves.first_line, "the record is empty.", _SAMPLE)
    parser.check_postmortem(text, halves.postmortem)
    id, source = PurePath(path).stem, source_of(text.encode("utf-8", "surrogatepass"))
    incident = parser.incident(root, id, halves.postmortem, source) if root is not None else None
    if parser.problems or incident is None:
        raise StatusError.of(sorted(parser.problems, key=lambda problem: problem.line or 0))
    return incident


def source_of(content: bytes) -> str:
    """What `Incident.source` is of a file with that content."""
    return hashlib.sha256(content).hexdigest()


def _unwanted(text: str) -> str | None:
    """The first character that cannot be shown; every kind of line end can."""
    return yaml_text.unwanted(text.replace("\r", "\n").replace("\x85", "\n"))


def unknown_component_hint(id: str, components: Collection[str]) -> str:
    known = f"Known: {', '.join(components)}." if components else ""
    return " ".join(
        filter(None, [did_you_mean(id, components), known, "A new one goes under components: in mkdocs.yml."])
    )


class _Parser:
    """One pass over one record; a mistake becomes a problem and None, and the pass goes on."""

    def __init__(self, path: str, components: Collection[str] | None, latest: datetime | None) -> None:
        self.path, self.known_components, self.latest = path, components, latest
        self.kind = Kind.INCIDENT
        self.problems: list[Problem] = []

    def add_problem(self, line: int, what: str, hint: str = "") -> None:
        self.problems.append(Problem(what, self.path, line, hint))

    # -- the whole record ------------------------------------------------------------------------

    def incident(self, node: yaml_text.Node, id: str, postmortem: str, source: str) -> Incident | None:
        found = self.fields(node, RECORD, "an incident file")
        if found is None or not isinstance(node, yaml_text.Mapping):
            return None
        kind = self.kind
        updates = self.in_order(found["updates"] or [])
        self.check_window(node, kind, found)
        if self.problems or not updates or found["title"] is None:
            return None  # a rule about the whole would only repeat what is said already
        incident = Incident(
            id=id,
            title=found["title"],
            updates=updates,
            started=found["started"],
            ended=found["ended"],
            kind=kind,
            scheduled=found["scheduled"],
            stated_impact=found["impact"],
            who=found["who"],
            workaround=found["workaround"],
            contact=found["contact"],
            draft=bool(found["draft"]),
            postmortem=yaml_text.tidy(postmortem),
            reviewed=found["reviewed"],
            source=source,
        )
        self.check_times(node, incident)
        self.check_updates(node, incident)
        return incident

    def check_postmortem(self, text: str, postmortem: str) -> None:
        if unwanted := _unwanted(postmortem):
            line = text.count("\n", 0, text.index(unwanted, len(text) - len(postmortem))) + 1
            self.add_problem(line, f"the post-mortem holds the character U+{ord(unwanted):04X}.", "Remove it.")

    def in_order(self, items: list[tuple[int, dict[str, Any]]]) -> tuple[Update, ...]:
        """The updates, oldest first; checked against each other."""
        updates: dict[datetime, Update] = {}
        lines: dict[datetime, int] = {}
        for line, found in items:
            at, status = found["at"], found["status"]
            if at is None or status is None or found["message"] is None:
                continue
            if at in updates:
                self.add_problem(
                    line,
                    f"a second update at {clock.iso(at)} (the first is on line {lines[at]}).",
                    "Its time is its name: give one of them another second.",
                )
                continue
            lines[at] = line
            updates[at] = Update(
                at,
                status,
                found["message"],
                found["components"] or {},
                found["next"],
                found["edited"],
                found["window"],
            )
        return tuple(updates[at] for at in sorted(updates))

    def check_updates(self, node: yaml_text.Mapping, incident: Incident) -> None:
        if incident.scheduled and incident.scheduled.repeat:
            if incident.postmortem:
                hint = "Write it as an incident of its own, or as a page in docs/."
                self.add_problem(node.line_of("scheduled"), "recurring maintenance has no post-mortem.", hint)
            return
        updates = node.get("updates")
        for item in updates.items if isinstance(updates, yaml_text.Sequence) else ():
            if isinstance(item, yaml_text.Mapping) and item.get("window") is not None:
                hint = "Remove it, or let the window recur: repeat below scheduled."
                self.add_problem(item.line_of("window"), "only recurring maintenance has several windows.", hint)

    def check_window(self, node: yaml_text.Mapping, kind: Kind, found: Mapping[str, Any]) -> None:
        given = node.get("scheduled") is not None
        if kind is Kind.MAINTENANCE and not given:
            self.add_problem(
                node.line_of("kind"),
                "maintenance without a time.",
                "Write, for example:\nscheduled: {from: 2026-12-01T02:00:00Z, until: 2026-12-01T04:00:00Z}",
            )
        if kind is Kind.INCIDENT and given:
            self.add_problem(node.line_of("scheduled"), "only maintenance is scheduled.", 'Add "kind: maintenance".')
        for key in ("started", "ended"):
            if kind is Kind.MAINTENANCE and found[key]:
                self.add_problem(
                    node.line_of(key), f'maintenance has no "{key}".', "Its updates and `scheduled` say when it was."
                )

    def check_times(self, node: yaml_text.Mapping, incident: Incident) -> None:
        started, ended = incident.started, incident.ended
        if started and started > incident.first.at:
            self.add_problem(
                node.line_of("started"),
                f"it started ({clock.iso(started)}) after its first update ({clock.iso(incident.first.at)}).",
                'Give the true time, or leave "started" out.',
            )
        if ended and ended < incident.start:
            self.add_problem(
                node.line_of("ended"),
                f"it ended ({clock.iso(ended)}) before it started ({clock.iso(incident.start)}).",
                'Give the true time, or leave "ended" out.',
            )
        if ended and not incident.last.status.ends:
            self.add_problem(
                node.line_of("ended"),
                f'it has an end, but its last update says "{incident.last.status}".',
                'Add an update "resolved", or leave "ended" out.',
            )
        reviewed = incident.reviewed
        if reviewed and not incident.postmortem:
            hint = 'Write one below the second "---" of a .md file, or leave "reviewed" out.'
            self.add_problem(node.line_of("reviewed"), "there is no post-mortem.", hint)
        if reviewed and reviewed < incident.first.at:
            what = f"it was reviewed ({clock.iso(reviewed)}) before its first update ({clock.iso(incident.first.at)})."
            self.add_problem(node.line_of("reviewed"), what, 'Give the true time, or leave "reviewed" out.')
        self.check_future(node, ended, "ended")
        self.check_future(node, reviewed, "reviewed")

    def check_future(self, node: yaml_text.Mapping, time: datetime | None, key: str) -> None:
        if time and self.latest and time > self.latest:
            self.add_problem(
                node.line_of(key),
                f'"{key}" lies in the future: {clock.iso(time)}.',
                "Correct it, or set this machine's clock. Planned work is kind: maintenance.",
            )

    # -- mappings with known keys ----------------------------------------------------------------

    def fields(self, node: yaml_text.Node, known: Mapping[str, Field], what: str) -> dict[str, Any] | None:
        """The value of every key in `known` (None where it is absent or wrong)."""
        if not isinstance(node, yaml_text.Mapping):
            self.add_problem(node.line, f"{what} holds keys and values.", f"Known keys: {', '.join(known)}.")
            return None
        self.refuse_tag(node)
        for key, (at, _) in node.pairs.items():
            if key not in known:
                self.add_problem(at.line, f'unknown key "{key}".', one_of(key, known))
        found: dict[str, Any] = dict.fromkeys(known)
        for key, field in known.items():
            pair = node.pairs.get(key)
            if pair and not pair[1].is_null:
                found[key] = getattr(self, field.form)(pair[1], field, key)
            elif pair or field.required:
                lack = "empty" if pair else "missing"
                hint = _SAMPLE if field.form == "updates" else f"Write, for example: {key}: {field.example}"
                self.add_problem(node.line_of(key), f'"{key}" is {lack}.', hint)
        return found

    def refuse_tag(self, node: yaml_text.Node) -> None:
        if node.tag:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self.add_problem(node.line, f'the tag "{tag}" means nothing here.', "Remove it.")

    def scalar(self, node: yaml_text.Node, field: Field, key: str) -> Scalar | None:
        self.refuse_tag(node)
        if isinstance(node, Scalar):
            return node
        self.add_problem(
            node.line, f'"{key}" takes one value, not a list or a mapping.', f"For example: {field.example}"
        )
        return None

    # -- the forms a value can have --------------------------------------------------------------

    def time(self, node: yaml_text.Node, field: Field, key: str) -> datetime | None:
        scalar = self.scalar(node, field, key)
        if scalar is None:
            return None
        try:
            return clock.parse_time(scalar.text)
        except ValueError as error:
            example = clock.EXAMPLE
            if "no zone" in str(error):
                with_zone = scalar.text.strip().replace(" ", "T") + "Z"
                example = with_zone if with_zone.count(":") == 2 else example
            self.add_problem(scalar.line, str(error), f"Write it in UTC, for example {example}.")
            return None

    def moment(self, node: yaml_text.Node, field: Field, key: str) -> datetime | Any | None:
        """A time, or the duration (timedelta) after the update's own time."""
        if isinstance(node, Scalar) and not re.match(r"\d{4}-", node.text):
            try:
                return clock.parse_duration(node.text)
            except ValueError as error:
                self.add_problem(
                    node.line, str(error), f"Write, for example, 30m or 1h30m, or a time: {clock.EXAMPLE}."
                )
                return None
        return self.time(node, field, key)

    def word(self, node: yaml_text.Node, field: Field, key: str) -> StrEnum | None:
        scalar = self.scalar(node, field, key)
        word = self.known(scalar, _by_text(field.words or ()), key) if scalar else None
        if isinstance(word, Kind):
            self.kind = word  # which statuses its updates may use
        return word

    def status(self, node: yaml_text.Node, field: Field, key: str) -> UpdateStatus | None:
        scalar = self.scalar(node, field, key)
        if scalar is None:
            return None
        other = Kind.MAINTENANCE if self.kind is Kind.INCIDENT else Kind.INCIDENT
        if scalar.text in _STATUSES[other]:
            hint = one_of(scalar.text, _STATUSES[self.kind]) + f' Or set "kind: {other}".'
            self.add_problem(scalar.line, f'"{scalar.text}" is a status of kind "{other}".', hint)
            return None
        return self.known(scalar, _STATUSES[self.kind], key)

    def known(self, scalar: Scalar, words: Mapping[str, Word], what: str) -> Word | None:
        if scalar.text in words:
            return words[scalar.text]
        self.add_problem(scalar.line, f'unknown {what} "{scalar.text}".', one_of(scalar.text, words))
        return None

    def flag(self, node: yaml_text.Node, field: Field, key: str) -> bool | None:
        scalar = self.scalar(node, field, key)
        if scalar is None:
            return None
        if scalar.plain and scalar.text.lower() in ("true", "false"):
            return scalar.text.lower() == "true"
        self.add_problem(scalar.line, f'"{key}" is "{scalar.text}".', "Write true or false.")
        return None

    def text(self, node: yaml_text.Node, field: Field, key: str) -> Text | None:
        if isinstance(node, Scalar):
            words = self.words(node, key)
            return Text({"": words}) if words else None
        if not isinstance(node, yaml_text.Mapping):
            self.add_problem(
                node.line, f'"{key}" is a text, or one text per language.', f"For example: {field.example}"
            )
            return None
        self.refuse_tag(node)
        found = {}
        for language, (at, value) in node.pairs.items():
            if not language_codes.is_known(language):
                close = did_you_mean(language, language_codes.CODES)
                hint = f"{close} Write a language code such as en, fr or pt-BR.".strip()
                self.add_problem(at.line, f'unknown language "{language}".', hint)
            elif not isinstance(value, Scalar):
                self.add_problem(value.line, f'"{key}" in {language} must be a text.', f"For example: {field.example}")
            elif words := self.words(value, key):
                found[language] = words
        if not node.pairs:
            self.add_problem(node.line, f'"{key}" is empty.', f"Write, for example: {key}: {field.example}")
        return Text(found) if found else None

    def words(self, scalar: Scalar, key: str) -> str | None:
        self.refuse_tag(scalar)
        if unwanted := _unwanted(scalar.text):
            self.add_problem(scalar.line, f'"{key}" holds the character U+{ord(unwanted):04X}.', "Remove it.")
            return None
        tidied = yaml_text.tidy(scalar.text)
        if yaml_text.is_blank(tidied):
            self.add_problem(scalar.line, f'"{key}" is empty.', "Write what readers should know.")
            return None
        if key == "title" and "\n" in tidied:
            self.add_problem(
                scalar.line, "the title has several lines.", "Keep one line; the rest belongs in the message."
            )
            return None
        return tidied

    def components(self, node: yaml_text.Node, field: Field, key: str) -> dict[str, ComponentStatus] | None:
        if not isinstance(node, yaml_text.Mapping):
            self.add_problem(
                node.line, '"components" maps components to their status.', f"Write, for example: {field.example}"
            )
            return None
        self.refuse_tag(node)
        found = {}
        for id, (at, value) in node.pairs.items():
            if self.known_components is not None and id not in self.known_components:
                self.add_problem(
                    at.line, f'unknown component "{id}".', unknown_component_hint(id, self.known_components)
                )
            scalar = self.scalar(value, field, id)
            status = self.known(scalar, _COMPONENT_STATUSES, "component status") if scalar else None
            if status:
                found[id] = status
        return found

    def window(self, node: yaml_text.Node, field: Field, key: str) -> Window | None:
        found = self.fields(node, WINDOW, f'"{key}"')
        if found is None or found["from"] is None or found["until"] is None:
            return None
        if found["until"] <= found["from"]:
            what = f"the window ends ({clock.iso(found['until'])}) before it begins ({clock.iso(found['from'])})."
            self.add_problem(node.line, what, '"until" must be later than "from".')
            return None
        window = Window(found["from"], found["until"])
        if not found["repeat"]:
            return window
        wrong = recurrence.problem(found["repeat"], window)
        if wrong:
            hint = "Write, for example, FREQ=WEEKLY;COUNT=8 or FREQ=MONTHLY;BYDAY=1TU;UNTIL=20271231T000000Z."
            self.add_problem(node.line_of("repeat"), wrong, hint)  # type: ignore[union-attr]
        return replace(window, repeat=found["repeat"])

    def rule(self, node: yaml_text.Node, field: Field, key: str) -> str | None:
        scalar = self.scalar(node, field, key)
        return scalar.text.strip() if scalar else None

    def updates(self, node: yaml_text.Node, field: Field, key: str) -> list[tuple[int, dict[str, Any]]] | None:
        if not isinstance(node, yaml_text.Sequence):
            self.add_problem(node.line, '"updates" is a list, each item beginning with "- ".', _SAMPLE)
            return None
        self.refuse_tag(node)
        if not node.items:
            self.add_problem(node.line, "no update yet.", _SAMPLE)
        found = []
        for item in node.items:
            fields = self.fields(item, UPDATE, "an update")
            if fields is not None and isinstance(item, yaml_text.Mapping):
                self.check_update(item, fields)
                found.append((item.line, fields))
        return found

    def check_update(self, node: yaml_text.Mapping, found: dict[str, Any]) -> None:
        at, status, following, edited = found["at"], found["status"], found["next"], found["edited"]
        self.check_future(node, at, "at")
        if following is not None and at is not None:
            try:
                found["next"] = following if isinstance(following, datetime) else at + following
            except OverflowError:
                found["next"] = at
            if found["next"] <= at:
                self.add_problem(
                    node.line_of("next"),
                    "the next update is promised for a time before this one.",
                    "Write, for example: next: 30m",
                )
        if edited and at and edited < at:
            self.add_problem(
                node.line_of("edited"), "it was edited before it was posted.", "Give the time of the correction."
            )
        left = [id for id, state in (found["components"] or {}).items() if state is not OPERATIONAL]
        if status and status.ends and left:
            self.add_problem(
                node.line_of("components"),
                f'"{status}" returns every component to operational, but {", ".join(left)} is named otherwise.',
                f'Remove it, or use "{"verifying" if status in Kind.MAINTENANCE.statuses else "monitoring"}".',
            )


def draft(incident: Incident) -> str:
    """The text of a new file that holds `incident`."""
    record: dict[str, object] = {"title": _plain(incident.title)}
    if incident.is_maintenance:
        record["kind"] = incident.kind.value
    if incident.scheduled:
        begin, until = (yaml_text.Bare(clock.iso(t)) for t in (incident.scheduled.begin, incident.scheduled.until))
        record["scheduled"] = {"from": begin, "until": until}
        if incident.scheduled.repeat:
            record["scheduled"] = {"from": begin, "until": until, "repeat": incident.scheduled.repeat}
    for key, time in (("started", incident.started), ("ended", incident.ended), ("reviewed", incident.reviewed)):
        if time:
            record[key] = yaml_text.Bare(clock.iso(time))
    if incident.stated_impact:
        record["impact"] = incident.stated_impact.value
    if incident.draft:
        record["draft"] = True
    for key, text in (("who", incident.who), ("workaround", incident.workaround), ("contact", incident.contact)):
        if text:
            record[key] = _block(text)
    record["updates"] = [_item(update) for update in incident.updates]
    body = f"\n{incident.postmortem}\n" if incident.postmortem else ""
    return f"---\n{yaml_text.write(record)}---\n{body}"


def append_update(text: str, path: str, update: Update) -> str:
    """`text` with `update` inserted after its last one; every other byte stays as it is.

    Raises StatusError when the file is broken, or laid out so that text cannot be added to it.
    """
    before = parse(text, path)
    root, begin = located(text, path)
    if update.at <= before.last.at:
        raise StatusError(
            f"its last update is of {clock.iso(before.last.at)}, so none of {clock.iso(update.at)} can follow it.",
            path,
            hint="Give a later time, or add the update by hand.",
        )
    updates = root.get("updates")
    if not isinstance(updates, yaml_text.Sequence):
        raise AssertionError("parse() accepts no file without a list of updates")
    at = begin + updates.end
    if updates.flow:
        after_last = begin + updates.items[-1].end
        after = f"{text[:after_last]}, {json.dumps(_flat(_item(update)), ensure_ascii=False)}{text[after_last:]}"
    else:
        after = _with_block(text, at, yaml_text.write([_item(update)]), updates.column)
    if not holds(after, path, replace(before, updates=(*before.updates, update))):
        raise StatusError(
            "nothing can be added below its last update without changing what stands there.",
            path,
            hint="Add the new update by hand:\n" + yaml_text.write([_item(update)]).rstrip(),
        )
    return after


def located(text: str, path: str) -> tuple[yaml_text.Mapping, int]:
    """The record of a valid file as it is laid out, and where in `text` it begins."""
    halves = _halves(text, path)
    root, _ = yaml_text.read(halves.record)
    if not isinstance(root, yaml_text.Mapping):
        raise AssertionError("parse() accepts no other file")
    return root, halves.begin


def holds(text: str, path: str, incident: Incident) -> bool:
    """Whether `text` means just `incident`: what a change of a file must show before it is written."""
    try:
        return parse(text, path) == incident
    except StatusError:
        return False


def _with_block(text: str, at: int, block: str, column: int) -> str:
    """`text` with `block`, indented to `column`, on lines of its own below the one that ends at `at`."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    if at and text[at - 1] not in "\r\n":
        rest = re.compile(r"[^\r\n]*(\r\n|\n|\r)?").match(text, at)
        at = rest.end() if rest else at
    lines = [" " * column + line if line else line for line in block.splitlines()]
    inserted = line_end.join(lines) + line_end
    if at and text[at - 1] not in "\r\n":
        inserted = line_end + inserted
    return text[:at] + inserted + text[at:]


def _item(update: Update) -> dict[str, object]:
    item: dict[str, object] = {"at": yaml_text.Bare(clock.iso(update.at)), "status": update.status.value}
    if update.components:
        item["components"] = yaml_text.Inline({id: state.value for id, state in update.components.items()})
    if update.next:
        item["next"] = yaml_text.Bare(clock.iso(update.next))
    if update.edited:
        item["edited"] = yaml_text.Bare(clock.iso(update.edited))
    if update.window:
        item["window"] = yaml_text.Bare(clock.iso(update.window))
    item["message"] = _block(update.message)
    return item


def _block(text: Text) -> object:
    blocks = {language: yaml_text.Block(words) for language, words in text.translations.items()}
    return blocks[""] if list(blocks) == [""] else blocks


def _plain(text: Text) -> object:
    return text.translations[""] if list(text.translations) == [""] else dict(text.translations)


def _flat(value: object) -> object:
    """`value` for JSON, which is YAML on one line."""
    if isinstance(value, dict):
        return {key: _flat(inner) for key, inner in value.items()}
    if isinstance(value, yaml_text.Inline):
        return dict(value.pairs)
    return value.text if isinstance(value, yaml_text.Bare | yaml_text.Block) else value
