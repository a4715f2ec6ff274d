"""Maintenance that comes again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sites
from hypothesis import given
from hypothesis import strategies as st
from sites import status

from status_tool import clock, incident_file, recurrence, summary
from status_tool.incident import Incident, Window
from status_tool.settings import Component

PARIS = ZoneInfo("Europe/Paris")
SERIES = """\
title: Weekly restart
kind: maintenance
scheduled: {from: 2026-12-01T02:00:00Z, until: 2026-12-01T03:00:00Z, repeat: FREQ=WEEKLY;COUNT=4}
updates:
- {at: 2026-11-20T09:00:00Z, status: scheduled, components: {api: under_maintenance}, message: Every Tuesday.}
"""
FIRST, SECOND, THIRD, FOURTH = (f"x-202612{day}t0200z" for day in ("01", "08", "15", "22"))


def series(*updates: str) -> Incident:
    lines = [f"- {{at: {at}Z, status: {word}, message: m}}\n" for at, word in (update.split() for update in updates)]
    return incident_file.parse(SERIES + "".join(lines), "x.yml")


def at(text: str, zone: tzinfo = UTC, *updates: str) -> list[Incident]:
    return recurrence.occurrences(series(*updates), clock.parse_time(f"{text}Z"), zone)


def outline(found: list[Incident]) -> list[tuple[str, list[str]]]:
    return [(each.id, [f"{update.at:%dT%H:%M:%S} {update.status}" for update in each.updates]) for each in found]


@pytest.mark.parametrize(
    ("now", "ids"),
    [
        ("2026-11-01T00:00", [FIRST]),
        ("2026-12-01T02:59:59", [FIRST]),
        ("2026-12-01T03:00", [FIRST, SECOND]),
        ("2026-12-15T03:00", [FIRST, SECOND, THIRD, FOURTH]),
        ("2028-01-01T00:00", [FIRST, SECOND, THIRD, FOURTH]),
    ],
)
def test_there_is_one_incident_for_each_window_up_to_the_next(now: str, ids: list[str]) -> None:
    assert [found.id for found in at(now)] == ids


def test_each_occurrence_is_announced_when_the_one_before_is_over() -> None:
    assert outline(at("2026-12-08T12:00")) == [
        (FIRST, ["20T09:00:00 scheduled"]),
        (SECOND, ["01T03:00:00 scheduled"]),
        (THIRD, ["08T03:00:00 scheduled"]),
    ]


@pytest.mark.parametrize(
    ("updates", "said"),
    [
        (["2026-12-01T02:30:00 in_progress"], {FIRST: "in_progress"}),
        (["2026-11-30T02:30:00 cancelled"], {FIRST: "cancelled"}),
        (["2026-12-05T00:00:00 cancelled"], {SECOND: "cancelled"}),
        (["2026-12-08T02:30:00 completed"], {SECOND: "completed"}),
        (["2026-12-01T03:10:00 completed"], {FIRST: "completed"}),
        (["2026-12-01T02:50:00 in_progress", "2026-12-01T03:10:00 verifying"], {FIRST: "verifying"}),
        (
            ["2026-12-01T02:50:00 completed", "2026-12-08T01:50:00 in_progress"],
            {FIRST: "completed", SECOND: "in_progress"},
        ),
        (["2026-12-01T03:00:00 cancelled"], {SECOND: "cancelled"}),
    ],
)
def test_an_update_belongs_to_the_window_it_speaks_of(updates: list[str], said: dict[str, str]) -> None:
    found = at("2026-12-08T12:00", UTC, *updates)

    assert {each.id: each.last.status.value for each in found if len(each.updates) > 1} == said
    assert sum(len(each.updates) - 1 for each in found) == len(updates)


def test_the_hour_stays_the_same_when_clocks_change() -> None:
    window = Window(
        clock.parse_time("2026-03-22T01:30:00Z"), clock.parse_time("2026-03-22T02:00:00Z"), "FREQ=WEEKLY;COUNT=3"
    )

    assert [f"{each.begin.astimezone(PARIS):%d %H:%M}" for each in recurrence.windows(window, PARIS)] == [
        "22 02:30",
        "29 03:30",  # 02:30 does not exist on that day
        "05 02:30",
    ]
    assert {each.until - each.begin for each in recurrence.windows(window, PARIS)} == {timedelta(minutes=30)}


def test_readers_see_each_occurrence_and_the_next_to_come() -> None:
    now = clock.parse_time("2026-12-08T02:30:00Z")
    seen = summary.at(now, [series()], [Component("api", "API")], UTC)

    assert [found.id for found in seen.incidents] == [SECOND, FIRST]
    assert ([found.id for found in seen.running], seen.status) == ([SECOND], "under_maintenance")
    after = summary.at(now + timedelta(hours=1), [series()], [Component("api", "API")], UTC)
    assert ([found.id for found in after.planned], after.status) == ([THIRD], "operational")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("weekly", '"weekly" is no rule for days, weeks, months or years.'),
        ("FREQ=HOURLY", '"FREQ=HOURLY" is no rule for days, weeks, months or years.'),
        ("FREQ=WEEKLY;BYDAY=XX", '"FREQ=WEEKLY;BYDAY=XX" is no rule: '),
        ("FREQ=WEEKLY;UNTIL=20271231", '"FREQ=WEEKLY;UNTIL=20271231" is no rule: '),
        ("FREQ=WEEKLY;COUNT=x", '"FREQ=WEEKLY;COUNT=x" is no rule: '),
        ("FREQ=WEEKLY;WHAT=1", '"FREQ=WEEKLY;WHAT=1" is no rule: '),
        ("", '"" is no rule for days, weeks, months or years.'),
    ],
)
def test_what_is_no_rule_is_told(rule: str, said: str) -> None:
    window = Window(clock.parse_time("2026-12-01T02:00:00Z"), clock.parse_time("2026-12-01T03:00:00Z"))

    assert recurrence.problem(rule, window).startswith(said)


def test_windows_that_overlap_are_a_mistake() -> None:
    window = Window(clock.parse_time("2026-12-01T02:00:00Z"), clock.parse_time("2026-12-03T03:00:00Z"))

    assert recurrence.problem("FREQ=DAILY", window) == "one window begins before the one before it is over."


@given(st.text(max_size=40) | st.from_regex(r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]{3,8}=[0-9A-Z,+-]{0,6}){0,3}"))
def test_any_text_is_a_rule_or_a_mistake_and_never_an_exception(rule: str) -> None:
    window = Window(clock.parse_time("2026-12-01T02:00:00Z"), clock.parse_time("2026-12-01T03:00:00Z"))

    assert isinstance(recurrence.problem(rule, window), str)


@given(st.lists(st.tuples(st.integers(1, 60 * 24 * 40), st.sampled_from(["in_progress", "verifying", "completed"]))))
def test_no_update_of_a_series_is_ever_lost(made: list[tuple[int, str]]) -> None:
    start = datetime(2026, 11, 20, 9, tzinfo=UTC)
    times = sorted({start + timedelta(minutes=minutes) for minutes, _ in made})
    updates = [f"{time:%Y-%m-%dT%H:%M:%S} {word}" for time, (_, word) in zip(times, made, strict=False)]
    found = recurrence.occurrences(series(*updates), datetime(2027, 6, 1, tzinfo=UTC), UTC)

    told = sorted(update.at for each in found for update in each.updates[1:])
    assert told == times[: len(updates)]
    assert all(
        earlier.at < later.at for each in found for earlier, later in zip(each.updates, each.updates[1:], strict=False)
    )


def test_commands_speak_of_the_occurrence_to_come(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {})
    said = status(
        site, "schedule", "Weekly restart", "--from", "+1h", "--until", "1h", "--repeat", "FREQ=WEEKLY", "-c", "api",
        "-m", "Every Monday.",
    )  # fmt: skip

    assert said.out.splitlines()[0] == (
        "Scheduled Weekly restart from 15:05 UTC until 16:05 UTC (1 h), and again by FREQ=WEEKLY."
    )
    assert "  repeat: FREQ=WEEKLY\n" in (site / "incidents" / "2026-11-23-weekly-restart.md").read_text()
    assert "comes again by FREQ=WEEKLY" in status(site, "show", "restart").out
    assert status(site, "resolve", "restart", "-m", "Done early.").code == 0
    assert "is already completed" in status(site, "resolve", "restart", "-m", "Again.").err
    built = status(site, "build")
    assert (built.code, built.err) == (0, "")
    assert (site / "site" / "incidents" / "2026-11-23-weekly-restart-20261123t1505z" / "index.html").exists()
    assert status(site, "schedule", "x", "--from", "+1h", "--until", "1h", "--repeat", "often", "-m", "x").code == 2
