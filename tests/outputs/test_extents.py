"""From when until when: a page, the text, the list, the calendar and the JSON give one answer."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import icalendar
import pytest
import sites
from hypothesis import given
from hypothesis import strategies as st
from strategies import incidents

from incidents import at, incident, work
from status_tool.model.incident import Incident
from status_tool.outputs import calendar, pages, status_json, status_txt
from status_tool.project.project import Project
from status_tool.render import context
from status_tool.render.context import RenderContext
from status_tool.settings import settings

ANNOUNCED = "-24 scheduled api=under_maintenance"
OPEN = incident("1 investigating api=major_outage")
RESOLVED = incident("1 investigating api=major_outage", "3 resolved")
REOPENED = incident("1 investigating api=major_outage", "3 resolved", "5 investigating")
BEGAN_BEFORE_IT_WAS_KNOWN = incident("1 investigating", started="2026-12-01T00:30:00Z")
PLANNED = work(ANNOUNCED)
BEGAN_EARLY = work(ANNOUNCED, "1 in_progress")
COMPLETED = work(ANNOUNCED, "3 completed")
CANCELLED = work(ANNOUNCED, "-2 cancelled")
STOPPED = work(ANNOUNCED, "2.5 in_progress", "3 cancelled")
BROKE = work(ANNOUNCED, "3 in_progress api=major_outage")
MENDED = work(ANNOUNCED, "3 in_progress api=major_outage", "3.5 verifying api=under_maintenance")
GOES_ON = work(ANNOUNCED, "4.5 in_progress")

# What is over is in neither status.txt nor status.json, and what is not planned is not in the calendar.
ROWS = [  # incident, hour; page, status.txt, status list, calendar, status.json
    (OPEN, 2, "since 01:00", "since 01:00", "since 01:00 (1 h)", None, "01:00, null"),
    (BEGAN_BEFORE_IT_WAS_KNOWN, 2, "since 00:30", "since 00:30", "since 00:30 (1 h 30 min)", None, "00:30, null"),
    (RESOLVED, 2, "since 01:00", "since 01:00", "since 01:00 (1 h)", None, "01:00, null"),
    (RESOLVED, 3, "01:00–03:00 (2 h)", None, "01:00, 2 h", None, None),
    (REOPENED, 6, "since 01:00", "since 01:00", "since 01:00 (5 h)", None, "01:00, null"),
    (PLANNED, 1, "02:00–04:00", "02:00–04:00", "02:00 until 04:00", "02:00–04:00", "02:00, 04:00"),
    (PLANNED, 3, "02:00–04:00", "02:00–04:00", "02:00 until 04:00", "02:00–04:00", "02:00, 04:00"),
    (PLANNED, 4, "02:00–04:00 (2 h)", None, "02:00, 2 h", "02:00–04:00", None),
    (BEGAN_EARLY, 1.5, "01:00–04:00", "01:00–04:00", "01:00 until 04:00", "01:00–04:00", "01:00, 04:00"),
    (COMPLETED, 3.5, "02:00–03:00 (1 h)", None, "02:00, 1 h", "02:00–03:00", None),
    (CANCELLED, 1, "02:00–04:00", "02:00–04:00", "02:00 until 04:00", "02:00–04:00", None),
    (CANCELLED, 5, "02:00–04:00", None, "02:00 until 04:00", "02:00–04:00", None),
    (STOPPED, 5, "02:00–03:00 (1 h)", None, "02:00, 1 h", "02:00–03:00", None),
    (BROKE, 1, "02:00–04:00", "02:00–04:00", "02:00 until 04:00", "02:00–04:00", "02:00, 04:00"),
    (BROKE, 3.5, "since 02:00", "since 02:00", "since 02:00 (1 h 30 min)", "02:00–04:00 or later", "02:00, null"),
    (BROKE, 5, "since 02:00", "since 02:00", "since 02:00 (3 h)", "02:00–04:00 or later", "02:00, null"),
    (MENDED, 3.7, "02:00–04:00", "02:00–04:00", "02:00 until 04:00", "02:00–04:00", "02:00, 04:00"),
    (GOES_ON, 3, "02:00–04:00", "02:00–04:00", "02:00 until 04:00", "02:00–04:00", "02:00, 04:00"),
    (GOES_ON, 5, "since 02:00", "since 02:00", "since 02:00 (3 h)", "02:00–04:30 or later", "02:00, null"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> settings.Settings:
    return settings.load(sites.make(tmp_path_factory.mktemp("extents") / "s") / "mkdocs.yml")


@pytest.mark.parametrize(("found", "hour", "page", "text", "listed", "event", "document"), ROWS)
def test_every_output_gives_the_same_times(
    site: settings.Settings,
    found: Incident,
    hour: float,
    page: str,
    text: str | None,
    listed: str,
    event: str | None,
    document: str | None,
) -> None:
    made = context.make(site, [found], at(hour))
    (shown,) = made.summary.incidents
    here = Project(site, at(hour))

    assert (_page(made, shown), _text(made), _clock_only(here.extent(shown)), _event(made), _document(made)) == (
        page,
        text,
        listed,
        event,
        document,
    )


def _page(made: RenderContext, shown: Incident) -> str:
    extent = re.search(r'<span class="st-when">.*', pages.incident(made, shown).body)
    assert extent
    return _clock_only(re.sub(r"<[^>]*>", "", extent[0].partition(" · ")[0]))


def _text(made: RenderContext) -> str | None:
    """What stands after "Planned: ", or after the status and the impact."""
    text = " ".join(status_txt.status(made).decode("utf-8").split())
    found = re.search(r"(?:Planned: |(?:impact|Maintenance|yet), )((?:since )?\d+ \S+ 2026, [\d:–]+)", text)
    return _clock_only(found[1]) if found else None


def _event(made: RenderContext) -> str | None:
    for event in icalendar.Calendar.from_ical(calendar.maintenance(made)).walk("VEVENT"):
        begin, end = event.decoded("dtstart"), event.decoded("dtend")
        return f"{begin:%H:%M}–{end:%H:%M}" + " or later" * ("The end is not known." in event["description"])
    return None


def _document(made: RenderContext) -> str | None:
    document = json.loads(status_json.status(made))
    for entry in document["open"] + document["planned"]:
        begin, until = entry.get("started", entry.get("from")), entry["until"]
        return f"{_hour(begin)}, {_hour(until) if until else 'null'}"
    return None


def _hour(time: str) -> str:
    return f"{datetime.fromisoformat(time):%H:%M}"


def _clock_only(text: str) -> str:
    """`text` without the day, which is the same everywhere, and the zone."""
    return re.sub(r"1 December 2026, | UTC|2026-12-01 ", "", text).strip()


def test_a_month_of_the_history_gives_the_times_at_which_work_really_ended(site: settings.Settings) -> None:
    ended = {}
    for name, found in (("over", COMPLETED), ("broke", BROKE), ("cancelled", CANCELLED)):
        made = context.make(site, [found], at(5))
        (document,) = json.loads(status_json.month(made, next(iter(made.summary.by_month))))["incidents"]
        ended[name] = (document["started"], document["ended"])

    assert ended == {
        "over": ("2026-12-01T02:00:00Z", "2026-12-01T03:00:00Z"),
        "broke": ("2026-12-01T02:00:00Z", None),
        "cancelled": ("2026-12-01T02:00:00Z", "2026-12-01T02:00:00Z"),
    }


def test_a_page_does_not_announce_an_end_by_the_clock_for_work_in_which_something_broke(
    site: settings.Settings,
) -> None:
    def ends(found: Incident) -> list[datetime]:
        return [then.now for then in context.make(site, [found], at(3.2)).summary.transitions]

    assert ends(PLANNED) == [at(4)]
    assert ends(BROKE) == []


moments = st.integers(-48, 400).map(at)


@given(incidents(), moments, moments)
def test_no_clock_moves_the_times_of_planned_work_and_none_ended_later_than_now(
    found: Incident, one: datetime, other: datetime
) -> None:
    extent = found.extent_at(one)

    assert extent.ended is None or extent.ended <= one
    assert extent.end is None or extent.begin <= extent.end
    if found.is_maintenance:  # so a calendar changes only when somebody writes something
        assert extent[:2] == found.extent_at(other)[:2]
    else:
        assert extent.end == extent.ended


def test_the_command_list_shows_what_the_other_outputs_show(tmp_path: Path) -> None:
    work_today = sites.work("2026-11-23T14:00:00Z", "2026-11-23T18:00:00Z")
    broke = "- {at: 2026-11-23T14:03:00Z, status: in_progress, components: {api: major_outage}, message: It broke.}\n"
    folder = sites.make(tmp_path / "s", {"2026-11-23-work.yml": work_today + broke})

    assert "since 14:00 UTC (5 min)" in sites.status(folder, "list").out
    assert "in_progress, maintenance, since 14:00 UTC (5 min)" in sites.status(folder, "show").out
