"""What an incident is: the content of one file, and everything computed from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from status_tool.model.component import IMPACT_OF_STATUS, OPERATIONAL, STATUS_OF_IMPACT, ComponentStatus, Impact
from status_tool.model.update import FINAL, UNDER_WAY, Kind, Text, Update, UpdateStatus


@dataclass(frozen=True, slots=True)
class Window:
    """The planned time of maintenance."""

    begin: datetime
    until: datetime
    repeat: str = ""
    """The recurrence rule (RFC 5545); empty if it does not recur."""


class Span(NamedTuple):
    """A period in which a component had a status other than operational; `end` is None while no end is known."""

    component: str
    """The id of the component."""
    begin: datetime
    end: datetime | None
    status: ComponentStatus


class Extent(NamedTuple):
    """The start and end of an incident or of planned work, as shown to readers at one moment."""

    begin: datetime
    end: datetime | None
    """When it ended, or will end without an update; None if that is not known."""
    ended: datetime | None
    """When it ended, if that is in the past. Work cancelled before its start ended at its start."""

    @property
    def length(self) -> timedelta | None:
        """How long it lasted; None if it has not ended, and for work that never began."""
        return self.ended - self.begin if self.ended and self.ended == self.end else None


@dataclass(frozen=True)
class Incident:
    """A failure, or planned work. Everything computed is a property; those used often are cached."""

    id: str
    title: Text
    updates: Sequence[Update]
    """Oldest first, at least one, with no two in the same second."""
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
    """The id of the file, if this is one occurrence of recurring maintenance; otherwise empty."""
    reviewed: datetime | None = None
    """When the post-mortem was published; None means with the last update."""
    source: str = field(default="", compare=False, repr=False)
    """SHA-256 of the text it was parsed from; empty if unknown."""

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def file_id(self) -> str:
        """The name, without its ending, of the file that contains it."""
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
        """The status of the last update, whatever the time is."""
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
        """When the text for readers last changed: by an update, a correction or the post-mortem."""
        times = (update.edited or update.at for update in self.updates)
        return max(*times, self.reviewed or self.first.at)

    @cached_property
    def last_event_at(self) -> datetime:
        """The latest of all times of updates, corrections, the post-mortem and `ended`."""
        edits = (update.edited for update in self.updates)
        return max([self.last.at, *(time for time in (self.ended, self.reviewed, *edits) if time)])

    @cached_property
    def start(self) -> datetime:
        """When it began. Planned work begins at its planned start, or earlier if an update says so."""
        if self.scheduled:
            return min([self.scheduled.begin, *self._times(UNDER_WAY | {UpdateStatus.COMPLETED})])
        return self.started or self.first.at

    @cached_property
    def end(self) -> datetime | None:
        """When it ended, or will end; None if that is not known.

        Planned work ends at its planned end without an update, with one exception: an update was written since
        the start, and the last one came after the planned end or left a component worse than under maintenance.
        """
        closing = self._closing
        if closing:
            return max(closing.at, self.start) if self.scheduled else self.ended or closing.at
        if self.scheduled is None:
            return None
        has_news = self.last.status in UNDER_WAY or (len(self.updates) > 1 and self.last.at >= self.start)
        if has_news and (self.last.at >= self.scheduled.until or self._is_broken):
            return None
        return self.scheduled.until

    @property
    def _is_broken(self) -> bool:
        return any(state > ComponentStatus.UNDER_MAINTENANCE for state in self.states.values())

    @cached_property
    def _closing(self) -> Update | None:
        """The update that ended it; None if there is none, or if a later update reopened it."""
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
        """Its start and end, as every page, text, list, calendar and document shows them at `now`.

        - An incident: its start; its end if that is past, otherwise no end ("since 14:00").
        - Planned work: its start and end. The end may be in the future, as the work ends without an update.
        - Planned work that was cancelled before its start: its planned window.
        - Work during which something failed, or that continues after its window: its start, no end. It does not
          end without an update, so nobody knows its end.
        """
        ended = self.end if self.end and self.end <= now else None
        if self.scheduled is None:
            return Extent(self.start, ended, ended)
        if self.last_status is UpdateStatus.CANCELLED and not self.duration:
            return Extent(self.scheduled.begin, self.scheduled.until, ended)
        return Extent(self.start, self.end, ended)

    def status_at(self, now: datetime) -> UpdateStatus:
        """The status of the last update; for planned work also what follows from its planned start and end."""
        status = self.last_status
        if not self.scheduled or status.ends:
            return status
        if now < self.start:
            return UpdateStatus.SCHEDULED
        if self.end and now >= self.end:
            return UpdateStatus.COMPLETED
        return status if status in UNDER_WAY else UpdateStatus.IN_PROGRESS

    def is_open_at(self, now: datetime) -> bool:
        """Whether it is not resolved, completed or cancelled."""
        return not self.status_at(now).ends

    @property
    def states(self) -> dict[str, ComponentStatus]:
        """Component id -> its status after the last update, whatever the time is."""
        states: dict[str, ComponentStatus] = {}
        for update in self.updates:
            states.update(update.components)
            if update.status.ends:
                states = dict.fromkeys(states, OPERATIONAL)
        return states

    def states_at(self, now: datetime) -> dict[str, ComponentStatus]:
        """Component id -> its status at `now`, for components that are not operational because of this incident."""
        return {
            span.component: span.status
            for span in self.spans
            if span.begin <= now and (span.end is None or now < span.end)
        }

    @cached_property
    def affected(self) -> tuple[str, ...]:
        """The ids of all components in its updates, in the order of their first mention."""
        return tuple(dict.fromkeys(id for update in self.updates for id in update.components))

    @property
    def worst_status(self) -> ComponentStatus:
        """The worst component status in all updates."""
        return max((state for update in self.updates for state in update.components.values()), default=OPERATIONAL)

    @property
    def worst_actual_status(self) -> ComponentStatus:
        """The worst component status, without those in announcements of work that had not begun."""
        start = self.start
        actual = (
            update for update in self.updates if update.status is not UpdateStatus.SCHEDULED or update.at >= start
        )
        return max((state for update in actual for state in update.components.values()), default=OPERATIONAL)

    @property
    def impact(self) -> Impact:
        """The stated impact, else the one that follows from the worst component status."""
        return self.stated_impact or IMPACT_OF_STATUS.get(self.worst_status, Impact.NONE)

    @property
    def is_impact_known(self) -> bool:
        """Whether the file states the impact or a known component status other than operational."""
        return self.stated_impact is not None or self.worst_status not in (OPERATIONAL, ComponentStatus.UNKNOWN)

    @property
    def severity(self) -> ComponentStatus:
        """The status whose colour and shape represent it in lists."""
        if self.is_maintenance:
            return max(ComponentStatus.UNDER_MAINTENANCE, self.worst_actual_status)
        if self.worst_status is not OPERATIONAL:
            return self.worst_status
        return STATUS_OF_IMPACT[self.stated_impact] if self.stated_impact else ComponentStatus.UNKNOWN

    def severity_at(self, now: datetime) -> ComponentStatus:
        """The overall status that follows from it at `now` while it is open, even if it names no component."""
        worst = max(self.states_at(now).values(), default=OPERATIONAL)
        if worst is ComponentStatus.UNKNOWN and self.stated_impact:
            return max(worst, STATUS_OF_IMPACT[self.stated_impact])
        if worst is not OPERATIONAL:
            return worst
        if self.is_maintenance:
            return ComponentStatus.UNDER_MAINTENANCE
        if self.last.status is UpdateStatus.MONITORING and self.affected:
            return OPERATIONAL  # its updates set all components to operational
        if self.impact is Impact.NONE and not self.stated_impact:
            return ComponentStatus.UNKNOWN
        return STATUS_OF_IMPACT[self.impact]

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """All periods in which a component was not operational because of this incident."""
        return tuple(self._spans())

    def _spans(self) -> Iterator[Span]:
        since: dict[str, tuple[datetime, ComponentStatus]] = {}
        for at, states in self._changes():
            for component, status in states.items():
                current = since.get(component)
                if current and current[1] is status:
                    continue
                if current and current[0] < at:
                    yield Span(component, current[0], at, current[1])
                since.pop(component, None)
                if status is not OPERATIONAL:
                    since[component] = (at, status)
        end = self.end
        for component, (begin, status) in since.items():
            if end is None or begin < end:
                yield Span(component, begin, end, status)

    def _changes(self) -> Iterator[tuple[datetime, Mapping[str, ComponentStatus]]]:
        """`(time, component id -> new status)`, oldest first; announced work changes nothing before its start."""
        start, end, closing = self.start, self.end, self._closing
        affected: set[str] = set()
        for update in self.updates:
            if update is closing:
                return
            if not update.components and update.status not in FINAL:
                continue
            at = start if update is self.first else max(update.at, start)
            at = min(at, end) if end else at
            if update.status in FINAL:
                yield at, dict.fromkeys(affected, OPERATIONAL)
            else:
                affected.update(update.components)
                yield at, update.components

    def as_of(self, now: datetime) -> Incident | None:
        """This incident without everything written after `now`; None if it had no update yet."""
        if self.last_event_at <= now:
            return self
        # A message that was corrected after `now` keeps the corrected text and its `edited` time.
        known = tuple(update for update in self.updates if update.at <= now)
        if not known:
            return None
        is_complete = len(known) == len(self.updates)
        is_reviewed = is_complete and (self.reviewed is None or self.reviewed <= now)
        ended = self.ended if is_complete and self.ended and self.ended <= now else None
        return replace(
            self,
            updates=known,
            ended=ended,
            postmortem=self.postmortem if is_reviewed else "",
            reviewed=self.reviewed if is_reviewed else None,
            source="",  # the content differs from that text
        )
