"""Which status people mean who write another word for it; only suggestions are made from this table."""

from __future__ import annotations

from collections.abc import Mapping

from status_tool.model.component import ComponentStatus, Impact
from status_tool.model.update import Kind, UpdateStatus

_DONE = "closed close done solved solve finished finish complete ended end over ok"

STATUSES: Mapping[str, list[str]] = {
    UpdateStatus.INVESTIGATING: "open opened new acknowledged ack looking triage reopened unknown".split(),
    UpdateStatus.IDENTIFIED: "found known cause root_cause diagnosed confirmed understood fixing".split(),
    UpdateStatus.MONITORING: "watching watch observing mitigated verifying testing fix_deployed fix_applied".split(),
    UpdateStatus.RESOLVED: f"fixed fix recovered restored repaired up operational completed {_DONE}".split(),
    UpdateStatus.SCHEDULED: "planned announced upcoming".split(),
    UpdateStatus.IN_PROGRESS: "started start begun running ongoing active working under_way investigating".split(),
    UpdateStatus.VERIFYING: "checking check testing validating monitoring".split(),
    UpdateStatus.COMPLETED: f"resolved fixed {_DONE}".split(),
    UpdateStatus.CANCELLED: "canceled cancel aborted abort called_off skipped withdrawn".split(),
}
"""Status of an update -> other words for it, in lower case, with `_` for a blank."""

COMPONENT_STATUSES: Mapping[str, list[str]] = {
    ComponentStatus.OPERATIONAL: (
        "ok up green good fine working works healthy normal available online resolved fixed none".split()
    ),
    ComponentStatus.UNDER_MAINTENANCE: "planned scheduled in_progress updating".split(),
    ComponentStatus.UNKNOWN: "unsure unclear investigating no_data".split(),
    ComponentStatus.DEGRADED_PERFORMANCE: "degraded slow yellow impaired performance minor latency".split(),
    ComponentStatus.PARTIAL_OUTAGE: "partial partially_down partly_down some_down orange flaky errors".split(),
    ComponentStatus.MAJOR_OUTAGE: (
        "down outage major full_outage full red offline dead broken unavailable critical failed total_outage".split()
    ),
}
"""Status of a component -> other words for it."""

IMPACTS: Mapping[str, list[str]] = {
    Impact.NONE: "no zero ok operational".split(),
    Impact.MINOR: "low small degraded degraded_performance slow".split(),
    Impact.MAJOR: "medium high partial partial_outage".split(),
    Impact.CRITICAL: "severe highest down outage major_outage blocker".split(),
}
"""Impact -> other words for it."""

KINDS: Mapping[str, list[str]] = {
    Kind.INCIDENT: "outage problem issue error unplanned".split(),
    Kind.MAINTENANCE: "planned scheduled work planned_work window".split(),
}
"""Kind of a file -> other words for it."""
