"""status schema: what may stand in an incident file, for editors."""

from __future__ import annotations

import json

import click

from status_tool import schema, settings, typed
from status_tool.errors import StatusError


@click.command(name="schema")
def command() -> None:
    """Print the JSON Schema of an incident's record.

    This site's components are in it, so that an editor completes them.

    Example: status schema > incident.schema.json
    """
    try:
        components = settings.load(settings.here()).component_ids
    except StatusError:
        components = None  # outside a site, any component may stand in it
    typed.say(json.dumps(schema.record(components), ensure_ascii=False, indent=2))
