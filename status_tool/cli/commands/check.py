"""status check: reports every error in the settings and the incident files, without a build."""

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

    Prints each error with its file, its line and its correction. If there is an error, the exit code
    is 1. Conflict markers of git are an error in pages and templates too. A published update that was
    changed without `edited`, or removed, is a warning. Themes and plugins of MkDocs are checked by
    status build only.

    Example: status check --json
    """
    try:
        site = project.load()
        incidents, _ = site.as_of(None)
    except StatusError as error:
        if not as_json:
            raise
        terminal.say(_as_json(error.problems, []))
        raise click.exceptions.Exit(1) from None
    warnings = unmarked_edits.unmarked(site, incidents)
    if as_json:
        terminal.say(_as_json([], warnings))
        return
    for warning in warnings:
        click.echo(f"Warning: {warning}", err=True)
    files = "file" if len(incidents) == 1 else "files"
    terminal.say(f"Checked {len(incidents)} incident {files}: no errors.", "Next: status build")


def _as_json(problems: Sequence[Problem], warnings: Sequence[Problem]) -> str:
    document = {
        "ok": not problems,
        "problems": list(map(_problem_document, problems)),
        "warnings": list(map(_problem_document, warnings)),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _problem_document(problem: Problem) -> dict[str, object]:
    return {"path": problem.path, "line": problem.line, "problem": problem.what, "hint": problem.hint}
