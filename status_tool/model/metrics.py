"""How well readers were informed: the metrics of an incident and of a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from status_tool.model.incident import Incident
from status_tool.model.promises import promised
from status_tool.model.update import Update


class Period(NamedTuple):
    """A time, such as a year, for which figures are given: from `begin` until before `end`."""

    begin: datetime
    end: datetime


class Metrics(NamedTuple):
    """The metrics of one incident, or of the part of it in a period; planned work has none, as it is no failure."""

    lasted: Period
    """From its start to its end, or to now while it is open."""
    time_to_first_update: timedelta | None
    """From its start to the first update; None if the file has no start time, and in periods after its start."""
    longest_gap: timedelta
    """The longest time between updates, or between the last one and the end, or now while it is open."""
    promises: int
    """The number of promised updates that were posted or are overdue."""
    promises_kept: int
    """The number of those that were posted in time."""

    @property
    def duration(self) -> timedelta:
        return self.lasted.end - self.lasted.begin


class YearMetrics(NamedTuple):
    """The metrics of all incidents that lasted in a year; `maintenance` is the number of maintenance entries."""

    incidents: int
    maintenance: int
    duration: timedelta
    """The time in the year in which there was an incident; overlapping times count once."""
    time_to_first_update: timedelta | None
    """The median of the incidents that began in the year and whose files tell the start; None if there is none."""
    longest_gap: timedelta
    promises: int
    promises_kept: int


def of_incident(
    incident: Incident, default_interval: timedelta | None, now: datetime, period: Period | None = None
) -> Metrics:
    """The metrics of an incident at `now`; `default_interval` is that of `promises.promised`, for promises that count.

    With a `period`, those of the part in it: no length exceeds the period, and each promise counts in one period.
    """
    extent = incident.extent_at(now)
    end = max(extent.ended or now, extent.begin)
    whole = Period(extent.begin, end)
    published = sorted(update.published_at for update in incident.updates)
    times = [time for time in published if time <= end] or [min(published[0], end)]
    times.append(max(end, times[-1]))
    # A promise belongs to the period of the update that made it; one made after the end, to that of the end.
    promises = [
        is_kept
        for update, is_kept in _promises(incident, default_interval, now)
        if _contains(period, min(update.published_at, max(end - timedelta.resolution, extent.begin)))
    ]
    states_start = not incident.is_maintenance and (incident.started or incident.first.posted)
    is_first = states_start and _contains(period, extent.begin)
    return Metrics(
        lasted=_within(period, whole),
        time_to_first_update=incident.published_at - incident.start if is_first else None,
        longest_gap=max(_length(_within(period, Period(*gap))) for gap in pairwise(times)),
        promises=len(promises),
        promises_kept=sum(promises),
    )


def _contains(period: Period | None, time: datetime) -> bool:
    return period is None or period.begin <= time < period.end


def _within(period: Period | None, part: Period) -> Period:
    """The part in the period; one outside it has no length."""
    if period is None:
        return part
    begin, end = max(part.begin, period.begin), min(part.end, period.end)
    return Period(begin, max(begin, end))


def _length(period: Period) -> timedelta:
    return period.end - period.begin


def _promises(incident: Incident, default_interval: timedelta | None, now: datetime) -> Iterator[tuple[Update, bool]]:
    """Each promise: its update, and whether it was kept; without those for a future time that have no update yet."""
    if default_interval is None and not any(update.next for update in incident.updates):
        return
    next_updates: list[Update | None] = [*incident.updates[1:], None]
    for update, after in zip(incident.updates, next_updates, strict=True):
        due = promised(incident, update, default_interval)
        if due and (after or due <= now):
            yield update, after is not None and after.published_at <= due


def of_all(
    incidents: Iterable[Incident], default_interval: timedelta | None, now: datetime, period: Period | None = None
) -> list[Metrics]:
    """The metrics of each incident; maintenance is left out, and what is withdrawn."""
    counted = (incident for incident in incidents if not incident.is_maintenance and not incident.withdrawn)
    return [of_incident(incident, default_interval, now, period) for incident in counted]


def of_year(metrics: Sequence[Metrics], maintenance: int) -> YearMetrics:
    """The metrics of a year from those of the parts of its incidents in it; `maintenance` is the number of entries."""
    first_update_times = [
        incident.time_to_first_update for incident in metrics if incident.time_to_first_update is not None
    ]
    return YearMetrics(
        incidents=len(metrics),
        maintenance=maintenance,
        duration=_union(incident.lasted for incident in metrics),
        time_to_first_update=_median(first_update_times) if first_update_times else None,
        longest_gap=max((incident.longest_gap for incident in metrics), default=timedelta()),
        promises=sum(incident.promises for incident in metrics),
        promises_kept=sum(incident.promises_kept for incident in metrics),
    )


def _union(periods: Iterable[Period]) -> timedelta:
    """The time in any of the periods."""
    total, until = timedelta(), None
    for begin, end in sorted(periods):
        begin = max(begin, until) if until else begin
        total += max(end - begin, timedelta())
        until = max(begin, end)
    return total


def _median(lengths: Sequence[timedelta]) -> timedelta:
    """The middle length; of an even number of lengths, the mean of the two in the middle."""
    ordered, middle = sorted(lengths), len(lengths) // 2
    return ordered[middle] if len(lengths) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
