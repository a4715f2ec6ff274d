"""status amend: the last update's text corrected."""

from __future__ import annotations

import click

from status_tool.cli import editor, options, terminal
from status_tool.errors import StatusError
from status_tool.incident_files import amend, store
from status_tool.model.incident import Incident, Update
from status_tool.project import project
from status_tool.project.project import Project


@click.command(name="amend")
@options.incident_argument
@options.message_option
def command(incident: str | None, message: str | None) -> None:
    """Correct the text of the last update. Readers see that it was edited, and when.

    INCIDENT is its id or any part of it that fits no other; left out, it is the one that was spoken of last.

    Example: status amend api-errors -m "Error rates are back to normal in the EU."
    """
    here = project.load()
    chosen = _spoken_of_last(here) if incident is None else here.choose(incident)
    found = store.read(here.settings, chosen.file_id)
    meant = _meant(found, chosen) if incident and chosen.id == incident else found.last
    language = here.settings.language
    with editor.message(message, f"Amend: {found.title}", meant.message.within(language)[1]) as words:
        here = here.at_present()
        edited = max(here.now, meant.at)

        def correct(now_there: Incident, text: str, path: str) -> str:
            if now_there.last.at != found.last.at:
                hint = f"Look at it: status show {here.short_id(found.id)}"
                raise StatusError("another update came in meanwhile, so nothing was changed.", path, hint=hint)
            return amend.amend(text, path, str(words), edited, language, meant.at)

        changed = store.change(here.settings, found.id, correct)
    terminal.say(
        f"Corrected the update of {here.time(meant.at)} of {terminal.quoted(changed.title)}; "
        f"it says that it was edited at {here.time(edited)}.",
        f"Wrote {here.shown(store.path_of(here.settings, changed.id))}",
        "",
        *terminal.next_steps(here, changed, "Amend"),
    )


def _meant(found: Incident, chosen: Incident) -> Update:
    """The last update of one occurrence, as it stands in the file of all."""
    said = next((update for update in found.updates if update.at == chosen.last.at), None)
    if said is None:
        hint = f"To say something: status update {chosen.id}"
        raise StatusError(f"Nothing has been said yet of {chosen.id}.", hint=hint)
    return said


def _spoken_of_last(here: Project) -> Incident:
    said = [incident for incident in here.published() if incident.last.at <= here.now + store.CLOCK_TOLERANCE]
    if not said:
        raise StatusError("Nothing has been said yet.", hint='To open an incident: status open "What is wrong"')
    return max(said, key=lambda incident: (incident.last.at, incident.id))
