"""status check: every mistake in every file, without building anything."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from status_tool.cli import options, terminal
from status_tool.errors import Problem, StatusError
from status_tool.project import project, unmarked_edits


@click.command(name="check")
@options.json_option
def command(as_json: bool) -> None:
    """Check the settings and every incident file.

    Names every mistake with its place and its remedy. The exit code is 1 when there is one. What MkDocs
    alone knows, its theme and plugins, status build checks. A published update that was changed without
    saying so is a warning.

    Example: status check --json
    """
    try:
        here = project.load()
        incidents, _ = here.as_of(None)
    except StatusError as error:
        if not as_json:
            raise
        terminal.say(_as_json(error.problems, []))
        raise click.exceptions.Exit(1) from None
    warnings = unmarked_edits.unmarked(here, incidents)
    if as_json:
        terminal.say(_as_json([], warnings))
        return
    for warning in warnings:
        click.echo(f"Warning: {warning}", err=True)
    files = "file is" if len(incidents) == 1 else "files are"
    terminal.say(f"{len(incidents)} incident {files} in order.", "Next: status build")


def _as_json(problems: Sequence[Problem], warnings: Sequence[Problem]) -> str:
    told = {"ok": not problems, "problems": list(map(_told, problems)), "warnings": list(map(_told, warnings))}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _told(problem: Problem) -> dict[str, object]:
    return {"path": problem.path, "line": problem.line, "problem": problem.what, "hint": problem.hint}
