"""Which incident has the words of both when two people changed it, and what a person has to be asked first.

Each value of the record, each value of an update, and the post-mortem count by themselves: what only one side changed
is taken from it. What both changed, to different values, is a question for a person.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from status_tool.incident_files import fields
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update
from status_tool.system import clock
from status_tool.text import yaml_text

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


Answers = Mapping[str, Side]
"""`Question.key` -> whose value holds."""


class Union:
    """Decides about every value; collects questions and notes."""

    def __init__(
        self,
        base: Incident | None,
        ours: Incident,
        theirs: Incident,
        answers: Answers,
        old: Collection[datetime] = (),
        *,
        is_part: bool = False,
    ) -> None:
        """Without a `base`, an update whose time is in `old` was there before.

        With `is_part`, the incident has other updates, too, in files of their own.
        """
        self.old = old
        self.base, self.ours, self.theirs, self.answers, self.is_part = base, ours, theirs, answers, is_part
        self.questions: list[Question] = []
        self.notes: list[str] = []

    def incident(self) -> Incident:
        """What the result contains; where there are questions, the values of theirs for now."""
        names = [field.name for field in fields.RECORD.fields if field.name != "updates"]
        values = {name: self._value(name) for name in names}
        values["postmortem"] = self._chosen(
            "postmortem", "the post-mortem", *(getattr(side, "postmortem", "") for side in self._sides)
        )
        updates = self._updates()
        return replace(
            self.theirs,
            updates=updates,
            links=(),
            source="",
            **values | self._end(values["ended"], updates) | self._withdrawal(values, updates),
        )

    @property
    def _sides(self) -> tuple[Incident | None, Incident, Incident]:
        return self.base, self.ours, self.theirs

    def _value(self, name: str) -> Any:
        base, ours, theirs = (getattr(side, name, None) for side in self._sides)
        if self.base is None and ours == _DEFAULTS[name]:
            return theirs  # opened by two people: what one of them did not say is no contradiction
        if self.base is None and theirs == _DEFAULTS[name]:
            return ours
        if (
            name in ("withdrawn", "withdrawal_posted")
            and base is None
            and self.ours.withdrawn
            and self.theirs.withdrawn
        ):
            return theirs  # both have withdrawn it
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

    def _end(self, ended: datetime | None, updates: Sequence[Update]) -> dict[str, Any]:
        """`ended` is only for what has ended: not when an update of the other side reopens it."""
        if ended is None or self.is_part or updates[-1].status.ends:
            return {}
        self.notes.append(f'It is open again, so this line was left out: "ended: {clock.iso(ended)}".')
        return {"ended": None}

    def _withdrawal(self, values: Mapping[str, Any], updates: Sequence[Update]) -> dict[str, Any]:
        """Nothing can be said after a withdrawal: if the other side did, a person decides. Every update stays."""
        withdrawn = values["withdrawn"]
        later = [update for update in updates if withdrawn and update.published_at > withdrawn]
        if not later:
            return {}
        moved = {"withdrawn": later[-1].published_at, "withdrawal_posted": None}
        if self._is_withdrawn_twice:
            return moved
        said = f"withdrawn: {clock.iso(withdrawn)}\nreason: {_shown(values['reason'])}", _shown(later[-1])
        ours, theirs = said if self.ours.withdrawn else reversed(said)
        side = self.answers.get("withdrawn")
        if side is None:
            self.questions.append(Question("withdrawn", "whether it is withdrawn", "", ours, theirs))
            return {}
        if side is (Side.OURS if self.ours.withdrawn else Side.THEIRS):
            return moved
        return {"withdrawn": None, "withdrawal_posted": None, "reason": None}

    # -- updates ---------------------------------------------------------------------------------

    def _updates(self) -> tuple[Update, ...]:
        before = list(self.base.updates) if self.base else []
        ours, theirs = _aligned(self.ours.updates, before), _aligned(self.theirs.updates, before)
        result = {update.at: update for update in theirs[1]}
        for update in before:
            known = self._known(update, ours[0].get(update.at), theirs[0].get(update.at))
            if known:
                _put(known, result, _free(known.at, result))
        added = _rest(ours[1], theirs[1])[1]
        for update in added:
            self._add(update, result, theirs[1], added)
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

    def _add(
        self, update: Update, result: dict[datetime, Update], news: Sequence[Update], added: Sequence[Update]
    ) -> None:
        """One of the updates `added`, which only ours has; `news` are those that only theirs has."""
        ending = next((other for other in news if other.status.ends and other is self.theirs.last), None)
        if (
            ending
            and update.status.ends
            and update is self.ours.last
            # Else what was said between the two ends would reopen it, and nothing would end it again.
            and not any(other.at > ending.at for other in added if other is not update)
        ):
            self._unite_endings(update, result, ending)
            return
        other = next((other for other in news if other.at == update.at), None)
        if self.base is None and other and update is self.ours.first and replace(update, status=other.status) == other:
            return  # an earlier merge has put the first words of ours among those of theirs
        is_unknown = self.base is None and other and (update.edited or other.edited or update.at in self.old)
        if other and (is_unknown or update.message == other.message):
            self._settle_edited(update, other, result)
            return
        if update is self.ours.first and self._is_opened_twice:
            update = self._second_opening(update)
        taken = {*result, *(known.at for known in (self.base.updates if self.base else ()))}
        at = _free(update.at, taken)
        if ending and not update.status.ends and update.at <= ending.at < at:  # this second must not reopen it
            at = _free(update.at, taken, -1)
        _put(update, result, at)
        if at != update.at:
            self.notes.append(f"Another update has the time {clock.iso(update.at)}, so this one got {clock.iso(at)}.")
        last = self.theirs.last
        if last.status.ends and last in news and at > last.at and not update.status.ends:
            self.notes.append(f"Others had ended it ({last.status}, {clock.iso(last.at)}); your update reopens it.")
        if update.status.ends and at < last.at and not last.status.ends and last in news:
            self.notes.append(f"You ended it ({update.status}, {clock.iso(at)}); a later update of others reopens it.")

    def _settle_edited(self, ours: Update, theirs: Update, result: dict[datetime, Update]) -> None:
        """One update of which one side, or each, has a corrected version; what it was before is not known."""
        is_clear = (ours.edited is None) != (theirs.edited is None)
        before = (theirs if ours.edited else ours) if is_clear else None
        name = f"the update of {clock.iso(ours.at)}"
        result[theirs.at] = self._chosen(clock.iso(ours.at), name, before, ours, theirs)

    def _unite_endings(self, update: Update, result: dict[datetime, Update], ending: Update) -> None:
        """Two updates that end it become one: that of theirs with the words of both."""
        theirs = result[ending.at]
        if update.status is not theirs.status:
            status = self._chosen(f"{clock.iso(ending.at)} status", "how it ended", None, update.status, ending.status)
            theirs = result[ending.at] = replace(theirs, status=status)
        said = theirs.message.translations
        words = {
            code: f"{said[code]}\n\n{text}" if code in said else text
            for code, text in update.message.translations.items()
            if text not in said.get(code, "")
        }
        if not words:
            return
        if set(words) - set(said) and ("" in words or "" in said):  # one without a language, one with several
            code, text = next(iter(said.items()))
            words = {code: "\n\n".join([text, *(more for more in words.values() if more not in text)])}
        edited = max(time for time in (theirs.edited, theirs.published_at, update.published_at) if time)
        result[ending.at] = replace(theirs, message=Text({**said, **words}), edited=edited)
        self.notes.append(
            f"Others had ended it already ({theirs.status}, {clock.iso(theirs.at)}); your words were added to theirs."
        )

    @property
    def _is_withdrawn_twice(self) -> bool:
        is_new = self.base is None or self.base.withdrawn is None
        return is_new and self.ours.withdrawn is not None and self.theirs.withdrawn is not None

    @property
    def _is_opened_twice(self) -> bool:
        """Whether each side has opened it: no update was there before both."""
        times = {update.at for update in self.theirs.updates}
        return self.base is None and not any(update.at in times for update in self.ours.updates)

    def _second_opening(self, update: Update) -> Update:
        """The first update of somebody who opened what others had opened: it keeps the status it has by then."""
        self.notes.append("Others had opened it already; your words are an update of theirs.")
        earlier = [known for known in self.theirs.updates if known.at <= update.at]
        if not earlier or earlier[-1].status.ends:
            return update
        return replace(update, status=earlier[-1].status)


def _free(at: datetime, taken: Collection[datetime], step: int = 1) -> datetime:
    """`at`, or the next second that is not taken; with a step of -1, the last one."""
    while at in taken:
        at += timedelta(seconds=step)
    return at


def _put(update: Update, result: dict[datetime, Update], at: datetime) -> None:
    """Adds `update` to `result` with the time `at`."""
    if at != update.at:
        edited, posted = (time and max(time, at) for time in (update.edited, update.posted))
        update = replace(update, at=at, edited=edited, posted=posted)
        if update.next and update.next <= update.published_at:
            update = replace(update, next=None)
    result[at] = update


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
    """Whether one is the other in another second, as `_put` makes it."""
    same = replace(update, at=known.at, edited=known.edited, posted=known.posted, next=known.next)
    return timedelta() < abs(update.at - known.at) <= MOVED and same == known


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
