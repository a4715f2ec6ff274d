"""How well people were kept informed: the figures of an incident, and of all incidents of a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from status_tool.model.incident import Incident, Update
from status_tool.model.promises import promised


class Metrics(NamedTuple):
    """What is known of one incident, planned work excepted: that is no failure."""

    duration: timedelta
    """Until it ended, or as long as it has lasted."""
    time_to_first_update: timedelta | None
    """From its start to the first update; None where the file does not say when it started."""
    longest_gap: timedelta
    """The longest time without a word while it lasted."""
    promises: int
    """Updates that were promised, and have come or should have."""
    promises_kept: int
    """Those that came in time."""


class YearMetrics(NamedTuple):
    """The figures of all incidents that began in a year; `maintenance` counts the planned work beside them."""

    incidents: int
    maintenance: int
    duration: timedelta
    """Of all incidents together; of overlapping ones, each counts."""
    time_to_first_update: timedelta | None
    """The median."""
    longest_gap: timedelta
    promises: int
    promises_kept: int


def of_incident(incident: Incident, usual: timedelta | None, now: datetime) -> Metrics:
    """The figures of an incident as it stands at `now`; `usual` is that of `promises.promised`."""
    extent = incident.extent_at(now)
    end = extent.ended or now
    words = [update.at for update in incident.updates if update.at <= end] or [incident.first.at]
    words.append(max(end, words[-1]))
    promises = list(_promises(incident, usual, now))
    return Metrics(
        duration=max(end - extent.begin, timedelta()),
        time_to_first_update=incident.first.at - incident.started if incident.started else None,
        longest_gap=max(later - earlier for earlier, later in pairwise(words)),
        promises=len(promises),
        promises_kept=sum(promises),
    )


def _promises(incident: Incident, usual: timedelta | None, now: datetime) -> Iterator[bool]:
    """Whether each promise was kept; one whose time has not come is none yet."""
    if usual is None and not any(update.next for update in incident.updates):
        return
    following: list[Update | None] = [*incident.updates[1:], None]
    for update, after in zip(incident.updates, following, strict=True):
        due = promised(incident, update, usual)
        if due and (after or due <= now):
            yield after is not None and after.at <= due


def of_all(incidents: Iterable[Incident], usual: timedelta | None, now: datetime) -> list[Metrics]:
    """Of each that is no planned work."""
    return [of_incident(incident, usual, now) for incident in incidents if not incident.is_maintenance]


def of_year(each: Sequence[Metrics], maintenance: int) -> YearMetrics:
    first = [figures.time_to_first_update for figures in each if figures.time_to_first_update is not None]
    return YearMetrics(
        incidents=len(each),
        maintenance=maintenance,
        duration=sum((figures.duration for figures in each), timedelta()),
        time_to_first_update=_median(first) if first else None,
        longest_gap=max((figures.longest_gap for figures in each), default=timedelta()),
        promises=sum(figures.promises for figures in each),
        promises_kept=sum(figures.promises_kept for figures in each),
    )


def _median(lengths: Sequence[timedelta]) -> timedelta:
    """The middle one; of an even number, the mean of the two in the middle."""
    ordered, middle = sorted(lengths), len(lengths) // 2
    return ordered[middle] if len(lengths) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
