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
    return click.option("--push/--no-push", "pushes", default=None, help=help_text)(no_review_option(command))


def no_review_option(command: Command) -> Command:
    help_text = "Push without the review that the setting require_review asks for; the commit names you."
    return click.option("--no-review", is_flag=True, expose_value=False, callback=_remember, help=help_text)(command)


_SKIPS_REVIEW = "status.skips_review"


def _remember(context: click.Context, _: click.Parameter, is_set: bool) -> None:
    if is_set:
        context.find_root().meta[_SKIPS_REVIEW] = True


def skips_review() -> bool:
    """Whether --no-review was typed."""
    context = click.get_current_context(silent=True)
    return bool(context and context.find_root().meta.get(_SKIPS_REVIEW))


def is_wanted(site: Project, typed: bool | None) -> bool:
    """Whether to push after writing: as typed, else as the settings say; --no-review pushes."""
    return (site.settings.pushes or skips_review()) if typed is None else typed


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

    is_skipped = site.settings.requires_review and skips_review()
    outcome = pushing.push(
        site, review=(review or site.settings.requires_review) and not is_skipped, skips_review=is_skipped
    )
    if outcome.commits:
        number = "1 commit" if outcome.commits == 1 else f"{outcome.commits} commits"
        terminal.say(f"Pushed {number} to {terminal.bold(outcome.where)}.")
    else:
        terminal.say(f"Nothing to push: {outcome.where} has everything that was said here.")
    terminal.say(*outcome.notes)
    if outcome.is_review:
        terminal.say(*(outcome.said or ("Open a pull request from this branch, and let somebody merge it.",)))
        if site.settings.requires_review:
            terminal.say("When nobody can look at it and readers must not wait: status push --no-review")
