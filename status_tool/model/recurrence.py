"""Maintenance that comes again: the windows of a rule, each an incident of its own. The only user of dateutil."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice, pairwise, takewhile
from typing import cast

from status_tool.model.incident import Incident, Update, UpdateStatus, Window

MOST = 40_000
"""Windows of one rule: every day for a hundred years."""
LOOKED_AT = 100
"""So many windows are compared before a rule is believed."""
LONGEST_WAIT = timedelta(days=366 * 30)
"""A rule that has no window for so long never comes, or is not meant so."""

_WINDOW_ID = re.compile(r"(.*)-([0-9]{8}t[0-9]{4}z)", re.DOTALL)
_WINDOW_TIME = "%Y%m%dt%H%Mz"
_OFTEN_ENOUGH = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_GOES_ON = (UpdateStatus.IN_PROGRESS, UpdateStatus.VERIFYING)


def window_id(series: str, begin: datetime) -> str:
    """`2026-12-01-upgrade-20261208t0200z`: the id of the occurrence of `series` that begins in that minute."""
    return f"{series}-{begin.astimezone(UTC):{_WINDOW_TIME}}"


def window_begin(id: str) -> datetime | None:
    """The minute in which the occurrence with that id begins; None where `id` is not that of an occurrence."""
    return _window(id)[1]


def series_id(id: str) -> str:
    """The id of the series to which the occurrence with that id belongs; `id` where it is not that of an occurrence."""
    return _window(id)[0]


def _window(id: str) -> tuple[str, datetime | None]:
    parts = _WINDOW_ID.fullmatch(id)
    try:
        return (parts[1], datetime.strptime(parts[2], _WINDOW_TIME).replace(tzinfo=UTC)) if parts else (id, None)
    except ValueError:  # digits that are no time
        return id, None


def problem(rule: str, window: Window) -> str:
    """What is wrong with a recurrence rule (RFC 5545, section 3.3.10), as a sentence; empty when nothing is."""
    parts = _parts(rule)
    if parts.get("FREQ") not in _OFTEN_ENOUGH or len(rule.split()) > 1:
        return f'"{rule}" is no rule for days, weeks, months or years.'
    for key in ("INTERVAL", "COUNT"):
        if key in parts and not re.fullmatch(r"0*[1-9]\d{0,5}", parts[key], re.ASCII):
            return f'"{rule}" is no rule: {key} is a number from 1 on.'
    try:
        found = list(islice(_begins(replace(window, repeat=rule), UTC, window.begin + LONGEST_WAIT), LOOKED_AT))
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        return f'"{rule}" is no rule: {error}.'
    if not found:
        return f'"{rule}" never comes.'
    begins = sorted({window.begin, *found})
    if any(later < earlier + (window.until - window.begin) for earlier, later in pairwise(begins)):
        return "one window begins before the one before it is over."
    return ""


def _parts(rule: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in rule.upper().split(";"))


def _begins(window: Window, zone: tzinfo, last: datetime) -> Iterator[datetime]:
    """When the windows of a rule begin, up to `last`; the hour stays the same in `zone` as clocks change."""
    from dateutil import rrule  # only recurring maintenance needs it

    # `problem` refuses what rrulestr would read as several rules.
    rule = cast("rrule.rrule", rrule.rrulestr(window.repeat, dtstart=window.begin.astimezone(zone)))
    parts = _parts(window.repeat)
    if "UNTIL" not in parts:  # a rule that nothing fits would be followed to the end of the calendar
        rule = rule.replace(until=last, count=None)
    count = int(parts["COUNT"]) if "COUNT" in parts else MOST
    yield from (time.astimezone(UTC) for time in takewhile(lambda time: time <= last, islice(rule, count)))


def windows(window: Window, zone: tzinfo, last: datetime) -> Iterator[Window]:
    """The windows of a rule that begin up to `last`, the first as it is written."""
    length = window.until - window.begin
    yield replace(window, repeat="")
    for begin in _begins(window, zone, max(last, window.begin)):
        if begin > window.begin:
            yield Window(begin, begin + length)


def is_in_window(incident: Incident, time: datetime, zone: tzinfo) -> bool:
    """Whether `time` falls into one of the windows of recurring maintenance."""
    window = incident.scheduled
    return window is not None and any(found.begin <= time < found.until for found in windows(window, zone, time))


def occurrences(incident: Incident, now: datetime, zone: tzinfo, named: datetime | None = None) -> list[Incident]:
    """The incident itself; or, where its window recurs, one for each window up to the next one to come.

    An occurrence is announced when the one before it begins. An update belongs to the occurrence whose window it
    names or falls into, or to the next; one that says that work goes on, or is completed, after a window to that
    window. The window that begins at the time `named` is among them, however far ahead.
    """
    window = incident.scheduled
    if window is None or not window.repeat:
        return [incident]
    last = max(
        [now, named or now, *(time for update in incident.updates for time in (update.at, update.window) if time)]
    )
    found: list[tuple[Window, list[Update]]] = []
    announced = incident.first.at
    for following in windows(window, zone, last + LONGEST_WAIT):
        if found and announced > now and found[-1][0].begin > last:
            break
        found.append((following, [replace(incident.first, at=announced)]))
        announced = max(announced + timedelta(seconds=1), following.begin)
    for update in incident.updates[1:]:
        _place(update, found)
    return [_occurrence(incident, found_window, updates) for found_window, updates in found]


def _place(update: Update, found: list[tuple[Window, list[Update]]]) -> None:
    """Adds `update` to the occurrence it belongs to."""
    time = update.window or update.at
    place = next((n for n, (window, _) in enumerate(found) if time < window.until), len(found) - 1)
    window, updates = found[place]
    if place and not update.window and update.at < window.begin and len(updates) == 1:
        before = found[place - 1][1]
        late = update.status is UpdateStatus.COMPLETED and not before[-1].status.ends
        if late or (before[-1].status in _GOES_ON and not update.status.ends):
            updates = before
    if updates[-1].at >= update.at:  # only an announcement can be; what is said of a window comes after it
        updates[-1] = replace(updates[-1], at=update.at - timedelta(seconds=1))
    updates.append(update)


def _occurrence(incident: Incident, window: Window, updates: list[Update]) -> Incident:
    return replace(
        incident,
        id=window_id(incident.id, window.begin),
        series=incident.id,
        scheduled=window,
        updates=tuple(updates),
        postmortem="",
        reviewed=None,
    )
