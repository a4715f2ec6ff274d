"""What an incident is: the content of one file, and everything computed from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from status_tool.model.component import IMPACT_OF_STATUS, OPERATIONAL, STATUS_OF_IMPACT, ComponentStatus, Impact
from status_tool.model.link import Link
from status_tool.model.update import UNDER_WAY, Kind, Text, Update, UpdateStatus
from status_tool.model.window import Window


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
    counts: bool = True
    """Whether it took place; False for what was withdrawn."""

    @property
    def length(self) -> timedelta | None:
        """How long it lasted; None if it has not ended, and for what never took place."""
        return self.ended - self.begin if self.counts and self.ended and self.ended == self.end else None


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
    """The window that was announced first, and its rule; `window` is the one that holds after its updates."""
    stated_impact: Impact | None = None
    who: Text | None = None
    workaround: Text | None = None
    contact: Text | None = None
    draft: bool = False
    drill: bool = False
    """Whether it is a rehearsal: no feed, no history and no figure has it."""
    replay: bool = False
    """Whether the site has a page for each of its updates that shows the home page as it stood then."""
    postmortem: str = ""
    """Markdown."""
    series: str = ""
    """The id of the file, if this is one occurrence of recurring maintenance; otherwise empty."""
    rule_published: datetime | None = None
    """When the rule was published by which this is one occurrence of recurring maintenance; None if it is not one."""
    reviewed: datetime | None = None
    """When the post-mortem was published; None means with the last update."""
    withdrawn: datetime | None = None
    """When it was withdrawn, as published by mistake: it stays visible and counts for nothing. None if it was not."""
    withdrawal_posted: datetime | None = None
    """When its withdrawal was published, if later than `withdrawn`; None if at that time."""
    reason: Text | None = None
    """Why it was withdrawn. Markdown."""
    links: tuple[Link, ...] = field(default=(), compare=False, repr=False)
    """The relative links in its texts, in the order of the file; none if it was not read from a file."""
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
        return min(update.published_at for update in self.updates)

    @cached_property
    def last_posted_at(self) -> datetime:
        """When the newest of its updates was published."""
        return max(update.published_at for update in self.updates)

    @cached_property
    def window(self) -> Window | None:
        """The planned window, as the last update that moved it says; None for an incident."""
        return self.window_after(self.last)

    def window_after(self, update: Update) -> Window | None:
        """The planned window as readers knew it after `update`; None for an incident."""
        moves = (known.scheduled for known in reversed(self.updates) if known.at <= update.at and known.scheduled)
        return next(moves, self.scheduled)

    def move(self, update: Update) -> tuple[Window, Window] | None:
        """The planned window before and after `update`, if that moved it; otherwise None."""
        if update.scheduled is None:
            return None
        earlier = [known for known in self.updates if known.at < update.at]
        before = self.window_after(earlier[-1]) if earlier else self.scheduled
        return (before, update.scheduled) if before else None

    @property
    def postmortem_published_at(self) -> datetime:
        """When the post-mortem, if there is one, was published."""
        return self.reviewed or self.last_posted_at

    @property
    def withdrawal_published_at(self) -> datetime | None:
        """When readers could see first that it is withdrawn; None if it is not."""
        return self.withdrawal_posted or self.withdrawn

    @cached_property
    def last_published_at(self) -> datetime:
        """When the newest of its updates, its post-mortem and its withdrawal was published."""
        last, withdrawal = self.last_posted_at, self.withdrawal_published_at
        return max(last, self.postmortem_published_at if self.postmortem else last, withdrawal or last)

    @cached_property
    def changed_at(self) -> datetime:
        """When the text for readers last changed: by an update, a correction, the post-mortem or the withdrawal."""
        times = (update.edited or update.published_at for update in self.updates)
        return max(*times, self.reviewed or self.first.at, self.withdrawal_published_at or self.first.at)

    @cached_property
    def last_event_at(self) -> datetime:
        """The latest of all times of updates, corrections, the post-mortem, the withdrawal and `ended`."""
        edits = (update.edited for update in self.updates)
        times = (self.ended, self.reviewed, self.withdrawal_published_at, *edits)
        return max([self.last.at, self.last_posted_at, *(time for time in times if time)])

    @cached_property
    def start(self) -> datetime:
        """When it began. Planned work begins at its planned start, or earlier if an update says so."""
        if self.window:
            return min([self.window.begin, *self._times(UNDER_WAY | {UpdateStatus.COMPLETED})])
        return self.started or self.first.at

    @cached_property
    def end(self) -> datetime | None:
        """When it ended, or will end; None if that is not known.

        Planned work ends at its planned end without an update, with one exception: an update was written since
        the start, and the last one came after the planned end or left a component worse than under maintenance.
        What is withdrawn ends then, or at its planned end if that is earlier.
        """
        closing = self._closing
        if closing:
            return max(closing.at, self.start) if self.window else self.ended or closing.at
        if self.window is None:
            return self.withdrawn
        if self.withdrawn:
            return max(min(self.withdrawn, self.window.until), self.start)
        has_news = self.last.status in UNDER_WAY or (len(self.updates) > 1 and self.last.at >= self.start)
        if has_news and (self.last.at >= self.window.until or self._is_broken):
            return None
        return self.window.until

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
        - Planned work that was cancelled or withdrawn before its start: its planned window.
        - Work during which something failed, or that continues after its window: its start, no end. It does not
          end without an update, so nobody knows its end.
        """
        ended, counts = self.end if self.end and self.end <= now else None, self.withdrawn is None
        if self.window is None:
            return Extent(self.start, ended, ended, counts)
        if self.never_began:
            return Extent(self.window.begin, self.window.until, ended, counts)
        return Extent(self.start, self.end, ended, counts)

    @property
    def never_began(self) -> bool:
        """Whether it is planned work that was cancelled or withdrawn before its start."""
        is_off = self.last_status is UpdateStatus.CANCELLED or self.withdrawn is not None
        return self.is_maintenance and is_off and not self.duration

    def status_at(self, now: datetime) -> UpdateStatus:
        """The status of the last update; for planned work also what follows from its planned start and end.

        That it was withdrawn changes no status: what is withdrawn is open no longer, whatever its status.
        """
        status = self.last_status
        if not self.scheduled or status.ends:
            return status
        if now < self.start:
            return UpdateStatus.SCHEDULED
        if self.end and now >= self.end:
            return UpdateStatus.COMPLETED
        return status if status in UNDER_WAY else UpdateStatus.IN_PROGRESS

    def is_open_at(self, now: datetime) -> bool:
        """Whether it is not resolved, completed, cancelled or withdrawn."""
        return self.withdrawn is None and not self.status_at(now).ends

    @cached_property
    def component_changes(self) -> Mapping[datetime, Mapping[str, ComponentStatus]]:
        """The time of each update -> the statuses that it sets: component id -> status.

        An update sets the components that it names. One that ends the incident sets all to operational. One that
        reopens it and names none sets them to what they were before the end.
        """
        changes: dict[datetime, Mapping[str, ComponentStatus]] = {}
        states: dict[str, ComponentStatus] = {}
        before_end: dict[str, ComponentStatus] = {}
        has_ended = False
        for update in self.updates:
            changed: Mapping[str, ComponentStatus] = update.components
            if update.status.ends:
                before_end = before_end if has_ended else dict(states)
                changed = dict.fromkeys([*states, *update.components], OPERATIONAL)
            elif has_ended and not update.components:
                changed = before_end
            has_ended = update.status.ends
            changes[update.at] = changed
            states.update(changed)
        return changes

    def shown_changes(self, update: Update) -> Mapping[str, ComponentStatus]:
        """The statuses shown with an update: those that it sets; of one that ends the incident, those that it names."""
        return update.components if update.status.ends else self.component_changes[update.at]

    @property
    def states(self) -> dict[str, ComponentStatus]:
        """Component id -> its status after the last update, whatever the time is; empty if it is withdrawn."""
        if self.withdrawn:
            return {}
        return {id: state for changed in self.component_changes.values() for id, state in changed.items()}

    def states_at(self, now: datetime) -> dict[str, ComponentStatus]:
        """Component id -> its status at `now`, for components that are not operational because of this incident."""
        spans = self._last_spans if now >= self.last.at else self.spans
        return {
            span.component: span.status for span in spans if span.begin <= now and (span.end is None or now < span.end)
        }

    @cached_property
    def _last_spans(self) -> tuple[Span, ...]:
        """The spans that had not ended at the last update."""
        return tuple(span for span in self.spans if span.end is None or span.end > self.last.at)

    @cached_property
    def affected(self) -> tuple[str, ...]:
        """The ids of all components in its updates, in the order of their first mention."""
        return tuple(dict.fromkeys(id for update in self.updates for id in update.components))

    @cached_property
    def worst_status(self) -> ComponentStatus:
        """The worst component status in all updates."""
        return max((state for update in self.updates for state in update.components.values()), default=OPERATIONAL)

    @cached_property
    def worst_actual_status(self) -> ComponentStatus:
        """The worst component status, without those in announcements of work that had not begun."""
        start = self.start
        actual = (
            update for update in self.updates if update.status is not UpdateStatus.SCHEDULED or update.at >= start
        )
        return max((state for update in actual for state in update.components.values()), default=OPERATIONAL)

    @property
    def impact(self) -> Impact:
        """The stated impact, else the one that follows from the worst component status; none if it is withdrawn."""
        if self.withdrawn:
            return Impact.NONE
        return self.stated_impact or IMPACT_OF_STATUS.get(self.worst_status, Impact.NONE)

    def impact_at(self, now: datetime) -> Impact | None:
        """The impact that readers see at `now`; None if it is not known.

        It is the stated impact, else the one that follows from the component statuses: while it is open, from those
        at `now`; after its end, from the worst. What is withdrawn has none.
        """
        if self.withdrawn:
            return Impact.NONE
        if self.stated_impact:
            return self.stated_impact
        worst = max(self.states_at(now).values(), default=OPERATIONAL) if self.is_open_at(now) else self.worst_status
        if worst in (OPERATIONAL, ComponentStatus.UNKNOWN):
            return Impact.NONE if self.is_recovered_at(now) else None
        return IMPACT_OF_STATUS.get(worst, Impact.NONE)

    def is_recovered_at(self, now: datetime) -> bool:
        """Whether it is only monitored: it names components, and all of them are operational at `now`."""
        return self.last.status is UpdateStatus.MONITORING and bool(self.affected) and not self.states_at(now)

    def _is_active_at(self, now: datetime) -> bool:
        """Whether it is open and, if it is planned work, has begun."""
        return self.start <= now and self.is_open_at(now)

    def components_at(self, now: datetime) -> tuple[str, ...]:
        """The ids of the components shown beside its title: while it lasts those it affects at `now`, otherwise all."""
        if not self._is_active_at(now):
            return self.affected
        states = self.states_at(now)
        return tuple(id for id in self.affected if id in states)

    def shown_severity_at(self, now: datetime) -> ComponentStatus:
        """The status whose colour and shape represent it at `now`: while it lasts the present one, otherwise the worst.

        `UNKNOWN` instead of operational while it lasts: nothing that is open is shown as operational.
        """
        if not self._is_active_at(now):
            return self.severity
        severity = self.severity_at(now)
        return ComponentStatus.UNKNOWN if severity is OPERATIONAL else severity

    @property
    def severity(self) -> ComponentStatus:
        """The status that represents it after its end, and planned work before its start: the worst."""
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
        if self.is_recovered_at(now):
            return OPERATIONAL
        return STATUS_OF_IMPACT[self.stated_impact] if self.stated_impact else ComponentStatus.UNKNOWN

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """All periods in which a component was not operational because of this incident; none if it is withdrawn."""
        return () if self.withdrawn else tuple(self._spans())

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
        for update in self.updates:
            if update is closing:
                return
            at = start if update is self.first else max(update.at, start)
            yield min(at, end) if end else at, self.component_changes[update.at]

    def as_of(self, now: datetime) -> Incident | None:
        """This incident without everything published after `now`; None if it had no update yet."""
        if self.last_event_at <= now:
            return self
        # A message that was corrected after `now` keeps the corrected text and its `edited` time.
        known = tuple(update for update in self.updates if update.published_at <= now)
        if not known:
            return None
        is_complete = len(known) == len(self.updates)
        is_reviewed = is_complete and (self.reviewed is None or self.reviewed <= now)
        ended = self.ended if is_complete and self.ended and self.ended <= now else None
        is_withdrawn = self.withdrawal_published_at is not None and self.withdrawal_published_at <= now
        return replace(
            self,
            updates=known,
            ended=ended,
            postmortem=self.postmortem if is_reviewed else "",
            reviewed=self.reviewed if is_reviewed else None,
            withdrawn=self.withdrawn if is_withdrawn else None,
            withdrawal_posted=self.withdrawal_posted if is_withdrawn else None,
            reason=self.reason if is_withdrawn else None,
            source="",  # the content differs from that text
        )
