"""How a component is and was: its status now, its status by day, and its uptime by month."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from heapq import heappop, heappush
from types import MappingProxyType
from typing import NamedTuple

from status_tool.model.component import OPERATIONAL, Component, ComponentStatus
from status_tool.model.days import midnight, next_month
from status_tool.model.incident import Incident, Span

BAR_DAYS = 90
"""The number of days in a component's bar, unless the settings give another."""
UPTIME_MONTHS = 120
"""The largest number of months in a component's table of uptime."""

MIN_RECORD = timedelta(days=1)
"""The shortest record for which there is an uptime. "100%" of some minutes would say nothing."""

DOWNTIME_WEIGHTS = {ComponentStatus.MAJOR_OUTAGE: 1.0, ComponentStatus.PARTIAL_OUTAGE: 0.3}
"""Status -> the share of its time that counts as downtime, from 0 to 1; other statuses do not count.

The weights are those of Statuspage, documented under "Uptime showcase: how is uptime calculated".
"""


class Day(NamedTuple):
    """One day of a component: its worst status, the total time in it, and the incidents of the day.

    `status` is None for a day without data.
    """

    date: date
    status: ComponentStatus | None
    worst_duration: timedelta = timedelta()
    incidents: tuple[Incident, ...] = ()


class Uptime(NamedTuple):
    """The uptime of a component in a month; `share` is from 0 to 1, or None if there is too little data."""

    month: date
    """Its first day."""
    share: float | None
    outage_durations: Mapping[ComponentStatus, timedelta] = MappingProxyType({})
    """Status -> time in it, for each status in `DOWNTIME_WEIGHTS`; empty if there is no data."""

    @property
    def worst_status(self) -> ComponentStatus:
        """The worst status that counts as downtime; operational if there was none."""
        return max((status for status, length in self.outage_durations.items() if length), default=OPERATIONAL)


class Period(NamedTuple):
    """A time in which `status` was the worst status of a component, and the incidents that affected it then."""

    begin: datetime
    end: datetime
    status: ComponentStatus
    incidents: tuple[Incident, ...]


@dataclass(frozen=True)
class ComponentSummary:
    """A component at `now`, and its past; days and months begin and end as in `zone`.

    The past of one that is retired ends at its retirement.
    """

    component: Component
    status: ComponentStatus
    now: datetime
    zone: tzinfo
    spans: Sequence[tuple[Span, Incident]] = field(repr=False)
    """The spans of all incidents that began at `now` or earlier; they may overlap."""
    incidents: tuple[Incident, ...]
    """All incidents that name it, newest first."""
    bar_days: int = BAR_DAYS
    """The number of days in its bar."""

    @cached_property
    def retired_at(self) -> datetime | None:
        """When it was retired; None if it still exists."""
        return self.component.retired_at(self.now, self.zone)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """All periods in which it was not operational, up to `known_until`; oldest first, not overlapping."""
        spans = [(span, incident) for span, incident in self.spans if span.begin < self.known_until]
        return tuple(worst_periods(spans if self.retired_at else self.spans, self.known_until))

    @cached_property
    def known_since(self) -> datetime | None:
        """The start of its record; None if the settings do not limit it."""
        since = self.component.since
        return midnight(since, self.zone) if since else None

    @property
    def known_until(self) -> datetime:
        """The end of its record: its retirement, or now."""
        return self.retired_at or self.now

    @cached_property
    def last_day(self) -> date:
        """The last day of its record: today, or the day before its retirement."""
        last = self.retired_at - timedelta.resolution if self.retired_at else self.now
        return last.astimezone(self.zone).date()

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """The last `bar_days` days of its record, oldest first: up to today, or to its retirement."""
        first = self.last_day - timedelta(days=self.bar_days - 1)
        by_day: dict[date, list[tuple[Period, timedelta]]] = {}
        for period in reversed(self.periods):
            if period.end <= midnight(first, self.zone):
                break
            for day, length in _by_day(period, self.zone, first):
                by_day.setdefault(day, []).append((period, length))
        return tuple(self._day(first + timedelta(days=n), by_day) for n in range(self.bar_days))

    def _day(self, day: date, by_day: dict[date, list[tuple[Period, timedelta]]]) -> Day:
        if self.known_since and self.component.since and day < self.component.since:
            return Day(day, None)
        periods = by_day.get(day, [])
        worst = max((period.status for period, _ in periods), default=OPERATIONAL)
        length = sum((length for period, length in periods if period.status is worst), timedelta())
        incidents = dict.fromkeys(incident for period, _ in periods for incident in period.incidents)
        return Day(day, worst, length, tuple(incidents))

    @cached_property
    def uptime(self) -> tuple[Uptime, ...]:
        """The uptime by month, from the last month of its record back to the first with data; at most `UPTIME_MONTHS`.

        The first month with data is that of the component's `since`; without it, that of the first incident that is
        not withdrawn or of the first day in the bar, whichever is earlier.
        """
        month = self.last_day.replace(day=1)
        bar_begin = midnight(self.days[0].date, self.zone)
        starts = (incident.start for incident in self.incidents if not incident.withdrawn)
        oldest = self.known_since or min([bar_begin, *starts])
        first = oldest.astimezone(self.zone).date().replace(day=1)
        months: list[Uptime] = []
        while month >= first and len(months) < UPTIME_MONTHS:
            months.append(self._uptime(month))
            month = (month - timedelta(days=1)).replace(day=1)
        return tuple(months)

    def _uptime(self, month: date) -> Uptime:
        begin, end = midnight(month, self.zone), midnight(next_month(month), self.zone)
        known, outage_durations = self._between(begin, end)
        if not known:
            return Uptime(month, None)
        # In the first hours of a month, a failure is shown with its share; that there was none is not.
        is_enough = known >= MIN_RECORD or (self.recorded >= MIN_RECORD and _downtime(outage_durations))
        return Uptime(month, 1 - _downtime(outage_durations) / known if is_enough else None, outage_durations)

    @cached_property
    def bar_uptime(self) -> float | None:
        """The uptime over the days in the bar, from 0 to 1; None if they have less than `MIN_RECORD` of data."""
        known, outage_durations = self._bar_record
        return 1 - _downtime(outage_durations) / known if known >= MIN_RECORD else None

    @property
    def recorded(self) -> timedelta:
        """The time with data over the days in the bar."""
        return self._bar_record[0]

    @cached_property
    def _bar_record(self) -> tuple[timedelta, dict[ComponentStatus, timedelta]]:
        return self._between(midnight(self.days[0].date, self.zone), self.known_until)

    def _between(self, begin: datetime, end: datetime) -> tuple[timedelta, dict[ComponentStatus, timedelta]]:
        """`(time with data, status -> time in it)` from `begin` to `end`, for each status in `DOWNTIME_WEIGHTS`."""
        begin, end = max(begin, self.known_since or begin), min(end, self.known_until)
        known = max(end - begin, timedelta())
        outage_durations = dict.fromkeys(DOWNTIME_WEIGHTS, timedelta())
        first = bisect_right(self.periods, begin, key=lambda period: period.end)
        after = bisect_left(self.periods, end, first, key=lambda period: period.begin)
        for period in self.periods[first:after]:
            length = min(period.end, end) - max(period.begin, begin)
            if period.status in outage_durations:
                outage_durations[period.status] += length
            elif period.status is ComponentStatus.UNKNOWN:
                known -= length
        return known, outage_durations


def _downtime(durations: Mapping[ComponentStatus, timedelta]) -> timedelta:
    return sum((length * DOWNTIME_WEIGHTS[status] for status, length in durations.items()), timedelta())


def worst_periods(spans: Sequence[tuple[Span, Incident]], now: datetime) -> Iterator[Period]:
    """Merges overlapping spans into periods that do not overlap; each has the worst status of its spans."""
    pending = sorted(((span.begin, span.end or now, span.status, n) for n, (span, _) in enumerate(spans)), reverse=True)
    running: list[tuple[datetime, ComponentStatus, int]] = []  # a heap, the first to end on top
    at: datetime | None = None
    while pending or running:
        if not running:
            at = pending[-1][0]
        while pending and pending[-1][0] == at:
            _, end, status, n = pending.pop()
            heappush(running, (min(end, now), status, n))
        until = min(running[0][0], pending[-1][0]) if pending else running[0][0]
        if at is not None and at < until:
            if len(running) == 1:
                yield Period(at, until, running[0][1], (spans[running[0][2]][1],))
            else:
                worst = max(status for _, status, _ in running)
                causes = dict.fromkeys(spans[n][1] for n in sorted(n for _, _, n in running))
                yield Period(at, until, worst, tuple(causes))
        at = until
        while running and running[0][0] <= until:
            heappop(running)


def _by_day(period: Period, zone: tzinfo, first: date) -> Iterator[tuple[date, timedelta]]:
    """`(day, length)`: how long the period lasted on each day, from the day `first` on."""
    day = max(period.begin.astimezone(zone).date(), first)
    while (begin := midnight(day, zone)) < period.end:
        end = midnight(day + timedelta(days=1), zone)
        yield day, min(period.end, end) - max(period.begin, begin)
        day += timedelta(days=1)
