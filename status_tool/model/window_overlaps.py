"""Which window of a rule was moved into the time of another window of that rule."""

from __future__ import annotations

from datetime import datetime, tzinfo
from itertools import pairwise
from typing import NamedTuple

from status_tool.model import recurrence
from status_tool.model.incident import Incident
from status_tool.model.update import UNDER_WAY, Update
from status_tool.model.window import Window


class Overlap(NamedTuple):
    """A window of a rule, the update that moved it, and the other window that takes place in its new time."""

    moved: Incident
    update: Update
    other: Incident


def find(series: Incident, zone: tzinfo) -> Overlap | None:
    """The first two windows of `series` that overlap because one of them was moved; None if there are none.

    Work that has begun may last into the next window: that it does is news, and no plan.
    """
    ends = [update.scheduled.until for update in series.updates if update.scheduled]
    if not ends:
        return None
    planned = [
        (_move(occurrence), occurrence)
        for occurrence in recurrence.occurrences(series, max(ends), zone)
        if occurrence.scheduled and not occurrence.never_began
    ]
    by_begin = sorted(planned, key=lambda each: (_window(*each).begin, each[1].id))
    for (earlier_move, earlier), (later_move, later) in pairwise(by_begin):
        if _window(later_move, later).begin >= _window(earlier_move, earlier).until:
            continue
        if later_move and (not earlier_move or later_move.at > earlier_move.at):
            return Overlap(later, later_move, earlier)
        if earlier_move:
            return Overlap(earlier, earlier_move, later)
    return None


def refused(occurrence: Incident, series: Incident, after: Window, at: datetime, zone: tzinfo) -> Incident | None:
    """Another window of `series` in the time `after`, to which an update at `at` would move `occurrence`; else None."""
    before = occurrence.window
    if before and before.begin == after.begin and _has_begun(occurrence, before, at):
        return None
    known = recurrence.occurrences(series, max(at, after.until), zone)
    return next((one for one in known if one.id != occurrence.id and _takes_place_in(one, after)), None)


def _takes_place_in(occurrence: Incident, time: Window) -> bool:
    window = occurrence.window
    return bool(window and window.begin < time.until and time.begin < window.until and not occurrence.never_began)


def _has_begun(occurrence: Incident, window: Window, at: datetime) -> bool:
    return window.begin <= at or any(update.status in UNDER_WAY for update in occurrence.updates if update.at <= at)


def _move(occurrence: Incident) -> Update | None:
    """The last update that moved the window before the work began; None if none did."""
    moves = [(update, occurrence.move(update)) for update in occurrence.updates]
    plans = [update for update, move in moves if move and not _has_begun(occurrence, move[0], update.at)]
    return plans[-1] if plans else None


def _window(move: Update | None, occurrence: Incident) -> Window:
    """The window as it was planned: by the rule, or by the update `move`."""
    window = move.scheduled if move else occurrence.scheduled
    if window is None:
        raise AssertionError("every occurrence has a window")
    return window
