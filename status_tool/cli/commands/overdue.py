"""status overdue: broken promises and forgotten incidents, for people, CI and cron."""

from __future__ import annotations

import json

import click

from status_tool.cli import options, terminal
from status_tool.model.overdue import Kind, Lapse
from status_tool.project import project
from status_tool.project.project import Project
from status_tool.system import clock

_WHAT = {
    Kind.OVERDUE: "the next update was promised by {time}, {length} ago",
    Kind.QUIET: "not a word since {last}",
    Kind.OVERRUN: "it should have been over at {time}, {length} ago",
}


@click.command(name="overdue")
@options.json_option
def command(as_json: bool) -> None:
    """Name every broken promise and every forgotten incident.

    These are updates that were promised and did not come, incidents open for longer than quiet_after
    without a word, and maintenance past its end. The exit code is 1 when there is one.

    Example: status overdue || echo "Somebody should say something."
    """
    here = project.load()
    found = here.lapses(here.summary(here.incidents()))
    if as_json:
        told = [{"id": lapse.incident.id, "kind": lapse.kind, "since": clock.iso(lapse.since)} for lapse in found]
        terminal.say(json.dumps(told, indent=2))
    elif found:
        name = here.name_of(found[0].incident)
        terminal.say(*lines(found, here), "", f'Next: status update {name} -m "What you know."')
    else:
        terminal.say("Every promise is kept, and nothing is forgotten.")
    if found:
        raise click.exceptions.Exit(1)


def lines(found: list[Lapse], here: Project) -> list[str]:
    """One line for each, as `api-errors: the next update was promised by 14:37 UTC, 28 min ago`."""
    told = []
    for lapse in found:
        what = _WHAT[lapse.kind].format(
            time=here.time(lapse.since),
            length=clock.short(here.now - lapse.since),
            last=here.time(lapse.incident.last.at),
        )
        told.append(f"  {lapse.incident.id}: {click.style(what, fg='red')}")
    return told
