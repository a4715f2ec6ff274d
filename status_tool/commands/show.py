"""status show: one incident, whole."""

from __future__ import annotations

import json
from textwrap import indent

import click

from status_tool import clock, incidents_dir, project, record, typed


@click.command(name="show")
@typed.incident_argument
@typed.json_option
def command(incident: str | None, as_json: bool) -> None:
    """Show an incident with all its updates, the newest first.

    INCIDENT is its id or any part of it that fits no other; left out, it is the only open one.

    Example: status show api-errors
    """
    here = project.load()
    found = here.choose(incident)
    if as_json:
        typed.say(json.dumps(record.of(found, here.settings, here.now), ensure_ascii=False, indent=2))
        return
    status = found.status_at(here.now)
    length = f", {clock.short(found.duration)}" if found.duration and found.end and found.end <= here.now else ""
    what = "maintenance" if found.is_maintenance else f"impact {found.impact if found.is_impact_known else 'not known'}"
    typed.say(typed.quoted(found.title), f"{status}, {what}, since {here.time(found.start)}{length}")
    if found.scheduled:
        typed.say(f"planned from {here.time(found.scheduled.begin)} until {here.time(found.scheduled.until)}")
    series = incidents_dir.read(here.settings, found.file_id).scheduled
    if series and series.repeat:
        typed.say(f"comes again by {series.repeat}")
    for id, state in found.states_at(here.now).items():
        typed.say(f"  {id}: {state}")
    for label, text in (("Who", found.who), ("Workaround", found.workaround), ("Contact", found.contact)):
        if text:
            typed.say(f"{label}: {text}")
    for update in reversed(found.updates):
        edited = f", edited {here.time(update.edited)}" if update.edited else ""
        typed.say("", f"{click.style(here.time(update.at), bold=True)}  {update.status}{edited}")
        for id, state in update.components.items():
            typed.say(f"  {id}: {state}")
        typed.say(indent(str(update.message), "  "), *(f"  {line}" for line in here.promises(found, update)))
    typed.say("", f"File: {here.shown(incidents_dir.path_of(here.settings, found.file_id))}")
    if here.settings.site_url:
        typed.say(f"Page: {here.settings.incident_url(found.id)}")
