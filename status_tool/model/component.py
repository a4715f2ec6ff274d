"""A part of the service, the states it can be in, and how bad each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ComponentStatus(StrEnum):
    """How a component is; ordered from best to worst, so that `max` finds what to show.

    Maintenance ranks below every failure, so it never hides one. What we cannot tell ranks above
    what is fine or planned, so it is never taken for either.
    """

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    UNKNOWN = "unknown"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"

    # A StrEnum would compare as text, so all four have to be said.
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


IMPACT_OF = {
    ComponentStatus.DEGRADED_PERFORMANCE: Impact.MINOR,
    ComponentStatus.PARTIAL_OUTAGE: Impact.MAJOR,
    ComponentStatus.MAJOR_OUTAGE: Impact.CRITICAL,
}
"""The impact of an incident whose worst component is in that state, where nobody stated one."""

STATE_OF = {
    Impact.NONE: OPERATIONAL,
    Impact.MINOR: ComponentStatus.DEGRADED_PERFORMANCE,
    Impact.MAJOR: ComponentStatus.PARTIAL_OUTAGE,
    Impact.CRITICAL: ComponentStatus.MAJOR_OUTAGE,
}
"""What an impact that someone stated says of the whole, where no component does."""


@dataclass(frozen=True)
class Component:
    """A part of the service that readers know by name."""

    id: str
    name: str
    group: str = ""
    description: str = ""
    since: date | None = None
    """Days before it are "no data"."""
