"""Which open incidents a new one is probably a second report of: on the same component, or with the same title."""

from __future__ import annotations

from collections.abc import Collection

from status_tool.incident_files import store
from status_tool.model.incident import Incident
from status_tool.model.update import Text
from status_tool.project.project import Project
from status_tool.text import romanized


def same(site: Project, title: Text, components: Collection[str], besides: Collection[Incident] = ()) -> list[Incident]:
    """The open incidents that affect one of `components` or are called `title`, but not `besides`.

    Maintenance is none: what breaks during work is an incident. A file with a problem is left out, so that nobody is
    kept from publishing by it.
    """
    named = {incident.id for incident in besides}
    wanted = romanized.folded(str(title))
    return [
        incident
        for incident in store.readable(site.settings)
        if not incident.draft
        and not incident.is_maintenance
        and incident.is_open_at(site.now)
        and incident.id not in named
        and (shared(site, incident, components) or romanized.folded(str(incident.title)) == wanted)
    ]


def shared(site: Project, incident: Incident, components: Collection[str]) -> list[str]:
    """Those of `components` that `incident` affects now."""
    affected = incident.states_at(site.now)
    return [id for id in components if id in affected]
