"""What an incident file contains after two people have changed it at the same time: the words of both.

Each value of the record, each value of an update, and the post-mortem count by themselves: what only one side changed
is taken from it. What both changed, to different values, is a question for a person.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from status_tool.errors import StatusError
from status_tool.incident_files import fields, formats, parser
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update
from status_tool.system import clock
from status_tool.text import yaml_splice, yaml_text
from status_tool.text.yaml_text import Sequence as List

MOVED = timedelta(minutes=1)
"""How far an update is moved, at most, when another one has its second."""


class Side(Enum):
    """Whose value holds."""

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Question:
    """What both sides changed, each to something else."""

    key: str
    """Names it among the questions of a file: `title`, `2026-11-23T14:05:00Z message`."""
    what: str
    """`"title"`, `the message of the update of 2026-11-23T14:05:00Z`."""
    base: str
    """What it was before, as YAML or text; empty if it was not there."""
    ours: str
    theirs: str


@dataclass(frozen=True)
class Merged:
    """The result of a merge: a text; or the questions that have to be answered first."""

    text: str | None
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should know of it, a sentence each."""


Answers = Mapping[str, Side]
"""`Question.key` -> whose value holds."""


def merge(base: str | None, ours: str, theirs: str, path: str, answers: Answers | None = None) -> Merged:
    """`theirs` with what `ours` changed since `base`; all other text of `theirs` is unchanged.

    `path` is shown in messages, and its name is the id of the incident. With `base` None, both sides have written the
    file. An update of ours whose second has another update of theirs gets the next free second. Of two updates that
    end the incident, that of theirs stays, and gets the words of the other. Raises StatusError when one of the texts
    is not a valid incident file, as by `parser.parse`.
    """
    if ours in (base, theirs):
        return Merged(theirs)
    if theirs == base:
        return Merged(ours)
    our_side, their_side = parser.parse(ours, path), parser.parse(theirs, path)
    union = _Union(parser.parse(base, path) if base is not None else None, our_side, their_side, answers or {})
    expected = union.incident()
    if union.questions:
        return Merged(None, tuple(union.questions), tuple(union.notes))
    for source in (_Splice(ours, path, our_side.updates), None):
        text = _Splice(theirs, path, their_side.updates).to(their_side, expected, source)
        if text is not None and parser.holds(text, path, expected):
            return Merged(text, notes=(*union.notes, *_lost_comments(base, ours, text)))
    what = "the whole file"
    return Merged(None, (Question("file", what, base or "", ours, theirs),), tuple(union.notes))


# -- which values the result has -------------------------------------------------------------------

_MISSING = object()


class _Union:
    """Decides about every value; collects questions and notes."""

    def __init__(self, base: Incident | None, ours: Incident, theirs: Incident, answers: Answers) -> None:
        self.base, self.ours, self.theirs, self.answers = base, ours, theirs, answers
        self.questions: list[Question] = []
        self.notes: list[str] = []

    def incident(self) -> Incident:
        names = [field.name for field in fields.RECORD.fields if field.name != "updates"]
        values = {name: self._value(name) for name in names}
        values["postmortem"] = self._chosen(
            "postmortem", "the post-mortem", *(getattr(side, "postmortem", "") for side in self._sides)
        )
        return replace(self.theirs, updates=self._updates(), links=(), source="", **values)

    @property
    def _sides(self) -> tuple[Incident | None, Incident, Incident]:
        return self.base, self.ours, self.theirs

    def _value(self, name: str) -> Any:
        base, ours, theirs = (getattr(side, name, None) for side in self._sides)
        if self.base is None and ours == _DEFAULTS[name]:
            return theirs  # opened by two people: what one of them did not say is no contradiction
        if self.base is None and theirs == _DEFAULTS[name]:
            return ours
        key = next(field.key for field in fields.RECORD.fields if field.name == name)
        return self._chosen(key, f'"{key}"', base, ours, theirs)

    def _chosen(self, key: str, what: str, base: Any, ours: Any, theirs: Any) -> Any:
        """The value by the rule of a three-way merge; a question when both sides changed it, and `theirs` for now."""
        if ours in (base, theirs):
            return theirs
        if theirs == base:
            return ours
        if key in self.answers:
            return ours if self.answers[key] is Side.OURS else theirs
        if all(isinstance(text, Text) for text in (ours, theirs)):
            return self._text(key, what, base, ours, theirs)
        self.questions.append(Question(key, what, *map(_shown, (base, ours, theirs))))
        return theirs

    def _text(self, key: str, what: str, base: Text | None, ours: Text, theirs: Text) -> Text:
        """A text in several languages: each language counts by itself."""
        known = [text.translations if text else {} for text in (base, ours, theirs)]
        if list(ours.translations) == list(theirs.translations) == [""]:
            self.questions.append(Question(key, what, *map(_shown, (base, ours, theirs))))
            return theirs
        translations: dict[str, str] = {}
        for code in dict.fromkeys([*theirs.translations, *ours.translations]):
            name = f"{what} in {code}" if code else what
            chosen = self._chosen(f"{key} {code}", name, *(text.get(code) for text in known))
            if chosen is not None:
                translations[code] = chosen
        return Text(translations) if translations else theirs

    # -- updates ---------------------------------------------------------------------------------

    def _updates(self) -> tuple[Update, ...]:
        before = list(self.base.updates) if self.base else []
        ours, theirs = _aligned(self.ours.updates, before), _aligned(self.theirs.updates, before)
        known = [self._known(update, ours[0].get(update.at), theirs[0].get(update.at)) for update in before]
        result = {update.at: update for update in [*filter(None, known), *theirs[1]]}
        for update in _rest(ours[1], theirs[1])[1]:
            self._add(update, result, theirs[1])
        return tuple(result[at] for at in sorted(result))

    def _known(self, before: Update, ours: Update | None, theirs: Update | None) -> Update | None:
        """An update that was there before, changed or removed by one side or by both; None if it is removed."""
        name = f"the update of {clock.iso(before.at)}"
        if ours is None or theirs is None:
            chosen: Update | None = self._chosen(clock.iso(before.at), name, before, ours, theirs)
            return chosen
        values: dict[str, Any] = {}
        for field in fields.UPDATE.fields:
            sides = [getattr(update, field.name) for update in (before, ours, theirs)]
            if field.key == "at":  # a merge has given it another second
                values["at"] = sides[2] if sides[2] != sides[0] else sides[1]
                continue
            if field.key == "edited" and all(sides[1:]):
                values[field.name] = max(sides[1:])
                continue
            what = f"the message of {name}" if field.key == "message" else f'"{field.key}" of {name}'
            values[field.name] = self._chosen(f"{clock.iso(before.at)} {field.key}", what, *sides)
        return Update(**values)

    def _add(self, update: Update, result: dict[datetime, Update], news: Sequence[Update]) -> None:
        """An update that only ours has."""
        ending = next((other for other in news if other.status.ends and other is self.theirs.last), None)
        if ending and update.status.ends and update is self.ours.last:
            self._unite_endings(update, result, ending)
            return
        if self.base is None and update is self.ours.first:
            update = self._second_opening(update)
        at = update.at
        while at in result:
            at += timedelta(seconds=1)
        if at != update.at:
            self.notes.append(f"Another update has the time {clock.iso(update.at)}, so this one got {clock.iso(at)}.")
            edited, posted = (time and max(time, at) for time in (update.edited, update.posted))
            update = replace(update, at=at, edited=edited, posted=posted)
            if update.next and update.next <= update.published_at:
                update = replace(update, next=None)
        result[at] = update
        last = self.theirs.last
        if last.status.ends and last in news and at > last.at and not update.status.ends:
            self.notes.append(f"Others had ended it ({last.status}, {clock.iso(last.at)}); your update reopens it.")
        if update.status.ends and at < last.at and not last.status.ends and last in news:
            self.notes.append(f"You ended it ({update.status}, {clock.iso(at)}); a later update of others reopens it.")

    def _unite_endings(self, update: Update, result: dict[datetime, Update], ending: Update) -> None:
        theirs = result[ending.at]
        said = theirs.message.translations
        words = {
            code: f"{said[code]}\n\n{text}" if code in said and said[code] != text else text
            for code, text in update.message.translations.items()
        }
        if all(said.get(code) == text for code, text in words.items()):
            return
        if set(words) - set(said) and ("" in words or "" in said):  # one without a language, one with several
            code, text = next(iter(said.items()))
            words = {code: "\n\n".join([text, *update.message.translations.values()])}
        edited = max(time for time in (theirs.edited, theirs.published_at, update.published_at) if time)
        result[ending.at] = replace(theirs, message=Text({**said, **words}), edited=edited)
        self.notes.append(
            f"Others had ended it already ({theirs.status}, {clock.iso(theirs.at)}); your words were added to theirs."
        )

    def _second_opening(self, update: Update) -> Update:
        """The first update of somebody who opened what others had opened: it keeps the status it has by then."""
        self.notes.append("Others had opened it already; your words are an update of theirs.")
        earlier = [known for known in self.theirs.updates if known.at <= update.at]
        if not earlier or earlier[-1].status.ends:
            return update
        return replace(update, status=earlier[-1].status)


def _aligned(updates: Sequence[Update], before: Sequence[Update]) -> tuple[dict[datetime, Update], list[Update]]:
    """Time of an update of `before` -> what it is in `updates`; and the updates that are none of `before`."""
    aligned, rest = _rest(updates, before)
    for known in before:  # what has neither its words nor its place must have been changed
        changed = next((update for update in rest if update.at == known.at), None)
        if known.at not in aligned and changed:
            aligned[known.at] = changed
            rest.remove(changed)
    return aligned, rest


def _rest(updates: Sequence[Update], before: Sequence[Update]) -> tuple[dict[datetime, Update], list[Update]]:
    """As `_aligned`, by the words alone: an earlier merge may have given an update another second."""
    by_time = {update.at: update for update in updates}
    aligned = {known.at: known for known in before if by_time.get(known.at) == known}
    rest = [update for update in updates if aligned.get(update.at) != update]
    for known in before:
        moved = next((update for update in rest if _is_moved(update, known)), None)
        if known.at not in aligned and moved:
            aligned[known.at] = moved
            rest.remove(moved)
    return aligned, rest


def _is_moved(update: Update, known: Update) -> bool:
    return abs(update.at - known.at) <= MOVED and update.message == known.message


_DEFAULTS: Mapping[str, Any] = {
    field.name: None if field.default is dataclasses.MISSING else field.default
    for field in dataclasses.fields(Incident)
}


def _shown(value: object) -> str:
    """A value for a person: a text as it is, anything else as YAML."""
    if value is None or value == "":
        return ""
    if isinstance(value, Text) and list(value.translations) == [""]:
        return str(value)
    if isinstance(value, Update):
        return yaml_text.write(fields.UPDATE.write(value)).rstrip()
    if isinstance(value, Text):
        return yaml_text.write(dict(value.translations)).rstrip()
    if isinstance(value, datetime):
        return clock.iso(value)
    return str(value)


# -- how the text gets them ------------------------------------------------------------------------


class _Splice:
    """The text of a valid file, of which parts are replaced one by one."""

    def __init__(self, text: str, path: str, updates: Sequence[Update] = ()) -> None:
        self.text, self.path, self.updates = text, path, updates

    def to(self, before: Incident, expected: Incident, source: _Splice | None) -> str | None:
        """The text, which contains `before`, with the values of `expected`.

        The lines of its updates come from `source` where that has them.

        None when a part cannot be replaced.
        """
        try:
            for update in expected.updates:
                self._set_update(update, source)
            for at in {update.at for update in self.updates} - {update.at for update in expected.updates}:
                self._remove_update(at)
            self._set_record(before, expected)
        except (StatusError, LookupError, StopIteration, AssertionError):
            return None
        return self.text

    def _record(self) -> tuple[yaml_text.Mapping, int]:
        return parser.record_of(self.text, self.path)

    def items(self) -> tuple[List, int]:
        record, begin = self._record()
        items = record.pairs["updates"][1]
        if not isinstance(items, List):
            raise LookupError(self.path)
        return items, begin

    def _times(self) -> list[datetime]:
        items, _ = self.items()
        return [_time_of(item) for item in items.items]

    def first_out_of_order(self) -> int | None:
        """The index of the first update that is not later than the one above it."""
        times = self._times()
        return next((index for index in range(1, len(times)) if times[index] <= times[index - 1]), None)

    def move_to_its_place(self, index: int) -> str:
        """Moves an update where its time belongs, or to the next free second if another one has that; says so."""
        items, begin = self.items()
        times = self._times()
        at = old = times.pop(index)
        while at in times:
            at += timedelta(seconds=1)
        item = items.items[index]
        written = item.pairs["at"][1] if isinstance(item, yaml_text.Mapping) else None
        lines = yaml_splice.item_text(self.text, begin, items, index)
        if at != old and isinstance(written, yaml_text.Scalar):
            lines = re.sub(
                rf"(\bat[\"']?\s*:\s*[\"']?){re.escape(written.text)}", rf"\g<1>{clock.iso(at)}", lines, count=1
            )
        self.text = yaml_splice.without_item_text(self.text, begin, items, index)
        items, begin = self.items()
        self.text = yaml_splice.with_item_text(self.text, begin, items, sum(time < at for time in times), lines)
        if at != old:
            return f"Another update has the time {clock.iso(old)}, so one of them got {clock.iso(at)}."
        return f"The update of {clock.iso(at)} was moved to its place in the order of time."

    def _set_update(self, update: Update, source: _Splice | None) -> None:
        old = next((known for known in self.updates if known.at == update.at), None)
        if old == update:
            return
        if old:
            self._change_update(old, update)
            return
        items, begin = self.items()
        index = sum(at < update.at for at in self._times())
        lines = source.lines_of(update) if source and not items.flow else None
        if lines is not None:
            self.text = yaml_splice.with_item_text(self.text, begin, items, index, lines)
        else:
            self.text = yaml_splice.with_new_item(self.text, begin, items, index, fields.UPDATE.write(update))

    def lines_of(self, update: Update) -> str | None:
        """The lines of this update as they are in the text; None if it has none, or not in lines of its own."""
        items, begin = self.items()
        if items.flow or update not in self.updates:
            return None
        return yaml_splice.item_text(self.text, begin, items, self._times().index(update.at))

    def _change_update(self, old: Update, new: Update) -> None:
        written, by_key = fields.UPDATE.write(new), fields.UPDATE.by_key
        for key, field in by_key.items():
            if getattr(old, field.name) == getattr(new, field.name):
                continue
            record, begin = self._record()
            node = parser.update_node(record, new.at)
            self._set_pair(begin, node, key, written.get(key), "message")

    def _remove_update(self, at: datetime) -> None:
        items, begin = self.items()
        self.text = yaml_splice.without_item(self.text, begin, items, self._times().index(at))

    def _set_record(self, before: Incident, expected: Incident) -> None:
        written = fields.RECORD.write(expected)
        for key, field in fields.RECORD.by_key.items():
            if key != "updates" and getattr(before, field.name) != getattr(expected, field.name):
                record, begin = self._record()
                self._set_pair(begin, record, key, written.get(key), "updates")
        if before.postmortem != expected.postmortem:
            kept = len(self.text) - len(formats.of(self.path).split(self.text, self.path).postmortem)
            head = self.text[:kept] if self.text[:kept].endswith("\n") else f"{self.text[:kept]}\n"
            self.text = f"{head}{expected.postmortem}\n" if expected.postmortem else head

    def _set_pair(self, begin: int, node: yaml_text.Mapping, key: str, value: object, before: str) -> None:
        if value is None:
            self.text = yaml_splice.without_pair(self.text, begin, node, key)
        else:
            self.text = yaml_splice.with_pair(self.text, begin, node, key, value, before)


# -- what git united without a conflict, and wrongly -----------------------------------------------


def repaired(text: str, path: str) -> tuple[str, tuple[str, ...]]:
    """`text` with its updates in the order of time, each in a second of its own; and what was moved.

    git unites two texts line by line, so it may put an update above an earlier one, or below one of the same second.
    A text that has no such problem, or another one, is returned as it is.
    """
    splice = _Splice(text, path)
    notes: list[str] = []
    try:
        items, _ = splice.items()
        while not items.flow and (wrong := splice.first_out_of_order()) is not None:
            notes.append(splice.move_to_its_place(wrong))
            items, _ = splice.items()
        parser.parse(splice.text, path)
    except (StatusError, LookupError, ValueError, AssertionError):
        return text, ()
    return splice.text, tuple(notes)


def _time_of(item: yaml_text.Node) -> datetime:
    at = item.pairs["at"][1] if isinstance(item, yaml_text.Mapping) else None
    if not isinstance(at, yaml_text.Scalar):
        raise LookupError("at")
    return clock.parse_time(at.text)


def _lost_comments(base: str | None, ours: str, merged: str) -> Iterator[str]:
    """A note for each line of comment that ours added and the merged text does not have."""
    known = {line.strip() for text in (base or "", merged) for line in text.splitlines()}
    for line in ours.splitlines():
        if line.strip().startswith("#") and line.strip() not in known:
            yield f"This comment of yours was left out: {line.strip()}"
