"""What commands print, and whether a person can answer a question."""

from __future__ import annotations

import os
import shlex
import sys

import click

from status_tool.errors import StatusError
from status_tool.project.project import Project


def can_ask() -> bool:
    """Whether standard input is a terminal, so that a person can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def decoded(text: str) -> str:
    """`text` from the command line as UTF-8, whatever the locale; StatusError when it is not UTF-8."""
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeError:
        raise StatusError("The text on the command line is not UTF-8.", hint="Set your terminal to UTF-8.") from None


def say(*lines: str) -> None:
    """Prints lines. Ignores a closed pipe; StatusError, which says that the work is done, for any other error."""
    for line in lines:
        try:
            click.echo(line)
        except OSError as error:
            # Python flushes the buffer when it exits, which would raise the same error again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if isinstance(error, BrokenPipeError):
                continue
            hint = "The command has done its work; only this report is missing."
            raise StatusError(f"cannot print the report: {error.strerror}.", hint=hint) from None


def typed_args() -> list[str]:
    """The arguments of `status` as they were typed."""
    context = click.get_current_context(silent=True)
    return list(context.find_root().obj or ()) if context else []


def typed_command() -> str:
    """The command as it was typed, to be typed again in a POSIX shell."""
    return shlex.join(["status", *typed_args()])


def bold(text: object) -> str:
    return click.style(str(text), bold=True)


def next_steps(site: Project) -> list[str]:
    """The lines that say how to publish what was written, after a line for an error that prevents a build."""
    publish = "status push"
    if not any((parent / ".git").exists() for parent in (site.settings.folder, *site.settings.folder.parents)):
        publish = 'git init && git add . && git commit -m "A status site", then add a remote; then status push'
    return [*build_errors(site), "See it:      status serve", f"Publish it:  {publish}"]


def build_errors(site: Project) -> list[str]:
    """A line that names an error by which no site can be built, and an empty one; none without such an error."""
    try:
        site.as_of(None)
    except StatusError as error:
        where = error.problems[0].where or "mkdocs.yml"
        return [
            click.style(f"The site cannot be built because of an error in {where}. To see it: status check", fg="red"),
            "",
        ]
    return []
