"""status ledger: what was said on which channel, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from status_tool.cli import terminal
from status_tool.errors import StatusError, one_of
from status_tool.project import project
from status_tool.project.project import Project
from status_tool.system import clock

if TYPE_CHECKING:
    from status_tool.notify.ledger import Entry, Ledger, State


@click.command(name="ledger")
@click.option("--incident", metavar="INCIDENT", help="Of this incident only.")
@click.option("--channel", metavar="NAME", help="Of this channel only.")
@click.option("--push", "pushes", is_flag=True, help="Bring to the remote what is kept here only.")
@click.option("--json", "as_json", is_flag=True, help="Print every line as JSON.")
def command(incident: str | None, channel: str | None, pushes: bool, as_json: bool) -> None:
    """Show what was said on the other channels, and what came of it.

    One line for each message and recipient: when, which update, where, and delivered, accepted, rejected or
    unknown. Recipients are not in it: a code stands for each.

    Example: status ledger --incident api
    """
    from status_tool.notify import run
    from status_tool.notify.ledger_store import LedgerStore, Unreachable

    site = project.load()
    store = LedgerStore(site.settings.folder)
    if store.remote:
        try:
            store.publish() if pushes else store.fetch()
        except Unreachable as error:
            if pushes:
                hint = f"Look whether the remote can be reached.\nGit said: {error}"
                raise StatusError("the ledger cannot be pushed; it is kept here.", store.remote, hint=hint) from None
            click.echo(f"What others said is not known: {error}", err=True)
    known = store.read()
    id = site.choose(incident).id if incident else None
    names = {*(each.name for each in site.settings.channels), *(entry.key.channel for entry in known.entries)}
    if channel is not None and channel not in names:
        hint = one_of(channel, sorted(names)) if names else "No channel is configured: status manual channels"
        raise StatusError(f'there is no channel "{channel}".', hint=hint)
    entries = [
        entry
        for entry in known.entries
        if (id is None or entry.key.incident == id) and (channel is None or entry.key.channel == channel)
    ]
    if as_json:
        terminal.say(*(json.dumps(json.loads(entry.line), ensure_ascii=False) for entry in entries))
        return
    lines = list(_lines(site, known, entries, run.dead(known)))
    terminal.say(*(lines or ["Nothing was said on other channels yet."]))


def _lines(site: Project, known: Ledger, entries: list[Entry], dead: frozenset[str]) -> Iterator[str]:
    """The state of each message, the oldest first."""
    last = {entry.key: entry for entry in entries}
    for key, entry in last.items():
        state: State = known.state(key, clock.now(), dead)
        word = entry.event.value if state in ("said", "rejected") else state.value
        color = {"said": "green", "rejected": "red", "unknown": "red"}.get(state.value)
        to = f" {key.to}" if key.to else ""
        by = " by hand" if entry.run == "person" else ""
        what = f"{key.incident}, {key.update}, {key.language}"
        parts = [f"{site.time(entry.at)}  {key.channel}{to}: {click.style(word, fg=color)}{by}", what]
        yield "  ".join(filter(None, [*parts, entry.url, entry.detail]))
