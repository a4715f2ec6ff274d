"""Which rules the record of an incident follows as a whole: its kind, times, windows, moves and withdrawal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from status_tool.incident_files import fields
from status_tool.incident_files.forms import Context
from status_tool.incident_files.update_files import Place
from status_tool.model.incident import Incident
from status_tool.model.update import UNDER_WAY, Kind, Update
from status_tool.system import clock
from status_tool.text.yaml_text import Mapping

Lookup = Callable[[datetime], Place]
"""The time of an update -> where it is."""


def check(context: Context, record: Mapping, incident: Incident, place_of: Lookup) -> None:
    """Reports where `incident`, which was read from `record` and maybe more files, breaks a rule."""
    _check_times(context, record, incident)
    _check_windows(context, record, incident, place_of)
    _check_moves(incident, place_of)
    _check_withdrawal(context, record, incident, place_of)


def check_kind(context: Context, record: Mapping, values: dict[str, Any]) -> None:
    """Maintenance must have `scheduled`, and not `started` or `ended`; an incident must not have `scheduled`."""
    has_window = record.get("scheduled") is not None
    if context.kind is Kind.INCIDENT:
        if has_window:
            what = '"scheduled" is only for maintenance.'
            context.add_problem(record.place_of("scheduled"), what, 'Add "kind: maintenance".')
        return
    if not has_window:
        sample = fields.RECORD.by_key["scheduled"].sample
        context.add_problem(record.place_of("kind"), 'maintenance must have "scheduled".', sample)
    for key in ("started", "ended"):
        if key in values:
            hint = 'Remove it: "scheduled" and the updates say when it was.'
            context.add_problem(record.place_of(key), f'maintenance cannot have "{key}".', hint)


def _check_times(context: Context, record: Mapping, incident: Incident) -> None:
    started, ended, reviewed, first = incident.started, incident.ended, incident.reviewed, incident.first.at
    if started and started > first:
        what = f'"started" ({clock.iso(started)}) is later than the first update ({clock.iso(first)}).'
        context.add_problem(record.place_of("started"), what, 'Correct the time, or remove "started".')
    if ended and ended < incident.start:
        what = f'"ended" ({clock.iso(ended)}) is earlier than the start ({clock.iso(incident.start)}).'
        context.add_problem(record.place_of("ended"), what, 'Correct the time, or remove "ended".')
    if ended and not incident.last.status.ends:
        what = f'"ended" is set, but the status of the last update is "{incident.last.status}".'
        hint = 'Add an update with the status "resolved", or remove "ended".'
        context.add_problem(record.place_of("ended"), what, hint)
    if reviewed and not incident.postmortem:
        hint = 'Write one below the second "---" of a .md file, or remove "reviewed".'
        context.add_problem(record.place_of("reviewed"), '"reviewed" is set, but there is no post-mortem.', hint)
    if reviewed and reviewed < first:
        what = f'"reviewed" ({clock.iso(reviewed)}) is earlier than the first update ({clock.iso(first)}).'
        context.add_problem(record.place_of("reviewed"), what, 'Correct the time, or remove "reviewed".')
    fields.check_future(context, record, "ended", ended)
    fields.check_future(context, record, "reviewed", reviewed)


def _check_windows(context: Context, record: Mapping, incident: Incident, place_of: Lookup) -> None:
    """An update has `window` only in recurring maintenance, which has no post-mortem or replay: of which window?"""
    if incident.scheduled and incident.scheduled.repeat:
        if incident.postmortem:
            hint = "Write it as an incident of its own, or as a page in docs/."
            context.add_problem(record.place_of("scheduled"), "recurring maintenance has no post-mortem.", hint)
        if incident.replay:
            hint = 'Remove "replay": only an incident that is a page of its own can have one.'
            context.add_problem(record.place_of("replay"), "recurring maintenance has no replay.", hint)
        return
    for update in incident.updates:
        if update.window is not None:
            hint = 'Remove it, or add "repeat" to "scheduled".'
            _report(place_of(update.at), "window", '"window" is only for recurring maintenance.', hint)


def _report(place: Place, key: str, what: str, hint: str) -> None:
    """Reports a problem at the key of an update."""
    place.context.add_problem(place.node.place_of(key), what, hint)


def _check_moves(incident: Incident, place_of: Lookup) -> None:
    """An update may move the window of planned work that has not ended; one that no update has begun, to any time."""
    for update in incident.updates:
        if update.scheduled is None:
            continue
        place = place_of(update.at)
        if not incident.is_maintenance:
            _report(place, "scheduled", "only maintenance has a window that can be moved.", 'Remove "scheduled" here.')
        elif update is incident.first:
            hint = 'Put the window into "scheduled" above the updates, and remove it here.'
            _report(place, "scheduled", "the first update announces the window and cannot move it.", hint)
        elif update.status.ends:
            what = f'"{update.status}" ends the work, so this update cannot move it.'
            _report(place, "scheduled", what, 'Remove "scheduled" here, or correct the status.')
        elif update.scheduled.until <= update.at:
            what = f"the window ends ({clock.iso(update.scheduled.until)}) before this update."
            _report(place, "scheduled", what, 'Correct "until"; or, if the work is over, use the status "completed".')
        else:
            _check_new_begin(place, incident, update)


def _check_new_begin(place: Place, incident: Incident, update: Update) -> None:
    if not incident.scheduled or incident.scheduled.repeat or not (windows := incident.move(update)):
        return  # `update.window` says which window of a rule it is, and only the site's zone says when that begins
    before, after = windows
    if after.begin == before.begin:
        return
    begun = next((known for known in incident.updates if known.at <= update.at and known.status in UNDER_WAY), None)
    if begun:
        what = f'the work began with the update of {clock.iso(begun.at)}, so "from" cannot change.'
        _report(place, "scheduled", what, f"Write from: {clock.iso(before.begin)}, and when it ends as until.")
    elif after.begin < update.at:
        what = f'"from" ({clock.iso(after.begin)}) is earlier than this update.'
        hint = 'Correct the time; or, if the work has begun, use the status "in_progress" instead of "scheduled".'
        _report(place, "scheduled", what, hint)


def _check_withdrawal(context: Context, record: Mapping, incident: Incident, place_of: Lookup) -> None:
    """`withdrawn` and `reason` stand together, and no update is later."""
    withdrawn, first = incident.withdrawn, incident.first.at
    by_key = fields.RECORD.by_key
    if incident.reason and withdrawn is None:
        what = '"reason" says why an incident was withdrawn, but "withdrawn" is missing.'
        hint = f'{by_key["withdrawn"].sample}, or remove "reason".'
        context.add_problem(record.place_of("reason"), what, hint)
    if incident.withdrawal_posted and withdrawn is None:
        what = '"withdrawal_posted" is set, but "withdrawn" is missing.'
        hint = f"Remove it; or {by_key['withdrawn'].sample[0].lower()}{by_key['withdrawn'].sample[1:]}"
        context.add_problem(record.place_of("withdrawal_posted"), what, hint)
    if withdrawn is None:
        return
    if incident.reason is None:
        what = '"withdrawn" is set, but "reason" is missing.'
        context.add_problem(record.place_of("withdrawn"), what, by_key["reason"].sample)
    fields.check_future(context, record, "withdrawn", withdrawn)
    fields.check_future(context, record, "withdrawal_posted", incident.withdrawal_posted)
    if incident.withdrawal_posted and incident.withdrawal_posted < withdrawn:
        hint = 'Write when the withdrawal was published, or remove "withdrawal_posted".'
        what = '"withdrawal_posted" is earlier than "withdrawn".'
        context.add_problem(record.place_of("withdrawal_posted"), what, hint)
    if withdrawn < first:
        what = f'"withdrawn" ({clock.iso(withdrawn)}) is earlier than the first update ({clock.iso(first)}).'
        context.add_problem(record.place_of("withdrawn"), what, "Correct the time.")
        return
    for update in incident.updates:
        if update.published_at > withdrawn:
            what = f'this update ({clock.iso(update.published_at)}) is later than "withdrawn" ({clock.iso(withdrawn)}).'
            hint = 'Remove it; or, if it was no mistake, remove "withdrawn" and "reason".'
            place = place_of(update.at)
            place.context.add_problem(place.node, what, hint)
