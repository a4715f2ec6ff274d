"""status list: what is open, planned and past."""

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
_COLORS = {
    ComponentStatus.DEGRADED_PERFORMANCE: "yellow",
    ComponentStatus.PARTIAL_OUTAGE: "red",
    ComponentStatus.MAJOR_OUTAGE: "red",
}


@click.command(name="list")
@click.option("--all", "everything", is_flag=True, help="The whole past, not just the last ten.")
@options.json_option
def command(everything: bool, as_json: bool) -> None:
    """List what is open, planned and past.

    Example: status list --json
    """
    here = project.load()
    incidents = here.incidents()
    seen = here.summary(incidents)
    late = here.lapses(seen)
    current = {*seen.open, *seen.running, *seen.planned}
    past = [incident for incident in seen.incidents if incident not in current]
    drafts = [incident for incident in incidents if incident.draft]
    shown = past if everything else past[:RECENT]
    sections = {"open": seen.open, "running": seen.running, "planned": seen.planned, "past": shown, "drafts": drafts}
    if as_json:
        documents = {
            name: [incident_json.document(incident, here.settings, here.now) for incident in incidents]
            for name, incidents in sections.items()
        }
        terminal.say(json.dumps(documents, ensure_ascii=False, indent=2))
        return
    if not incidents:
        terminal.say("No incident file yet.", 'The first: status open "What is wrong" -m "What you know."')
    elif not current:
        terminal.say("Nothing is open or planned.", "")
    for name, section in sections.items():
        if section:
            terminal.say(click.style(name.capitalize(), bold=True), *_lines(section, here), "")
    if len(shown) < len(past):
        terminal.say(f"{len(past) - len(shown)} more: status list --all")
    if late:
        terminal.say(click.style("Overdue", bold=True), *overdue_lines(late, here), "")
    following = [lapse.incident for lapse in late] or [*seen.open, *seen.running]
    if following:
        terminal.say(f'Next: status update {here.name_of(following[0])} -m "What you know now."')


def _lines(incidents: Sequence[Incident], here: Project) -> list[str]:
    widest = max(len(incident.id) for incident in incidents)
    lines = []
    for incident in incidents:
        status = incident.status_at(here.now).value
        impact = incident.impact.value if incident.is_impact_known else "not known"
        what = "maintenance" if incident.is_maintenance else impact
        color = _COLORS.get(incident.severity) if incident.is_open_at(here.now) else None
        lines.append(
            f"  {incident.id:<{widest}}  {click.style(f'{status:<13}', fg=color)} {what:<11}  {here.extent(incident)}"
        )
        lines.append(f"  {'':<{widest}}  {incident.title}")
    return lines
