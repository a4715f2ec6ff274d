"""status schedule: planned maintenance."""

from __future__ import annotations

import click

from status_tool.cli import editor, options, terminal
from status_tool.incident_files import file_names, store
from status_tool.model import recurrence
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Incident, Kind, Update, UpdateStatus, Window
from status_tool.project import project
from status_tool.system import clock


@click.command(name="schedule")
@click.argument("title")
@click.option("--from", "begin", metavar="TIME", required=True, help="When the work will begin.")
@click.option("--until", metavar="TIME", required=True, help="When it will be over; 2h counts from its beginning.")
@click.option("--repeat", metavar="RULE", help="How it recurs, by RFC 5545: FREQ=WEEKLY;COUNT=8.")
@options.component_option
@options.message_option
@options.at_option
def command(
    title: str,
    begin: str,
    until: str,
    repeat: str | None,
    components: tuple[str, ...],
    message: str | None,
    at: str | None,
) -> None:
    """Announce planned maintenance.

    It begins and ends by the clock. A component given alone will be under maintenance.

    Example: status schedule "Database upgrade" --from 2026-12-01T02:00Z --until 2h -c api -m "Reads keep working."
    """
    here = project.load()
    posted = options.past_time(at, "--at", here) or here.now
    starts = options.time(begin, "--from", here) or posted
    try:
        ends = starts + clock.parse_duration(until)
    except (ValueError, OverflowError):
        ends = options.time(until, "--until", here) or starts
    if ends.year not in clock.YEARS:
        raise click.UsageError(f"--until: {ends:%Y} is too far away.")
    if ends <= starts:
        raise click.UsageError(f"--until: {clock.iso(ends)} is not after --from ({clock.iso(starts)}).")
    if ends <= here.now:
        raise click.UsageError(f"--until: {clock.iso(ends)} is over. What went wrong is told by: status open")
    if repeat and (wrong := recurrence.problem(repeat, Window(starts, ends))):
        raise click.UsageError(f"--repeat: {wrong} Write, for example, FREQ=WEEKLY;COUNT=8.")
    states = options.components(components, here, default=ComponentStatus.UNDER_MAINTENANCE)
    name = options.title(title)
    with editor.message(message, f"Schedule: {name}") as words:
        incident = Incident(
            id=f"{starts:%Y-%m-%d}-{file_names.slug(str(name))}",
            title=name,
            updates=(Update(posted, UpdateStatus.SCHEDULED, words, states),),
            kind=Kind.MAINTENANCE,
            scheduled=Window(starts, ends, repeat or ""),
        )
        path = store.write_new(here.settings, incident)
    planned = store.read(here.settings, path.stem)
    name_of_it = here.short_id(planned.file_id)
    terminal.say(
        f"Scheduled {terminal.quoted(name)} from {here.time(starts)} until {here.time(ends)} "
        f"({clock.short(ends - starts)}){f', and again by {repeat}' if repeat else ''}.",
        f"Wrote {here.shown(path)}",
        "",
        *terminal.next_steps(here, planned, "Schedule"),
        f'To call off: status update {name_of_it} --status cancelled -m "Why."',
    )
