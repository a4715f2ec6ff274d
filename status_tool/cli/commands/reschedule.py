"""status reschedule: moves planned work, and says so in an update."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import click

from status_tool.cli import editor, options, pushing, terminal
from status_tool.incident_files import store
from status_tool.model.incident import Incident
from status_tool.model.window import Window
from status_tool.project import posting, project, rescheduling
from status_tool.project.project import Project
from status_tool.project.rescheduling import Change
from status_tool.system import clock


@click.command(name="reschedule")
@options.incident_argument
@click.option("--from", "begin", metavar="TIME", help="When the work will begin, if not as planned before.")
@click.option(
    "--until",
    metavar="TIME",
    help="When it will end: a time, or a duration from its beginning, such as 2h. Without it, the length stays.",
)
@options.message_option
@options.at_option
@pushing.push_option
def command(
    incident: str | None, begin: str | None, until: str | None, message: str | None, at: str | None, pushes: bool | None
) -> None:
    """Move planned work to another time, or change its end, in an update that says so.

    Pages, feeds and calendars show the new window, and from which one it was moved. Of work under way, only the end
    can move. Of work that recurs, one window moves; its rule stays.

    INCIDENT is its id, or that of one window, or a part of an id or title that fits no other; left out, it is the
    only planned work.

    Example: status reschedule upgrade --from 2026-12-03T05:00Z --until 4h -m "The supplier needs two more days."
    """
    site = project.load()
    if begin is None and until is None:
        raise click.UsageError("No new time is given. Write --from, --until or both.")
    begins_at = None if begin is None else options.time_ahead(begin, "--from", site, site.now)
    chosen = rescheduling.choose(site, incident, only_end=begin is None)
    planned_begin = chosen.window.begin if chosen.window else site.now
    change = Change(begins_at, _end(until, site, begins_at or max(planned_begin, site.now)))
    stated_at = options.past_time(at, "--at", site)
    rescheduling.moved(site, chosen, stated_at or site.now, change)  # reports an error before the editor opens

    def move(current: Incident, at: datetime) -> Window:
        return rescheduling.moved(site.at_present(), current, at, change)

    with editor.message(message, f"Reschedule: {chosen.title}") as message_text:
        changed, update = posting.post(site, chosen, None, message_text, stated_at, move=move)
    windows = " to ".join(
        f"{site.time(window.begin)} until {site.time(window.until)}" for window in changed.move(update) or ()
    )
    path = site.shown(store.path_of(site.settings, changed.file_id))
    written = site.shown(store.file_of(site.settings, changed.file_id, update.at))
    terminal.say(
        f"Moved {terminal.bold(changed.title)} from {windows}.",
        f"Wrote {written}",
        *_series_lines(changed, path),
    )
    pushing.finish(site, pushes)


def _end(until: str | None, site: Project, after: datetime) -> datetime | timedelta | None:
    """The value of --until: a duration from the beginning, or a time; a time of day is the first one after `after`."""
    if until is None:
        return None
    try:
        return clock.parse_duration(until)
    except (ValueError, OverflowError):
        return options.time_ahead(until, "--until", site, after)


def _series_lines(changed: Incident, path: str) -> Iterator[str]:
    if changed.series:
        yield "Only this window moved; the others stay as their rule says."
        yield f"To end the rule, add UNTIL to repeat: in {path}, then announce another one: status schedule --repeat"
