"""How well people were kept informed: the figures of an incident, and of all incidents of a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from status_tool.model.incident import Incident, Update
from status_tool.settings.settings import Settings


class Figures(NamedTuple):
    """What is known of one incident, planned work excepted: that is no failure."""

    duration: timedelta
    """Until it ended, or as long as it has lasted."""
    first_word: timedelta | None
    """From its start to the first update; None where the file does not say when it started."""
    silence: timedelta
    """The longest time without a word while it lasted."""
    promises: int
    """Updates that were promised, and have come or should have."""
    kept: int
    """Those that came in time."""


class Year(NamedTuple):
    """The figures of all incidents that began in a year; `works` counts the planned work beside them."""

    incidents: int
    works: int
    duration: timedelta
    """Of all incidents together; of overlapping ones, each counts."""
    first_word: timedelta | None
    """The median."""
    silence: timedelta
    promises: int
    kept: int


def of(incident: Incident, settings: Settings, now: datetime) -> Figures:
    """The figures of an incident as it stands at `now`."""
    end = incident.end
    end = end if end and end <= now else now
    words = [update.at for update in incident.updates if update.at <= end] or [incident.first.at]
    words.append(max(end, words[-1]))
    promises = list(_promises(incident, settings, now))
    return Figures(
        duration=max(end - incident.start, timedelta()),
        first_word=incident.first.at - incident.started if incident.started else None,
        silence=max(later - earlier for earlier, later in pairwise(words)),
        promises=len(promises),
        kept=sum(promises),
    )


def _promises(incident: Incident, settings: Settings, now: datetime) -> Iterator[bool]:
    """Whether each promise was kept; one whose time has not come is none yet."""
    if settings.promise is None and not any(update.next for update in incident.updates):
        return
    following: list[Update | None] = [*incident.updates[1:], None]
    for update, after in zip(incident.updates, following, strict=True):
        promised = settings.promised(incident, update)
        if promised and (after or promised <= now):
            yield after is not None and after.at <= promised


def of_all(incidents: Iterable[Incident], settings: Settings, now: datetime) -> list[Figures]:
    """Of each that is no planned work."""
    return [of(incident, settings, now) for incident in incidents if not incident.is_maintenance]


def of_year(each: Sequence[Figures], works: int) -> Year:
    first = [figures.first_word for figures in each if figures.first_word is not None]
    return Year(
        incidents=len(each),
        works=works,
        duration=sum((figures.duration for figures in each), timedelta()),
        first_word=median(first) if first else None,
        silence=max((figures.silence for figures in each), default=timedelta()),
        promises=sum(figures.promises for figures in each),
        kept=sum(figures.kept for figures in each),
    )
