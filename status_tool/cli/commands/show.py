"""status show: one incident, whole."""

from __future__ import annotations

import json
from textwrap import indent

import click

from status_tool.cli import options, terminal
from status_tool.incident_files import store
from status_tool.project import project
from status_tool.render import incident_json


@click.command(name="show")
@options.incident_argument
@options.json_option
def command(incident: str | None, as_json: bool) -> None:
    """Show an incident with all its updates, the newest first.

    INCIDENT is its id or any part of it that fits no other; left out, it is the only open one.

    Example: status show api-errors
    """
    here = project.load()
    found = here.choose(incident)
    if as_json:
        terminal.say(json.dumps(incident_json.document(found, here.settings, here.now), ensure_ascii=False, indent=2))
        return
    status = found.status_at(here.now)
    what = "maintenance" if found.is_maintenance else f"impact {found.impact if found.is_impact_known else 'not known'}"
    terminal.say(terminal.quoted(found.title), f"{status}, {what}, {here.extent(found)}")
    if found.scheduled:
        terminal.say(f"planned from {here.time(found.scheduled.begin)} until {here.time(found.scheduled.until)}")
    series = store.read(here.settings, found.file_id).scheduled
    if series and series.repeat:
        terminal.say(f"comes again by {series.repeat}")
    for id, state in found.states_at(here.now).items():
        terminal.say(f"  {id}: {state}")
    for label, text in (("Who", found.who), ("Workaround", found.workaround), ("Contact", found.contact)):
        if text:
            terminal.say(f"{label}: {text}")
    for update in reversed(found.updates):
        edited = f", edited {here.time(update.edited)}" if update.edited else ""
        terminal.say("", f"{click.style(here.time(update.at), bold=True)}  {update.status}{edited}")
        for id, state in update.components.items():
            terminal.say(f"  {id}: {state}")
        terminal.say(indent(str(update.message), "  "), *(f"  {line}" for line in here.promises(found, update)))
    terminal.say("", f"File: {here.shown(store.path_of(here.settings, found.file_id))}")
    if here.settings.site_url:
        terminal.say(f"Page: {here.settings.incident_url(found.id)}")
