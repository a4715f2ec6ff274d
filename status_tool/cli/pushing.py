"""The option --push of the commands that write, and what is said of a push."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import click

from status_tool.cli import terminal
from status_tool.errors import StatusError
from status_tool.project.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])


def push_option(command: Command) -> Command:
    help_text = "Commit and push at once, as status push does; or not, where the setting push says so."
    return click.option("--push/--no-push", "pushes", default=None, help=help_text)(command)


def is_wanted(site: Project, typed: bool | None) -> bool:
    """Whether to push after writing: as typed, else as the settings say."""
    return site.settings.pushes if typed is None else typed


def finish(site: Project, typed: bool | None, *then: str) -> None:
    """The end of a command that has written a file: it pushes, or says how to publish; `then` are further lines."""
    if not is_wanted(site, typed):
        terminal.say("", *terminal.next_steps(site), *then)
        return
    terminal.say("", *terminal.build_errors(site))
    try:
        push(site)
    except StatusError as error:
        *others, last = error.problems
        hint = f"{last.hint}\nYour words are written, but readers do not see them yet."
        raise StatusError.of([*others, replace(last, hint=hint)]) from None
    terminal.say(*then)


def push(site: Project, *, review: bool = False) -> None:
    """Commits and pushes, and says what came of it; StatusError when it cannot."""
    from status_tool.project import push as pushing

    outcome = pushing.push(site, review=review)
    if outcome.commits:
        number = "1 commit" if outcome.commits == 1 else f"{outcome.commits} commits"
        terminal.say(f"Pushed {number} to {terminal.bold(outcome.where)}.")
    else:
        terminal.say(f"Nothing to push: {outcome.where} has everything that was said here.")
    terminal.say(*outcome.notes)
    if outcome.is_review:
        terminal.say(*(outcome.said or ("Open a pull request from this branch, and merge it.",)))
