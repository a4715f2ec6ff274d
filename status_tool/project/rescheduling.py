"""Which planned work can be moved, and which window it gets from the times that were typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from status_tool.errors import StatusError
from status_tool.incident_files import store
from status_tool.model import window_overlaps
from status_tool.model.incident import Incident
from status_tool.model.update import UNDER_WAY
from status_tool.model.window import Window
from status_tool.project import posting
from status_tool.project.project import Project, names
from status_tool.system import clock


@dataclass(frozen=True)
class Change:
    """What was typed: the new begin, and the new end or length; None: as before."""

    begin: datetime | None
    until: datetime | timedelta | None

    def of(self, window: Window) -> Window:
        """The window that `window` becomes. Without a new end, it keeps its length."""
        begin = self.begin or window.begin
        if isinstance(self.until, datetime):
            return Window(begin, self.until)
        if self.until is None and self.begin is None:
            return Window(begin, window.until)
        return Window(begin, begin + (self.until or window.until - window.begin))


def choose(site: Project, wanted: str | None, *, only_end: bool) -> Incident:
    """The planned work that `wanted` names; without it, the only one: where only the end moves, the one under way.

    StatusError when there is none or more than one.
    """
    if wanted is not None:
        return site.choose(wanted)
    work = [incident for incident in site.published() if incident.is_maintenance]
    planned = [found for incident in work for found in site.occurrences(incident) if found.is_open_at(site.now)]
    under_way = [incident for incident in planned if site.is_under_way(incident)]
    candidates = under_way if under_way and only_end else planned
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        raise StatusError("No work is planned.", hint="To announce some: status schedule. See all: status list --all")
    raise StatusError(f"{len(candidates)} pieces of work are planned.", hint=f"Name one of them:\n{names(candidates)}")


def moved(site: Project, incident: Incident, at: datetime, change: Change) -> Window:
    """The window of `incident`, planned work or one window of a rule, after `change` is said at the time `at`.

    StatusError when it has none, is over, was withdrawn, or when the change makes no sense.
    """
    window, name = _window(site, incident, at), site.name_of(incident)
    after = change.of(window)
    if after.begin != window.begin:
        _refuse_begin(site, incident, at, after)
    if after.until.year not in clock.YEARS:
        raise StatusError(f"--until: the year {after.until:%Y} is too far away.")
    if after.until <= after.begin:
        what = f"--until: {clock.iso(after.until)} is not after the beginning ({clock.iso(after.begin)})."
        raise StatusError(what, hint="Give a later time, or how long it takes, such as --until 2h.")
    if after.until <= at:
        hint = f'If it is over: status resolve {name} -m "What was done."'
        raise StatusError(f"--until: {clock.iso(after.until)} is in the past.", hint=hint)
    _refuse_overlap(site, incident, at, after)
    if (after.begin, after.until) == (window.begin, window.until):
        what = f"{incident.id} is planned from {site.time(window.begin)} until {site.time(window.until)} already."
        raise StatusError(what, hint=f'To add an update: status update {name} -m "What you know now."')
    return after


def _window(site: Project, incident: Incident, at: datetime) -> Window:
    posting.refuse_withdrawn(site, incident)
    if incident.window is None:
        hint = f'To say when you expect its end: status update {site.name_of(incident)} -m "..." --next 30m'
        raise StatusError(f"{incident.id} is an incident: only planned work has a window.", hint=hint)
    if incident.last.status.ends:
        what = f"{incident.id} is already {incident.last.status} ({site.time(incident.last.at)})."
        hint = f"To announce it again: status schedule. {posting.how_to_reopen(site, incident)}"
        raise StatusError(what, hint=hint)
    if incident.status_at(at).ends and incident.end:
        hint = f'To announce more work: status schedule. If it goes on: {posting.reopening(site, incident)} -m "..."'
        raise StatusError(f"{incident.id} ended by the clock ({site.time(incident.end)}).", hint=hint)
    return incident.window


def _refuse_overlap(site: Project, incident: Incident, at: datetime, after: Window) -> None:
    """StatusError when another window of the same rule takes place in that time."""
    if not incident.series:
        return
    series = store.read(site.settings, incident.series)
    other = window_overlaps.refused(incident, series, after, max(site.now, at), site.settings.timezone)
    if other and other.window:
        name = site.name_of(incident)
        what = f"{other.id} takes place in that time ({site.time(other.window.begin)})."
        hint = f"Give another time; or, if that one is enough, cancel this one: status update {name} --status cancelled"
        raise StatusError(what, hint=f'{hint} -m "..."')


def _refuse_begin(site: Project, incident: Incident, at: datetime, after: Window) -> None:
    name = site.name_of(incident)
    begun = next((update for update in incident.updates if update.status in UNDER_WAY), None)
    if begun:
        hint = f'To move its end: status reschedule {name} --until +1h -m "It takes longer."'
        raise StatusError(f"{incident.id} has begun ({site.time(begun.at)}), so only its end can move.", hint=hint)
    if after.begin < at:
        hint = f'If it has begun: status update {name} --status in_progress -m "..."'
        raise StatusError(f"--from: {clock.iso(after.begin)} is in the past.", hint=hint)
