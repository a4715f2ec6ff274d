"""status resolve: the last update."""

from __future__ import annotations

import click

from status_tool.cli import editor, options, terminal
from status_tool.errors import StatusError
from status_tool.incident_files import store
from status_tool.model.incident import UpdateStatus
from status_tool.project import posting, project
from status_tool.system import clock


@click.command(name="resolve")
@options.incident_argument
@options.message_option
@options.at_option
def command(incident: str | None, message: str | None, at: str | None) -> None:
    """Mark an incident as resolved, or maintenance as completed.

    INCIDENT is its id or any part of it that fits no other; left out, it is the only open one.

    Example: status resolve api-errors -m "Error rates are back to normal."
    """
    here = project.load()
    found = here.choose(incident)
    if found.last.status.ends:
        raise StatusError(
            f"{found.id} is already {found.last.status} ({here.time(found.last.at)}).",
            hint=posting.how_to_reopen(here, found),
        )
    if found.status_at(here.now).ends and at is None and found.end:
        longer = f'If it took longer, say when it was over: status resolve {here.name_of(found)} --at 16:07 -m "..."'
        raise StatusError(f"{found.id} ended by the clock ({here.time(found.end)}).", hint=longer)
    status = UpdateStatus.COMPLETED if found.is_maintenance else UpdateStatus.RESOLVED
    posted = options.past_time(at, "--at", here)
    with editor.message(message, f"Resolve: {found.title}") as words:
        changed, update = posting.post(here, found, status, words, posted)
    length = f" after {clock.short(changed.duration)}" if changed.duration else ""
    path = here.shown(store.path_of(here.settings, changed.file_id))
    terminal.say(
        f"{terminal.quoted(changed.title)} is {update.status}{length}. Wrote {path}",
        "",
        *terminal.next_steps(here, changed, "Resolve"),
        *([] if changed.series else _later(path, here)),
    )


def _later(path: str, here: project.Project) -> list[str]:
    return [
        f'Later:       write the post-mortem below the second "---" of {path}, and above it',
        f"             the day it is published: reviewed: {clock.iso(here.now)}",
    ]
