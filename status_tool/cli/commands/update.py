"""status update: adds an update to an incident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from status_tool.cli import options, pushing, templating, terminal
from status_tool.errors import StatusError, one_of
from status_tool.incident_files import store
from status_tool.model import recurrence, synonyms
from status_tool.model.component import OPERATIONAL, ComponentStatus
from status_tool.model.incident import Incident
from status_tool.model.update import Update, UpdateStatus
from status_tool.project import posting, project
from status_tool.project.project import Project
from status_tool.system import clock


@click.command(name="update")
@options.incident_argument
@options.message_option
@templating.template_options
@click.option(
    "--status",
    "new_status",
    metavar="STATUS",
    help="The new status, if it changed: investigating, identified, monitoring, resolved; for maintenance: "
    "in_progress, verifying, completed, cancelled.",
)
@options.component_option
@options.next_option
@options.at_option
@pushing.push_option
def command(
    incident: str | None,
    message: str | None,
    template: str | None,
    blanks: tuple[str, ...],
    new_status: str | None,
    components: tuple[str, ...],
    next_update: str | None,
    at: str | None,
    pushes: bool | None,
) -> None:
    """Add an update to an incident.

    INCIDENT is its id, or a part of its id or title that fits no other; left out, it is the only open one.

    Example: status update api-errors -m "We found the cause." --status identified --next 30m
    """
    site = project.load()
    chosen = site.choose(incident)
    posting.refuse_withdrawn(site, chosen)
    words = templating.chosen(site, template, blanks)
    if words and new_status is None:
        words.refuse_except(chosen.kind, *chosen.kind.statuses)
        new_status = words.template.status
    mistakes, stated_at = options.Mistakes(), None
    with mistakes.collected():
        status = _status(new_status, chosen, site)
    states: dict[str, ComponentStatus] = {}
    with mistakes.collected():
        states = {**(words.states if words else {}), **options.components(components, site)}
    with mistakes.collected():
        stated_at = options.past_time(at, "--at", site)
    with mistakes.collected():
        options.refuse_retired(states, site, stated_at or site.now, chosen.affected)
    with mistakes.collected():  # reports an error in --next before the editor opens
        promised_at = options.promise(next_update, max(stated_at or site.now, site.now), site)
    mistakes.refuse()
    if status and status.ends and next_update:
        raise click.UsageError(f'"{status}" ends it, so no update follows. Leave out --next.')
    not_operational = [id for id, state in states.items() if state is not OPERATIONAL]
    if status and status.ends and not_operational:
        ids = ", ".join(not_operational)
        raise click.UsageError(f'"{status}" sets every component to operational. Leave out -c for: {ids}.')
    if words:
        affected = templating.affected({**chosen.states_at(max(site.now, chosen.last.at)), **states})
        words = words.completed(affected, title=False, message=message is None)
    with templating.message(words, message, f"Update: {chosen.title}") as message_at:
        site = site.at_present()
        is_stated = next_update or (words and words.template.next)
        if is_stated or (not chosen.is_maintenance and not (status and status.ends)):
            rhythm = posting.rhythm(site, chosen, status, states)
            promised_at = templating.promise(words, next_update, max(stated_at or site.now, site.now), site, rhythm)
        changed, update = posting.post(site, chosen, status, message_at(promised_at), stated_at, states, promised_at)
    terminal.say(f"{terminal.bold(changed.title)} is {update.status} now. Wrote {_shown_path(site, changed, update)}")
    terminal.say(*site.promise_lines(changed, update))
    name = site.name_of(changed)
    terminal.say(*_reopened_lines(site, changed, states, name))
    terminal.say(*_end_lines(site, changed, name))
    terminal.say(*_cancelled_window_lines(site, changed))
    then = [] if update.status.ends else [f'To end it:   status resolve {name} -m "What was done."']
    pushing.finish(site, pushes, *then)


def _reopened_lines(site: Project, changed: Incident, typed: Mapping[str, ComponentStatus], name: str) -> Iterator[str]:
    """What reopening an incident did to its components, and how to change one; nothing if it was not reopened."""
    before_end = posting.states_before_end(changed)
    retired = site.settings.retired(changed.last.at)
    present = [id for id in site.settings.component_ids if id not in retired]
    if before_end is None or not present:
        return
    before_end = {id: status for id, status in before_end.items() if id in present}
    ended = changed.updates[-2].status
    unnamed = {id: status for id, status in before_end.items() if id not in typed}
    states = ", ".join(f"{id} {status}" for id, status in unnamed.items())
    if unnamed and typed:
        yield f"Before it was {ended}: {states}. You did not name these, so they are operational now."
        example = "{}={}".format(*next(iter(unnamed.items())))
    elif unnamed:
        yield f"Components as before it was {ended}: {states}."
        example = f"{next(iter(unnamed))}={OPERATIONAL}"
    elif typed:
        return
    else:
        yield f"Every component was operational before it was {ended}, and still is."
        example = f"{present[0]}={ComponentStatus.MAJOR_OUTAGE}"
    yield f'To change one: status update {name} -c {example} -m "What you know now."'


def _end_lines(site: Project, changed: Incident, name: str) -> list[str]:
    """A line on when maintenance ends by the clock, or that it does not; none for an incident or after the end."""
    if not changed.scheduled or changed.last.status.ends:
        return []
    end = changed.extent_at(site.now).end
    if end is None:
        return ["It does not end by the clock."]
    if end <= site.now:
        return []
    how_to_extend = f'status reschedule {name} --until +1h -m "It takes longer."'
    return [f"It ends by the clock at {site.time(end)}. To extend it: {how_to_extend}"]


def _cancelled_window_lines(site: Project, changed: Incident) -> Iterator[str]:
    """That only one window of recurring maintenance is cancelled, and when the next one is."""
    if changed.series and changed.scheduled and changed.last.status is UpdateStatus.CANCELLED:
        series = store.read(site.settings, changed.series)
        following = recurrence.following(series, changed.scheduled.begin, site.settings.timezone)
        if following:
            when = f"The next one: {site.time(following.start)} ({following.id})"
            yield f"Only this window is cancelled; its rule goes on. {when}"
        else:
            yield "Only this window is cancelled. No later one is planned."


def _status(new_status: str | None, incident: Incident, site: Project) -> UpdateStatus | None:
    """The value of --status; None without it. UsageError or StatusError when `incident` cannot have that status."""
    allowed = incident.kind.statuses
    if new_status is None:
        if incident.last.status.ends:
            raise StatusError(
                f"{incident.id} is already {incident.last.status} ({site.time(incident.last.at)}).",
                hint=posting.how_to_reopen(site, incident),
            )
        return None
    if new_status not in allowed:
        raise click.UsageError(f'Unknown status "{new_status}". {one_of(new_status, allowed, synonyms.STATUSES)}')
    status = UpdateStatus(new_status)
    if incident.ended and not status.ends:
        raise StatusError(
            f'the file has "ended: {clock.iso(incident.ended)}", so the status cannot be {status}.',
            site.shown(store.path_of(site.settings, incident.file_id)),
            hint='Remove the line "ended:" from the file, then run the command again.',
        )
    return status


def _shown_path(site: Project, incident: Incident, update: Update) -> str:
    return site.shown(store.file_of(site.settings, incident.file_id, update.at))
