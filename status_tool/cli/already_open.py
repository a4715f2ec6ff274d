"""Whether somebody who opens an incident means one that is open already: asks, or names the commands to go on."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import click

from status_tool.cli import terminal
from status_tool.errors import StatusError
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Incident
from status_tool.project import open_reports
from status_tool.project.project import Project


class AlreadyOpen(StatusError):
    """An incident is open already, and nobody can say whether it is the same; names commands with the whole text."""


@dataclass(frozen=True)
class Report:
    """The command line of `status open`, as far as another command can repeat it."""

    title: str
    affected: Sequence[str]
    """The ids of the components that are not operational."""
    shared: Sequence[tuple[str, str | None]]
    """`(option, value)` of the options that `status update` has too, `-c` once for each component."""
    others: Sequence[tuple[str, str | None]]

    def as_update(self, id: str, message: str | None) -> str:
        """The command that posts `message` as an update of the incident `id` instead."""
        return shlex.join(["status", "update", id, *_options([*self.shared, ("-m", message)])])

    def anyway(self, message: str | None) -> str:
        """The command that opens another incident."""
        options = _options([*self.shared, *self.others, ("-m", message)])
        return shlex.join(["status", "open", self.title, "--anyway", *options])

    def unused(self) -> str:
        """What an update has no place for: `the title "API errors", --impact major`."""
        return ", ".join([f'the title "{self.title}"', *(f"{name} {value}" for name, value in self.others if value)])


def report(
    title: str, states: dict[str, ComponentStatus], words: Sequence[tuple[str, str | None]], **options: str | None
) -> Report:
    """The Report of `status open TITLE`; `options` are the values of next, at, impact and started.

    `words` are the options that name a template and fill in its blanks.
    """
    affected = [id for id, state in states.items() if state is not ComponentStatus.OPERATIONAL]
    named = [(f"--{name}", value) for name, value in options.items()]
    components = [("-c", f"{id}={state}") for id, state in states.items()]
    return Report(title, affected, [*words, *components, *named[:2]], named[2:])


def _options(pairs: Sequence[tuple[str, str | None]]) -> list[str]:
    return [part for name, value in pairs if value is not None for part in (name, value)]


def choose(site: Project, found: Sequence[Incident], report: Report, message: str | None) -> Incident | None:
    """The one of the open incidents `found` to be updated instead; None: open another one.

    Asks a person at a terminal. AlreadyOpen, with the commands to go on, where nobody can answer.
    """
    if not found:
        return None
    lines = [described(site, incident, report) for incident in found]
    if not terminal.can_ask():
        updates = [f"  {report.as_update(incident.id, message)}" for incident in found]
        anyway = ["To open another incident:", f"  {report.anyway(message)}"]
        raise AlreadyOpen("\n".join(lines), hint="\n".join(["To post this as an update:", *updates, *anyway]))
    for number, line in enumerate(lines, 1):
        click.echo(f"{number}  {line}", err=True)
    numbers = "1" if len(found) == 1 else f"1 to {len(found)}"
    while True:
        question = f'Type {numbers} to post this as an update of it, or "new" to open another incident'
        answer = click.prompt(question, err=True).strip().lower()
        if answer == "new":
            return None
        if answer.isdecimal() and 1 <= int(answer) <= len(found):
            return found[int(answer) - 1]


def described(site: Project, incident: Incident, report: Report) -> str:
    """`2026-11-23-api-errors (API errors) is open already on api: identified, since 13:00 UTC (1 h).`"""
    shared = open_reports.shared(site, incident, report.affected)
    where = f"on {', '.join(shared)}" if shared else "with this title"
    state = f"{incident.last.status}, {site.extent(incident)}"
    return f"{incident.id} ({incident.title}) is open already {where}: {state}."
