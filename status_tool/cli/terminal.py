"""What commands print, and whether a person can answer a question."""

from __future__ import annotations

import os
import sys

import click

from status_tool.errors import StatusError
from status_tool.model.incident import Incident
from status_tool.project.project import Project


def can_ask() -> bool:
    """Whether standard input is a terminal, so that a person can answer."""
    return sys.stdin.isatty()


def decoded(text: str) -> str:
    """`text` from the command line as UTF-8, whatever the locale; StatusError when it is not UTF-8."""
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeError:
        raise StatusError("The text on the command line is not UTF-8.", hint="Set your terminal to UTF-8.") from None


def say(*lines: str) -> None:
    """Prints lines. A closed pipe is ignored; another error is a StatusError that says that the work is done."""
    for line in lines:
        try:
            click.echo(line)
        except OSError as error:
            # The text that is still in the buffer must not raise again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if isinstance(error, BrokenPipeError):
                continue
            hint = "The command has done its work; only this report is missing."
            raise StatusError(f"cannot print the report: {error.strerror}.", hint=hint) from None


def quoted(text: object) -> str:
    return click.style(str(text), bold=True)


def next_steps(project: Project, incident: Incident, what: str) -> list[str]:
    """The lines that say how to publish a change of `incident`, after any error that would stop the build."""
    folder = project.shown(project.settings.incidents)
    publish = f'git add {folder} && git commit -m "{what} {incident.id}" && git push'
    if not any((place / ".git").exists() for place in (project.settings.folder, *project.settings.folder.parents)):
        publish = 'git init && git add . && git commit -m "A status site", then give it a remote and push'
    return [*_errors(project), "See it:      status serve", f"Publish it:  {publish}"]


def _errors(project: Project) -> list[str]:
    try:
        project.as_of(None)
    except StatusError as error:
        where = error.problems[0].where or "mkdocs.yml"
        return [click.style(f"But the site cannot be built yet, because of {where}: status check", fg="red"), ""]
    return []
