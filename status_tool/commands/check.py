"""status check: every mistake in every file, without building anything."""

from __future__ import annotations

import json

import click

from status_tool import project, typed
from status_tool.errors import StatusError


@click.command(name="check")
@typed.json_option
def command(as_json: bool) -> None:
    """Check the settings and every incident file.

    Names every mistake with its place and its remedy. The exit code is 1 when there is one.

    Example: status check --json
    """
    try:
        said = _checked()
    except StatusError as error:
        if not as_json:
            raise
        problems = [
            {"path": problem.path, "line": problem.line, "problem": problem.what, "hint": problem.hint}
            for problem in error.problems
        ]
        typed.say(json.dumps({"ok": False, "problems": problems}, ensure_ascii=False, indent=2))
        raise click.exceptions.Exit(1) from None
    typed.say(json.dumps({"ok": True, "problems": []}, indent=2) if as_json else said)


def _checked() -> str:
    incidents, _ = project.load().as_of(None)
    files = "file is" if len(incidents) == 1 else "files are"
    return f"{len(incidents)} incident {files} in order.\nNext: status build"
