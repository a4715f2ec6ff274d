"""status update: one more update of an incident."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from status_tool import clock, incidents_dir, project, typed
from status_tool.errors import StatusError, one_of
from status_tool.incident import OPERATIONAL, ComponentStatus, Incident, Text, Update, UpdateStatus
from status_tool.project import Project


@click.command(name="update")
@typed.incident_argument
@typed.message_option
@click.option(
    "--status", "word", metavar="STATUS", help="If it changed: investigating, identified, monitoring, resolved."
)
@typed.component_option
@typed.next_option
@typed.at_option
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
    states = typed.components(components, here)
    left = [id for id, state in states.items() if state is not OPERATIONAL]
    if status and status.ends and left:
        raise click.UsageError(f'"{status}" returns every component to operational; leave out {", ".join(left)}.')
    posted = typed.past_time(at, "--at", here)
    promised = typed.promise(following, posted or here.now, here)
    with typed.message(message, f"Update: {found.title}") as words:
        if not found.is_maintenance and not (status and status.ends):
            promised = typed.asked_promise(following, posted or here.now, here)
        changed, update = post(here, found, status, words, posted, states, promised)
    typed.say(f"{typed.quoted(changed.title)} is {update.status} now. Wrote {_shown(here, changed)}")
    typed.say(*here.promises(changed, update))
    if changed.scheduled and changed.end and changed.end > here.now:
        file = _shown(here, changed)
        typed.say(f"It ends by the clock, {here.time(changed.end)}. To give it more time, change until: in {file}")
    name = here.short_id(changed.file_id)
    then = [] if update.status.ends else [f'In the end:  status resolve {name} -m "What was done."']
    typed.say("", *typed.next_steps(here, changed, "Update"), *then)


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
        at = following_second(now_there, posted, here)
        told = found if found.series else now_there
        kept = told.last.status if status is None else status
        return Update(at, kept, words, states or {}, promised if promised is None or promised > at else None)

    changed, update = incidents_dir.append(here.settings, found.file_id, decide)
    return here.current(changed), update


def following_second(incident: Incident, posted: datetime | None, here: Project) -> datetime:
    """The time of a new update: as asked or now, and always after the last one, whose time is its name."""
    at, last = posted or here.now, incident.last.at
    if at > last:
        return at
    if at == last or (posted is None and last - at <= incidents_dir.AHEAD):
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
                hint=f"To reopen it: status update {here.short_id(incident.file_id)} --status {again}",
            )
        return None
    if word not in words:
        raise click.UsageError(f'Unknown status "{word}". {one_of(word, words)}')
    status = UpdateStatus(word)
    if incident.ended and not status.ends:
        raise StatusError(
            f"{incident.id} has an end ({clock.iso(incident.ended)}), so it cannot be {status}.",
            here.shown(incidents_dir.path_of(here.settings, incident.file_id)),
            hint='Remove the line "ended:" from the file, then run the command again.',
        )
    return status


def _shown(here: Project, incident: Incident) -> str:
    return here.shown(incidents_dir.path_of(here.settings, incident.file_id))
