"""status publish: makes a draft public."""

from __future__ import annotations

from collections.abc import Sequence

import click

from status_tool.cli import options, pushing, terminal
from status_tool.errors import StatusError
from status_tool.incident_files import changes, drafts, store
from status_tool.incident_files.update_files import FileText
from status_tool.model.incident import Incident
from status_tool.project import project
from status_tool.system import clock


@click.command(name="publish")
@options.incident_argument
@options.next_option
@pushing.push_option
def command(incident: str | None, next_update: str | None, pushes: bool | None) -> None:
    """Publish a draft.

    Its updates say that they were posted now. A promise that has lapsed meanwhile is made anew with --next, or dropped.

    INCIDENT is its id, or a part of its id or title that fits no other; left out, it is the only draft.

    Example: status publish api-errors --next 30m
    """
    site = project.load()
    id = site.choose(incident).file_id if incident else _only_draft(store.readable(site.settings)).id
    options.promise(next_update, site.now, site)

    def edit(current: Incident, files: Sequence[FileText]) -> list[str]:
        if not current.draft:
            raise StatusError(f"{current.id} is not a draft: it is published.", files[0].path)
        now = clock.now()
        return drafts.published(current, files, now, options.promise(next_update, now, site))

    published = changes.change_all(site.settings, id, edit, site.latest)
    path = site.shown(store.path_of(site.settings, id))
    terminal.say(f"Published {terminal.bold(published.title)}. Wrote {path}")
    terminal.say(*site.promise_lines(published, published.last))
    pushing.finish(site, pushes)


def _only_draft(incidents: list[Incident]) -> Incident:
    found = [incident for incident in incidents if incident.draft]
    if len(found) == 1:
        return found[0]
    if not found:
        raise StatusError("There is no draft.", hint='To write one: status open "What is wrong" --draft')
    raise StatusError(f"There are {len(found)} drafts.", hint=f"Name one of them:\n{project.names(found)}")
