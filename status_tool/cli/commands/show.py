"""status show: prints one incident with all its updates."""

from __future__ import annotations

import json
from pathlib import Path
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

    INCIDENT is its id, or a part of its id or title that fits no other; left out, it is the only open one.

    Example: status show api-errors
    """
    site = project.load()
    site = site.when_shown(store.readable(site.settings))
    chosen = site.choose(incident)
    if as_json:
        terminal.say(json.dumps(incident_json.document(chosen, site.settings, site.now), ensure_ascii=False, indent=2))
        return
    status = "withdrawn" if chosen.withdrawn else chosen.status_at(site.now)
    impact = f"impact {chosen.impact_at(site.now) or 'not known'}"
    kind_or_impact = "maintenance" if chosen.is_maintenance else impact
    terminal.say(terminal.bold(chosen.title), f"{status}, {kind_or_impact}, {site.extent(chosen)}")
    if chosen.withdrawn:
        terminal.say(f"Withdrawn {site.time(chosen.withdrawn)}: {chosen.reason}")
    if chosen.window:
        terminal.say(f"planned from {site.time(chosen.window.begin)} until {site.time(chosen.window.until)}")
    series = store.read(site.settings, chosen.file_id).scheduled
    if series and series.repeat:
        terminal.say(f"repeats by the rule {series.repeat}")
    for id, state in chosen.states_at(site.now).items():
        terminal.say(f"  {id}: {state}")
    for label, text in (
        ("Who is affected", chosen.who),
        ("Workaround", chosen.workaround),
        ("Contact", chosen.contact),
    ):
        if text:
            terminal.say(f"{label}: {text}")
    for update in reversed(chosen.updates):
        edited = f", posted {site.time(update.posted)}" if update.posted else ""
        edited += f", edited {site.time(update.edited)}" if update.edited else ""
        terminal.say("", f"{click.style(site.time(update.at), bold=True)}  {update.status}{edited}")
        for id, state in chosen.shown_changes(update).items():
            terminal.say(f"  {id}: {state}")
        if windows := chosen.move(update):
            moved = (f"{site.time(window.begin)} until {site.time(window.until)}" for window in windows)
            terminal.say(f"  moved from {' to '.join(moved)}")
        terminal.say(indent(str(update.message), "  "), *(f"  {line}" for line in site.promise_lines(chosen, update)))
    path = store.path_of(site.settings, chosen.file_id)
    terminal.say("", f"File: {site.shown(path)}")
    for file in store.update_texts(site.settings, path):
        terminal.say(f"File: {site.shown(Path(file.path))}")
    if site.settings.site_url:
        terminal.say(f"Page: {site.settings.incident_url(chosen.id)}")
