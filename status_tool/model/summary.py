"""What readers see: the state of each component, and what happened when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import NamedTuple

from status_tool.model.component import OPERATIONAL, Component, ComponentStatus
from status_tool.model.days import midnight
from status_tool.model.incident import Incident, Span, UpdateStatus
from status_tool.model.recurrence import occurrences
from status_tool.model.uptime import ComponentSummary

PAST_DAYS = 14
MAX_TRANSITIONS = 50
LOOK_AHEAD = timedelta(days=14)
"""How far a page looks ahead at windows that are not announced yet."""


class PastDay(NamedTuple):
    """A day and what began on it; `ongoing` began before and had not ended when the day did begin."""

    date: date
    began: tuple[Incident, ...]
    ongoing: tuple[Incident, ...]


@dataclass(frozen=True)
class Summary:
    """What a reader should see at `now`. Incidents are as they stood then; drafts are left out."""

    now: datetime
    zone: tzinfo
    incidents: tuple[Incident, ...]
    """All of them, newest first."""
    components: tuple[ComponentSummary, ...]
    open: tuple[Incident, ...]
    """What went wrong and is not resolved, the worst first, then the newest."""
    running: tuple[Incident, ...]
    planned: tuple[Incident, ...]
    """Maintenance to come, the soonest first."""
    upcoming_windows: tuple[Incident, ...]
    """Windows of a rule that are not announced yet, and begin within `LOOK_AHEAD`."""
    by_month: dict[date, tuple[Incident, ...]] = field(repr=False)
    """Month (its first day) -> what began in it; newest first, both."""

    @cached_property
    def status(self) -> ComponentStatus:
        """The worst of what components are in and open incidents claim; never better than we know."""
        states = [part.status for part in self.components]
        states += [incident.severity_at(self.now) for incident in (*self.open, *self.running)]
        return max(states, default=OPERATIONAL)

    @property
    def shown(self) -> ComponentStatus:
        """The state whose colour and shape stand for the whole: what is open is never shown as all well."""
        return ComponentStatus.UNKNOWN if self.status is OPERATIONAL and self.open else self.status

    @property
    def past_days(self) -> tuple[PastDay, ...]:
        """The last `PAST_DAYS` days, today first."""
        today = self.now.astimezone(self.zone).date()
        return tuple(self._past_day(today - timedelta(days=n)) for n in range(PAST_DAYS))

    def _past_day(self, day: date) -> PastDay:
        begin, end = midnight(day, self.zone), midnight(day + timedelta(days=1), self.zone)
        began, ongoing = [], []
        for incident in self._recent:
            if begin <= incident.start < end:
                began.append(incident)
            elif incident.start < begin and (incident.end is None or incident.end > begin):
                ongoing.append(incident)
        return PastDay(day, tuple(began), tuple(ongoing))

    @cached_property
    def _recent(self) -> tuple[Incident, ...]:
        today = self.now.astimezone(self.zone).date()
        first = midnight(today - timedelta(days=PAST_DAYS - 1), self.zone)
        return tuple(
            incident
            for incident in self.incidents
            if incident.start <= self.now
            and (incident.end is None or incident.end > first or incident.start >= first)
            and (incident.status_at(self.now) is not UpdateStatus.CANCELLED or incident.duration)
        )

    @cached_property
    def transitions(self) -> tuple[Summary, ...]:
        """What readers should see at each moment to come at which the clock alone changes it; the soonest first.

        Only what is open, running or planned can change by the clock, so nothing else is in these.
        """
        parts = [part.component for part in self.components]
        return tuple(at(edge, self._changing, parts, self.zone) for edge in self._edges[:MAX_TRANSITIONS])

    @cached_property
    def complete_until(self) -> datetime | None:
        """Until when `transitions` tells everything that the clock changes; None where it is for ever."""
        if len(self._edges) > MAX_TRANSITIONS:
            return self._edges[MAX_TRANSITIONS]
        return self.now + LOOK_AHEAD if self.upcoming_windows else None

    @cached_property
    def _edges(self) -> list[datetime]:
        return sorted({edge for incident in self._changing for edge in _edges(incident, self.now) if edge > self.now})

    @property
    def _changing(self) -> tuple[Incident, ...]:
        return (*self.open, *self.running, *self.planned, *self.upcoming_windows)

    def of_component(self, id: str) -> ComponentSummary:
        return next(part for part in self.components if part.component.id == id)


def at(now: datetime, incidents: Iterable[Incident], components: Sequence[Component], zone: tzinfo) -> Summary:
    """What readers should see at `now`; days and months are those of `zone`."""
    shown = [incident for incident in incidents if not incident.draft]
    each = (one for incident in shown for one in occurrences(incident, now, zone))
    known = [then for incident in each if (then := incident.as_of(now))]
    known.sort(key=lambda incident: (incident.start, incident.id), reverse=True)
    went_wrong = [incident for incident in known if not incident.is_maintenance]
    work = [incident for incident in known if incident.is_maintenance and incident.is_open_at(now)]
    return Summary(
        now=now,
        zone=zone,
        incidents=tuple(known),
        components=tuple(_components(now, known, components, zone)),
        open=tuple(
            sorted((i for i in went_wrong if i.is_open_at(now)), key=lambda i: i.severity_at(now), reverse=True)
        ),
        running=tuple(incident for incident in work if incident.start <= now),
        planned=tuple(incident for incident in reversed(work) if incident.start > now),
        upcoming_windows=tuple(_upcoming_windows(shown, now, zone)),
        by_month=_by_month(known, zone),
    )


def _by_month(incidents: Sequence[Incident], zone: tzinfo) -> dict[date, tuple[Incident, ...]]:
    """Incidents, the newest first, by the month in which they began, the newest first."""
    found: dict[date, tuple[Incident, ...]] = {}
    place = 0
    while place < len(incidents):
        month = incidents[place].start.astimezone(zone).date().replace(day=1)
        begin = midnight(month, zone)
        end = bisect_right(incidents, -begin.timestamp(), place, key=lambda incident: -incident.start.timestamp())
        found[month] = tuple(incidents[place:end])
        place = end
    return found


def _upcoming_windows(incidents: Sequence[Incident], now: datetime, zone: tzinfo) -> Iterator[Incident]:
    for incident in incidents:
        if incident.scheduled and incident.scheduled.repeat and (known := incident.as_of(now)):
            for one in occurrences(known, now + LOOK_AHEAD, zone):
                if one.first.at > now and one.start <= now + LOOK_AHEAD:
                    yield one


def _edges(incident: Incident, now: datetime) -> Iterator[datetime]:
    """When the clock alone begins or ends it."""
    extent = incident.extent_at(now)
    if incident.is_maintenance:
        yield extent.begin
    if extent.end:
        yield extent.end


def _components(
    now: datetime, incidents: Sequence[Incident], components: Sequence[Component], zone: tzinfo
) -> Iterator[ComponentSummary]:
    spans: dict[str, list[tuple[Span, Incident]]] = {component.id: [] for component in components}
    named: dict[str, list[Incident]] = {component.id: [] for component in components}
    for incident in incidents:
        for id in incident.affected:
            named.setdefault(id, []).append(incident)
        for span in incident.spans:
            if span.begin <= now:
                spans.setdefault(span.component, []).append((span, incident))
    for component in components:
        found = spans[component.id]
        running = [span.status for span, _ in found if span.end is None or now < span.end]
        is_known = component.since is None or midnight(component.since, zone) <= now
        yield ComponentSummary(
            component=component,
            status=max(running, default=OPERATIONAL if is_known else ComponentStatus.UNKNOWN),
            now=now,
            zone=zone,
            spans=found,
            incidents=tuple(named[component.id]),
        )
