"""What a page will have to say by the clock alone, after it was written: its script shows it when the time comes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from status_tool.model.summary import Summary
from status_tool.render import icons, phrases
from status_tool.render.language import Language
from status_tool.system import clock


def of_site(language: Language, summary: Summary) -> list[dict[str, Any]]:
    """Each moment to come at which planned work begins or ends, the soonest first, with what changes then.

    `{"at": "2026-12-01T02:00:00Z", "status": "under_maintenance", "headline": "Maintenance in progress",
    "icon": "data:...", "components": {"api": [status, label]}, "incidents": {"2026-12-01-upgrade": label}}`
    """
    transitions, before = [], summary
    for then in summary.transitions:
        states = {part.component.id: part.status for part in before.components}
        statuses = {incident.id: incident.status_at(before.now) for incident in before.incidents}
        status = then.shown
        transitions.append(
            {
                "at": clock.iso(then.now),
                "status": status.value,
                "headline": phrases.headline(language, then),
                "icon": icons.address(status),
                "components": {
                    part.component.id: [part.status.value, phrases.component_status(language, part.status)]
                    for part in then.components
                    if part.status is not states[part.component.id]
                },
                "incidents": {
                    incident.id: phrases.update_status(language, incident.status_at(then.now))
                    for incident in then.incidents
                    if incident.status_at(then.now) is not statuses.get(incident.id)
                },
            }
        )
        before = then
    return transitions


def of_page(
    transitions: list[dict[str, Any]], components: Collection[str], incidents: Collection[str]
) -> list[dict[str, Any]]:
    """Those of `transitions` that matter to a page without the overall state, which names only these."""
    shown = []
    for transition in transitions:
        states = {id: state for id, state in transition["components"].items() if id in components}
        labels = {id: label for id, label in transition["incidents"].items() if id in incidents}
        if states or labels:
            shown.append({"at": transition["at"], "components": states, "incidents": labels})
    return shown
