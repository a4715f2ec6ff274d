"""status list: lists open, planned and past incidents."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from status_tool.cli import options, terminal
from status_tool.cli.commands.overdue import lines as overdue_lines
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Incident
from status_tool.project import project
from status_tool.project.project import Project
from status_tool.render import incident_json

RECENT = 10
"""How many past incidents are listed without --all."""
_COLORS = {
    ComponentStatus.DEGRADED_PERFORMANCE: "yellow",
    ComponentStatus.PARTIAL_OUTAGE: "red",
    ComponentStatus.MAJOR_OUTAGE: "red",
}


@click.command(name="list")
@click.option("--all", "show_all", is_flag=True, help=f"List all past incidents, not only the last {RECENT}.")
@options.json_option
def command(show_all: bool, as_json: bool) -> None:
    """List open, planned and past incidents.

    Example: status list --json
    """
    site = project.load()
    incidents = site.incidents()
    site = site.when_shown(incidents)
    summary = site.summary(incidents)
    lapses = site.lapses(summary)
    current = {*summary.open, *summary.running, *summary.planned}
    past = [incident for incident in summary.incidents if incident not in current]
    drafts = [incident for incident in incidents if incident.draft]
    shown = past if show_all else past[:RECENT]
    sections = {
        "open": summary.open,
        "running": summary.running,
        "planned": summary.planned,
        "past": shown,
        "drafts": drafts,
    }
    if as_json:
        documents = {
            name: [incident_json.document(incident, site.settings, site.now) for incident in incidents]
            for name, incidents in sections.items()
        }
        terminal.say(json.dumps(documents, ensure_ascii=False, indent=2))
        return
    if not incidents:
        terminal.say(
            "There is no incident file yet.", 'To open an incident: status open "What is wrong" -m "What you know."'
        )
    elif not current:
        terminal.say("Nothing is open or planned.", "")
    for name, section in sections.items():
        if section:
            terminal.say(click.style(name.capitalize(), bold=True), *_lines(section, site), "")
    if len(shown) < len(past):
        terminal.say(f"{len(past) - len(shown)} more: status list --all")
    if lapses:
        terminal.say(click.style("Overdue", bold=True), *overdue_lines(lapses, site), "")
    to_update = [lapse.incident for lapse in lapses] or [*summary.open, *summary.running]
    if to_update:
        terminal.say(f'Next: status update {site.name_of(to_update[0])} -m "What you know now."')


_WIDEST = 44
"""Characters of the column of ids; what follows a longer id begins later."""


def _lines(incidents: Sequence[Incident], site: Project) -> list[str]:
    """Two lines for each incident: its id, status, impact and extent; then its title."""
    id_width = min(max(len(incident.id) for incident in incidents), _WIDEST)
    lines = []
    for incident in incidents:
        status = "withdrawn" if incident.withdrawn else incident.status_at(site.now).value
        impact = incident.impact_at(site.now) or "not known"
        kind_or_impact = "maintenance" if incident.is_maintenance else impact
        color = _COLORS.get(incident.severity_at(site.now)) if incident.is_open_at(site.now) else None
        lines.append(
            f"  {incident.id:<{id_width}}  {click.style(f'{status:<13}', fg=color)} {kind_or_impact:<11}  "
            f"{site.extent(incident)}"
        )
        lines.append(f"  {'':<{id_width}}  {incident.title}")
    return lines
