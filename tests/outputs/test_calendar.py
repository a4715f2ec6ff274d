"""The calendar: an event for each maintenance, told again only when somebody wrote something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import icalendar
import pytest
import sites
import vobject
from hypothesis import given
from strategies import HOSTILE, incidents, texts

from status_tool.incident_files import parser
from status_tool.model.incident import Incident
from status_tool.model.update import Kind, Text, UpdateStatus
from status_tool.outputs import calendar
from status_tool.outputs.calendar import sequence
from status_tool.render import context
from status_tool.render.context import RenderContext
from status_tool.settings import settings
from status_tool.system import clock

WORK = """\
title: Database upgrade
kind: maintenance
scheduled: {from: 2026-12-01T02:00:00Z, until: 2026-12-01T04:00:00Z}
contact: support@example.org
updates:
- {at: 2026-11-20T09:00:00Z, status: scheduled, components: {api: under_maintenance}, message: "Reads *keep* working."}
"""
CANCELLED = "- {at: 2026-11-22T09:00:00Z, status: cancelled, message: Another day.}\n"
EVIL = (
    "a\r\nEND:VEVENT\r\nBEGIN:VALARM",
    "a\nBEGIN:VALARM",
    "semi;colon, comma: \\ and \\n and \\N and \\\\N",
    "C:\\New\\network",
    "🚒" * 40,
    "é" * 80,
    "مرحبا \u202eevil",
    '"quoted";X-EVIL=1:x',
    "\ttab",
    *HOSTILE,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> settings.Settings:
    return settings.load(sites.make(tmp_path_factory.mktemp("calendar") / "s") / "mkdocs.yml")


def parsed(text: str = WORK, id: str = "2026-12-01-database-upgrade") -> Incident:
    return parser.parse(text, f"{id}.yml")


def made(site: settings.Settings, *found: Incident, now: str = sites.NOW) -> RenderContext:
    return context.make(site, found, clock.parse_time(now))


def read(text: bytes) -> list[vobject.base.Component]:
    """The events, as a strict reader has them."""
    found = vobject.readOne(text.decode("utf-8"), validate=True)
    assert found.validate(raiseException=True)
    return found.contents.get("vevent", [])


def events(site: settings.Settings, *found: Incident, now: str = sites.NOW) -> list[vobject.base.Component]:
    return read(calendar.maintenance(made(site, *found, now=now)))


def lines(text: bytes) -> Iterator[str]:
    return iter(text.decode("utf-8").replace("\r\n ", "").split("\r\n"))


def test_planned_work_is_an_event_with_all_that_a_reader_needs(site: settings.Settings) -> None:
    assert list(lines(calendar.maintenance(made(site, parsed())))) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//incident-status//maintenance//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Example Status: planned maintenance",
        "X-WR-CALNAME:Example Status: planned maintenance",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "SOURCE;VALUE=URI:https://status.example.org/maintenance.ics",
        "URL:https://status.example.org/",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT",
        "SUMMARY:Database upgrade (API)",
        "DTSTART:20261201T020000Z",
        "DTEND:20261201T040000Z",
        "DTSTAMP:20261120T090000Z",
        "UID:3920d9fa-dc97-5480-852f-75d970bc33a3",
        "SEQUENCE:0",
        "CATEGORIES:API",
        "CREATED:20261120T090000Z",
        "DESCRIPTION:Scheduled\\, 20 November 2026\\, 09:00 UTC\\nReads keep working.\\n\\n"
        "Planned: 1 December 2026\\, 02:00–04:00 UTC\\nComponents: API\\n"
        "Where to get help: support@example.org\\n"
        "https://status.example.org/incidents/2026-12-01-database-upgrade/",
        "LAST-MODIFIED:20261120T090000Z",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "URL:https://status.example.org/incidents/2026-12-01-database-upgrade/",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_what_is_cancelled_is_told_as_cancelled(site: settings.Settings) -> None:
    (before,), (event,) = events(site, parsed()), events(site, parsed(WORK + CANCELLED))

    assert event.uid.value == before.uid.value
    assert int(event.sequence.value) > int(before.sequence.value)
    assert event.status.value == "CANCELLED"
    assert event.summary.value == "Cancelled: Database upgrade (API)"
    assert (event.dtstart.value, event.dtend.value) == (before.dtstart.value, before.dtend.value)
    assert event.last_modified.value == clock.parse_time("2026-11-22T09:00:00Z")


def test_an_event_is_the_same_whatever_its_title_and_wherever_the_site_stands(site: settings.Settings) -> None:
    (here,) = events(site, parsed())
    moved = replace(site, site_url="https://status.example.net/", site_name="Another")
    (there,) = events(moved, replace(parsed(), title=Text({"": "Upgrade of the database"})))

    assert here.uid.value == there.uid.value
    assert there.url.value.startswith("https://status.example.net/")


def test_the_sequence_rises_with_every_word() -> None:
    work = parsed()
    at = work.first.at
    corrected = replace(work, updates=(replace(work.first, edited=at + timedelta(minutes=5)),))
    again = replace(work, updates=(replace(work.first, edited=at + timedelta(minutes=9)),))
    late = replace(again.first, at=at + timedelta(minutes=2), edited=None)
    more = replace(again, updates=(*again.updates, late))

    assert sequence(work) == 0
    assert sequence(work) < sequence(corrected) < sequence(again) < sequence(more)


def test_a_correction_is_news(site: settings.Settings) -> None:
    at = clock.parse_time("2026-11-21T10:00:00Z")
    work = parsed()
    (event,) = events(site, replace(work, updates=(replace(work.first, edited=at),)))

    assert event.created.value == work.first.at
    assert event.last_modified.value == event.dtstamp.value == at


@given(incidents())
def test_the_sequence_never_falls_as_time_passes(incident: Incident) -> None:
    times = {
        incident.last_event_at,
        incident.withdrawn or incident.last_event_at,
        *(time for update in incident.updates for time in (update.published_at, update.edited) if time),
    }
    known = [then for time in sorted(times) if (then := incident.as_of(time))]
    numbers = [sequence(then) for then in known]

    assert numbers == sorted(numbers)
    assert len({(then.changed_at, len(then.updates), then.withdrawn) for then in known}) == len(set(numbers))
    assert all(number < 2**31 for number in numbers)


@pytest.mark.parametrize(
    ("updates", "begin", "end"),
    [
        ([], "02:00", "04:00"),
        (["01:30 in_progress"], "01:30", "04:00"),
        (["02:00 in_progress", "05:10 verifying"], "02:00", "05:10"),
        (["03:00 completed"], "02:00", "03:00"),
        (["02:00 in_progress", "03:00 cancelled"], "02:00", "03:00"),
        (["01:00 completed"], "01:00", None),
    ],
    ids=["planned", "early", "overrun", "done", "given up", "done before"],
)
def test_an_event_lasts_as_long_as_the_work_did(
    site: settings.Settings, updates: list[str], begin: str, end: str | None
) -> None:
    told = [update.split() for update in updates]
    items = [f"- {{at: 2026-12-01T{at}:00Z, status: {status}, message: x}}\n" for at, status in told]
    (event,) = events(site, parsed(WORK + "".join(items)), now="2026-12-02T00:00:00Z")

    assert f"{event.dtstart.value:%H:%M}" == begin
    assert (f"{event.dtend.value:%H:%M}" if "dtend" in event.contents else None) == end


@pytest.mark.parametrize(
    ("now", "count"), [("2026-11-20T08:00:00Z", 0), ("2027-03-01T03:59:59Z", 1), ("2027-03-01T04:00:00Z", 0)]
)
def test_what_is_long_over_is_gone(site: settings.Settings, now: str, count: int) -> None:
    assert len(events(site, parsed(), now=now)) == count


def test_only_planned_work_is_there_the_first_to_begin_first(site: settings.Settings) -> None:
    later = parsed(WORK.replace("2026-12-01", "2026-12-03").replace("Database", "Third"), "a")
    sooner = parsed(WORK.replace("2026-12-01", "2026-11-30").replace("Database", "First"), "b")
    draft = replace(parsed(id="c"), draft=True)
    outage = parser.parse(sites.RESOLVED, "d.yml")

    assert [event.summary.value for event in events(site, later, draft, outage, parsed(), sooner)] == [
        "First upgrade (API)",
        "Database upgrade (API)",
        "Third upgrade (API)",
    ]


def test_each_window_of_a_rule_is_an_event_of_its_own(site: settings.Settings) -> None:
    weekly = parsed(WORK.replace("Z}\n", 'Z, repeat: "FREQ=WEEKLY"}\n', 1))
    found = events(site, weekly, now="2026-12-09T00:00:00Z")

    days = "12-01 12-08 12-15 12-22 12-29 01-05 01-12 01-19 01-26 02-02 02-09"  # eight weeks, and the next one
    assert [f"{event.dtstart.value:%m-%d}" for event in found] == days.split()
    assert len({event.uid.value for event in found}) == 11


def test_a_window_of_a_rule_is_not_announced_anew_when_it_comes_near(site: settings.Settings) -> None:
    weekly = parsed(WORK.replace("Z}\n", 'Z, repeat: "FREQ=WEEKLY"}\n', 1))
    far, near = (
        next(event for event in events(site, weekly, now=now) if event.dtstart.value.day == 15)
        for now in ("2026-11-21T00:00:00Z", "2026-12-14T00:00:00Z")
    )
    home, page = (
        "https://status.example.org/",
        "https://status.example.org/incidents/2026-12-01-database-upgrade-20261215t0200z/",
    )

    assert (far.contents.pop("url")[0].value, near.contents.pop("url")[0].value) == (home, page)
    assert (
        far.contents.pop("description")[0].value.splitlines()[:-1]
        == (near.contents.pop("description")[0].value.splitlines()[:-1])
    )
    assert far.serialize(validate=False) == near.serialize(validate=False)
    assert (far.created.value, far.last_modified.value) == (clock.parse_time("2026-11-20T09:00:00Z"),) * 2


MOVED = (
    "- {at: 2026-11-22T09:00:00Z, status: scheduled, "
    "scheduled: {from: 2026-12-03T05:00:00Z, until: 2026-12-03T09:00:00Z}, message: Two days later.}\n"
)


def test_a_window_that_moves_is_the_same_event_at_another_time(site: settings.Settings) -> None:
    (before,), (event,) = events(site, parsed()), events(site, parsed(WORK + MOVED))

    assert event.uid.value == before.uid.value
    assert int(event.sequence.value) > int(before.sequence.value)
    assert event.dtstart.value == clock.parse_time("2026-12-03T05:00:00Z")
    assert event.dtend.value == clock.parse_time("2026-12-03T09:00:00Z")
    assert event.dtstamp.value == event.last_modified.value == clock.parse_time("2026-11-22T09:00:00Z")
    assert event.description.value.splitlines()[:5] == [
        "Rescheduled, 22 November 2026, 09:00 UTC",
        "Two days later.",
        "Moved from 1 December 2026, 02:00–04:00 UTC to 3 December 2026, 05:00–09:00 UTC",
        "",
        "Planned: 3 December 2026, 05:00–09:00 UTC",
    ]


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ("status: cancelled", {"12-01": "CONFIRMED", "12-08": "CANCELLED", "12-15": "CONFIRMED"}),
        (
            "status: scheduled, scheduled: {from: 2026-12-10T02:00:00Z, until: 2026-12-10T03:00:00Z}",
            {"12-01": "CONFIRMED", "12-10": "CONFIRMED", "12-15": "CONFIRMED"},
        ),
    ],
)
def test_one_window_of_a_rule_is_moved_or_cancelled_and_the_others_are_not(
    said: str, begins: dict[str, str], site: settings.Settings
) -> None:
    rule = WORK.replace("Z}\n", 'Z, repeat: "FREQ=WEEKLY;COUNT=3"}\n', 1)
    update = f"- {{at: 2026-11-22T09:00:00Z, window: 2026-12-08T02:00:00Z, {said}, message: That one.}}\n"
    before, after = events(site, parsed(rule)), events(site, parsed(rule + update))

    assert {f"{event.dtstart.value:%m-%d}": event.status.value for event in after} == begins
    assert [event.uid.value for event in after] == [event.uid.value for event in before]
    rises = [int(b.sequence.value) > int(a.sequence.value) for a, b in zip(before, after, strict=True)]
    assert rises == [False, True, False]


def test_a_build_alone_changes_nothing(site: settings.Settings) -> None:
    built = [
        calendar.maintenance(made(site, parsed(), now=now))
        for now in (sites.NOW, "2026-12-01T03:00:00Z", "2027-02-28T00:00:00Z")
    ]

    assert built[0] == built[1] == built[2]


def test_a_calendar_without_work_can_be_subscribed_to(site: settings.Settings) -> None:
    empty = calendar.maintenance(made(site))

    assert read(empty) == []
    assert [part.name for part in icalendar.Calendar.from_ical(empty).subcomponents] == ["VTIMEZONE"]


def test_a_title_names_what_it_does_not_say_itself(site: settings.Settings) -> None:
    def title(title: str, components: str) -> str:
        text = WORK.replace("Database upgrade", title).replace("{api: under_maintenance}", components)
        return events(site, parsed(text))[0].summary.value

    both = "{api: under_maintenance, website: under_maintenance}"
    assert title("Upgrade", both) == "Upgrade (API, Website)"
    assert title("The api moves", both) == "The api moves (Website)"
    assert title("Website and API move", both) == "Website and API move"
    assert title("Upgrade", "{}") == "Upgrade"


def test_a_site_in_french_has_a_calendar_in_french(tmp_path: Path) -> None:
    french = settings.load(sites.make(tmp_path / "s", language="fr") / "mkdocs.yml")
    text = calendar.maintenance(made(french, parsed(WORK + CANCELLED)))
    (event,) = read(text)

    assert "NAME:Example Status\u00a0: maintenances prévues" in list(lines(text))
    assert event.summary.value == "Annulé\u00a0: Database upgrade (API)"
    assert "Prévu\u00a0: 1er décembre 2026, 02:00–04:00 UTC" in event.description.value


def evil(title: str, message: str) -> Incident:
    work = parsed()
    words = replace(work.first, message=Text({"": message}), components={})
    return replace(work, title=Text({"": title}), updates=(words,))


def check_that_words_come_back(site: settings.Settings, title: str, message: str) -> None:
    work = evil(title, message)
    input_digest = made(site, work)
    text = calendar.maintenance(input_digest)
    found = icalendar.Calendar.from_ical(text)
    (event,) = read(text)
    description = "\n".join(calendar._description(input_digest, work, []))

    for summary in (event.summary.value, str(found.walk("VEVENT")[0]["SUMMARY"])):
        assert summary == title.replace("\r\n", "\n")
    for told in (event.description.value, str(found.walk("VEVENT")[0]["DESCRIPTION"])):
        assert told == description.replace("\r\n", "\n")
    assert [part.name for part in found.walk()] == ["VCALENDAR", "VEVENT"]
    assert set(event.contents) == {
        *("uid", "dtstamp", "created", "last-modified", "sequence", "status", "transp", "dtstart", "dtend"),
        *("summary", "description", "url"),
    }


@pytest.mark.parametrize("words", EVIL)
def test_hostile_words_come_back_whole_and_bring_nothing_with_them(site: settings.Settings, words: str) -> None:
    check_that_words_come_back(site, words, words)


@given(texts, texts)
def test_any_words_come_back_whole(site: settings.Settings, title: str, message: str) -> None:
    check_that_words_come_back(site, title, message)


def test_what_no_calendar_may_hold_is_left_out(site: settings.Settings) -> None:
    (event,) = events(site, evil("a\x00b\x0bc\x85d\u2028e\x7f", "x"))

    assert event.summary.value == "abcde"


@given(texts, texts)
def test_lines_are_narrow_and_no_character_is_torn(site: settings.Settings, title: str, message: str) -> None:
    text = calendar.maintenance(made(site, evil(title * 5, message * 5)))

    assert text.endswith(b"\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"") and b"\r" not in text.replace(b"\r\n", b"")
    for line in text.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")


@given(incidents(kinds=[Kind.MAINTENANCE]))
def test_any_maintenance_is_an_event_that_ends_after_it_begins(site: settings.Settings, incident: Incident) -> None:
    now = clock.iso(incident.last_posted_at)
    for event in events(site, replace(incident, draft=False), now=now):
        assert "dtend" not in event.contents or event.dtstart.value < event.dtend.value
        assert event.created.value <= event.dtstamp.value == event.last_modified.value
        assert (event.status.value == "CANCELLED") == (incident.last.status is UpdateStatus.CANCELLED)


def test_the_file_is_written_again_when_a_window_is_announced_and_has_a_page(tmp_path: Path) -> None:
    rule = sites.WORK.replace("04:00:00Z}", "04:00:00Z, repeat: FREQ=WEEKLY;COUNT=3}")
    site = sites.make(tmp_path / "s", {"2026-12-01-work.yml": rule})
    second = "incidents/2026-12-01-work-20261208t0200z/"

    def calendar_at(now: str) -> tuple[str, bool]:
        file = next(file for file in sites.planned(sites.context_at(site, now)) if file.path == "maintenance.ics")
        return file.input_digest, second in file.make().decode().replace("\r\n ", "")

    before, after = calendar_at("2026-12-01T01:00:00Z"), calendar_at("2026-12-01T02:30:00Z")

    assert (before[1], after[1]) == (False, True)
    assert before[0] != after[0]
