"""The options that several commands share, and how their values are parsed: times, components with a status, titles."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

import click

from status_tool.cli import terminal
from status_tool.errors import StatusError, did_you_mean, nearest, one_of
from status_tool.incident_files import search, store
from status_tool.incident_files.forms import known_components_hint
from status_tool.model import synonyms
from status_tool.model.component import OPERATIONAL, ComponentStatus, Impact
from status_tool.model.update import Text
from status_tool.project.project import Project
from status_tool.system import clock
from status_tool.text import yaml_text
from status_tool.text.zones import zone_name

Command = TypeVar("Command", bound=Callable[..., Any])


# -- options that several commands share -----------------------------------------------------------


def incident_argument(command: Command) -> Command:
    return click.argument(
        "incident",
        required=False,
        metavar="[INCIDENT]",
        callback=lambda ctx, param, typed: typed and terminal.decoded(typed),
        shell_complete=_complete_incident,
    )(command)


def message_option(command: Command) -> Command:
    help_text = (
        'The message for readers, in Markdown; "-" reads standard input. Without this option, your editor opens.'
    )
    return click.option("-m", "--message", help=help_text)(command)


def component_option(command: Command) -> Command:
    help_text = "A component and its status, for example api=major_outage; may be given more than once."
    return click.option(
        "-c",
        "--component",
        "components",
        multiple=True,
        metavar="ID=STATUS",
        help=help_text,
        shell_complete=_complete_component,
    )(command)


def next_option(command: Command) -> Command:
    help_text = 'By when you promise the next update: 30m after this one, or a time; "none": no promise by the rhythm.'
    return click.option("--next", "next_update", metavar="TIME", help=help_text)(command)


def at_option(command: Command) -> Command:
    help_text = "The time of the update, if not now: -5m, 16:07 (today), or 2026-11-23T16:07Z."
    return click.option("--at", metavar="TIME", help=help_text)(command)


def drill_option(command: Command) -> Command:
    help_text = "Mark it as a drill: only the site of a drill shows it, and no feed, history or figure has it."
    return click.option("--drill", "is_drill", is_flag=True, help=help_text)(command)


def now_option(command: Command) -> Command:
    help_text = "Show the site as it was, or will be, at this time, marked as a replay; later updates are left out."
    return click.option("--now", metavar="TIME", help=help_text)(command)


def draft_option(command: Command) -> Command:
    help_text = "Write it as a draft, which no reader sees until status publish."
    return click.option("--draft", "is_draft", is_flag=True, help=help_text)(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(command)


def _complete_incident(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from status_tool.project import project

    try:
        site = project.load()
        return search.completions(store.ids(site.settings)[::-1], incomplete, site.known_files)
    except StatusError:
        return []


def _complete_component(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from status_tool.project import project

    try:
        site = project.load()
        ids = [id for id in site.settings.component_ids if id not in site.settings.retired(site.now)]
    except StatusError:
        return []
    typed_id, equals, typed_status = incomplete.partition("=")
    if equals:
        return [f"{typed_id}={status}" for status in ComponentStatus if status.startswith(typed_status)]
    return [f"{id}=" for id in ids if id.startswith(typed_id)]


# -- values of options and arguments ---------------------------------------------------------------


class Mistakes:
    """What is wrong with several options, so that all of it is said at once."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Keeps the message of a UsageError in the `with` block, which then ends."""
        try:
            yield
        except click.UsageError as error:
            self.messages.append(error.message)

    def refuse(self) -> None:
        """UsageError with every message; nothing when there is none."""
        if self.messages:
            raise click.UsageError("\n".join(self.messages))


_EXAMPLES = {
    "--at": "-5m, 16:07",
    "--started": "-20m, 13:58",
    "--next": "30m, 16:07",
    "--from": "16:07, +2h",
    "--until": "2h, 16:07",
}
"""What may be written for an option, beside a whole time."""


def time(text: str | None, option: str, site: Project) -> datetime | None:
    """The time typed for `option`, in UTC; None when the option is absent. UsageError when it is not a time."""
    if text is None:
        return None
    with _mistakes_of(option):
        return clock.parse_typed(text, site.now, site.settings.timezone)


@contextmanager
def _mistakes_of(option: str) -> Iterator[None]:
    """Raises a ValueError in the `with` block as a UsageError about `option`."""
    try:
        yield
    except ValueError as error:
        examples = _EXAMPLES.get(option, "-5m, +30m, 16:07")
        raise click.UsageError(f"{option}: {error} Write {examples} or {clock.EXAMPLE}.") from None


def past_time(text: str | None, option: str, site: Project) -> datetime | None:
    """As `time`; UsageError also when it is more than CLOCK_TOLERANCE in the future."""
    parsed = time(text, option, site)
    if parsed and parsed > site.now + store.CLOCK_TOLERANCE:
        hint = "To announce planned maintenance: status schedule."
        if text and clock.is_time_of_day(text):  # which means today
            hint = f"For yesterday: {option} {_on_day_of(site.now - timedelta(days=1), text, site)}"
        raise click.UsageError(f"{option}: {day_and_time(parsed, site)} is in the future. {hint}")
    return parsed


def time_ahead(text: str, option: str, site: Project, after: datetime) -> datetime:
    """As `time`; but a time of day is the next one after `after`, today or tomorrow."""
    with _mistakes_of(option):
        if clock.is_time_of_day(text):
            return clock.next_of_day(text, after, site.settings.timezone)
        return clock.parse_typed(text, site.now, site.settings.timezone)


def day_and_time(at: datetime, site: Project) -> str:
    """`Friday 27 November 2026, 03:00 CET`, in the site's zone."""
    local = at.astimezone(site.settings.timezone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} {zone_name(local)}"


def _on_day_of(at: datetime, time_of_day: str, site: Project) -> str:
    """`2026-11-23T09:05` for the day of `at` in the site's zone and `9:05`."""
    hour, _, rest = time_of_day.strip().partition(":")
    return f"{at.astimezone(site.settings.timezone):%Y-%m-%d}T{hour:0>2}:{rest}"


SOON = timedelta(hours=12)
"""How long after an update a time of day can be that is meant for the next day: after midnight."""


NO_PROMISE = "none"
"""The value of --next with which an update states no promise."""


def promise(text: str | None, at: datetime, site: Project, usual: timedelta | None = None) -> datetime | None:
    """The value of --next: by when the next update is promised; None for `none`. Without it, `usual` after `at`.

    A duration such as `30m` counts from `at`. A time of day that is past is that of the next day, if it is SOON.
    UsageError when the time is not after `at`.
    """
    if text is None or text == NO_PROMISE:
        return at + usual if usual and text is None else None
    try:
        promised_at = at + clock.parse_duration(text)
    except (ValueError, OverflowError):
        promised_at = time(text, "--next", site) or at
    if promised_at <= at and clock.is_time_of_day(text):
        tomorrow = time_ahead(text, "--next", site, at)
        if tomorrow - at <= SOON:
            return tomorrow
        hint = f"Write --next 30m, or with the day, --next {_on_day_of(tomorrow, text, site)}."
        raise click.UsageError(f"--next: {day_and_time(promised_at, site)} is not after this update. {hint}")
    if promised_at <= at:
        what = f"{day_and_time(promised_at, site)} is not after this update"
        raise click.UsageError(f"--next: {what}. Write --next 30m.")
    return promised_at


def promise_or_prompt(text: str | None, at: datetime, site: Project, usual: timedelta | None = None) -> datetime | None:
    """As `promise`; without --next, asks for the time when standard input is a terminal."""
    if text is not None or not terminal.can_ask():
        return promise(text, at, site, usual)
    while True:
        answer = click.prompt(_question_of_promise(site, usual), default="", show_default=False, err=True).strip()
        try:
            return promise(answer or None, at, site, usual)
        except click.UsageError as error:
            click.echo(error.message, err=True)


def _question_of_promise(site: Project, usual: timedelta | None) -> str:
    if usual:
        return f"Next update, for example 30m or 16:07, or none (Enter: in {clock.short(usual)})"
    default = site.settings.promise
    otherwise = f"in {clock.short(default)}" if default else "no promise"
    return f"Next update, for example 30m or 16:07 (Enter: {otherwise})"


def components(
    typed: Iterable[str], site: Project, default: ComponentStatus | None = None
) -> dict[str, ComponentStatus]:
    """Component id -> status, from texts such as `api=major_outage`. An id without a status gets `default`.

    UsageError, with every mistake, for an unknown or repeated id, an unknown status, or a missing status without a
    `default`.
    """
    statuses: dict[str, ComponentStatus] = {}
    mistakes = Mistakes()
    for text in typed:
        with mistakes.collected():
            id, status = _component(text, site, default)
            if id in statuses:
                raise click.UsageError(f'-c {text}: "{id}" is given twice. Keep one of the two.')
            statuses[id] = status
    mistakes.refuse()
    return statuses


def refuse_retired(
    states: Mapping[str, ComponentStatus], site: Project, at: datetime, affected: Collection[str] = ()
) -> None:
    """UsageError when a component in `states` is retired at `at`; one of `affected` may still become operational."""
    retired = site.settings.retired(at)
    hint = f'If it still exists, correct "retired" in {site.shown(site.settings.file)}.'
    mistakes = [
        f'-c {id}={status}: "{id}" is retired since {retired[id]}. {hint}'
        for id, status in states.items()
        if id in retired and not (id in affected and status is OPERATIONAL)
    ]
    if mistakes:
        raise click.UsageError("\n".join(mistakes))


def _component(text: str, site: Project, default: ComponentStatus | None) -> tuple[str, ComponentStatus]:
    """`api=major_outage` as the id and the status; UsageError, with what was probably meant, for anything else."""
    names = {component.id: [component.name] for component in site.settings.components}
    present = [id for id in names if id not in site.settings.retired(site.now)]
    id, equals, status = text.partition("=")
    if id not in names and not equals:  # "api: major_outage", as in a file
        id, equals, status = (part.strip() for part in text.partition(":"))
    if id in names and not equals and default:
        return id, default
    if id in names and status in tuple(ComponentStatus) and "=" in text:
        return id, ComponentStatus(status)
    meant_ids = [nearest(part, names if part in names else present, names) for part in id.split(",")]
    meant_status = nearest(status, ComponentStatus, synonyms.COMPONENT_STATUSES)
    meant = " ".join(f"-c {shlex.quote(f'{meant_id}={meant_status}')}" for meant_id in meant_ids)
    suggestion = f"Did you mean {meant}? " if meant_status and all(meant_ids) else ""
    if id not in names:
        suggestion = suggestion or f"{did_you_mean(id, present, names)} ".lstrip()
        raise click.UsageError(f'Unknown component "{id}". {suggestion}{known_components_hint(present)}')
    what = f'unknown status "{status}"' if status else "the status is missing"
    raise click.UsageError(f"-c {text}: {what}. {suggestion}{one_of('', ComponentStatus)}")


def impact(text: str | None) -> Impact | None:
    """The value of --impact; None without it. UsageError, with what was probably meant, when it is none."""
    if text is None or text in tuple(Impact):
        return Impact(text) if text else None
    raise click.UsageError(f'Unknown impact "{text}". {one_of(text, Impact, synonyms.IMPACTS)}')


def title(text: str) -> Text:
    """A title on one line: each run of line ends and blanks becomes one space. UsageError when it is empty."""
    line = " ".join(yaml_text.without_turning(yaml_text.tidy(terminal.decoded(text))).split())
    if yaml_text.is_blank(line):
        raise click.UsageError('The title is empty. Write what is wrong, for example "API errors".')
    return Text({"": line})
