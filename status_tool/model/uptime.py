"""How a component is and was: its state, its days, and the share of time in which it was up."""

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
"""How many days a component's bar shows."""
UPTIME_MONTHS = 120

DOWNTIME = {ComponentStatus.MAJOR_OUTAGE: 1.0, ComponentStatus.PARTIAL_OUTAGE: 0.3}
"""How much of a minute in each state counts as lost; every other state counts nothing.

The weights are those Statuspage documents under "Uptime showcase: how is uptime calculated".
"""


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
    lost: Mapping[ComponentStatus, timedelta] = MappingProxyType({})
    """How long it was in each state of `DOWNTIME`; empty when nothing is known."""

    @property
    def worst(self) -> ComponentStatus:
        """The worst state that counted as lost."""
        return max((status for status, length in self.lost.items() if length), default=OPERATIONAL)


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
        return tuple(worst_stretches(self.spans, self.now))

    @cached_property
    def known_since(self) -> datetime | None:
        since = self.component.since
        return midnight(since, self.zone) if since else None

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """The last `BAR_DAYS` days, oldest first, today last."""
        today = self.now.astimezone(self.zone).date()
        first = today - timedelta(days=BAR_DAYS - 1)
        touched: dict[date, list[tuple[Stretch, timedelta]]] = {}
        for stretch in reversed(self.stretches):
            if stretch.end <= midnight(first, self.zone):
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
        shown = midnight(self.days[0].date, self.zone)
        oldest = self.known_since or min([shown, *(incident.start for incident in self.incidents)])
        first = oldest.astimezone(self.zone).date().replace(day=1)
        months: list[Uptime] = []
        month = here
        while month >= first and len(months) < UPTIME_MONTHS:
            months.append(self._uptime(month))
            month = (month - timedelta(days=1)).replace(day=1)
        return tuple(months)

    def _uptime(self, month: date) -> Uptime:
        begin, end = midnight(month, self.zone), midnight(next_month(month), self.zone)
        known, lost = self._between(begin, end)
        if not known:
            return Uptime(month, None)
        return Uptime(month, 1 - _downtime(lost) / known, lost)

    @cached_property
    def bar_uptime(self) -> float | None:
        """The share of the days in the bar, as far as they are known, in which it was up."""
        known, lost = self._between(midnight(self.days[0].date, self.zone), self.now)
        return 1 - _downtime(lost) / known if known else None

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


def _downtime(lost: Mapping[ComponentStatus, timedelta]) -> timedelta:
    return sum((length * DOWNTIME[status] for status, length in lost.items()), timedelta())


def worst_stretches(spans: Sequence[tuple[Span, Incident]], now: datetime) -> Iterator[Stretch]:
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
    while (begin := midnight(day, zone)) < stretch.end:
        end = midnight(day + timedelta(days=1), zone)
        yield day, min(stretch.end, end) - max(stretch.begin, begin)
        day += timedelta(days=1)
