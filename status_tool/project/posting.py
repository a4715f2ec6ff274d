"""How an update is added to an incident, with which status, time and maintenance window; and how one is withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from status_tool.errors import StatusError
from status_tool.incident_files import changes, store, update_files
from status_tool.incident_files import withdraw as withdrawal
from status_tool.model.component import OPERATIONAL, ComponentStatus, Impact
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update, UpdateStatus
from status_tool.model.window import Window
from status_tool.project import dead_links
from status_tool.project.project import END_OF_TIME, Project
from status_tool.settings.fields import UPDATES_IN_FILES
from status_tool.system import clock


def post(
    site: Project,
    chosen: Incident,
    status: UpdateStatus | None,
    message: Text,
    stated_at: datetime | None,
    components: dict[str, ComponentStatus] | None = None,
    promised_at: datetime | None = None,
    move: Callable[[Incident, datetime], Window] | None = None,
) -> tuple[Incident, Update]:
    """Appends an update to the file of `chosen`, an incident or one occurrence of recurring maintenance.

    With `status` None, the update keeps the status that the incident has when its file is locked. `stated_at` is the
    time from --at. If the update reopens it and `components` is empty, it sets the components as before the end.
    `move(incident or occurrence, time of the update)` returns the planned window from that time on.
    Returns the incident or occurrence with the new update, and that update.
    """

    def decide(current: Incident) -> Update:
        refuse_withdrawn(site, current)
        hint = _how_to_add_earlier(site, current, stated_at)
        at = _time_after(current.last.at, current, stated_at, site.at_present(), hint)
        occurrence = _same_occurrence(site, chosen, current)
        window = move(occurrence, at) if move else None
        update_status = status or _kept_status(occurrence, at, window)
        posted = posted_at(at, site.at_present().now)
        next_at = promised_at if promised_at is None or promised_at > (posted or at) else None
        update = Update(at, update_status, message, components or {}, next_at, scheduled=window, posted=posted)
        changed = replace(current, updates=(*current.updates, update))
        if _needs_window(site, chosen, changed):
            update = replace(update, window=chosen.scheduled.begin if chosen.scheduled else None)
            changed = replace(current, updates=(*current.updates, update))
        before_end = states_before_end(_same_occurrence(site, chosen, changed))
        if not before_end or components:
            return update
        gone = dict.fromkeys(site.settings.retired(at), OPERATIONAL)  # reopened work on what no longer exists
        return replace(update, components={id: gone.get(id, status) for id, status in before_end.items()})

    refuse_dead_links(site, chosen, message)
    changed, update = changes.append(site.settings, chosen.file_id, decide, site.latest)
    return _same_occurrence(site.at_present(), chosen, changed), update


def rhythm(
    site: Project, chosen: Incident, status: UpdateStatus | None, components: Mapping[str, ComponentStatus]
) -> timedelta | None:
    """How long after an update, of that status and with those components, the setting `rhythm` promises the next one.

    None for maintenance, for an update that ends the incident, and where the setting is silent.
    """
    update_status = status or chosen.last.status
    if chosen.is_maintenance or update_status.ends or not site.settings.rhythm:
        return None
    at = max(site.now, chosen.last.at + timedelta(seconds=1))
    changed = replace(chosen, updates=(*chosen.updates, Update(at, update_status, chosen.last.message, components)))
    if not components and (before_end := states_before_end(changed)):
        return rhythm(site, chosen, status, before_end)
    return rhythm_of(site, changed.impact_at(at))


def rhythm_of(site: Project, impact: Impact | None) -> timedelta | None:
    """How long after an update the setting `rhythm` promises the next one; None where it, or the impact, is unknown."""
    return site.settings.rhythm.get(impact) if impact else None


def _how_to_add_earlier(site: Project, incident: Incident, at: datetime | None) -> str:
    if at is None or site.settings.updates != UPDATES_IN_FILES:
        return "To add an earlier update, edit the file."
    file = store.path_of(site.settings, incident.id).with_suffix("") / update_files.file_name(at)
    return (
        f'To add an earlier update, write it as {site.shown(file)}, with "posted: {clock.iso(site.at_present().now)}".'
    )


def posted_at(at: datetime, now: datetime) -> datetime | None:
    """`Update.posted` of an update that is published now and holds from `at` on."""
    return now if now > at else None


def withdraw(site: Project, id: str, reason: Text, stated_at: datetime | None) -> Incident:
    """Writes into the incident's file that it is withdrawn, after its last update; returns the incident."""

    def edit(current: Incident, text: str, path: str) -> str:
        refuse_withdrawn(site, current)
        hint = "It cannot be withdrawn before its last update: give a later time, or leave out --at."
        at = _time_after(current.last_posted_at, current, stated_at, site.at_present(), hint)
        return withdrawal.withdraw(text, path, at, reason, posted_at(at, site.at_present().now))

    refuse_dead_links(site, store.read(site.settings, id), reason)
    return changes.change(site.settings, id, edit, site.latest)


def refuse_dead_links(site: Project, incident: Incident, text: Text) -> None:
    """StatusError when a relative link in `text` leads nowhere: with it, the site could not be built."""
    for words in text.translations.values():
        dead_links.refuse(site.settings, lambda: site.incidents(latest=END_OF_TIME), incident, words)


def refuse_withdrawn(site: Project, incident: Incident) -> None:
    """StatusError when the incident is withdrawn: nothing is added to it any more."""
    if incident.withdrawn:
        path = site.shown(store.path_of(site.settings, incident.file_id))
        raise StatusError(
            f"{incident.file_id} was withdrawn ({site.time(incident.withdrawn)}).",
            hint=f"To undo that, {how_to_undo_withdrawal(path)}",
        )


def how_to_undo_withdrawal(path: str) -> str:
    """What to do with the file at `path` so that its incident is no longer withdrawn."""
    return f'remove "withdrawn:" and "reason:" with its text from {path}, then say so in an update.'


def states_before_end(incident: Incident) -> dict[str, ComponentStatus] | None:
    """The components that were not operational before its end, with their status; None if no update reopens it.

    The reopening update is its last one, whatever components that one names.
    """
    *earlier, last = incident.updates
    if last.status.ends or not earlier or not earlier[-1].status.ends:
        return None
    unnamed = replace(incident, updates=(*earlier, replace(last, components={})))
    return {id: status for id, status in unnamed.component_changes[last.at].items() if status is not OPERATIONAL}


def _same_occurrence(site: Project, chosen: Incident, current: Incident) -> Incident:
    """The occurrence of `current` whose window is that of `chosen`; `current` itself when it does not recur."""
    return site.occurrence(current, chosen.scheduled.begin) if chosen.series and chosen.scheduled else current


def _needs_window(site: Project, chosen: Incident, changed: Incident) -> bool:
    """Whether the last update of `changed` has to name the window of `chosen`.

    By its time it would belong to another one, or it moves the window, after which its time says little.
    """
    update = changed.last
    is_elsewhere = chosen.series and update not in _same_occurrence(site, chosen, changed).updates
    return bool(is_elsewhere or (chosen.series and update.scheduled))


def _kept_status(incident: Incident, at: datetime, moved_to: Window | None) -> UpdateStatus:
    """The status of an update at `at` that states none: the one that readers see."""
    if not incident.is_maintenance:
        return incident.last.status
    if moved_to and moved_to.begin > at:
        return UpdateStatus.SCHEDULED
    status = incident.status_at(at)
    return UpdateStatus.IN_PROGRESS if status.ends else status  # an update after the end means that the work goes on


def how_to_reopen(site: Project, incident: Incident) -> str:
    """How to reopen an incident which an update has ended."""
    return f"To reopen it: {reopening(site, incident)}"


def reopening(site: Project, incident: Incident) -> str:
    """The command that reopens an incident."""
    is_ahead = incident.window is not None and incident.window.begin > site.now
    work = UpdateStatus.SCHEDULED if is_ahead else UpdateStatus.IN_PROGRESS
    status = work if incident.is_maintenance else UpdateStatus.INVESTIGATING
    return f"status update {site.name_of(incident)} --status {status}"


def _time_after(last: datetime, incident: Incident, stated_at: datetime | None, site: Project, hint: str) -> datetime:
    """`stated_at` or now, moved to one second after `last`, the time of the last update, where needed.

    An update is identified by its time, so it must be later than the last one. StatusError when that would move it by
    more than CLOCK_TOLERANCE, or by more than a second from `stated_at`, with `hint` for an earlier `stated_at`.
    """
    at = stated_at or site.now
    if at > last:
        return at
    if at == last or (stated_at is None and last - at <= store.CLOCK_TOLERANCE):
        return last + timedelta(seconds=1)
    if stated_at is None:
        hint = f"Set this machine's clock, or give the time: --at {clock.iso(last + timedelta(minutes=1))}"
    raise StatusError(f"{incident.id} has an update at {site.time(last)}, after {site.time(at)}.", hint=hint)
