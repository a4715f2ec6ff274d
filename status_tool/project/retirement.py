"""Which updates, and what is open or planned, name a component after its retirement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from status_tool.errors import Problem
from status_tool.incident_files import store
from status_tool.model.component import OPERATIONAL
from status_tool.model.incident import Incident
from status_tool.project.project import Project


def warnings(site: Project, incidents: Sequence[Incident]) -> list[Problem]:
    """A warning for each update that names a retired component, and each open or planned incident that affects one.

    They are no errors: a day that begins, or a line of the settings, must not stop the site in an outage.
    """
    if not any(component.retired for component in site.settings.components):
        return []
    counted = [incident for incident in incidents if not incident.draft and not incident.withdrawn]
    return [*_of_updates(site, counted), *_of_present(site, incidents)]


def _of_updates(site: Project, incidents: Iterable[Incident]) -> Iterator[Problem]:
    for incident in incidents:
        for update in incident.updates:
            retired = site.settings.retired(update.at)
            for id, status in update.components.items():
                if id in retired and status is not OPERATIONAL:
                    what = f'this update says that "{id}" is {status}, but it is retired since {retired[id]}.'
                    path, line = store.place_of(site.settings, incident.file_id, update.at)
                    yield Problem(what, path, line, _hint(site, f'Leave "{id}" out of the update.'))


def _of_present(site: Project, incidents: Sequence[Incident]) -> Iterator[Problem]:
    """Warnings about what readers see as open or planned, each file and component once."""
    summary = site.summary(incidents)
    seen: set[tuple[str, str]] = set()
    for incident in (*summary.open, *summary.running, *summary.planned, *summary.upcoming_windows):
        time = max(summary.now, incident.start)
        retired = site.settings.retired(time)
        for id in incident.states_at(time):
            if id not in retired or (incident.file_id, id) in seen:
                continue
            seen.add((incident.file_id, id))
            state = "planned" if incident.start > summary.now else "open"
            what = f'this is {state} and affects "{id}", which is retired since {retired[id]}.'
            how = f"End it, or say that it no longer counts: status update {incident.id} -c {id}={OPERATIONAL}."
            yield Problem(what, site.shown(store.path_of(site.settings, incident.file_id)), hint=_hint(site, how))


def _hint(site: Project, how: str) -> str:
    return f'{how} If the component still exists, correct "retired" in {site.shown(site.settings.file)}.'
