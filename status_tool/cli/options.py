"""The options that several commands share, and what is typed for them: times, components with a status, titles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import click

from status_tool.cli import terminal
from status_tool.errors import StatusError, one_of
from status_tool.incident_files import store
from status_tool.incident_files.forms import unknown_component_hint
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Text
from status_tool.project.project import Project
from status_tool.system import clock
from status_tool.text import yaml_text

Command = TypeVar("Command", bound=Callable[..., Any])


# -- options that several commands share -----------------------------------------------------------


def incident_argument(command: Command) -> Command:
    return click.argument("incident", required=False, metavar="[INCIDENT]", shell_complete=_complete_incident)(command)


def message_option(command: Command) -> Command:
    about = 'The message for readers, in Markdown; "-" reads standard input. Without this option, your editor opens.'
    return click.option("-m", "--message", help=about)(command)


def component_option(command: Command) -> Command:
    about = "A component and its status, for example api=major_outage; may be given more than once."
    return click.option(
        "-c", "--component", "components", multiple=True, metavar="ID=STATUS", help=about, shell_complete=_complete_part
    )(command)


def next_option(command: Command) -> Command:
    return click.option(
        "--next", "following", metavar="TIME", help="When you promise the next update: 30m, or a time."
    )(command)


def at_option(command: Command) -> Command:
    about = "The time of the update, if not now: -5m, 16:07 (today), or 2026-11-23T16:07Z."
    return click.option("--at", metavar="TIME", help=about)(command)


def now_option(command: Command) -> Command:
    about = "Show the site as it was, or will be, at this time; later updates are left out."
    return click.option("--now", metavar="TIME", help=about)(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(command)


def _complete_incident(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from status_tool.project import project

    try:
        return [id for id in reversed(store.ids(project.load().settings)) if incomplete in id]
    except StatusError:
        return []


def _complete_part(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from status_tool.project import project

    try:
        ids = project.load().settings.component_ids
    except StatusError:
        return []
    id, equals, status = incomplete.partition("=")
    if equals:
        return [f"{id}={word}" for word in ComponentStatus if word.startswith(status)]
    return [f"{known}=" for known in ids if known.startswith(id)]


# -- what is typed for them ---------------------------------------------------------------------------


def time(text: str | None, option: str, project: Project) -> datetime | None:
    """The time typed for `option`; UsageError when it is no time."""
    if text is None:
        return None
    try:
        return clock.parse_typed(text, project.now, project.settings.timezone)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error} Write -5m, +30m, 16:07 or {clock.EXAMPLE}.") from None


def past_time(text: str | None, option: str, project: Project) -> datetime | None:
    """As `time`; UsageError also when it is in the future."""
    parsed = time(text, option, project)
    if parsed and parsed > project.now + store.CLOCK_TOLERANCE:
        hint = "Planned work: status schedule."
        if text and len(text.strip()) <= 5:  # a time of day is today's
            hint = f"For yesterday: {_day(project.now - timedelta(days=1), project)}T{text.strip()}, or -20m."
        raise click.UsageError(f"{option}: {clock.iso(parsed)} is in the future. {hint}")
    return parsed


def _day(moment: datetime, project: Project) -> str:
    return f"{moment.astimezone(project.settings.timezone):%Y-%m-%d}"


def promise(text: str | None, at: datetime, project: Project) -> datetime | None:
    """The time of the promised next update: `30m` counts from `at`; None when none is promised."""
    if text is None:
        return None
    try:
        promised = at + clock.parse_duration(text)
    except (ValueError, OverflowError):
        promised = time(text, "--next", project) or at
    if promised <= at:
        tomorrow = _day(at + timedelta(days=1), project)
        hint = (
            f"Write --next 30m, or with the day, --next {tomorrow}T{text}." if len(text) <= 5 else "Write --next 30m."
        )
        raise click.UsageError(f"--next: {clock.iso(promised)} is not after this update. {hint}")
    return promised


def asked_promise(text: str | None, at: datetime, project: Project) -> datetime | None:
    """As `promise`; without the option, a person at the terminal is asked."""
    if text is not None or not terminal.can_ask():
        return promise(text, at, project)
    usual = project.settings.promise
    about = f"Next update, if not in {clock.short(usual)}" if usual else "Next update, as 30m (Enter promises none)"
    while True:
        answer = click.prompt(about, default="", show_default=False, err=True).strip()
        try:
            return promise(answer or None, at, project)
        except click.UsageError as error:
            click.echo(error.message, err=True)


def components(
    typed: Iterable[str], project: Project, default: ComponentStatus | None = None
) -> dict[str, ComponentStatus]:
    """`("api=major_outage",)` as a mapping; a component without a status gets `default`, if there is one."""
    known = project.settings.component_ids
    statuses: dict[str, ComponentStatus] = {}
    for text in typed:
        id, equals, word = text.partition("=")
        if id in statuses:
            raise click.UsageError(f'-c {text}: "{id}" is given twice. Keep one of the two.')
        if id not in known:
            raise click.UsageError(f'Unknown component "{id}". {unknown_component_hint(id, known)}')
        if not equals and default:
            statuses[id] = default
        elif word in tuple(ComponentStatus):
            statuses[id] = ComponentStatus(word)
        else:
            wrong = f'unknown status "{word}"' if word else "the status is missing"
            raise click.UsageError(f"-c {text}: {wrong}. {one_of(word, ComponentStatus)}")
    return statuses


def title(text: str) -> Text:
    """A title, whose line ends and blanks become single spaces; UsageError when it is empty."""
    line = " ".join(yaml_text.tidy(terminal.decoded(text)).split())
    if yaml_text.is_blank(line):
        raise click.UsageError('The title is empty. Write what is wrong, for example "API errors".')
    return Text({"": line})
