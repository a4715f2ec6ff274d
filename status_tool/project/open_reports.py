"""Which open incidents a new one is probably a second report of: on the same component, or with the same title."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from status_tool.incident_files import store
from status_tool.model.incident import Incident
from status_tool.model.update import Text
from status_tool.project.project import Project
from status_tool.text import romanized

EARLIER = timedelta(hours=1)
"""How long before the beginning of an open incident a report may be posted that is still about the same."""


def same(
    site: Project, title: Text, components: Collection[str], at: datetime, besides: Collection[Incident] = ()
) -> list[Incident]:
    """The open incidents that affect one of `components` or are called `title`, but not `besides`.

    `at` is the time of the new one: what is reported of the time before an incident is another.

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
        and at >= incident.start - EARLIER
        and (shared(site, incident, components) or romanized.folded(str(incident.title)) == wanted)
    ]


def shared(site: Project, incident: Incident, components: Collection[str]) -> list[str]:
    """Those of `components` that `incident` affects now."""
    affected = incident.states_at(site.now)
    return [id for id in components if id in affected]
