"""Which occurrences recurring maintenance has, each as an incident. The only user of dateutil."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice, pairwise
from typing import cast

from status_tool.model import recurrence_rule
from status_tool.model.incident import Incident
from status_tool.model.update import UNDER_WAY, Update, UpdateStatus
from status_tool.model.window import Window

MAX_WINDOWS = 40_000
"""The largest number of windows of one rule: every day for a hundred years."""
COMPARED_WINDOWS = 100
"""The number of windows that `problem` compares with each other."""
HORIZON = timedelta(days=366 * 30)
"""How far ahead the windows of a rule are computed; `problem` refuses a rule that has none in this time."""

_WINDOW_ID = re.compile(r"(.*)-([0-9]{8}t[0-9]{4}z)", re.DOTALL)
_WINDOW_TIME = "%Y%m%dt%H%Mz"
_Placed = tuple[Window, list[Update]]
"""The window of an occurrence by its rule, and its updates, oldest first."""


def window_id(series: str, begin: datetime) -> str:
    """`2026-12-01-upgrade-20261208t0200z`: the id of the occurrence of `series` that begins in that minute."""
    return f"{series}-{begin.astimezone(UTC):{_WINDOW_TIME}}"


def window_begin(id: str) -> datetime | None:
    """The minute in which the occurrence `id` begins; None if `id` is not the id of an occurrence."""
    return _window(id)[1]


def series_id(id: str) -> str:
    """The id of the series of the occurrence `id`; `id` itself if it is not the id of an occurrence."""
    return _window(id)[0]


def _window(id: str) -> tuple[str, datetime | None]:
    parts = _WINDOW_ID.fullmatch(id)
    try:
        return (parts[1], datetime.strptime(parts[2], _WINDOW_TIME).replace(tzinfo=UTC)) if parts else (id, None)
    except ValueError:  # the digits are not a valid time
        return id, None


def problem(rule: str, window: Window) -> str:
    """The mistake in a recurrence rule (RFC 5545, section 3.3.10), as a sentence; empty if there is none."""
    if mistake := recurrence_rule.problem(rule):
        return mistake
    until = recurrence_rule.until(rule)
    if until and until < window.begin:
        return f'"{rule}" has no window: UNTIL is earlier than the beginning of the first one.'
    begins = list(islice(_begins(replace(window, repeat=rule), UTC, window.begin + HORIZON), COMPARED_WINDOWS))
    if not begins:
        return f'"{rule}" has no window within 30 years.'
    begins = sorted({window.begin, *begins})
    if any(later < earlier + (window.until - window.begin) for earlier, later in pairwise(begins)):
        return "a window begins before the previous window ends."
    return ""


def _begins(window: Window, zone: tzinfo, last: datetime) -> Iterator[datetime]:
    """The starts of the windows of a rule up to `last`, in `zone`; each begins at the same local time."""
    from dateutil import rrule  # only recurring maintenance needs it

    # `problem` refuses what rrulestr would read as several rules.
    rule = cast("rrule.rrule", rrule.rrulestr(window.repeat, dtstart=window.begin.astimezone(zone)))
    parts = recurrence_rule.parts(window.repeat)
    # Without a near end, dateutil would search for a rule without dates until the year 9999.
    rule = rule.replace(until=min(last, recurrence_rule.until(window.repeat) or last), count=None)
    count = int(parts["COUNT"]) if "COUNT" in parts else MAX_WINDOWS
    yield from islice(rule, count)


def windows(window: Window, zone: tzinfo, last: datetime) -> Iterator[Window]:
    """The windows of a rule that begin at `last` or earlier. The first is always `window` itself.

    The others begin and end at the same local times in `zone` as the first one.
    """
    yield replace(window, repeat="")
    length, length_by_clock = window.until - window.begin, _local(window.until, zone) - _local(window.begin, zone)
    for local_begin in _begins(window, zone, max(last, window.begin)):
        # A local time that occurs twice or never is the one before the clocks change (RFC 5545, section 3.3.5).
        begin, until = local_begin.astimezone(UTC), (local_begin + length_by_clock).astimezone(UTC)
        if begin > window.begin:
            # By the clock, a window may have no length in the hour that the clocks leave out or repeat.
            yield Window(begin, until if until > begin else begin + length)


def _local(time: datetime, zone: tzinfo) -> datetime:
    """`time` as the clocks in `zone` show it, without a zone."""
    return time.astimezone(zone).replace(tzinfo=None, fold=0)


def is_in_window(incident: Incident, time: datetime, zone: tzinfo) -> bool:
    """Whether `time` is in one of the windows of recurring maintenance."""
    window = incident.scheduled
    return window is not None and any(
        occurrence.begin <= time < occurrence.until for occurrence in windows(window, zone, time)
    )


def occurrences(incident: Incident, now: datetime, zone: tzinfo, requested: datetime | None = None) -> list[Incident]:
    """The incident itself; for recurring maintenance, an incident for each window up to the next future one.

    An occurrence is announced when the previous one begins, or is cancelled. An update belongs to the occurrence whose
    window contains `update.window`, else its time `at`; an update between two windows belongs to the later one, unless
    it says that the work of the earlier one continues or is completed. A window that was moved contains the times of
    both. The result also contains the window that begins at
    `requested`, however far ahead. After the maintenance is withdrawn, no further occurrence is announced.
    """
    window = incident.scheduled
    if window is None or not window.repeat:
        return [incident]
    last = max(
        [now, requested or now, *(time for update in incident.updates for time in (update.at, update.window) if time)]
    )
    coming = windows(window, zone, last + HORIZON)
    placed: list[_Placed] = []
    announced = incident.first.at
    for next_window in coming:
        first = replace(incident.first, at=announced, posted=None) if placed else incident.first
        placed.append((next_window, [first]))
        announced = max(announced + timedelta(seconds=1), next_window.begin)
        if announced > now and next_window.begin > last:
            break
    for update in incident.updates[1:]:
        _place(update, placed)
    while _cancellation(placed[-1][1]) and (next_window := next(coming, window)) is not window:
        placed.append((next_window, [replace(incident.first, at=placed[-1][0].begin, posted=None)]))
    _announce(placed)
    return [
        _occurrence(incident, window, updates)
        for window, updates in placed
        if incident.withdrawn is None or updates[0].at <= incident.withdrawn
    ]


def following(series: Incident, begin: datetime, zone: tzinfo) -> Incident | None:
    """The next occurrence of `series` after the one that begins at `begin` by the rule; one that is not cancelled."""
    after = (each for each in occurrences(series, begin, zone) if each.scheduled and each.scheduled.begin > begin)
    return next((each for each in after if each.last_status is not UpdateStatus.CANCELLED), None)


def _place(update: Update, occurrences: list[_Placed]) -> None:
    """Adds `update` to the occurrence that it belongs to; `occurrences` are oldest first."""
    time = update.window or update.at
    index = next((n for n, (window, _) in enumerate(occurrences) if time < window.until), len(occurrences) - 1)
    window, updates = occurrences[index]
    if not update.window and (moved := next((found for found in occurrences if _was_moved_to(found, time)), None)):
        _, updates = moved
    elif index and not update.window and update.at < window.begin and len(updates) == 1:
        earlier_updates = occurrences[index - 1][1]
        is_late_end = update.status is UpdateStatus.COMPLETED and not earlier_updates[-1].status.ends
        if is_late_end or (earlier_updates[-1].status in UNDER_WAY and not update.status.ends):
            updates = earlier_updates
    if updates[-1].at >= update.at:  # the announcement has to be older than the other updates
        updates[-1] = replace(updates[-1], at=update.at - timedelta(seconds=1), posted=update.posted)
    updates.append(update)


def _was_moved_to(occurrence: _Placed, time: datetime) -> bool:
    """Whether the occurrence was moved, and `time` is in its last window."""
    moved = next((update.scheduled for update in reversed(occurrence[1]) if update.scheduled), None)
    return moved is not None and moved.begin <= time < moved.until


def _cancellation(updates: list[Update]) -> Update | None:
    return next((update for update in updates if update.status is UpdateStatus.CANCELLED), None)


def _announce(occurrences: list[_Placed]) -> None:
    """Announces the occurrence after a cancelled one when that is cancelled, or would have been announced itself."""
    announced = occurrences[0][1][0].at
    for window, updates in occurrences:
        if announced < updates[0].at:
            updates[0] = replace(updates[0], at=announced)
        cancelled = _cancellation(updates)
        over = min(cancelled.published_at, window.begin) if cancelled else window.begin
        announced = max(announced + timedelta(seconds=1), over)


def _occurrence(incident: Incident, window: Window, updates: list[Update]) -> Incident:
    return replace(
        incident,
        id=window_id(incident.id, window.begin),
        series=incident.id,
        rule_published=incident.published_at,
        scheduled=window,
        updates=tuple(updates),
        postmortem="",
        reviewed=None,
    )
