"""Maintenance that comes again: the windows of a rule, each an incident of its own. The only user of dateutil."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from status_tool.incident import Incident, Update, UpdateStatus, Window

MOST = 2_000
"""Windows of one rule: every day for five years."""

_OFTEN_ENOUGH = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_GOES_ON = (UpdateStatus.IN_PROGRESS, UpdateStatus.VERIFYING)


def problem(rule: str, window: Window) -> str:
    """What is wrong with a recurrence rule (RFC 5545, section 3.3.10), as a sentence; empty when nothing is."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    if parts.get("FREQ") not in _OFTEN_ENOUGH:
        return f'"{rule}" is no rule for days, weeks, months or years.'
    try:
        first = list(islice(windows(replace(window, repeat=rule), UTC), 2))
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        return f'"{rule}" is no rule: {error}.'
    if len(first) == 2 and first[1].begin < first[0].until:
        return "one window begins before the one before it is over."
    return ""


def windows(window: Window, zone: tzinfo) -> Iterator[Window]:
    """The windows of a rule, the first as it is written; the hour stays the same in `zone` as clocks change."""
    from dateutil import rrule  # only recurring maintenance needs it

    begin = window.begin.astimezone(zone)
    rules = rrule.rruleset()
    rules.rrule(rrule.rrulestr(window.repeat, dtstart=begin))
    rules.rdate(begin)
    for time in islice(rules, MOST):
        yield Window(time.astimezone(UTC), time.astimezone(UTC) + (window.until - window.begin))


def occurrences(incident: Incident, now: datetime, zone: tzinfo) -> list[Incident]:
    """The incident itself; or, where its window recurs, one for each window up to the next one to come.

    An occurrence is announced when the one before it is over. An update belongs to the occurrence it falls
    into, or to the next; one that says that work goes on, or is completed, after a window to that window.
    """
    window = incident.scheduled
    if window is None or not window.repeat:
        return [incident]
    found: list[tuple[Window, list[Update]]] = []
    announced = incident.first.at
    for following in windows(window, zone):
        if announced > now and found:
            break
        found.append((following, [replace(incident.first, at=announced)]))
        announced = max(announced + timedelta(seconds=1), following.until)
    for update in incident.updates[1:]:
        _place(update, found)
    return [_occurrence(incident, found_window, updates) for found_window, updates in found]


def _place(update: Update, found: list[tuple[Window, list[Update]]]) -> None:
    """Adds `update` to the occurrence it belongs to."""
    place = max((n for n, (_, updates) in enumerate(found) if updates[0].at <= update.at), default=0)
    window, updates = found[place]
    if place and update.at < window.begin and len(updates) == 1:
        before = found[place - 1][1]
        late = update.status is UpdateStatus.COMPLETED and not before[-1].status.ends
        if late or (before[-1].status in _GOES_ON and not update.status.ends):
            updates = before
    if updates[-1].at == update.at:  # the very second in which the occurrence is announced
        updates[-1] = replace(updates[-1], at=update.at - timedelta(seconds=1))
    updates.append(update)


def _occurrence(incident: Incident, window: Window, updates: list[Update]) -> Incident:
    return replace(
        incident,
        id=f"{incident.id}-{window.begin:%Y%m%dt%H%Mz}",
        series=incident.id,
        scheduled=window,
        updates=tuple(updates),
        postmortem="",
        reviewed=None,
    )
