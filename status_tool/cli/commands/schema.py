"""status schema: prints the JSON Schema of incident files, for editors."""

from __future__ import annotations

import json

import click

from status_tool.cli import terminal
from status_tool.errors import StatusError
from status_tool.incident_files import json_schema
from status_tool.settings import settings


@click.command(name="schema")
def command() -> None:
    """Print the JSON Schema of an incident's record.

    It contains the components of this site, so that an editor can complete them.

    Example: status schema > incident.schema.json
    """
    try:
        components = settings.load(settings.find_from_working_directory()).component_ids
    except StatusError:
        components = None  # outside a site, the schema allows any component
    terminal.say(json.dumps(json_schema.record(components), ensure_ascii=False, indent=2))
