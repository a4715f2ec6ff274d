"""What readers see: the state of each component, and what happened when."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from heapq import heappop, heappush
from typing import NamedTuple

from status_tool.model.incident import OPERATIONAL, ComponentStatus, Impact, Incident, Span, UpdateStatus
from status_tool.model.recurrence import occurrences
from status_tool.settings.settings import Component

BAR_DAYS = 90
PAST_DAYS = 14
UPTIME_MONTHS = 120
TURNS = 50
AHEAD = timedelta(days=14)
"""How far a page looks ahead at windows that are not announced yet."""

DOWNTIME = {ComponentStatus.MAJOR_OUTAGE: 1.0, ComponentStatus.PARTIAL_OUTAGE: 0.3}
"""How much of a minute counts as lost; every other state counts nothing.

The weights are those Statuspage documents under "Uptime showcase: how is uptime calculated".
"""

STATE_OF = {
    Impact.NONE: OPERATIONAL,
    Impact.MINOR: ComponentStatus.DEGRADED_PERFORMANCE,
    Impact.MAJOR: ComponentStatus.PARTIAL_OUTAGE,
    Impact.CRITICAL: ComponentStatus.MAJOR_OUTAGE,
}
"""What an impact that someone stated says of the whole, where no component does."""


class Day(NamedTuple):
    """One day of a component: the worst it was, for how long, and what was wrong then.

    `status` is None for a day nothing is known of.
    """

    date: date
    status: ComponentStatus | None
    affected: timedelta = timedelta()
    incidents: tuple[Incident, ...] = ()


class Uptime(NamedTuple):
    """A month of a component; `share` is between 0 and 1, or None when nothing is known."""

    month: date
    """Its first day."""
    share: float | None
    major: timedelta = timedelta()
    partial: timedelta = timedelta()


class Stretch(NamedTuple):
    """A time in which the worst thing said of a component was `status`, and everything said then."""

    begin: datetime
    end: datetime
    status: ComponentStatus
    incidents: tuple[Incident, ...]


@dataclass(frozen=True)
class ComponentSummary:
    """A component at `now`, and its past; days and months are those of `zone`."""

    component: Component
    status: ComponentStatus
    now: datetime
    zone: tzinfo
    spans: Sequence[tuple[Span, Incident]] = field(repr=False)
    """Every stretch up to `now` that any incident speaks of; they may overlap."""
    incidents: tuple[Incident, ...]
    """Everything that ever named it, newest first."""

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """Oldest first, not overlapping, up to `now`."""
        return tuple(_worst(self.spans, self.now))

    @cached_property
    def known_since(self) -> datetime | None:
        since = self.component.since
        return _midnight(since, self.zone) if since else None

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """The last 90 days, oldest first, today last."""
        today = self.now.astimezone(self.zone).date()
        first = today - timedelta(days=BAR_DAYS - 1)
        touched: dict[date, list[tuple[Stretch, timedelta]]] = {}
        for stretch in reversed(self.stretches):
            if stretch.end <= _midnight(first, self.zone):
                break
            for day, length in _by_day(stretch, self.zone, first):
                touched.setdefault(day, []).append((stretch, length))
        return tuple(self._day(first + timedelta(days=n), touched) for n in range(BAR_DAYS))

    def _day(self, day: date, touched: dict[date, list[tuple[Stretch, timedelta]]]) -> Day:
        if self.known_since and self.component.since and day < self.component.since:
            return Day(day, None)
        found = touched.get(day, [])
        worst = max((stretch.status for stretch, _ in found), default=OPERATIONAL)
        length = sum((length for stretch, length in found if stretch.status is worst), timedelta())
        incidents = dict.fromkeys(incident for stretch, _ in found for incident in stretch.incidents)
        return Day(day, worst, length, tuple(incidents))

    @cached_property
    def uptime(self) -> tuple[Uptime, ...]:
        """Month by month, this one first, back to the first that anything is known of; ten years at the most.

        Without `since` that is the first incident, and at least what the bar shows.
        """
        here = self.now.astimezone(self.zone).date().replace(day=1)
        shown = _midnight(self.days[0].date, self.zone)
        oldest = self.known_since or min([shown, *(incident.start for incident in self.incidents)])
        first = oldest.astimezone(self.zone).date().replace(day=1)
        months, month = [], here
        while month >= first and len(months) < UPTIME_MONTHS:
            months.append(self._uptime(month))
            month = (month - timedelta(days=1)).replace(day=1)
        return tuple(months)

    def _uptime(self, month: date) -> Uptime:
        begin, end = _midnight(month, self.zone), _midnight(next_month(month), self.zone)
        known, lost = self._between(begin, end)
        if not known:
            return Uptime(month, None)
        downtime = sum((length * DOWNTIME[status] for status, length in lost.items()), timedelta())
        return Uptime(month, 1 - downtime / known, *lost.values())

    @cached_property
    def bar_uptime(self) -> float | None:
        """The share of the last 90 days, as far as they are known, in which it was up."""
        known, lost = self._between(_midnight(self.days[0].date, self.zone), self.now)
        downtime = sum((length * DOWNTIME[status] for status, length in lost.items()), timedelta())
        return 1 - downtime / known if known else None

    def _between(self, begin: datetime, end: datetime) -> tuple[timedelta, dict[ComponentStatus, timedelta]]:
        """How much of that time anything is known of, and how long it was in each state that counts as lost."""
        begin, end = max(begin, self.known_since or begin), min(end, self.now)
        known = max(end - begin, timedelta())
        lost = dict.fromkeys(DOWNTIME, timedelta())
        first = bisect_right(self.stretches, begin, key=lambda stretch: stretch.end)
        after = bisect_left(self.stretches, end, first, key=lambda stretch: stretch.begin)
        for stretch in self.stretches[first:after]:
            length = min(stretch.end, end) - max(stretch.begin, begin)
            if stretch.status in lost:
                lost[stretch.status] += length
            elif stretch.status is ComponentStatus.UNKNOWN:
                known -= length
        return known, lost


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
    coming: tuple[Incident, ...]
    """Windows of a rule that are not announced yet, and begin within `AHEAD`."""
    by_month: dict[date, tuple[Incident, ...]] = field(repr=False)
    """Month (its first day) -> what began in it; newest first, both."""

    @cached_property
    def status(self) -> ComponentStatus:
        """The worst of what components are in and open incidents claim; never better than we know."""
        states = [part.status for part in self.components]
        return max([*states, *map(self._claim, self.open), *map(self._claim, self.running)], default=OPERATIONAL)

    @property
    def shown(self) -> ComponentStatus:
        """The state whose colour and shape stand for the whole: what is open is never shown as all well."""
        return ComponentStatus.UNKNOWN if self.status is OPERATIONAL and self.open else self.status

    def _claim(self, incident: Incident) -> ComponentStatus:
        """What an open incident says about the whole, even when it names no component."""
        named = _now_worst(incident, self.now)
        if named is ComponentStatus.UNKNOWN and incident.stated_impact:
            return max(named, STATE_OF[incident.stated_impact])
        if named is not OPERATIONAL:
            return named
        if incident.is_maintenance:
            return ComponentStatus.UNDER_MAINTENANCE
        if incident.last.status is UpdateStatus.MONITORING and incident.affected:
            return OPERATIONAL  # it said itself that they are back
        if incident.impact is Impact.NONE and not incident.stated_impact:
            return ComponentStatus.UNKNOWN
        return STATE_OF[incident.impact]

    @property
    def past_days(self) -> tuple[PastDay, ...]:
        """The last 14 days, today first."""
        today = self.now.astimezone(self.zone).date()
        return tuple(self._past_day(today - timedelta(days=n)) for n in range(PAST_DAYS))

    def _past_day(self, day: date) -> PastDay:
        begin, end = _midnight(day, self.zone), _midnight(day + timedelta(days=1), self.zone)
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
        first = _midnight(today - timedelta(days=PAST_DAYS - 1), self.zone)
        return tuple(
            incident
            for incident in self.incidents
            if incident.start <= self.now
            and (incident.end is None or incident.end > first or incident.start >= first)
            and (incident.status_at(self.now) is not UpdateStatus.CANCELLED or incident.end > incident.start)
        )

    @cached_property
    def turns(self) -> tuple[Summary, ...]:
        """What readers should see at each moment to come at which the clock alone changes it; the soonest first.

        Only what is open, running or planned can change by the clock, so nothing else is in these.
        """
        parts = [part.component for part in self.components]
        return tuple(at(edge, self._changing, parts, self.zone) for edge in self._edges[:TURNS])

    @cached_property
    def foreseen(self) -> datetime | None:
        """Until when `turns` tells everything that the clock changes; None where it is for ever."""
        if len(self._edges) > TURNS:
            return self._edges[TURNS]
        return self.now + AHEAD if self.coming else None

    @cached_property
    def _edges(self) -> list[datetime]:
        return sorted({edge for incident in self._changing for edge in _edges(incident) if edge > self.now})

    @property
    def _changing(self) -> tuple[Incident, ...]:
        return (*self.open, *self.running, *self.planned, *self.coming)

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
            sorted((i for i in went_wrong if i.is_open_at(now)), key=lambda i: _now_worst(i, now), reverse=True)
        ),
        running=tuple(incident for incident in work if incident.start <= now),
        planned=tuple(incident for incident in reversed(work) if incident.start > now),
        coming=tuple(_coming(shown, now, zone)),
        by_month=_by_month(known, zone),
    )


def _by_month(incidents: Sequence[Incident], zone: tzinfo) -> dict[date, tuple[Incident, ...]]:
    """Incidents, the newest first, by the month in which they began, the newest first."""
    found: dict[date, tuple[Incident, ...]] = {}
    place = 0
    while place < len(incidents):
        month = incidents[place].start.astimezone(zone).date().replace(day=1)
        begin = _midnight(month, zone)
        end = bisect_right(incidents, -begin.timestamp(), place, key=lambda incident: -incident.start.timestamp())
        found[month] = tuple(incidents[place:end])
        place = end
    return found


def _coming(incidents: Sequence[Incident], now: datetime, zone: tzinfo) -> Iterator[Incident]:
    for incident in incidents:
        if incident.scheduled and incident.scheduled.repeat and (known := incident.as_of(now)):
            for one in occurrences(known, now + AHEAD, zone):
                if one.first.at > now and one.start <= now + AHEAD:
                    yield one


def _edges(incident: Incident) -> Iterator[datetime]:
    if incident.is_maintenance:
        yield incident.start
    if incident.end:
        yield incident.end


def _now_worst(incident: Incident, now: datetime) -> ComponentStatus:
    return max(incident.states_at(now).values(), default=OPERATIONAL)


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
        is_known = component.since is None or _midnight(component.since, zone) <= now
        yield ComponentSummary(
            component=component,
            status=max(running, default=OPERATIONAL if is_known else ComponentStatus.UNKNOWN),
            now=now,
            zone=zone,
            spans=found,
            incidents=tuple(named[component.id]),
        )


def _worst(spans: Sequence[tuple[Span, Incident]], now: datetime) -> Iterator[Stretch]:
    """Overlapping spans as stretches that do not overlap: at every moment, the worst status said."""
    waiting = sorted(((span.begin, span.end or now, span.status, n) for n, (span, _) in enumerate(spans)), reverse=True)
    running: list[tuple[datetime, ComponentStatus, int]] = []  # by end
    at: datetime | None = None
    while waiting or running:
        if not running:
            at = waiting[-1][0]
        while waiting and waiting[-1][0] == at:
            _, end, status, n = waiting.pop()
            heappush(running, (min(end, now), status, n))
        until = min(running[0][0], waiting[-1][0]) if waiting else running[0][0]
        if at is not None and at < until:
            if len(running) == 1:
                yield Stretch(at, until, running[0][1], (spans[running[0][2]][1],))
            else:
                worst = max(status for _, status, _ in running)
                causes = dict.fromkeys(spans[n][1] for n in sorted(n for _, _, n in running))
                yield Stretch(at, until, worst, tuple(causes))
        at = until
        while running and running[0][0] <= until:
            heappop(running)


def _by_day(stretch: Stretch, zone: tzinfo, first: date) -> Iterator[tuple[date, timedelta]]:
    """How long `stretch` lasted on each day it touched, from the day `first` on."""
    day = max(stretch.begin.astimezone(zone).date(), first)
    while (begin := _midnight(day, zone)) < stretch.end:
        end = _midnight(day + timedelta(days=1), zone)
        yield day, min(stretch.end, end) - max(stretch.begin, begin)
        day += timedelta(days=1)


def next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
