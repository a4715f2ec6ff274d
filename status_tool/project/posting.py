"""One more update of an incident: which status it keeps, at which second it stands, to which window it belongs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from status_tool.errors import StatusError
from status_tool.incident_files import store
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Incident, Text, Update, UpdateStatus
from status_tool.project.project import Project
from status_tool.system import clock


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


def how_to_reopen(here: Project, incident: Incident) -> str:
    """The command that reopens an incident which an update has ended."""
    again = UpdateStatus.IN_PROGRESS if incident.is_maintenance else UpdateStatus.INVESTIGATING
    return f"To reopen it: status update {here.name_of(incident)} --status {again}"


def following_second(incident: Incident, posted: datetime | None, here: Project) -> datetime:
    """The time of a new update: as asked or now, and always after the last one, whose time is its name."""
    at, last = posted or here.now, incident.last.at
    if at > last:
        return at
    if at == last or (posted is None and last - at <= store.CLOCK_TOLERANCE):
        return last + timedelta(seconds=1)
    hint = "An earlier update is added by hand, in the file."
    if posted is None:
        hint = f"Set this machine's clock, or give the time: --at {clock.iso(last + timedelta(minutes=1))}"
    raise StatusError(f"{incident.id} has an update at {here.time(last)}, after {here.time(at)}.", hint=hint)
