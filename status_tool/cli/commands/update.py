"""status update: one more update of an incident."""

from __future__ import annotations

import click

from status_tool.cli import editor, options, terminal
from status_tool.errors import StatusError, one_of
from status_tool.incident_files import store
from status_tool.model.component import OPERATIONAL
from status_tool.model.incident import Incident, UpdateStatus
from status_tool.project import posting, project
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
    with editor.message(message, f"Update: {found.title}") as words:
        here = here.at_present()
        if following or (not found.is_maintenance and not (status and status.ends)):
            promised = options.asked_promise(following, posted or here.now, here)
        changed, update = posting.post(here, found, status, words, posted, states, promised)
    terminal.say(f"{terminal.quoted(changed.title)} is {update.status} now. Wrote {_shown(here, changed)}")
    terminal.say(*here.promises(changed, update))
    name = here.name_of(changed)
    terminal.say(*_end(here, changed, name))
    then = [] if update.status.ends else [f'In the end:  status resolve {name} -m "What was done."']
    terminal.say("", *terminal.next_steps(here, changed, "Update"), *then)


def _end(here: Project, changed: Incident, name: str) -> list[str]:
    """When maintenance will be over, as the responder should know before readers do."""
    if not changed.scheduled or changed.last.status.ends:
        return []
    end = changed.extent_at(here.now).end
    if end is None:
        return ["It goes on until you say that it is over."]
    if end <= here.now:
        return []
    more = f"change until: in {_shown(here, changed)}"
    if changed.series:
        more = f'say so when that time comes: status update {name} -m "It takes longer."'
    return [f"It ends by the clock, {here.time(end)}. To give it more time, {more}"]


def _status(word: str | None, incident: Incident, here: Project) -> UpdateStatus | None:
    words = incident.kind.statuses
    if word is None:
        if incident.last.status.ends:
            raise StatusError(
                f"{incident.id} is {incident.last.status} since {here.time(incident.last.at)}.",
                hint=posting.how_to_reopen(here, incident),
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
