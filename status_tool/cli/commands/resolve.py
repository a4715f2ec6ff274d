"""status resolve: adds the update that ends an incident or maintenance."""

from __future__ import annotations

import click

from status_tool.cli import options, pushing, templating, terminal
from status_tool.errors import StatusError
from status_tool.incident_files import store
from status_tool.model.update import UpdateStatus
from status_tool.project import posting, project
from status_tool.project.project import Project
from status_tool.system import clock


@click.command(name="resolve")
@options.incident_argument
@options.message_option
@templating.template_options
@options.at_option
@pushing.push_option
def command(
    incident: str | None,
    message: str | None,
    template: str | None,
    blanks: tuple[str, ...],
    at: str | None,
    pushes: bool | None,
) -> None:
    """Mark an incident as resolved, or maintenance as completed.

    INCIDENT is its id, or a part of its id or title that fits no other; left out, it is the only open one.

    Example: status resolve api-errors -m "Error rates are back to normal."
    """
    site = project.load()
    chosen = site.choose(incident)
    posting.refuse_withdrawn(site, chosen)
    if chosen.last.status.ends:
        raise StatusError(
            f"{chosen.id} is already {chosen.last.status} ({site.time(chosen.last.at)}).",
            hint=posting.how_to_reopen(site, chosen),
        )
    if chosen.status_at(site.now).ends and at is None and chosen.end:
        hint = f'If it took longer, give the time of its end: status resolve {site.name_of(chosen)} --at 16:07 -m "..."'
        raise StatusError(f"{chosen.id} ended by the clock ({site.time(chosen.end)}).", hint=hint)
    status = UpdateStatus.COMPLETED if chosen.is_maintenance else UpdateStatus.RESOLVED
    words = templating.chosen(site, template, blanks)
    if words:
        words.refuse_except(chosen.kind, status)
    stated_at = options.past_time(at, "--at", site)
    if words:
        words = words.completed(chosen.affected, title=False, message=message is None)
    with templating.message(words, message, f"Resolve: {chosen.title}") as message_at:
        changed, update = posting.post(site, chosen, status, message_at(None), stated_at)
    length = f" after {clock.short(changed.duration)}" if changed.duration else ""
    path = site.shown(store.path_of(site.settings, changed.file_id))
    written = site.shown(store.file_of(site.settings, changed.file_id, update.at))
    terminal.say(f"{terminal.bold(changed.title)} is {update.status}{length}. Wrote {written}")
    pushing.finish(
        site,
        pushes,
        *([] if changed.series else _postmortem_steps(path, site)),
    )


def _postmortem_steps(path: str, site: Project) -> list[str]:
    return [
        f'Later:       write the post-mortem below the second "---" of {path}.',
        f"             Above that line, add when it is published: reviewed: {clock.iso(site.now)}",
    ]
