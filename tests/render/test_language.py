"""Dates, durations, shares and phrases as pages of a language say them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import catalogue
import pytest

from status_tool.render.language import Language, available

ENGLISH, FRENCH = Language("en", UTC), Language("fr", ZoneInfo("Europe/Paris"))
AT = datetime(2021, 10, 4, 16, 7, 50, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\(\w+\)[ds]|%%")


def test_a_time_is_said_with_its_day_and_zone() -> None:
    assert ENGLISH.date_time(AT) == "4 October 2021, 16:07 UTC"
    assert FRENCH.date_time(AT) == "4 octobre 2021, 18:07 CEST"


@pytest.mark.parametrize(
    ("code", "day", "said"),
    [
        ("fr", 1, "1er octobre 2021"),
        ("fr-CA", 1, "1er octobre 2021"),
        ("fr", 11, "11 octobre 2021"),
        ("en", 1, "1 October 2021"),
    ],
)
def test_the_first_of_a_month_is_said_as_its_readers_say_it(code: str, day: int, said: str) -> None:
    assert Language(code, UTC).date(date(2021, 10, day)) == said


def test_a_zone_without_letters_is_said_by_its_offset() -> None:
    assert Language("en", ZoneInfo("Asia/Kathmandu")).date_time(AT) == "4 October 2021, 21:52 UTC+05:45"


def test_a_window_names_its_day_once() -> None:
    assert ENGLISH.window(AT, AT + timedelta(hours=2)) == "4 October 2021, 16:07–18:07 UTC"


def test_a_window_of_less_than_a_minute_is_one_time() -> None:
    time = datetime(2021, 10, 4, 16, 0, tzinfo=UTC)

    assert ENGLISH.window(time, time + timedelta(seconds=30)) == "4 October 2021, 16:00 UTC"


def test_a_window_over_midnight_names_both_days() -> None:
    assert ENGLISH.window(AT, AT + timedelta(hours=9)) == "4 October 2021, 16:07 UTC – 5 October 2021, 01:07 UTC"


@pytest.mark.parametrize(
    ("begin", "hours", "said"),
    [
        ("2021-10-04T16:07", 2, "18:07–20:07 CEST"),
        ("2021-10-04T16:07", 0, "18:07 CEST"),
        ("2021-10-04T16:07", 9, "18:07 CEST – 5 octobre 2021, 03:07 CEST"),
        ("2021-10-03T16:07", 9, "3 octobre 2021, 18:07 CEST – 03:07 CEST"),
        ("2021-10-04T22:07", 1, "5 octobre 2021, 00:07–01:07 CEST"),
    ],
)
def test_below_the_heading_of_a_day_its_date_is_left_out(begin: str, hours: int, said: str) -> None:
    start = datetime.fromisoformat(begin).replace(tzinfo=UTC)

    assert "".join(FRENCH.window_parts(start, start + timedelta(hours=hours), date(2021, 10, 4))) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=7, minutes=11), "7 h 11 min"),
        (timedelta(days=2, hours=3, minutes=4), "2 d 3 h"),
        (timedelta(hours=2), "2 h"),
    ],
)
def test_a_duration_is_said_in_its_two_largest_units(length: timedelta, said: str) -> None:
    assert ENGLISH.duration(length) == said


@pytest.mark.parametrize(("share", "said"), [(1.0, "100%"), (0.999999, "99.99%"), (0.9567, "95.67%"), (0.0, "0.00%")])
def test_a_share_is_never_rounded_up_to_a_hundred(share: float, said: str) -> None:
    assert ENGLISH.share(share) == said


def test_a_share_is_said_as_its_readers_write_it() -> None:
    assert FRENCH.share(0.9995) == "99,95\u202f%"


def test_a_month_is_said_in_the_language() -> None:
    assert FRENCH.month(date(2021, 10, 1)) == "octobre 2021"


def test_a_language_is_called_as_its_own_readers_call_it() -> None:
    assert ENGLISH.language_name("fr") == "français"


def test_an_unknown_language_falls_back_to_english() -> None:
    assert Language("xx", UTC).gettext("History") == "History"


@pytest.mark.parametrize("code", available())
def test_a_catalogue_holds_every_phrase_and_no_other(code: str) -> None:
    path = catalogue.LOCALES / f"{code}.po"
    wanted = {message.id for message in catalogue.phrases() if message.id}
    found = {message.id for message in catalogue.existing(path) if message.id}

    assert found == wanted, "run: make catalogue"


@pytest.mark.parametrize("code", available())
def test_a_translation_keeps_every_placeholder(code: str) -> None:
    wrong = []
    for message in catalogue.existing(catalogue.LOCALES / f"{code}.po"):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        wrong += [text or ids[0] for text in texts if not text or set(PLACEHOLDER.findall(text)) != wanted]

    assert wrong == []


@pytest.mark.parametrize(
    ("code", "spoken"), [("en", "en"), ("en-GB", "en-GB"), ("fr", "fr"), ("fr-CA", "fr-CA"), ("ar", "en"), ("de", "en")]
)
def test_a_language_knows_which_one_its_phrases_are_in(code: str, spoken: str) -> None:
    assert Language(code, UTC).phrase_language == spoken


def test_there_is_a_french_catalogue() -> None:
    assert "fr" in available()


@pytest.mark.parametrize(
    ("code", "tag"), [("en", "en_GB"), ("fr", "fr_FR"), ("pt-BR", "pt_BR"), ("zh", "zh_CN"), ("ar", "ar_EG")]
)
def test_a_language_has_a_tag_with_a_territory(code: str, tag: str) -> None:
    assert Language(code, UTC).territory_tag == tag
