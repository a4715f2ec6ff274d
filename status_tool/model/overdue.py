"""What was promised and not kept, and what has been forgotten."""

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
    """The next update was promised and did not come."""
    QUIET = "quiet"
    """Nothing was promised, and nothing was said for longer than `quiet_after`."""
    OVERRUN = "overrun"
    """Maintenance that goes on after its end."""


@dataclass(frozen=True)
class Lapse:
    incident: Incident
    kind: Kind
    since: datetime


def find(summary: Summary, usual: timedelta | None, quiet_after: timedelta) -> list[Lapse]:
    """Every lapse at the time of `summary`, the longest first; `usual` is that of `promises.promised`.

    No component can be left degraded with nothing open: its state comes from open incidents alone.
    """
    lapses = [
        lapse
        for incident in (*summary.open, *summary.running)
        for lapse in _lapses(incident, summary.now, usual, quiet_after)
    ]
    lapses += [lapse for incident in summary.planned for lapse in _overdue(incident, summary.now, usual)]
    return sorted(lapses, key=lambda lapse: (lapse.since, lapse.incident.id, lapse.kind))


def _overdue(incident: Incident, now: datetime, usual: timedelta | None) -> Iterator[Lapse]:
    due = promised(incident, incident.last, usual)
    if due and due <= now:
        yield Lapse(incident, Kind.OVERDUE, due)


def _lapses(incident: Incident, now: datetime, usual: timedelta | None, quiet_after: timedelta) -> Iterator[Lapse]:
    overdue = list(_overdue(incident, now, usual))
    quiet = max(incident.last.at, incident.start) + quiet_after
    yield from overdue
    if not overdue and quiet <= now:
        yield Lapse(incident, Kind.QUIET, quiet)
    if incident.scheduled and incident.scheduled.until <= now:
        yield Lapse(incident, Kind.OVERRUN, incident.scheduled.until)
