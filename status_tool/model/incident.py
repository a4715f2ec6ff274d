"""What an incident is: the record one file holds, and everything that follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from status_tool.model.component import IMPACT_OF, OPERATIONAL, STATE_OF, ComponentStatus, Impact


class UpdateStatus(StrEnum):
    """Where the work stands, as one update says it."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def ends(self) -> bool:
        return self in _ENDS


_ENDS = frozenset({UpdateStatus.RESOLVED, UpdateStatus.COMPLETED, UpdateStatus.CANCELLED})
_UNDER_WAY = frozenset({UpdateStatus.IN_PROGRESS, UpdateStatus.VERIFYING})


class Kind(StrEnum):
    INCIDENT = "incident"
    MAINTENANCE = "maintenance"

    @property
    def statuses(self) -> tuple[UpdateStatus, ...]:
        """The words an update of this kind may use, in the order they usually come."""
        words = tuple(UpdateStatus)
        return words[:4] if self is Kind.INCIDENT else words[4:]


@dataclass(frozen=True, slots=True)
class Text:
    """What someone wrote, in one or more languages.

    `translations` maps a language (BCP 47, e.g. `fr`) to the text; `""` stands for the site's own.
    """

    translations: Mapping[str, str]

    def __str__(self) -> str:
        return self.within("")[1]

    def within(self, language: str) -> tuple[str, str]:
        """`(language it is in, text)`: the wanted language, else the site's own, English, or the first."""
        for wanted in (language, language.split("-")[0], "", "en"):
            if wanted in self.translations:
                return wanted, self.translations[wanted]
        return next(iter(self.translations.items()))

    def beside(self, language: str) -> list[tuple[str, str]]:
        """The other languages, in the order they were written."""
        shown, _ = self.within(language)
        return [(other, text) for other, text in self.translations.items() if other != shown]


@dataclass(frozen=True, slots=True)
class Update:
    """One dated message; its identity everywhere is the incident's id and `at` to the second."""

    at: datetime
    status: UpdateStatus
    message: Text
    components: Mapping[str, ComponentStatus] = field(default_factory=dict)
    """Only the components this update changes."""
    next: datetime | None = None
    """When the next update was promised."""
    edited: datetime | None = None
    """When the message was corrected, if it was."""
    window: datetime | None = None
    """A time in the window it speaks of, where maintenance recurs and `at` does not tell which."""

    @property
    def anchor(self) -> str:
        """`u-20211004T160750Z`: this update's place in its incident's page, for ever."""
        return f"u-{self.at:%Y%m%dT%H%M%SZ}"


@dataclass(frozen=True, slots=True)
class Window:
    """Planned work: from when until when."""

    begin: datetime
    until: datetime
    repeat: str = ""
    """The rule by which it recurs (RFC 5545), if it does."""


class Span(NamedTuple):
    """A stretch of time in which a component was not operational; `end` is None while it lasts."""

    component: str
    begin: datetime
    end: datetime | None
    status: ComponentStatus


class Extent(NamedTuple):
    """From when until when something was, is or is planned to be, as readers are told at one moment."""

    begin: datetime
    end: datetime | None
    """When it ended, or will end by the clock; None where nobody knows."""
    ended: datetime | None
    """When it was over, where that is past; work that was cancelled before it began was over at its beginning."""

    @property
    def length(self) -> timedelta | None:
        """How long it lasted; None while it is not over, and for work that never began."""
        return self.ended - self.begin if self.ended and self.ended == self.end else None


@dataclass(frozen=True)
class Incident:
    """Something that went wrong, or planned work. What can be worked out is never stored, but worked out once."""

    id: str
    title: Text
    updates: Sequence[Update]
    """Oldest first, at least one, no two at the same second."""
    started: datetime | None = None
    ended: datetime | None = None
    kind: Kind = Kind.INCIDENT
    scheduled: Window | None = None
    stated_impact: Impact | None = None
    who: Text | None = None
    workaround: Text | None = None
    contact: Text | None = None
    draft: bool = False
    postmortem: str = ""
    """Markdown."""
    series: str = ""
    """The id of the file this is one occurrence of, where its window recurs."""
    reviewed: datetime | None = None
    """When the post-mortem was published, if not with the last update."""
    source: str = field(default="", compare=False, repr=False)
    """SHA-256 of the text it was read from."""

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def file_id(self) -> str:
        """The name of the file that holds it."""
        return self.series or self.id

    @property
    def is_maintenance(self) -> bool:
        return self.kind is Kind.MAINTENANCE

    @property
    def first(self) -> Update:
        return self.updates[0]

    @property
    def last(self) -> Update:
        return self.updates[-1]

    @cached_property
    def last_status(self) -> UpdateStatus:
        """Its status as the last update says it, whatever the clock says."""
        return self.last.status

    @cached_property
    def published_at(self) -> datetime:
        """When the first of its updates was published."""
        return self.first.at

    @property
    def postmortem_published_at(self) -> datetime:
        """When the post-mortem, if there is one, was published."""
        return self.reviewed or self.last.at

    @cached_property
    def last_published_at(self) -> datetime:
        """When the newest of its updates and its post-mortem was published."""
        return max(self.last.at, self.postmortem_published_at) if self.postmortem else self.last.at

    @cached_property
    def changed_at(self) -> datetime:
        """When its file last changed for readers: by an update, a correction or the post-mortem."""
        times = (update.edited or update.at for update in self.updates)
        return max(*times, self.reviewed or self.first.at)

    @cached_property
    def last_event_at(self) -> datetime:
        """The latest time at which somebody wrote or ended something."""
        edits = (update.edited for update in self.updates)
        return max([self.last.at, *(time for time in (self.ended, self.reviewed, *edits) if time)])

    @property
    def languages(self) -> set[str]:
        """Every language code that stands in this incident's texts."""
        texts = [self.title, self.who, self.workaround, self.contact, *(u.message for u in self.updates)]
        return {code for text in texts if text for code in text.translations if code}

    @cached_property
    def start(self) -> datetime:
        """When it began; for planned work, when the work did or will."""
        if self.scheduled:
            return min([self.scheduled.begin, *self._times(_UNDER_WAY | {UpdateStatus.COMPLETED})])
        return self.started or self.first.at

    @cached_property
    def end(self) -> datetime | None:
        """When it ended; None while nothing says that it has.

        Planned work ends by the clock, unless its last update, whatever its status, came after the planned end or
        left a component worse than under maintenance.
        """
        closing = self._closing
        if closing:
            return max(closing.at, self.start) if self.scheduled else self.ended or closing.at
        if self.scheduled is None:
            return None
        has_news = self.last.status in _UNDER_WAY or (len(self.updates) > 1 and self.last.at >= self.start)
        if has_news and (self.last.at >= self.scheduled.until or self._is_broken):
            return None
        return self.scheduled.until

    @property
    def _is_broken(self) -> bool:
        return any(state > ComponentStatus.UNDER_MAINTENANCE for state in self.states.values())

    @cached_property
    def _closing(self) -> Update | None:
        """The update that ended it; one that was taken back by a later update did not."""
        closing = None
        for update in reversed(self.updates):
            if not update.status.ends:
                break
            closing = update
        return closing

    def _times(self, statuses: frozenset[UpdateStatus]) -> list[datetime]:
        return [update.at for update in self.updates if update.status in statuses]

    @property
    def duration(self) -> timedelta | None:
        return self.end - self.start if self.end else None

    def extent_at(self, now: datetime) -> Extent:
        """From when until when it lasts, as every page, text, list, calendar and document tells at `now`.

        - An incident: from its start; until its end once that is past, else without an end ("since 14:00").
        - Planned work: from its start until its end. The end may lie ahead, as the clock will end the work.
        - Planned work that was cancelled before it began: the window that was planned for it.
        - Work in which something broke, or that goes on after its window: from its start, without an end. The
          clock does not end it, so a planned end would promise readers what nobody knows.
        """
        ended = self.end if self.end and self.end <= now else None
        if self.scheduled is None:
            return Extent(self.start, ended, ended)
        if self.last_status is UpdateStatus.CANCELLED and not self.duration:
            return Extent(self.scheduled.begin, self.scheduled.until, ended)
        return Extent(self.start, self.end, ended)

    def status_at(self, now: datetime) -> UpdateStatus:
        """Its status as the last update says it; for planned work, as the clock does where no update did."""
        status = self.last_status
        if not self.scheduled or status.ends:
            return status
        if now < self.start:
            return UpdateStatus.SCHEDULED
        if self.end and now >= self.end:
            return UpdateStatus.COMPLETED
        return status if status in _UNDER_WAY else UpdateStatus.IN_PROGRESS

    def is_open_at(self, now: datetime) -> bool:
        """Whether readers should still hear about it: not resolved, completed or cancelled."""
        return not self.status_at(now).ends

    @property
    def states(self) -> dict[str, ComponentStatus]:
        """The state each component was left in by the updates, whatever the clock says."""
        states: dict[str, ComponentStatus] = {}
        for update in self.updates:
            states.update(update.components)
            if update.status.ends:
                states = dict.fromkeys(states, OPERATIONAL)
        return states

    def states_at(self, now: datetime) -> dict[str, ComponentStatus]:
        """The components it keeps from being operational at `now`."""
        return {
            span.component: span.status
            for span in self.spans
            if span.begin <= now and (span.end is None or now < span.end)
        }

    @cached_property
    def affected(self) -> tuple[str, ...]:
        """Every component an update names, in the order they were named."""
        return tuple(dict.fromkeys(id for update in self.updates for id in update.components))

    @property
    def worst(self) -> ComponentStatus:
        return max((state for update in self.updates for state in update.components.values()), default=OPERATIONAL)

    @property
    def worst_met(self) -> ComponentStatus:
        """The worst state that was not only announced."""
        start = self.start
        met = (update for update in self.updates if update.status is not UpdateStatus.SCHEDULED or update.at >= start)
        return max((state for update in met for state in update.components.values()), default=OPERATIONAL)

    @property
    def impact(self) -> Impact:
        """As stated, else from the worst state any component was in."""
        return self.stated_impact or IMPACT_OF.get(self.worst, Impact.NONE)

    @property
    def is_impact_known(self) -> bool:
        """Whether anybody said how bad it is, or which components were in which state."""
        return self.stated_impact is not None or self.worst not in (OPERATIONAL, ComponentStatus.UNKNOWN)

    @property
    def severity(self) -> ComponentStatus:
        """The state whose colour and shape stand for it in a list."""
        if self.is_maintenance:
            return max(ComponentStatus.UNDER_MAINTENANCE, self.worst_met)
        if self.worst is not OPERATIONAL:
            return self.worst
        return STATE_OF[self.stated_impact] if self.stated_impact else ComponentStatus.UNKNOWN

    def severity_at(self, now: datetime) -> ComponentStatus:
        """What it says about the whole service at `now` while it is open, even when it names no component."""
        worst = max(self.states_at(now).values(), default=OPERATIONAL)
        if worst is ComponentStatus.UNKNOWN and self.stated_impact:
            return max(worst, STATE_OF[self.stated_impact])
        if worst is not OPERATIONAL:
            return worst
        if self.is_maintenance:
            return ComponentStatus.UNDER_MAINTENANCE
        if self.last.status is UpdateStatus.MONITORING and self.affected:
            return OPERATIONAL  # it said itself that they are back
        if self.impact is Impact.NONE and not self.stated_impact:
            return ComponentStatus.UNKNOWN
        return STATE_OF[self.impact]

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Every stretch in which a component was not operational because of this incident."""
        return tuple(self._spans())

    def _spans(self) -> Iterator[Span]:
        since: dict[str, tuple[datetime, ComponentStatus]] = {}
        for at, states in self._changes():
            for component, status in states.items():
                begun = since.get(component)
                if begun and begun[1] is status:
                    continue
                if begun and begun[0] < at:
                    yield Span(component, begun[0], at, begun[1])
                since.pop(component, None)
                if status is not OPERATIONAL:
                    since[component] = (at, status)
        end = self.end
        for component, (begin, status) in since.items():
            if end is None or begin < end:
                yield Span(component, begin, end, status)

    def _changes(self) -> Iterator[tuple[datetime, Mapping[str, ComponentStatus]]]:
        """When components changed to which states; announced work changes nothing before it begins."""
        start, end, closing = self.start, self.end, self._closing
        named: set[str] = set()
        for update in self.updates:
            if update is closing:
                return
            if not update.components and update.status not in _ENDS:
                continue
            at = start if update is self.first else max(update.at, start)
            at = min(at, end) if end else at
            if update.status in _ENDS:
                yield at, dict.fromkeys(named, OPERATIONAL)
            else:
                named.update(update.components)
                yield at, update.components

    def as_of(self, now: datetime) -> Incident | None:
        """This incident as it stood at `now`: what was written later does not exist yet."""
        if self.last_event_at <= now:
            return self
        # A message that was corrected later stands here corrected, and keeps the mark that says so.
        known = tuple(update for update in self.updates if update.at <= now)
        if not known:
            return None
        whole = len(known) == len(self.updates)
        is_reviewed = whole and (self.reviewed is None or self.reviewed <= now)
        ended = self.ended if whole and self.ended and self.ended <= now else None
        return replace(
            self,
            updates=known,
            ended=ended,
            postmortem=self.postmortem if is_reviewed else "",
            reviewed=self.reviewed if is_reviewed else None,
            source="",  # it is not all that stands there
        )
