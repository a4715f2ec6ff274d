"""status update: one more update of an incident."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import click

from status_tool.cli import options
from status_tool.errors import StatusError, one_of
from status_tool.incident_files import store
from status_tool.model.incident import OPERATIONAL, ComponentStatus, Incident, Text, Update, UpdateStatus
from status_tool.project import project
from status_tool.project.project import Project
from status_tool.system import clock


@click.command(name="update")
@options.incident_argument
@options.message_option
@click.option(
    "--status", "word", metavar="STATUS", help="If it changed: investigating, identified, monitoring, resolved."
)
@options.component_option
@options.next_option
@options.at_option
def command(
    incident: str | None,
    message: str | None,
    word: str | None,
    components: tuple[str, ...],
    following: str | None,
    at: str | None,
) -> None:
    """Add an update to an incident.

    INCIDENT is its id or any part of it that fits no other; left out, it is the only open one.

    Example: status update api-errors -m "We found the cause." --status identified --next 30m
    """
    here = project.load()
    found = here.choose(incident)
    status = _status(word, found, here)
    if status and status.ends and following:
        raise click.UsageError(f'"{status}" is the last word; leave out --next.')
    states = options.components(components, here)
    left = [id for id, state in states.items() if state is not OPERATIONAL]
    if status and status.ends and left:
        raise click.UsageError(f'"{status}" returns every component to operational; leave out {", ".join(left)}.')
    posted = options.past_time(at, "--at", here)
    promised = options.promise(following, posted or here.now, here)  # a mistake in it is told before the editor opens
    with options.message(message, f"Update: {found.title}") as words:
        here = here.at_present()
        if following or (not found.is_maintenance and not (status and status.ends)):
            promised = options.asked_promise(following, posted or here.now, here)
        changed, update = post(here, found, status, words, posted, states, promised)
    options.say(f"{options.quoted(changed.title)} is {update.status} now. Wrote {_shown(here, changed)}")
    options.say(*here.promises(changed, update))
    name = here.name_of(changed)
    options.say(*_end(here, changed, name))
    then = [] if update.status.ends else [f'In the end:  status resolve {name} -m "What was done."']
    options.say("", *options.next_steps(here, changed, "Update"), *then)


def _end(here: Project, changed: Incident, name: str) -> list[str]:
    """When maintenance will be over, as the responder should know before readers do."""
    if not changed.scheduled or changed.last.status.ends:
        return []
    if changed.end is None:
        return ["It goes on until you say that it is over."]
    if changed.end <= here.now:
        return []
    more = f"change until: in {_shown(here, changed)}"
    if changed.series:
        more = f'say so when that time comes: status update {name} -m "It takes longer."'
    return [f"It ends by the clock, {here.time(changed.end)}. To give it more time, {more}"]


def post(
    here: Project,
    found: Incident,
    status: UpdateStatus | None,
    words: Text,
    posted: datetime | None,
    states: dict[str, ComponentStatus] | None = None,
    promised: datetime | None = None,
) -> tuple[Incident, Update]:
    """Appends an update; `status` None keeps the one the incident has when the file is locked."""

    def decide(now_there: Incident) -> Update:
        at = following_second(now_there, posted, here.at_present())
        kept = _kept(_same(here, found, now_there), at) if status is None else status
        following = promised if promised is None or promised > at else None
        update = Update(at, kept, words, states or {}, following)
        told = replace(now_there, updates=(*now_there.updates, update))
        if found.scheduled and update not in _same(here, found, told).updates:
            return replace(update, window=found.scheduled.begin)  # its time alone would place it elsewhere
        return update

    changed, update = store.append(here.settings, found.file_id, decide)
    return _same(here.at_present(), found, changed), update


def _same(here: Project, found: Incident, incident: Incident) -> Incident:
    """The occurrence of `incident` that `found` is; of what does not recur there is but one."""
    return here.occurrence(incident, found.scheduled.begin) if found.series and found.scheduled else incident


def _kept(incident: Incident, at: datetime) -> UpdateStatus:
    """The status that an update keeps which gives none: the one that readers see."""
    if not incident.is_maintenance:
        return incident.last.status
    seen = incident.status_at(at)
    return UpdateStatus.IN_PROGRESS if seen.ends else seen  # who speaks after the end says that it goes on


def following_second(incident: Incident, posted: datetime | None, here: Project) -> datetime:
    """The time of a new update: as asked or now, and always after the last one, whose time is its name."""
    at, last = posted or here.now, incident.last.at
    if at > last:
        return at
    if at == last or (posted is None and last - at <= store.AHEAD):
        return last + timedelta(seconds=1)
    hint = "An earlier update is added by hand, in the file."
    if posted is None:
        hint = f"Set this machine's clock, or give the time: --at {clock.iso(last + timedelta(minutes=1))}"
    raise StatusError(f"{incident.id} has an update at {here.time(last)}, after {here.time(at)}.", hint=hint)


def _status(word: str | None, incident: Incident, here: Project) -> UpdateStatus | None:
    words = incident.kind.statuses
    if word is None:
        if incident.last.status.ends:
            again = words[0] if incident.kind.value == "incident" else UpdateStatus.IN_PROGRESS
            raise StatusError(
                f"{incident.id} is {incident.last.status} since {here.time(incident.last.at)}.",
                hint=f"To reopen it: status update {here.name_of(incident)} --status {again}",
            )
        return None
    if word not in words:
        raise click.UsageError(f'Unknown status "{word}". {one_of(word, words)}')
    status = UpdateStatus(word)
    if incident.ended and not status.ends:
        raise StatusError(
            f"{incident.id} has an end ({clock.iso(incident.ended)}), so it cannot be {status}.",
            here.shown(store.path_of(here.settings, incident.file_id)),
            hint='Remove the line "ended:" from the file, then run the command again.',
        )
    return status


def _shown(here: Project, incident: Incident) -> str:
    return here.shown(store.path_of(here.settings, incident.file_id))
