"""Which promised updates are overdue, and which open incidents have had no update for too long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from status_tool.model.incident import Incident
from status_tool.model.promises import promised
from status_tool.model.summary import Summary


class Kind(StrEnum):
    OVERDUE = "overdue"
    """The promised next update was not posted in time."""
    QUIET = "quiet"
    """No promised update is overdue, and there was no update for `quiet_after`."""
    OVERRUN = "overrun"
    """Maintenance that continues after its planned end."""


@dataclass(frozen=True)
class Lapse:
    """A missing update of an incident, and since when it is missing."""

    incident: Incident
    kind: Kind
    since: datetime


def find(summary: Summary, default_interval: timedelta | None, quiet_after: timedelta) -> list[Lapse]:
    """Every lapse at the time of `summary`, the longest first; `default_interval` is that of `promises.promised`.

    A component cannot stay degraded without an open incident: its status comes from open incidents alone.
    """
    lapses = [
        lapse
        for incident in (*summary.open, *summary.running)
        for lapse in _lapses(incident, summary.now, default_interval, quiet_after)
    ]
    lapses += [lapse for incident in summary.planned for lapse in _overdue(incident, summary.now, default_interval)]
    return sorted(lapses, key=lambda lapse: (lapse.since, lapse.incident.id, lapse.kind))


def _overdue(incident: Incident, now: datetime, default_interval: timedelta | None) -> Iterator[Lapse]:
    due = promised(incident, incident.last, default_interval)
    if due and due <= now:
        yield Lapse(incident, Kind.OVERDUE, due)


def _lapses(
    incident: Incident, now: datetime, default_interval: timedelta | None, quiet_after: timedelta
) -> Iterator[Lapse]:
    overdue = list(_overdue(incident, now, default_interval))
    quiet_since = max(incident.last_posted_at, incident.start) + quiet_after
    yield from overdue
    if not overdue and quiet_since <= now:
        yield Lapse(incident, Kind.QUIET, quiet_since)
    if incident.window and incident.window.until <= now:
        yield Lapse(incident, Kind.OVERRUN, incident.window.until)
