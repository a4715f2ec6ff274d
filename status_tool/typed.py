"""What people type after a command: times, components with their status, messages, the name of an incident."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from status_tool import clock, incidents_dir, yaml_text
from status_tool.errors import StatusError, one_of
from status_tool.incident import ComponentStatus, Incident, Text
from status_tool.incident_file import unknown_component_hint
from status_tool.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])


# -- options that several commands share -----------------------------------------------------------


def incident_argument(command: Command) -> Command:
    return click.argument("incident", required=False, metavar="[INCIDENT]", shell_complete=_complete_incident)(command)


def message_option(command: Command) -> Command:
    about = 'What readers are told, in Markdown; "-" reads it from standard input. Without it, your editor opens.'
    return click.option("-m", "--message", help=about)(command)


def component_option(command: Command) -> Command:
    about = "A component and its status, for example api=major_outage; may be given again."
    return click.option(
        "-c", "--component", "components", multiple=True, metavar="ID=STATUS", help=about, shell_complete=_complete_part
    )(command)


def next_option(command: Command) -> Command:
    return click.option("--next", "following", metavar="TIME", help="Promise the next update: 30m, or a time.")(command)


def at_option(command: Command) -> Command:
    about = "When it was posted, if not now: -5m, 16:07 (today), or 2026-11-23T16:07Z."
    return click.option("--at", metavar="TIME", help=about)(command)


def now_option(command: Command) -> Command:
    about = "The site as it stood, or will stand, at that time: what is later does not exist yet."
    return click.option("--now", metavar="TIME", help=about)(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="For a program to read.")(command)


def _complete_incident(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from status_tool import project

    try:
        return [id for id in reversed(incidents_dir.ids(project.load().settings)) if incomplete in id]
    except StatusError:
        return []


def _complete_part(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from status_tool import project

    try:
        ids = project.load().settings.component_ids
    except StatusError:
        return []
    id, equals, status = incomplete.partition("=")
    if equals:
        return [f"{id}={word}" for word in ComponentStatus if word.startswith(status)]
    return [f"{known}=" for known in ids if known.startswith(id)]


# -- what the words mean ---------------------------------------------------------------------------


def time(text: str | None, option: str, project: Project) -> datetime | None:
    """The time typed after `option`; a command line error when it is none."""
    if text is None:
        return None
    try:
        return clock.parse_typed(text, project.now, project.settings.timezone)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error} Write -5m, +30m, 16:07 or {clock.EXAMPLE}.") from None


def past_time(text: str | None, option: str, project: Project) -> datetime | None:
    found = time(text, option, project)
    if found and found > project.now + incidents_dir.AHEAD:
        raise click.UsageError(f"{option}: {clock.iso(found)} lies in the future. Planned work: status schedule.")
    return found


def promise(text: str | None, at: datetime, project: Project) -> datetime | None:
    """The time of the promised next update: `30m` counts from `at`; None where nothing new is promised."""
    if text is None:
        return None
    try:
        found = at + clock.parse_duration(text)
    except (ValueError, OverflowError):
        found = time(text, "--next", project) or at
    if found <= at:
        raise click.UsageError(f"--next: {clock.iso(found)} is not after this update. Write, for example, --next 30m.")
    return found


def asked_promise(text: str | None, at: datetime, project: Project) -> datetime | None:
    """As `promise`; where nothing was typed and somebody sits there, it is asked for."""
    if text is not None or not _can_ask():
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
    """`("api=major_outage",)` as a mapping; a component alone takes `default` where there is one."""
    known = project.settings.component_ids
    found = {}
    for text in typed:
        id, equals, word = text.partition("=")
        if id not in known:
            raise click.UsageError(f'Unknown component "{id}". {unknown_component_hint(id, known)}')
        if not equals and default:
            found[id] = default
        elif word in tuple(ComponentStatus):
            found[id] = ComponentStatus(word)
        else:
            wrong = f'unknown status "{word}"' if word else "the status is missing"
            raise click.UsageError(f"-c {text}: {wrong}. {one_of(word, ComponentStatus)}")
    return found


def title(text: str) -> Text:
    """A title on one line, whatever was pasted."""
    line = " ".join(yaml_text.tidy(text).split())
    if not line:
        raise click.UsageError('The title is empty. Write what is wrong, for example "API errors".')
    return Text({"": line})


@contextmanager
def message(text: str | None, what: str) -> Any:
    """The message from `-m`, standard input or the editor, as Text.

    What was typed in an editor is deleted only once the block that uses it has gone well.
    """
    kept: Path | None = None
    if text is None:
        kept = _edited(what)
        text = _without_comments(kept.read_text("utf-8"))
    elif text == "-":
        text = sys.stdin.read()
    words = yaml_text.tidy(text)
    if not words.strip():
        if kept:
            kept.unlink(missing_ok=True)
        raise StatusError(
            "The message is empty, so nothing was changed.", hint='Give one: -m "What readers should know."'
        )
    try:
        yield Text({"": words})
    except BaseException:
        if kept:
            click.echo(f"Your words are kept in {kept}.", err=True)
        raise
    if kept:
        kept.unlink(missing_ok=True)


_ABOUT = "# Write what readers should know above this line, in Markdown, then save and close."


def _edited(what: str) -> Path:
    if not _can_ask():
        raise click.UsageError('No message. Give one: -m "What readers should know.", or -m - to read standard input.')
    handle, name = tempfile.mkstemp(prefix="status-message-", suffix=".md")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"\n{_ABOUT}\n# {what}\n")
    click.edit(filename=name)
    return Path(name)


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _without_comments(text: str) -> str:
    return text.partition(_ABOUT)[0] if _ABOUT in text else text


def say(*lines: str) -> None:
    for line in lines:
        click.echo(line)


def quoted(text: object) -> str:
    return click.style(str(text), bold=True)


def next_steps(project: Project, incident: Incident, what: str) -> list[str]:
    """How the words that stand in a file now reach their readers."""
    folder = project.shown(project.settings.incidents)
    return [
        "See it:      status serve",
        f'Publish it:  git add {folder} && git commit -m "{what} {incident.id}" && git push',
    ]
