"""Maintenance that comes again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sites
from hypothesis import given
from hypothesis import strategies as st
from sites import status

from status_tool.incident_files import parser
from status_tool.model import recurrence, summary
from status_tool.model.component import Component
from status_tool.model.incident import Incident
from status_tool.model.update import Text
from status_tool.model.window import Window
from status_tool.system import clock

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
    return parser.parse(SERIES + "".join(lines), "x.yml")


def at(text: str, zone: tzinfo = UTC, *updates: str) -> list[Incident]:
    return recurrence.occurrences(series(*updates), clock.parse_time(f"{text}Z"), zone)


def outline(found: list[Incident]) -> list[tuple[str, list[str]]]:
    return [(each.id, [f"{update.at:%dT%H:%M:%S} {update.status}" for update in each.updates]) for each in found]


@pytest.mark.parametrize(
    ("withdrawn", "ids"),
    [
        ("2026-11-25T09:00", [FIRST]),
        ("2026-12-08T02:00", [FIRST, SECOND, THIRD]),
        ("2026-12-09T02:00", [FIRST, SECOND, THIRD]),
    ],
)
def test_what_is_withdrawn_has_no_further_window(withdrawn: str, ids: list[str]) -> None:
    time = clock.parse_time(f"{withdrawn}Z")
    found = replace(series(), withdrawn=time, reason=Text({"": "Wrong."}))
    later = clock.parse_time("2027-02-01T00:00:00Z")
    shown = summary.at(later, [found], [Component("api", "API")], UTC)

    assert [each.id for each in recurrence.occurrences(found, later, UTC)] == ids
    assert {each.withdrawn for each in shown.incidents} == {time}
    assert (shown.planned, shown.running, shown.upcoming_windows) == ((), (), ())


def test_a_window_that_was_told_of_ahead_stays_when_all_are_withdrawn() -> None:
    cancelled = "- {at: 2026-11-21T09:00:00Z, status: cancelled, window: 2026-12-15T02:00:00Z, message: Holiday.}\n"
    found = parser.parse(f"withdrawn: 2026-11-25T09:00:00Z\nreason: Wrong.\n{SERIES}{cancelled}", "x.yml")

    assert [each.id for each in recurrence.occurrences(found, clock.parse_time("2027-02-01T00:00:00Z"), UTC)] == [
        FIRST,
        THIRD,
    ]


@pytest.mark.parametrize(
    ("now", "ids"),
    [
        ("2026-11-01T00:00", [FIRST]),
        ("2026-12-01T01:59:59", [FIRST]),
        ("2026-12-01T02:00", [FIRST, SECOND]),
        ("2026-12-15T02:00", [FIRST, SECOND, THIRD, FOURTH]),
        ("2028-01-01T00:00", [FIRST, SECOND, THIRD, FOURTH]),
    ],
)
def test_there_is_one_incident_for_each_window_up_to_the_next(now: str, ids: list[str]) -> None:
    assert [found.id for found in at(now)] == ids


@given(
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[a-z0-9-]{1,20}", fullmatch=True),
    st.datetimes(timezones=st.just(UTC)).filter(lambda time: time.year > 999),
)
def test_the_id_of_a_window_tells_its_series_and_the_minute_in_which_it_begins(series: str, begin: datetime) -> None:
    id = recurrence.window_id(series, begin)

    assert recurrence.window_begin(id) == begin.replace(second=0, microsecond=0)
    assert recurrence.series_id(id) == series


@pytest.mark.parametrize(
    "id", ["", "2026-12-01-x", "x-20261301t0200z", "x-20261201t0200", "x-٢٠٢٦١٢٠١t0200z", "20261201t0200z"]
)
def test_other_ids_are_no_windows(id: str) -> None:
    assert (recurrence.window_begin(id), recurrence.series_id(id)) == (None, id)


def test_a_window_that_begins_within_a_minute_is_named_by_its_id(tmp_path: Path) -> None:
    text = SERIES.replace("02:00:00Z", "02:00:30Z")
    site = sites.make(tmp_path / "s", {"2026-12-01-x.yml": text})

    said = status(site, "update", "2026-12-01-x-20261208t0200z", "--status", "cancelled", "-m", "Not then.")

    assert (said.code, said.err) == (0, "")
    assert "window: 2026-12-08T02:00:30Z" in (site / "incidents" / "2026-12-01-x.yml").read_text()


def test_each_occurrence_is_announced_when_the_one_before_begins() -> None:
    assert outline(at("2026-12-08T12:00")) == [
        (FIRST, ["20T09:00:00 scheduled"]),
        (SECOND, ["01T02:00:00 scheduled"]),
        (THIRD, ["08T02:00:00 scheduled"]),
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

    found = list(recurrence.windows(window, PARIS, clock.parse_time("2027-01-01T00:00:00Z")))

    assert [f"{each.begin.astimezone(PARIS):%d %H:%M}" for each in found] == [
        "22 02:30",
        "29 03:30",  # 02:30 does not exist on that day
        "05 02:30",
    ]
    assert {each.until - each.begin for each in found} == {timedelta(minutes=30)}


@pytest.mark.parametrize(
    ("begin", "until", "found"),
    [
        ("2026-10-17T20:00", "2026-10-18T04:00", "24 22:00 +02 until 25 06:00 +01"),
        ("2026-03-21T21:00", "2026-03-22T05:00", "28 22:00 +01 until 29 06:00 +02"),
        ("2026-10-24T20:00", "2026-10-25T05:00", "31 22:00 +01 until 01 06:00 +01"),  # the first is that night
        ("2026-10-18T00:00", "2026-10-18T04:00", "25 02:00 +02 until 25 06:00 +01"),  # 02:00 occurs twice
        ("2026-10-17T22:00", "2026-10-18T00:30", "25 00:00 +02 until 25 02:30 +02"),
        ("2026-03-22T01:30", "2026-03-22T05:00", "29 03:30 +02 until 29 06:00 +02"),  # 02:30 does not exist
        ("2026-03-22T00:30", "2026-03-22T01:30", "29 01:30 +01 until 29 03:30 +02"),
        ("2026-03-22T01:30", "2026-03-22T02:00", "29 03:30 +02 until 29 04:00 +02"),
        ("2026-10-25T00:45", "2026-10-25T01:15", "01 02:45 +01 until 01 03:15 +01"),  # 02:45 until 02:15
    ],
)
def test_a_window_of_a_rule_ends_at_the_same_local_time(begin: str, until: str, found: str) -> None:
    window = Window(clock.parse_time(f"{begin}Z"), clock.parse_time(f"{until}Z"), "FREQ=WEEKLY;COUNT=2")
    first, second = recurrence.windows(window, PARIS, clock.parse_time("2027-01-01T00:00:00Z"))

    assert first == replace(window, repeat="")
    local = (time.astimezone(PARIS) for time in (second.begin, second.until))
    assert " until ".join(f"{time:%d %H:%M %z}"[:-2] for time in local) == found


def test_nobody_reads_that_all_is_well_in_the_last_hour_of_a_night_on_which_the_clocks_change() -> None:
    text = SERIES.replace("2026-12-01T02:00:00Z", "2026-10-17T20:00:00Z").replace("2026-12-01T03", "2026-10-18T04")
    nights = parser.parse(text.replace("2026-11-20", "2026-10-01"), "x.yml")
    seen = summary.at(clock.parse_time("2026-10-25T04:30:00Z"), [nights], [Component("api", "API")], PARIS)

    assert seen.status == "under_maintenance"
    assert [f"{then.now:%H:%M} {then.status}" for then in seen.transitions[:1]] == ["05:00 operational"]


def moved(update: str, *more: str) -> Incident:
    return parser.parse(SERIES + "".join(f"- {{{line}, message: m}}\n" for line in (update, *more)), "x.yml")


TO_THURSDAY = "scheduled: {from: 2026-12-10T02:00:00Z, until: 2026-12-10T03:00:00Z}"


def test_one_window_of_a_rule_moves_alone_and_keeps_its_id() -> None:
    series = moved(f"at: 2026-11-30T09:00:00Z, status: scheduled, window: 2026-12-08T02:00:00Z, {TO_THURSDAY}")
    found = recurrence.occurrences(series, clock.parse_time("2026-12-16T00:00:00Z"), UTC)

    assert [(each.id, f"{each.start:%dT%H}") for each in found] == [
        (FIRST, "01T02"), (SECOND, "10T02"), (THIRD, "15T02"), (FOURTH, "22T02"),
    ]  # fmt: skip


def test_an_update_in_a_window_that_was_moved_belongs_to_it() -> None:
    series = moved(
        f"at: 2026-12-02T09:00:00Z, status: scheduled, {TO_THURSDAY}",
        "at: 2026-12-10T02:10:00Z, status: in_progress",
        "at: 2026-12-10T02:20:00Z, status: completed",
    )
    found = recurrence.occurrences(series, clock.parse_time("2026-12-11T00:00:00Z"), UTC)

    assert [(each.id, [update.status.value for update in each.updates]) for each in found] == [
        (FIRST, ["scheduled"]),
        (SECOND, ["scheduled", "scheduled", "in_progress", "completed"]),
        (THIRD, ["scheduled"]),
    ]


@pytest.mark.parametrize(
    ("cancelled", "now", "planned", "called_off"),
    [
        ([FIRST], "2026-11-30T00:00", [SECOND], [FIRST]),
        ([FIRST, SECOND], "2026-11-30T00:00", [THIRD], [FIRST, SECOND]),
        ([SECOND], "2026-11-30T00:00", [FIRST], [SECOND]),  # the first comes before the third
        ([SECOND], "2026-12-01T02:01", [THIRD], [SECOND]),
        ([SECOND], "2026-12-08T02:59", [THIRD], [SECOND]),
        ([SECOND], "2026-12-08T03:00", [THIRD], []),
        ([FIRST, SECOND, THIRD, FOURTH], "2026-11-30T00:00", [], [FIRST, SECOND, THIRD, FOURTH]),
    ],
)
def test_a_cancelled_window_stays_until_its_time_is_over_beside_the_next(
    cancelled: list[str], now: str, planned: list[str], called_off: list[str]
) -> None:
    begins = (recurrence.window_begin(id) for id in cancelled)
    lines = [
        f"at: 2026-11-25T09:00:0{n}Z, status: cancelled, window: {begin and clock.iso(begin)}"
        for n, begin in enumerate(begins)
    ]
    seen = summary.at(clock.parse_time(f"{now}:00Z"), [moved(*lines)], [Component("api", "API")], UTC)

    assert [each.id for each in seen.planned] == planned
    assert [each.id for each in seen.cancelled] == called_off


@pytest.mark.parametrize(
    ("begin", "found"), [("2026-12-01", THIRD), ("2026-12-08", THIRD), ("2026-12-15", FOURTH), ("2026-12-22", None)]
)
def test_the_next_window_is_one_that_takes_place(begin: str, found: str | None) -> None:
    series = moved("at: 2026-11-25T09:00:00Z, status: cancelled, window: 2026-12-08T02:00:00Z")
    following = recurrence.following(series, clock.parse_time(f"{begin}T02:00:00Z"), UTC)

    assert (following and following.id) == found


def test_readers_see_each_occurrence_and_the_next_to_come() -> None:
    now = clock.parse_time("2026-12-08T02:30:00Z")
    seen = summary.at(now, [series()], [Component("api", "API")], UTC)

    assert [found.id for found in seen.incidents] == [THIRD, SECOND, FIRST]
    assert ([found.id for found in seen.running], seen.status) == ([SECOND], "under_maintenance")
    after = summary.at(now + timedelta(hours=1), [series()], [Component("api", "API")], UTC)
    assert ([found.id for found in after.planned], after.status) == ([THIRD], "operational")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("weekly", '"weekly" is not a daily, weekly, monthly or yearly rule.'),
        ("FREQ=HOURLY", '"FREQ=HOURLY" is not a daily, weekly, monthly or yearly rule.'),
        *(
            (rule, f'"{rule}" is not a valid rule: {said}')
            for rule, said in (
                ("FREQ=WEEKLY;BYDAY=XX", "BYDAY must be days, such as MO,TH or 1TU."),
                ("FREQ=WEEKLY;UNTIL=20271231", "UNTIL must be a time in UTC, such as 20271231T235959Z."),
                ("FREQ=WEEKLY;UNTIL=20271399T000000Z", "UNTIL must be a time in UTC, such as 20271231T000000Z."),
                ("FREQ=WEEKLY;COUNT=x", "COUNT must be a number, 1 or larger."),
                ("FREQ=WEEKLY;WHAT=1", "it has an unknown part, WHAT. Use FREQ, INTERVAL, COUNT, UNTIL, "),
                ("FREQ=DAILY;", "it has an empty part. Remove a semicolon."),
                ("FREQ=WEEKLY;FREQ=WEEKLY", "it has FREQ more than once. Remove all but one."),
                ("FREQ=WEEKLY;COUNT=2;COUNT=3", "it has COUNT more than once. Remove all but one."),
                (
                    "FREQ=WEEKLY;COUNT=2;UNTIL=20271231T000000Z",
                    "it has COUNT and UNTIL. One of them ends it: remove the other.",
                ),
                (
                    "FREQ=WEEKLY;BYDAY=1MO,-2FR",
                    "BYDAY has a number, which only monthly and yearly rules can have. Write BYDAY=MO,FR.",
                ),
                (
                    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO",
                    "BYDAY has a number, which it cannot have beside BYWEEKNO. Write BYDAY=MO.",
                ),
                ("FREQ=MONTHLY;BYDAY=0MO", "the numbers in BYDAY must be 1 to 5, or -1 to -5 to count from the end."),
                ("FREQ=MONTHLY;BYDAY=6MO", "the numbers in BYDAY must be 1 to 5, or -1 to -5 to count from the end."),
                (
                    "FREQ=YEARLY;BYDAY=-54MO",
                    "the numbers in BYDAY must be 1 to 53, or -1 to -53 to count from the end.",
                ),
                ("FREQ=YEARLY;BYMONTH=1;BYDAY=20MO", "the numbers in BYDAY must be 1 to 5, or -1 to -5 to count"),
                ("FREQ=YEARLY;BYEASTER=0", "it has an unknown part, BYEASTER. Use FREQ"),
                (
                    "FREQ=DAILY;BYHOUR=5",
                    'it has BYHOUR, but each window begins at the time of day of "from". Remove BYHOUR.',
                ),
                (
                    "FREQ=WEEKLY;BYMONTHDAY=1",
                    "BYMONTHDAY cannot be in a rule that is weekly. Write FREQ=DAILY or FREQ=MONTHLY or",
                ),
                ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY must be days of the month, such as 1,15 or -1."),
                (
                    "FREQ=MONTHLY;BYWEEKNO=2",
                    "BYWEEKNO cannot be in a rule that is monthly. Write FREQ=YEARLY, or remove BYWEEKNO.",
                ),
                ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS chooses from other parts, and there is none. Add one, such as "),
                (
                    "FREQ=DAILY;BYMONTH=1;BYSETPOS=2",
                    "the numbers in BYSETPOS must be at most 1 in a rule that is daily.",
                ),
                ("RRULE:FREQ=DAILY", 'it begins with "RRULE:". Remove that.'),
            )
        ),
        ("", "the rule is empty."),
    ],
)
def test_what_is_no_rule_is_told(rule: str, said: str) -> None:
    window = Window(clock.parse_time("2026-12-01T02:00:00Z"), clock.parse_time("2026-12-01T03:00:00Z"))

    assert recurrence.problem(rule, window).startswith(said)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;COUNT=8",
        "freq=weekly;byday=tu,th;wkst=mo",
        "FREQ=MONTHLY;BYDAY=1TU;UNTIL=20271231T000000Z",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
        "FREQ=MONTHLY;BYMONTHDAY=-1,15",
        "FREQ=YEARLY;BYMONTH=1,07;BYDAY=2SU",
        "FREQ=YEARLY;BYYEARDAY=366,-1",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "FREQ=DAILY;INTERVAL=2",
    ],
)
def test_a_rule_of_the_standard_is_accepted(rule: str) -> None:
    window = Window(clock.parse_time("2026-12-01T02:00:00Z"), clock.parse_time("2026-12-01T03:00:00Z"))

    assert recurrence.problem(rule, window) == ""


def test_windows_that_overlap_are_a_mistake() -> None:
    window = Window(clock.parse_time("2026-12-01T02:00:00Z"), clock.parse_time("2026-12-03T03:00:00Z"))

    assert recurrence.problem("FREQ=DAILY", window) == "a window begins before the previous window ends."


@given(
    st.text(max_size=40)
    | st.from_regex(r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]{3,8}=[0-9A-Z,+-]{0,6}){0,3}")
    | st.from_regex(r"FREQ=(MONTHLY|YEARLY);BYDAY=[+-]?[0-9]{1,2}(MO|SU)(;BYMONTH=[0-9]{1,2})?", fullmatch=True)
)
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
        "Scheduled Weekly restart from 15:05 UTC until 16:05 UTC (1 h), repeated by the rule FREQ=WEEKLY."
    )
    assert "  repeat: FREQ=WEEKLY\n" in (site / "incidents" / "2026-11-23-weekly-restart.md").read_text()
    assert "repeats by the rule FREQ=WEEKLY" in status(site, "show", "restart").out
    assert status(site, "resolve", "restart", "-m", "Done early.").code == 0
    assert "is already completed" in status(site, "resolve", "restart", "-m", "Again.").err
    assert "2026-11-23-weekly-restart-20261123t1505z" in [
        incident.id for incident in sites.context_at(site).summary.incidents
    ]
    assert status(site, "schedule", "x", "--from", "+1h", "--until", "1h", "--repeat", "often", "-m", "x").code == 2


def weekly(folder: Path, now: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., sites.Said]:
    """`status` for a site with a window every Tuesday, its clock standing at `now` or at what is given."""
    site = sites.make(folder / "s", {"2026-12-01-x.yml": SERIES.replace(";COUNT=4", "")})

    def run(*args: str, at: str = now) -> sites.Said:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(clock.parse_time(at).timestamp())))
        return status(site, *args)

    return run


def test_an_occurrence_that_broke_stays_open_until_it_is_closed_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = weekly(tmp_path, "2026-12-01T02:10:00Z", monkeypatch)
    assert run("update", "-m", "It broke.", "-c", "api=major_outage").code == 0
    late = "2026-12-11T10:00:00Z"  # the next window has passed, and the one after it is announced
    said = run("overdue", at=late)
    assert (said.code, "Next: status update 2026-12-01-x-20261201t0200z" in said.out) == (1, True)
    assert "is completed after" in run("resolve", "2026-12-01-x-20261201t0200z", "-m", "Fixed.", at=late).out
    assert run("overdue", at=late).code == 0
    listed = json.loads(run("list", "--json", at=late).out)

    assert [found["id"][-14:] for found in listed["planned"]] == ["20261215t0200z"]
    assert {found["id"][-14:]: found["status"] for found in listed["past"]} == {
        "20261201t0200z": "completed",
        "20261208t0200z": "completed",
    }
    assert {found["id"][-14:]: found["ended"] for found in listed["past"]} == {
        "20261201t0200z": late,
        "20261208t0200z": "2026-12-08T03:00:00Z",
    }


def test_a_window_further_ahead_is_called_off_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = weekly(tmp_path, "2026-12-02T00:00:00Z", monkeypatch)
    file = tmp_path / "s" / "incidents" / "2026-12-01-x.yml"
    file.write_text(
        file.read_text()
        + "- {at: 2026-12-01T12:00:00Z, status: cancelled, window: 2026-12-22T02:00:00Z, message: No.}\n"
    )
    assert run("check").code == 0
    listed = json.loads(run("list", "--json").out)

    assert [(found["id"][-14:], found["status"]) for found in listed["planned"]] == [("20261208t0200z", "scheduled")]
    assert [(found["id"][-14:], found["status"]) for found in listed["past"]] == [
        ("20261222t0200z", "cancelled"),
        ("20261201t0200z", "completed"),
    ]


def test_more_time_for_a_window_makes_no_old_announcement_news() -> None:
    longer = replace(series(), scheduled=replace(series().scheduled, until=clock.parse_time("2026-12-01T03:30:00Z")))  # type: ignore[type-var]
    now = clock.parse_time("2026-12-16T00:00:00Z")

    assert [[update.at for update in each.updates] for each in recurrence.occurrences(longer, now, UTC)] == [
        [update.at for update in each.updates] for each in recurrence.occurrences(series(), now, UTC)
    ]


def test_a_page_knows_the_windows_of_the_next_days() -> None:
    daily = parser.parse(SERIES.replace("FREQ=WEEKLY;COUNT=4", "FREQ=DAILY"), "x.yml")
    seen = summary.at(clock.parse_time("2026-12-03T12:00:00Z"), [daily], [Component("api", "API")], UTC)

    assert [(f"{then.now:%d %H}", then.status.value) for then in seen.transitions[:6]] == [
        ("04 02", "under_maintenance"),
        ("04 03", "operational"),
        ("05 02", "under_maintenance"),
        ("05 03", "operational"),
        ("06 02", "under_maintenance"),
        ("06 03", "operational"),
    ]
    assert len(seen.transitions) == 28
    assert [found.id for found in seen.planned] == ["x-20261204t0200z"]
    assert seen.complete_until == clock.parse_time("2026-12-18T02:00:00Z")


@pytest.mark.parametrize(
    ("rule", "until"),
    [
        ("FREQ=WEEKLY;INTERVAL=3", "2027-01-12T02:00:00Z"),
        ("FREQ=MONTHLY;COUNT=3", "2027-02-01T02:00:00Z"),
        ("FREQ=MONTHLY;COUNT=2", None),
    ],
)
def test_a_page_holds_until_the_first_window_that_it_does_not_list(rule: str, until: str | None) -> None:
    rare = parser.parse(SERIES.replace("FREQ=WEEKLY;COUNT=4", rule), "x.yml")
    seen = summary.at(clock.parse_time("2026-12-03T12:00:00Z"), [rare], [Component("api", "API")], UTC)

    assert len(seen.planned) == 1
    assert seen.complete_until == (until and clock.parse_time(until))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL must be a number, 1 or larger."),
        ("FREQ=DAILY;COUNT=0", "COUNT must be a number, 1 or larger."),
        ("FREQ=DAILY;COUNT=-1", "COUNT must be a number, 1 or larger."),
        # dateutil follows it day by day to the year 9999
        pytest.param("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "has no window within 30 years.", marks=pytest.mark.slow),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "has no window within 30 years."),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;UNTIL=99991231T000000Z", "has no window within 30 years."),
        ("FREQ=WEEKLY;UNTIL=20260101T000000Z", "UNTIL is earlier than the beginning of the first one."),
        ("FREQ=DAILY;COUNT=3\nEXDATE:20261201T020000Z", "is not a daily, weekly, monthly or yearly rule."),
        ("FREQ=WEEKLY;BYDAY=TU,FR,SA", "a window begins before the previous window ends."),
    ],
)
def test_a_rule_that_cannot_be_meant_is_told(rule: str, said: str) -> None:
    window = Window(clock.parse_time("2026-12-01T02:00:00Z"), clock.parse_time("2026-12-02T08:00:00Z"))

    assert recurrence.problem(rule, window).endswith(said)


def test_a_rule_never_falls_silent() -> None:
    old = Window(clock.parse_time("1990-01-01T02:00:00Z"), clock.parse_time("1990-01-01T03:00:00Z"), "FREQ=DAILY")
    now = clock.parse_time("2026-12-01T12:00:00Z")
    found = recurrence.occurrences(replace(series(), scheduled=old), now, UTC)

    assert found[-1].start == clock.parse_time("2026-12-02T02:00:00Z")
