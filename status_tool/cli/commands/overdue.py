"""status overdue: updates that are late and incidents without updates, for people, CI and cron."""

from __future__ import annotations

import json

import click

from status_tool.cli import options, terminal
from status_tool.model.overdue import Kind, Lapse
from status_tool.project import project
from status_tool.project.project import Project
from status_tool.system import clock

_SENTENCES = {
    Kind.OVERDUE: "the next update was promised by {time}, {length} ago",
    Kind.QUIET: "no update since {last}",
    Kind.OVERRUN: "the planned end was {time}, {length} ago",
}


@click.command(name="overdue")
@options.json_option
def command(as_json: bool) -> None:
    """List promised updates that are late, and incidents without updates.

    These are updates that were promised and did not come, incidents that have been open for longer
    than quiet_after without an update, and maintenance past its end. The exit code is 1 if there is
    one.

    Example: status overdue || echo "Please post an update."
    """
    site = project.load()
    incidents = site.incidents()
    site = site.when_shown(incidents)
    lapses = site.lapses(site.summary(incidents))
    if as_json:
        document = [{"id": lapse.incident.id, "kind": lapse.kind, "since": clock.iso(lapse.since)} for lapse in lapses]
        terminal.say(json.dumps(document, indent=2))
    elif lapses:
        name = site.name_of(lapses[0].incident)
        terminal.say(*lines(lapses, site), "", f'Next: status update {name} -m "What you know."')
    else:
        terminal.say("No update is late, and every open incident has a recent update.")
    if lapses:
        raise click.exceptions.Exit(1)


def lines(lapses: list[Lapse], site: Project) -> list[str]:
    """One line for each lapse, such as `api-errors: the next update was promised by 14:37 UTC, 28 min ago`."""
    return [f"  {lapse.incident.id}: {click.style(sentence(lapse, site), fg='red')}" for lapse in lapses]


def sentence(lapse: Lapse, site: Project) -> str:
    """`the next update was promised by 14:37 UTC, 28 min ago`"""
    return _SENTENCES[lapse.kind].format(
        time=site.time(lapse.since),
        length=clock.short(site.now - lapse.since),
        last=site.time(lapse.incident.last_posted_at),
    )
