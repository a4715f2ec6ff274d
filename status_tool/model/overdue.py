"""What was promised and not kept, and what has been forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from status_tool.model.incident import Incident
from status_tool.model.summary import Summary
from status_tool.settings.settings import Settings


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


def of(summary: Summary, settings: Settings) -> list[Lapse]:
    """Every lapse at the time of `summary`, the longest first.

    No component can be left degraded with nothing open: its state comes from open incidents alone.
    """
    found = [lapse for incident in (*summary.open, *summary.running) for lapse in _lapses(incident, summary, settings)]
    found += [lapse for incident in summary.planned for lapse in _overdue(incident, summary, settings)]
    return sorted(found, key=lambda lapse: (lapse.since, lapse.incident.id, lapse.kind))


def _overdue(incident: Incident, summary: Summary, settings: Settings) -> Iterator[Lapse]:
    promised = settings.promised(incident, incident.last)
    if promised and promised <= summary.now:
        yield Lapse(incident, Kind.OVERDUE, promised)


def _lapses(incident: Incident, summary: Summary, settings: Settings) -> Iterator[Lapse]:
    now = summary.now
    overdue = list(_overdue(incident, summary, settings))
    quiet = max(incident.last.at, incident.start) + settings.quiet_after
    yield from overdue
    if not overdue and quiet <= now:
        yield Lapse(incident, Kind.QUIET, quiet)
    if incident.scheduled and incident.scheduled.until <= now:
        yield Lapse(incident, Kind.OVERRUN, incident.scheduled.until)
