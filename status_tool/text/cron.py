"""How long the pauses of a schedule are that is written as cron does: `17 */6 * * *`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

_FIRST_DAY, _DAYS = date(2028, 1, 1), 5 * 366
"""The days on which runs are looked for: the first February of them has 29 days."""
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAYS = "sun mon tue wed thu fri sat".split()
_SHORT = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


@dataclass(frozen=True)
class Schedule:
    """When a job runs: at each of `minutes`, counted from midnight, of the days that fit."""

    minutes: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """From 0, Sunday, to 6."""
    either: bool
    """Whether a day needs to fit `days` or `weekdays` only: cron's rule when both are restricted."""

    @classmethod
    def of(cls, text: str) -> Schedule:
        """The schedule that `text` means; ValueError when it is none, or in a notation that only some programs know."""
        fields = _SHORT.get(text.strip().lower(), text).split()
        if len(fields) != 5:
            raise ValueError(f'a schedule has five fields, "{text}" has {len(fields)}')
        hours = _values(fields[1], range(24))
        return cls(
            minutes=tuple(sorted(60 * hour + minute for hour in hours for minute in _values(fields[0], range(60)))),
            days=_values(fields[2], range(1, 32)),
            months=_values(fields[3], range(1, 13), _MONTHS, first=1),
            weekdays=frozenset(day % 7 for day in _values(fields[4], range(8), _WEEKDAYS)),
            either=not fields[2].startswith("*") and not fields[4].startswith("*"),
        )

    def runs_on(self, day: date) -> bool:
        fits = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and (any(fits) if self.either else all(fits))


def longest_pause(schedules: Sequence[Schedule]) -> timedelta:
    """The longest time without a run by any of `schedules`, in five years; for one that never runs, these years."""
    longest = last = 0
    for number in range(_DAYS):
        day = _FIRST_DAY + timedelta(days=number)
        running = tuple(schedule.minutes for schedule in schedules if schedule.runs_on(day))
        if running:
            begin, pause, end = _pauses_of_day(running)
            longest, last = max(longest, 1440 * number + begin - last, pause), 1440 * number + end
    return timedelta(minutes=max(longest, 1440 * _DAYS - last))


@cache
def _pauses_of_day(running: tuple[tuple[int, ...], ...]) -> tuple[int, int, int]:
    """The first minute, the longest pause until the last one, and the last minute, of a day with these runs."""
    minutes = sorted({minute for minutes in running for minute in minutes})
    return minutes[0], max((later - earlier for earlier, later in pairwise(minutes)), default=0), minutes[-1]


def _values(text: str, allowed: range, names: Sequence[str] = (), first: int = 0) -> frozenset[int]:
    """The numbers that one field means: `*`, `5`, `1-5`, `*/6`, `mon,fri`."""
    values: set[int] = set()
    for part in text.lower().split(","):
        body, slash, step = part.partition("/")
        begin, dash, end = body.partition("-")
        low = allowed[0] if body == "*" else _number(begin, names, first)
        high = _number(end, names, first) if dash else allowed[-1] if body == "*" or slash else low
        every = int(step) if slash else 1
        if not (low in allowed and high in allowed and low <= high and every > 0):
            raise ValueError(f'"{part}" is not from {allowed[0]} to {allowed[-1]}')
        values.update(range(low, high + 1, every))
    return frozenset(values)


def _number(text: str, names: Sequence[str], first: int) -> int:
    return names.index(text) + first if text in names else int(text)
