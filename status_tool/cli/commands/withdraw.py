"""status withdraw: takes back an incident that was opened by mistake."""

from __future__ import annotations

import click

from status_tool.cli import options, pushing, templating, terminal
from status_tool.errors import StatusError
from status_tool.incident_files import store
from status_tool.model import recurrence
from status_tool.model.incident import Incident
from status_tool.project import posting, project
from status_tool.project.project import Project


@click.command(name="withdraw")
@options.incident_argument
@options.message_option
@templating.template_options
@click.option("--at", metavar="TIME", help="When it was withdrawn, if not now: -5m, 16:07 (today), or with a date.")
@pushing.push_option
def command(
    incident: str | None,
    message: str | None,
    template: str | None,
    blanks: tuple[str, ...],
    at: str | None,
    pushes: bool | None,
) -> None:
    """Withdraw what was published by mistake.

    The message is the reason. The page of the incident, or of the maintenance, and the feeds say so; what was said
    stays there. It counts for nothing: it affects no component, and no uptime or figure contains it.

    INCIDENT is its id, or a part of its id or title that fits no other; left out, it is the only open one.

    Example: status withdraw api-errors -m "Our probe was wrong. The API worked all the time."
    """
    site = project.load()
    chosen = site.choose(incident)
    posting.refuse_withdrawn(site, chosen)
    _refuse_draft(site, chosen)
    _refuse_window(chosen, incident)
    words = templating.chosen(site, template, blanks)
    if words:
        words.refuse_except(chosen.kind)
    stated_at = options.past_time(at, "--at", site)
    if words:
        words = words.completed(chosen.affected, title=False, message=message is None)
    with templating.message(words, message, f"Withdraw: {chosen.title}") as message_at:
        withdrawn = posting.withdraw(site, chosen.file_id, message_at(None), stated_at)
    path = site.shown(store.path_of(site.settings, withdrawn.id))
    every_window = " With it, every window of its rule is withdrawn." if chosen.series else ""
    terminal.say(
        f"Withdrew {terminal.bold(withdrawn.title)}. Wrote {path}",
        f"Its page and the feeds will say so, with the reason. It counts for nothing.{every_window}",
    )
    pushing.finish(
        site,
        pushes,
        f"To undo it:  {posting.how_to_undo_withdrawal(path)}",
    )


def _refuse_draft(site: Project, incident: Incident) -> None:
    if incident.draft:
        path = site.shown(store.path_of(site.settings, incident.file_id))
        hint = f'Delete {path}; or, if it was published before, first remove "draft: true" from it.'
        raise StatusError(f"{incident.file_id} is a draft, so nobody has seen it.", hint=hint)


def _refuse_window(incident: Incident, typed: str | None) -> None:
    """StatusError when one window of recurring maintenance is meant: only a whole file can be withdrawn."""
    if incident.series and (typed is None or recurrence.window_begin(typed)):
        raise StatusError(
            f"{incident.id} is one window of recurring maintenance.",
            hint=f'To cancel it: status update {incident.id} --status cancelled -m "Why."\n'
            f"To withdraw every window: status withdraw {incident.series}",
        )
