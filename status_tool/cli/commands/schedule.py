"""status schedule: announces planned maintenance."""

from __future__ import annotations

from datetime import datetime

import click

from status_tool.cli import options, pushing, templating, terminal
from status_tool.incident_files import changes, file_names, store
from status_tool.model import recurrence
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Incident
from status_tool.model.update import Kind, Update, UpdateStatus
from status_tool.model.window import Window
from status_tool.project import posting, project
from status_tool.project.project import Project
from status_tool.system import clock


@click.command(name="schedule")
@click.argument("title", required=False)
@click.option("--from", "begin", metavar="TIME", required=True, help="When the maintenance begins.")
@click.option(
    "--until", metavar="TIME", required=True, help="When it ends: a time, or a duration from its beginning, such as 2h."
)
@click.option("--repeat", metavar="RULE", help="How it recurs: a rule of RFC 5545, such as FREQ=WEEKLY;COUNT=8.")
@options.component_option
@options.message_option
@templating.template_options
@options.at_option
@options.draft_option
@pushing.push_option
@click.pass_context
def command(
    context: click.Context,
    title: str | None,
    begin: str,
    until: str,
    repeat: str | None,
    components: tuple[str, ...],
    message: str | None,
    template: str | None,
    blanks: tuple[str, ...],
    at: str | None,
    is_draft: bool,
    pushes: bool | None,
) -> None:
    """Announce planned maintenance.

    It begins and ends by the clock. A component without a status will be under_maintenance.

    Example: status schedule "Database upgrade" --from 2026-12-01T02:00Z --until 2h -c api -m "Reads keep working."
    """
    if title is None and template is None:
        raise click.MissingParameter(ctx=context, param_hint="'TITLE'", param_type="argument")
    site = project.load()
    words = templating.chosen(site, template, blanks)
    if words:
        words.refuse_except(Kind.MAINTENANCE, UpdateStatus.SCHEDULED)
    mistakes, stated_at, begins_at = options.Mistakes(), None, site.now
    states: dict[str, ComponentStatus] = {}
    with mistakes.collected():
        stated_at = options.past_time(at, "--at", site)
    with mistakes.collected():
        # Work that began within the tolerance has just begun; a time of day before that is tomorrow's.
        begins_at = options.time_ahead(begin, "--from", site, (stated_at or site.now) - store.CLOCK_TOLERANCE)
    with mistakes.collected():
        ends_at = _end(until, begins_at, site)
    with mistakes.collected():
        typed_states = options.components(components, site, default=ComponentStatus.UNDER_MAINTENANCE)
        states = {**(words.states if words else {}), **typed_states}
        options.refuse_retired(states, site, begins_at)
    with mistakes.collected():
        if title is not None:
            options.title(title)
    mistakes.refuse()
    if repeat is not None and (problem := recurrence.problem(repeat, Window(begins_at, ends_at))):
        raise click.UsageError(f"--repeat: {problem} Write, for example, FREQ=WEEKLY;COUNT=8.")
    if words:
        words = words.completed(states, title=title is None, message=message is None)
    title_text = templating.title(words, title)
    with templating.message(words, message, f"Schedule: {title_text}") as message_at:
        site = site.at_present()
        posted_at = stated_at or site.now
        posted = posting.posted_at(posted_at, site.now)
        message_text = message_at(None)
        incident = Incident(
            id=file_names.new_id(str(title_text), begins_at, site.settings.timezone),
            title=title_text,
            updates=(Update(posted_at, UpdateStatus.SCHEDULED, message_text, states, posted=posted),),
            kind=Kind.MAINTENANCE,
            scheduled=Window(begins_at, ends_at, repeat or ""),
            draft=is_draft,
        )
        posting.refuse_dead_links(site, incident, message_text)
        path = changes.write_new(site.settings, incident, site.latest)
    scheduled = store.read(site.settings, path.stem)
    short_id = site.short_id(scheduled.file_id)
    terminal.say(
        f"Scheduled {terminal.bold(title_text)} from {site.time(begins_at)} until {site.time(ends_at)} "
        f"({clock.short(ends_at - begins_at)}){f', repeated by the rule {repeat}' if repeat else ''}.",
        *_next_day(begin, begins_at, site),
        f"Wrote {site.shown(path)}",
        *(["It is a draft: no reader sees it."] if is_draft else []),
    )
    what_else = [f"To publish:  status publish {short_id}"] if is_draft else _what_else(scheduled, short_id)
    pushing.finish(site, pushes, *what_else)


def _what_else(scheduled: Incident, short_id: str) -> list[str]:
    """How to move and to cancel it; of recurring maintenance, one window."""
    if scheduled.scheduled is None or not scheduled.scheduled.repeat:
        return [
            f'To move it:  status reschedule {short_id} --from TIME -m "Why."',
            f'To cancel:   status update {short_id} --status cancelled -m "Why."',
        ]
    window = recurrence.window_id(scheduled.id, scheduled.scheduled.begin)
    return [
        "Each window has an id of its own, with its beginning in UTC.",
        f'To move it:  status reschedule {window} --from TIME -m "Why."',
        f'To cancel:   status update {window} --status cancelled -m "Why."',
    ]


def _end(until: str, begins_at: datetime, site: Project) -> datetime:
    """The value of --until: a duration from the beginning, or a time after it; a time of day is the next one."""
    try:
        ends_at = begins_at + clock.parse_duration(until)
    except (ValueError, OverflowError):
        ends_at = options.time_ahead(until, "--until", site, begins_at)
    if ends_at.year not in clock.YEARS:
        raise click.UsageError(f"--until: the year {ends_at:%Y} is too far away.")
    shown = options.day_and_time(ends_at, site)
    if ends_at <= begins_at:
        begin = options.day_and_time(begins_at, site)
        raise click.UsageError(f"--until: {shown} is not after --from ({begin}).")
    if ends_at <= site.now:
        raise click.UsageError(f"--until: {shown} is in the past. To report an incident instead: status open")
    return ends_at


def _next_day(typed: str, begins_at: datetime, site: Project) -> list[str]:
    """A line that names the day, when a time of day was typed and it is not today's."""
    zone = site.settings.timezone
    if not clock.is_time_of_day(typed) or begins_at.astimezone(zone).date() == site.now.astimezone(zone).date():
        return []
    return [f"{typed} is past today, so it begins tomorrow: {options.day_and_time(begins_at, site)}."]
