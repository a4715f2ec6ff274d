"""What a time typed by a person means: read exactly, or refused with a sentence."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.errors import StatusError
from status_tool.system import clock

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
moments = st.integers(0, 32_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
zones = st.integers(-11 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T14:05:00Z",
        "2026-11-23T14:05Z",
        "2026-11-23 14:05:00Z",
        "2026-11-23 14:05:00 Z",
        "2026-11-23t14:05:00z",
        " 2026-11-23T14:05:00.999999999Z ",
        "2026-11-23T15:05:00+01:00",
        "2026-11-23T15:05:00+0100",
        "2026-11-23T15:05:00+01",
        "2026-11-23T03:05:00-11:00",
        "2026-11-24T04:05:00+14:00",
        "2026-11-23T14:05:00-00:00",
    ],
)
def test_one_moment_in_many_spellings(text: str) -> None:
    assert clock.parse_time(text) == NOW


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-11-23T14:05:00", "this time has no zone: 2026-11-23T14:05:00."),
        ("2026-11-23 14:05", "this time has no zone: 2026-11-23 14:05."),
        ("2026-11-23", '"2026-11-23" is not a time.'),
        ("16:07", '"16:07" is not a time.'),
        ("yesterday", '"yesterday" is not a time.'),
        ("", '"" is not a time.'),
        ("2026-11-23T14:05:00 CET", '"2026-11-23T14:05:00 CET" is not a time.'),
        ("2026-11-23T24:00:00Z", '"2026-11-23T24:00:00Z" is not a time that exists.'),
        ("2026-11-23T14:60:00Z", '"2026-11-23T14:60:00Z" is not a time that exists.'),
        ("2026-11-23T14:05:60Z", '"2026-11-23T14:05:60Z" is not a time that exists.'),
        ("2026-02-29T14:05:00Z", '"2026-02-29T14:05:00Z" is not a time that exists.'),
        ("2026-11-23T14:05:00+24:00", '"2026-11-23T14:05:00+24:00" is not a time that exists.'),
        ("0001-01-01T00:00:00+05:00", '"0001-01-01T00:00:00+05:00" is not a time that exists.'),
        ("1969-12-31T23:59:59Z", '"1969-12-31T23:59:59Z" is not in the years 1970 to 2999.'),
        ("3000-01-01T00:59:00-01:00", '"3000-01-01T00:59:00-01:00" is not in the years 1970 to 2999.'),
        ("9999-12-31T23:59:59-05:00", '"9999-12-31T23:59:59-05:00" is not a time that exists.'),
        ("٢٠٢٦-11-23T14:05:00Z", '"٢٠٢٦-11-23T14:05:00Z" is not a time.'),
    ],
)
def test_what_is_no_time_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        clock.parse_time(text)

    assert str(refused.value) == sentence


@given(moments, zones)
def test_a_time_written_in_any_zone_is_the_same_moment_in_utc(moment: datetime, zone: timezone) -> None:
    found = clock.parse_time(moment.astimezone(zone).isoformat())

    assert (found, found.tzinfo) == (moment, UTC)


@given(moments, zones)
def test_what_we_write_for_machines_we_read_again(moment: datetime, zone: timezone) -> None:
    assert clock.parse_time(clock.iso(moment.astimezone(zone))) == moment


@pytest.mark.parametrize(
    ("year", "text"), [(1, "0001-01-01T00:00:00Z"), (987, "0987-01-01T00:00:00Z"), (2026, "2026-01-01T00:00:00Z")]
)
def test_a_year_is_written_with_four_digits(year: int, text: str) -> None:
    assert clock.iso(datetime(year, 1, 1, tzinfo=UTC)) == text


@given(st.text())
def test_any_text_is_a_time_a_duration_or_a_value_error(text: str) -> None:
    for read in (clock.parse_time, clock.parse_duration, lambda found: clock.parse_typed(found, NOW, PARIS)):
        try:
            read(text)
        except ValueError as refused:
            assert str(refused).endswith(".")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("1h30m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("45s", timedelta(seconds=45)),
        ("1d1h1m1s", timedelta(days=1, hours=1, minutes=1, seconds=1)),
        ("90m", timedelta(minutes=90)),
    ],
)
def test_a_duration_is_days_hours_minutes_and_seconds(text: str, length: timedelta) -> None:
    assert clock.parse_duration(text) == length


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", '"" is not a duration.'),
        ("30", '"30" is not a duration.'),
        ("30 m", '"30 m" is not a duration.'),
        ("30min", '"30min" is not a duration.'),
        ("m30", '"m30" is not a duration.'),
        ("30m1h", '"30m1h" is not a duration.'),
        ("-5m", '"-5m" is not a duration.'),
        ("1.5h", '"1.5h" is not a duration.'),
        ("10000d", '"10000d" is not a duration.'),
        ("0m", '"0m" is a duration of zero.'),
        ("0d0h0m0s", '"0d0h0m0s" is a duration of zero.'),
    ],
)
def test_what_is_no_duration_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        clock.parse_duration(text)

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-11-23T14:05:00Z", "2026-11-23T14:05:00Z"),
        ("2026-11-23 15:05", "2026-11-23T14:05:00Z"),
        ("2026-07-01 15:05:30", "2026-07-01T13:05:30Z"),
        ("16:07", "2026-11-23T15:07:00Z"),
        ("9:05", "2026-11-23T08:05:00Z"),
        ("09:05:10", "2026-11-23T08:05:10Z"),
        ("-5m", "2026-11-23T14:00:00Z"),
        ("+1h30m", "2026-11-23T15:35:00Z"),
        (" +1d ", "2026-11-24T14:05:00Z"),
    ],
)
def test_a_time_on_a_command_line_is_in_the_sites_zone_or_counted_from_now(text: str, found: str) -> None:
    assert clock.iso(clock.parse_typed(text, NOW, PARIS)) == found


def test_a_time_of_day_is_of_the_day_it_is_in_the_sites_zone() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    assert clock.iso(clock.parse_typed("00:15", late, PARIS)) == "2026-11-23T23:15:00Z"
    assert clock.iso(clock.parse_typed("13:15", late, ZoneInfo("Pacific/Kiritimati"))) == "2026-11-23T23:15:00Z"
    assert clock.iso(clock.parse_typed("12:15", late, ZoneInfo("Pacific/Pago_Pago"))) == "2026-11-23T23:15:00Z"


def test_an_hour_that_comes_twice_is_the_first() -> None:
    assert clock.iso(clock.parse_typed("2026-10-25 02:30", NOW, PARIS)) == "2026-10-25T00:30:00Z"


def test_an_hour_of_one_digit_may_have_seconds() -> None:
    assert clock.iso(clock.parse_typed("9:05:10", NOW, PARIS)) == "2026-11-23T08:05:10Z"


def test_an_hour_that_clocks_skip_is_refused() -> None:
    with pytest.raises(ValueError):
        clock.parse_typed("2026-03-29 02:30", NOW, PARIS)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("24:00", '"2026-11-23T24:00" is not a time that exists.'),
        ("16.07", '"16.07" is not a time.'),
        ("4pm", '"4pm" is not a time.'),
        ("30m", '"30m" is not a time.'),
        ("+", '"" is not a duration.'),
        ("-soon", '"soon" is not a duration.'),
        ("now", '"now" is not a time.'),
    ],
)
def test_what_means_no_time_on_a_command_line_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        clock.parse_typed(text, NOW, PARIS)

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("text", "now"), [("-9999d", datetime(20, 1, 1, tzinfo=UTC)), ("+9999d", datetime(9990, 1, 1, tzinfo=UTC))]
)
def test_a_duration_that_leads_out_of_the_calendar_is_refused(text: str, now: datetime) -> None:
    with pytest.raises(ValueError) as refused:
        clock.parse_typed(text, now, UTC)

    assert str(refused.value) == f'"{text}" is too far away.'


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "under a minute"),
        (59, "under a minute"),
        (59.6, "1 min"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (25860, "7 h 11 min"),
        (86399, "23 h 59 min"),
        (86400, "1 d"),
        (86700, "1 d 5 min"),
        (273660, "3 d 4 h"),
    ],
)
def test_a_duration_reads_as_its_two_largest_parts(seconds: float, text: str) -> None:
    assert clock.short(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(("epoch", "now"), [("1795442700", "2026-11-23T14:05:00Z"), ("0", "1970-01-01T00:00:00Z")])
def test_the_environment_can_set_the_clock(epoch: str, now: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)

    assert clock.iso(clock.now()) == now


@pytest.mark.parametrize("epoch", ["soon", "1e9", "1795442700.5", "nan", "99999999999999999"])
def test_an_environment_that_sets_no_time_is_named(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(StatusError) as refused:
        clock.now()

    assert str(refused.value) == (
        f'SOURCE_DATE_EPOCH is "{epoch}".\nSet it to whole seconds since 1970, for example 1633377600, or unset it.'
    )


def test_without_the_environment_the_clock_runs_in_whole_seconds_of_utc() -> None:
    before, now, after = int(time.time()), clock.now(), time.time()

    assert before <= now.timestamp() <= after
    assert (now.microsecond, now.tzinfo) == (0, UTC)
