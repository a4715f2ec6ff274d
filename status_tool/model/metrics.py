"""How well readers were informed: the metrics of an incident and of a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from status_tool.model.incident import Incident
from status_tool.model.promises import promised
from status_tool.model.update import Update


class Metrics(NamedTuple):
    """The metrics of one incident; planned work has none, as it is no failure."""

    duration: timedelta
    """From its start to its end, or to now while it is open."""
    time_to_first_update: timedelta | None
    """From its start to the first update; None if the file has no start time."""
    longest_gap: timedelta
    """The longest time between updates, or between the last one and the end, or now while it is open."""
    promises: int
    """The number of promised updates that were posted or are overdue."""
    promises_kept: int
    """The number of those that were posted in time."""


class YearMetrics(NamedTuple):
    """The metrics of all incidents that began in a year; `maintenance` is the number of maintenance entries."""

    incidents: int
    maintenance: int
    duration: timedelta
    """The sum over all incidents; overlapping times count more than once."""
    time_to_first_update: timedelta | None
    """The median."""
    longest_gap: timedelta
    promises: int
    promises_kept: int


def of_incident(incident: Incident, default_interval: timedelta | None, now: datetime) -> Metrics:
    """The metrics of an incident at `now`; `default_interval` is that of `promises.promised`."""
    extent = incident.extent_at(now)
    end = extent.ended or now
    times = [update.at for update in incident.updates if update.at <= end] or [incident.first.at]
    times.append(max(end, times[-1]))
    promises = list(_promises(incident, default_interval, now))
    return Metrics(
        duration=max(end - extent.begin, timedelta()),
        time_to_first_update=incident.first.at - incident.started if incident.started else None,
        longest_gap=max(later - earlier for earlier, later in pairwise(times)),
        promises=len(promises),
        promises_kept=sum(promises),
    )


def _promises(incident: Incident, default_interval: timedelta | None, now: datetime) -> Iterator[bool]:
    """For each promise whether it was kept; a promise for a future time, without an update yet, is left out."""
    if default_interval is None and not any(update.next for update in incident.updates):
        return
    next_updates: list[Update | None] = [*incident.updates[1:], None]
    for update, after in zip(incident.updates, next_updates, strict=True):
        due = promised(incident, update, default_interval)
        if due and (after or due <= now):
            yield after is not None and after.at <= due


def of_all(incidents: Iterable[Incident], default_interval: timedelta | None, now: datetime) -> list[Metrics]:
    """The metrics of each incident; maintenance is left out, and what is withdrawn."""
    counted = (incident for incident in incidents if not incident.is_maintenance and not incident.withdrawn)
    return [of_incident(incident, default_interval, now) for incident in counted]


def of_year(metrics: Sequence[Metrics], maintenance: int) -> YearMetrics:
    """The metrics of a year from those of its incidents; `maintenance` is the number of maintenance entries."""
    first_update_times = [
        incident.time_to_first_update for incident in metrics if incident.time_to_first_update is not None
    ]
    return YearMetrics(
        incidents=len(metrics),
        maintenance=maintenance,
        duration=sum((incident.duration for incident in metrics), timedelta()),
        time_to_first_update=_median(first_update_times) if first_update_times else None,
        longest_gap=max((incident.longest_gap for incident in metrics), default=timedelta()),
        promises=sum(incident.promises for incident in metrics),
        promises_kept=sum(incident.promises_kept for incident in metrics),
    )


def _median(lengths: Sequence[timedelta]) -> timedelta:
    """The middle length; of an even number of lengths, the mean of the two in the middle."""
    ordered, middle = sorted(lengths), len(lengths) // 2
    return ordered[middle] if len(lengths) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
