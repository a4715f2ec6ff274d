"""What a component is, which statuses it can have, and how severe each status is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from status_tool.model.days import midnight


class ComponentStatus(StrEnum):
    """The status of a component, ordered from best to worst, so that `max` returns the status to show.

    Maintenance ranks below every failure, so it never hides one. `UNKNOWN` ranks above operational and
    maintenance, so neither of them ever hides it.
    """

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    UNKNOWN = "unknown"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"

    # A StrEnum compares as text, so all four comparisons are defined here.
    def __lt__(self, other: object) -> bool:
        return _SEVERITY[self] < _SEVERITY[other] if isinstance(other, ComponentStatus) else NotImplemented

    def __le__(self, other: object) -> bool:
        return _SEVERITY[self] <= _SEVERITY[other] if isinstance(other, ComponentStatus) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return _SEVERITY[self] > _SEVERITY[other] if isinstance(other, ComponentStatus) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return _SEVERITY[self] >= _SEVERITY[other] if isinstance(other, ComponentStatus) else NotImplemented


_SEVERITY = {status: rank for rank, status in enumerate(ComponentStatus)}
OPERATIONAL = ComponentStatus.OPERATIONAL


class Impact(StrEnum):
    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


IMPACT_OF_STATUS = {
    ComponentStatus.DEGRADED_PERFORMANCE: Impact.MINOR,
    ComponentStatus.PARTIAL_OUTAGE: Impact.MAJOR,
    ComponentStatus.MAJOR_OUTAGE: Impact.CRITICAL,
}
"""Worst component status of an incident -> its impact, if the file states none."""

STATUS_OF_IMPACT = {
    Impact.NONE: OPERATIONAL,
    Impact.MINOR: ComponentStatus.DEGRADED_PERFORMANCE,
    Impact.MAJOR: ComponentStatus.PARTIAL_OUTAGE,
    Impact.CRITICAL: ComponentStatus.MAJOR_OUTAGE,
}
"""Stated impact -> overall status, for an incident that names no component."""


@dataclass(frozen=True)
class Component:
    """A part of the service that has a name for readers."""

    id: str
    name: str
    group: str = ""
    description: str = ""
    since: date | None = None
    """The first day of its record; earlier days are shown as "no data"."""
    retired: date | None = None
    """The first day on which it no longer exists; None if it exists for ever. Its record ends before that day."""

    def retired_at(self, now: datetime, zone: tzinfo) -> datetime | None:
        """The start of the day `retired`, if that is not after `now`; otherwise None: it exists."""
        begin = midnight(self.retired, zone) if self.retired else None
        return begin if begin and begin <= now else None
