"""status amend: the last update's text corrected."""

from __future__ import annotations

import click

from status_tool.cli import editor, options, terminal
from status_tool.errors import StatusError
from status_tool.incident_files import amend, changes, store
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.project import posting, project
from status_tool.project.project import Project


@click.command(name="amend")
@options.incident_argument
@options.message_option
def command(incident: str | None, message: str | None) -> None:
    """Correct the text of the last update. Readers see that it was edited, and when.

    INCIDENT is its id, or a part of its id or title that fits no other; left out, it is the one that was updated last.

    Example: status amend api-errors -m "Error rates are back to normal in the EU."
    """
    site = project.load()
    chosen = _last_updated(site) if incident is None else site.choose(incident)
    posting.refuse_withdrawn(site, chosen)
    before = store.read(site.settings, chosen.file_id)
    amended = _last_of_window(before, chosen) if incident and chosen.id == incident else before.last
    language = site.settings.language
    with editor.message(message, f"Amend: {before.title}", amended.message.in_language(language)[1]) as words:
        site = site.at_present()
        edited = max(site.now, amended.at)

        def correct(current: Incident, text: str, path: str) -> str:
            posting.refuse_withdrawn(site, current)
            if current.last.at != before.last.at:
                hint = f"Look at it: status show {site.short_id(before.id)}"
                raise StatusError("another update was posted meanwhile, so nothing was changed.", path, hint=hint)
            return amend.amend(text, path, str(words), edited, language, amended.at)

        after = changes.change(site.settings, before.id, correct)
    terminal.say(
        f"Corrected the update of {site.time(amended.at)} of {terminal.bold(after.title)}. "
        f"Readers see that it was edited at {site.time(edited)}.",
        f"Wrote {site.shown(store.path_of(site.settings, after.id))}",
        "",
        *terminal.next_steps(site, after, "Amend"),
    )


def _last_of_window(series: Incident, window: Incident) -> Update:
    """The last update of one window of recurring maintenance, as it stands in the file of the series."""
    update = next((update for update in series.updates if update.at == window.last.at), None)
    if update is None:
        raise StatusError(f"{window.id} has no update yet.", hint=f"To post one: status update {window.id}")
    return update


def _last_updated(site: Project) -> Incident:
    latest = site.now + store.CLOCK_TOLERANCE
    updated = [incident for incident in site.published() if incident.last.at <= latest]
    if not updated:
        raise StatusError("No update has been posted yet.", hint='To open an incident: status open "What is wrong"')
    return max(updated, key=lambda incident: (incident.last.at, incident.id))
