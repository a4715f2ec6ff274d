"""status amend: the last update's text corrected."""

from __future__ import annotations

import click

from status_tool import amending, clock, incidents_dir, project, typed


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
        changed = incidents_dir.change(
            here.settings, found.id, lambda text, path: amending.amend(text, path, str(words), edited, language)
        )
    typed.say(
        f"Corrected the update of {here.time(changed.last.at)} of {typed.quoted(changed.title)}; "
        f"it says that it was edited at {here.time(edited)}.",
        f"Wrote {here.shown(incidents_dir.path_of(here.settings, changed.file_id))}",
        "",
        *typed.next_steps(here, changed, "Amend"),
    )
    if clock.iso(changed.last.at) != clock.iso(found.last.at):
        typed.say("Another update came in between: look at what you corrected.")
