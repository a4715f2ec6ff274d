"""status amend: the last update's text corrected."""

from __future__ import annotations

import click

from status_tool import amending, incidents_dir, project, typed
from status_tool.errors import StatusError
from status_tool.incident import Incident


@click.command(name="amend")
@typed.incident_argument
@typed.message_option
def command(incident: str | None, message: str | None) -> None:
    """Correct the text of the last update. Readers see that it was edited, and when.

    INCIDENT is its id or any part of it that fits no other; left out, it is the only open one.

    Example: status amend api-errors -m "Error rates are back to normal in the EU."
    """
    here = project.load()
    found = incidents_dir.read(here.settings, here.choose(incident).file_id)
    language = here.settings.language
    with typed.message(message, f"Amend: {found.title}", found.last.message.within(language)[1]) as words:
        edited = max(here.now, found.last.at)

        def correct(now_there: Incident, text: str, path: str) -> str:
            if now_there.last.at != found.last.at:
                hint = f"Look at it: status show {here.short_id(found.id)}"
                raise StatusError("another update came in meanwhile, so nothing was changed.", path, hint=hint)
            return amending.amend(text, path, str(words), edited, language)

        changed = incidents_dir.change(here.settings, found.id, correct)
    typed.say(
        f"Corrected the update of {here.time(changed.last.at)} of {typed.quoted(changed.title)}; "
        f"it says that it was edited at {here.time(edited)}.",
        f"Wrote {here.shown(incidents_dir.path_of(here.settings, changed.id))}",
        "",
        *typed.next_steps(here, changed, "Amend"),
    )
