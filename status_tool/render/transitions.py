"""Which future changes a page contains, so that its script can make them without a new build."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from status_tool.model.component import ComponentStatus
from status_tool.model.summary import Summary
from status_tool.render import phrases
from status_tool.render.language import Language
from status_tool.system import clock


def of_site(language: Language, summary: Summary, icon: Callable[[ComponentStatus], str]) -> list[dict[str, Any]]:
    """Each future moment at which planned work begins or ends, with the changes; the soonest first.

    `icon` gives the address of the icon of a tab.

    `{"at": "2026-12-01T02:00:00Z", "status": "under_maintenance", "headline": "Maintenance in progress",
    "icon": "data:...", "components": {"api": [status, label]}, "incidents": {"2026-12-01-upgrade": label}}`
    """
    transitions, previous = [], summary
    for following in summary.transitions:
        old_states = {component.component.id: component.status for component in previous.components}
        old_statuses = {incident.id: incident.status_at(previous.now) for incident in previous.incidents}
        status = following.shown_status
        transitions.append(
            {
                "at": clock.iso(following.now),
                "status": status.value,
                "headline": phrases.headline(language, following),
                "icon": icon(status),
                "components": {
                    component.component.id: [
                        component.status.value,
                        phrases.component_status(language, component.status),
                    ]
                    for component in following.components
                    if component.status is not old_states[component.component.id]
                },
                "incidents": {
                    incident.id: phrases.update_status(language, incident.status_at(following.now))
                    for incident in following.incidents
                    if incident.status_at(following.now) is not old_statuses.get(incident.id)
                },
            }
        )
        previous = following
    return transitions


def of_page(
    transitions: list[dict[str, Any]], components: Collection[str], incidents: Collection[str]
) -> list[dict[str, Any]]:
    """The `transitions` of a page that shows only these components and incidents, and not the overall status."""
    shown = []
    for transition in transitions:
        states = {id: state for id, state in transition["components"].items() if id in components}
        labels = {id: label for id, label in transition["incidents"].items() if id in incidents}
        if states or labels:
            shown.append({"at": transition["at"], "components": states, "incidents": labels})
    return shown
