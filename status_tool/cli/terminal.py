"""What commands print, and whether somebody sits at the terminal."""

from __future__ import annotations

import os
import sys

import click

from status_tool.errors import StatusError
from status_tool.model.incident import Incident
from status_tool.project.project import Project


def can_ask() -> bool:
    """Whether a person can answer a question."""
    return sys.stdin.isatty()


def decoded(text: str) -> str:
    """`text` from the command line; under a poor locale it comes as bytes, which are UTF-8 or a mistake."""
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeError:
        raise StatusError("The text on the command line is not UTF-8.", hint="Set your terminal to UTF-8.") from None


def say(*lines: str) -> None:
    """Prints; a reader who stopped reading is no mistake, and a full disk none that undoes what was done."""
    for line in lines:
        try:
            click.echo(line)
        except OSError as error:
            # What is still in the buffer must not fail once more when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if isinstance(error, BrokenPipeError):
                continue
            hint = "What was asked is done; only its report is missing."
            raise StatusError(f"This could not be printed: {error.strerror}.", hint=hint) from None


def quoted(text: object) -> str:
    return click.style(str(text), bold=True)


def next_steps(project: Project, incident: Incident, what: str) -> list[str]:
    """How the words that stand in a file now reach their readers; and what still keeps them from it."""
    folder = project.shown(project.settings.incidents)
    publish = f'git add {folder} && git commit -m "{what} {incident.id}" && git push'
    if not any((place / ".git").exists() for place in (project.settings.folder, *project.settings.folder.parents)):
        publish = 'git init && git add . && git commit -m "A status site", then give it a remote and push'
    return [*_hindrances(project), "See it:      status serve", f"Publish it:  {publish}"]


def _hindrances(project: Project) -> list[str]:
    try:
        project.as_of(None)
    except StatusError as error:
        where = error.problems[0].where or "mkdocs.yml"
        return [click.style(f"But the site cannot be built yet, because of {where}: status check", fg="red"), ""]
    return []
