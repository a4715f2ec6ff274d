"""Which relative links in the texts of incidents lead nowhere on the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import store
from status_tool.model.incident import Incident
from status_tool.render.link_targets import LinkTargets
from status_tool.settings.settings import Settings
from status_tool.text import relative_links


def problems(settings: Settings, incidents: Sequence[Incident]) -> Iterator[Problem]:
    """A problem for each link that leads nowhere; `incidents` are all of the site, drafts too."""
    targets = LinkTargets(settings, incidents)
    for incident in incidents:
        for link in incident.links:
            found = targets.find(incident, link.address)
            if isinstance(found, Problem):
                path = settings.shown(store.path_of(settings, incident.file_id))
                yield replace(found, path=path, line=link.line)


def refuse(settings: Settings, load: Callable[[], Iterable[Incident]], incident: Incident, text: str) -> None:
    """StatusError when a link in `text`, which is about to be written into the file of `incident`, leads nowhere.

    `load` reads all incidents. When another file has a mistake, no link is refused: the next check will name both.
    """
    addresses = relative_links.addresses(text)
    if not addresses:
        return
    try:
        incidents = load()
    except StatusError:
        return
    targets = LinkTargets(settings, [*incidents, incident])
    found = [targets.find(incident, address) for address in addresses]
    if problems := [problem for problem in found if isinstance(problem, Problem)]:
        raise StatusError.of(problems)
