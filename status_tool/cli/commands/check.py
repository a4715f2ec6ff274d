"""status check: reports every error in the settings and the incident files, without a build."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import click

from status_tool.cli import options, terminal
from status_tool.errors import Problem, StatusError, Unchecked
from status_tool.incident_files import template_store
from status_tool.model.incident import Incident
from status_tool.project import (
    conflicts,
    dead_links,
    heartbeat,
    late_news,
    project,
    published,
    retirement,
    union_merges,
    unmarked_edits,
)
from status_tool.project.project import Project

LATER = (unmarked_edits.WHAT, late_news.WHAT, heartbeat.WHAT, union_merges.WHAT)
"""What is checked only when there is no error."""
LOOK_BACK = timedelta(days=90)
"""How old the published versions are that today's files are compared with."""


@click.command(name="check")
@click.option("--channels", "checks_channels", is_flag=True, help="Also what the channels need from the environment.")
@options.json_option
def command(checks_channels: bool, as_json: bool) -> None:
    """Check the settings and every incident file.

    Prints each error with its file, its line and its correction, also of the site's message templates.
    If there is an error, the exit code is 1. Conflict markers of git are an error in pages and templates
    too, and so is a relative link in an incident that leads nowhere. Warnings are a published update or a
    planned window that was changed without saying so, or removed, what was published long after its time
    without saying so, a retired component that is still affected, pages that nothing builds again in time, and
    a git that is told to unite incident files line by line (merge=union).
    With --channels, every secret and recipient that a channel needs must be in the environment; none is
    shown. What could not be checked is said. Themes and plugins of MkDocs are checked by status build only.

    Example: status check --json
    """
    try:
        site = project.load()
        try:
            incidents = _incidents(site)
            if checks_channels:
                _check_channels(site)
        except StatusError as error:
            if not as_json:
                raise
            raise conflicts.with_authors(site.settings, error) from None
    except StatusError as error:
        if not as_json:
            raise
        unchecked = [Unchecked(what, "there are errors", "Correct them first.") for what in LATER]
        terminal.say(_as_json(error.problems, [], unchecked))
        raise click.exceptions.Exit(1) from None
    since = site.now - LOOK_BACK
    history = published.history(site.settings.incidents, since)
    results = (
        unmarked_edits.unmarked(site, incidents, history),
        late_news.late(site, incidents, history, since),
        heartbeat.check(site.settings),
        union_merges.check(site.settings),
    )
    warnings = [*retirement.warnings(site, incidents), *(warning for found, _ in results for warning in found)]
    unchecked = [gap for _, gaps in results for gap in gaps]
    if as_json:
        terminal.say(_as_json([], warnings, unchecked))
        return
    for warning in warnings:
        click.echo(f"Warning: {warning}", err=True)
    for gap in unchecked:
        if gap.hint:
            click.echo(f"Not checked: {gap}", err=True)
    terminal.say(_verdict(len(incidents), len(warnings), unchecked))
    if checks_channels:
        number = len(site.settings.channels)
        subject = "1 channel has what it needs" if number == 1 else f"{number} channels have what they need"
        terminal.say(f"{subject} from the environment.")
    terminal.say("Next: status build")


def _incidents(site: Project) -> list[Incident]:
    """Every incident; StatusError with every problem that prevents a build, and of the site's message templates."""
    problems = template_store.own_problems(site.settings)
    try:
        incidents, _ = site.as_of(None)
    except StatusError as error:
        raise StatusError.of([*error.problems, *problems]) from None
    if problems := [*problems, *dead_links.in_templates(site.settings, incidents, site.now)]:
        raise StatusError.of(problems)
    return incidents


def _check_channels(site: Project) -> None:
    """StatusError with everything that channels lack in the environment."""
    import os

    from status_tool.notify import secrets

    channels = site.settings.channels
    if problems := [problem for channel in channels for problem in secrets.problems(channel, os.environ)]:
        raise StatusError.of(list(dict.fromkeys(problems)))


def _verdict(count: int, warnings: int, unchecked: Sequence[Unchecked]) -> str:
    """`Checked 3 incident files: no errors, 1 warning. Not checked: whether published words changed (why).`"""
    found = f"no errors, {warnings} warning{'s' * (warnings > 1)}" if warnings else "no errors"
    gaps = "; ".join(f"{gap.what} ({gap.reason})" for gap in unchecked)
    verdict = f"Checked {count} incident file{'s' * (count != 1)}: {found}{' found' if gaps else ''}."
    return f"{verdict} Not checked: {gaps}." if gaps else verdict


def _as_json(problems: Sequence[Problem], warnings: Sequence[Problem], unchecked: Sequence[Unchecked]) -> str:
    document = {
        "ok": not problems,
        "problems": list(map(_problem_document, problems)),
        "warnings": list(map(_problem_document, warnings)),
        "unchecked": [{"what": gap.what, "reason": gap.reason, "hint": gap.hint} for gap in unchecked],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _problem_document(problem: Problem) -> dict[str, object]:
    return {"path": problem.path, "line": problem.line, "problem": problem.what, "hint": problem.hint}
