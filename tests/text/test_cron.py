"""How long a schedule pauses, by the rules of cron."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.text import cron
from status_tool.text.cron import Schedule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("schedules", "pause"),
    [
        (["17 */6 * * *"], 6 * HOUR),
        (["23 2,8,14,20 * * *"], 6 * HOUR),
        (["* * * * *"], timedelta(minutes=1)),
        (["5/20 * * * *"], timedelta(minutes=20)),
        (["*/25 * * * *"], timedelta(minutes=25)),
        (["0 9-17 * * *"], 16 * HOUR),
        (["0 9-17/4 * * 1-5"], 64 * HOUR),
        (["37 4 * * TUE"], 7 * DAY),
        (["37 4 * * 2"], 7 * DAY),
        (["0 0 * * 0,7"], 7 * DAY),
        (["0 0 */2 * *"], 2 * DAY),
        (["0 0 1 * *"], 31 * DAY),
        (["0 0 1 jan,jul *"], 184 * DAY),
        (["0 0 29 2 *"], 1461 * DAY),
        (["0 0 1,15 * sun"], 7 * DAY),
        (["0 0 * * 1", "0 0 * * 3,5", "0 12 * * 6"], 36 * HOUR + 12 * HOUR),
        (["@daily"], DAY),
        (["@hourly"], HOUR),
        (["0 0 30 2 *"], 1830 * DAY),
    ],
)
def test_the_longest_pause_is_found(schedules: list[str], pause: timedelta) -> None:
    assert cron.longest_pause([Schedule.of(schedule) for schedule in schedules]) == pause


@pytest.mark.parametrize(
    "text",
    ["", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * L * *", "5-1 * * * *", "*/0 * * * *", "@reboot"],
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Schedule.of(text)


minutes, hours = (
    st.sets(st.integers(0, 59), min_size=1, max_size=4),
    st.sets(st.integers(0, 23), min_size=1, max_size=4),
)
days, weekdays = st.sets(st.integers(1, 28), min_size=1, max_size=4), st.sets(st.integers(0, 6), min_size=1, max_size=4)


@given(minutes, hours, days | st.none(), weekdays | st.none())
def test_no_pause_is_longer_than_the_longest(
    minutes: set[int], hours: set[int], days: set[int] | None, weekdays: set[int] | None
) -> None:
    """Beside a list of every minute of some months that fits."""
    fields = [",".join(map(str, sorted(field))) if field else "*" for field in (minutes, hours, days, None, weekdays)]
    begin, runs = datetime(2029, 1, 1), []  # noqa: DTZ001
    for number in range(120):
        day = begin + number * DAY
        in_month, in_week = days is None or day.day in days, weekdays is None or day.isoweekday() % 7 in weekdays
        fits = in_month or in_week if days and weekdays else in_month and in_week
        runs += [day.replace(hour=hour, minute=minute) for hour in sorted(hours) for minute in sorted(minutes) if fits]
    pauses = [later - earlier for earlier, later in pairwise(runs)]

    longest = cron.longest_pause([Schedule.of(" ".join(fields))])
    assert max(pauses) <= longest
    if days is None:  # each week is like the others
        assert max(pauses) == longest
