"""What the home page says once, and where: open incidents with their updates, the marks and the times of its lists."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sites

from incidents import at, incident, work
from status_tool.model.incident import Incident
from status_tool.model.update import Text
from status_tool.outputs import pages
from status_tool.render import context
from status_tool.settings import settings


def home(folder: Path, *found: Incident, now: float = 12, language: str = "en") -> str:
    site = sites.make(folder / "s", {}, language=language)
    named = [replace(each, id=f"i{n}", title=Text({"": f"Title {n}"})) for n, each in enumerate(found)]
    return pages.home(context.make(settings.load(site / "mkdocs.yml"), named, at(now))).body


def text(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def days(body: str) -> dict[str, str]:
    """Heading of a day -> what the day says."""
    found = re.findall(r'<div class="st-day[^>]*>\s*<h3>(.*?)</h3>(.*?)\n</div>', body, re.DOTALL)
    return {day: text(said) for day, said in found}


def card(body: str) -> str:
    (found,) = re.findall(r'<section class="st-card.*?</section>', body, re.DOTALL)
    return found


def test_a_day_leads_to_what_is_open_and_says_nothing_of_it_again(tmp_path: Path) -> None:
    down = incident("1 investigating api=major_outage", "30 identified")
    body = home(tmp_path, down, now=36)

    assert card(body).count("<article") == 2
    assert days(body)["2 December 2026"] == days(body)["1 December 2026"] == "Ongoing: Title 0"
    assert days(body)["30 November 2026"] == "No incidents reported."


def test_a_day_leads_to_maintenance_that_is_running(tmp_path: Path) -> None:
    assert days(home(tmp_path, work("-9 scheduled", "2 in_progress"), now=3))["1 December 2026"] == "Ongoing: Title 0"


def test_earlier_updates_of_what_is_open_unfold_in_place_the_newest_first(tmp_path: Path) -> None:
    updates = [f"{n} investigating" for n in range(1, 6)]
    for name, found in (("a", incident(*updates)), ("b", work("-9 scheduled", "2 in_progress", "2.5 verifying"))):
        earlier = re.findall(
            r'<details class="st-fold st-earlier".*?</details>',
            home(tmp_path / name, found, now=3 if name == "b" else 12),
            re.DOTALL,
        )
        times = re.findall(r'<time datetime="[^"]*T(\d\d:\d\d):00Z"', "".join(earlier))

        assert text(earlier[0]).startswith(f"{len(found.updates) - 1} earlier updates ")
        assert times == [f"{update.at:%H:%M}" for update in reversed(found.updates[:-1])]


def test_of_many_or_long_earlier_updates_the_page_of_the_incident_has_the_rest(tmp_path: Path) -> None:
    many = incident(*(f"{n / 10} investigating" for n in range(30)))
    long = replace(many, updates=[replace(update, message=Text({"": "x" * 4000})) for update in many.updates])
    huge = replace(many, updates=[replace(update, message=Text({"": "x" * 20_000})) for update in many.updates])
    found = [card(home(tmp_path / name, each)) for name, each in (("a", many), ("b", long), ("c", huge))]

    assert [each.count("<article") for each in found] == [1 + 10, 1 + 2, 1]
    assert [re.findall(r'<p class="st-more"><a href="([^"]*)">([^<]*)<', each) for each in found] == [
        [("incidents/i0/", "19 more")],
        [("incidents/i0/", "27 more")],
        [("incidents/i0/", "29 earlier updates")],
    ]


def marks(body: str) -> list[str]:
    return re.findall(r'<li class="st-entry (?:st-ongoing )?([^"]*)"', body)


@pytest.mark.parametrize(
    ("found", "mark"),
    [
        (incident("1 investigating api=major_outage"), "st-major_outage"),
        (incident("1 investigating api=major_outage", "2 monitoring api=operational"), "st-unknown"),
        (incident("1 investigating", impact="none"), "st-unknown"),
        (incident("1 investigating"), "st-unknown"),
        (incident("1 investigating api=major_outage", "2 resolved"), "st-over st-major_outage"),
        (incident("1 investigating", "2 resolved", impact="none"), "st-over st-operational"),
        (incident("1 investigating", "2 resolved"), "st-over st-unknown"),
        (incident("1 investigating api=major_outage", "2 resolved", "3 investigating"), "st-major_outage"),
        (replace(incident("1 investigating"), withdrawn=at(2), reason=Text({"": "No."})), "st-no_data"),
        (work("-9 scheduled api=under_maintenance"), "st-over st-under_maintenance"),
        (work("-9 scheduled", "2 in_progress", "3 cancelled"), "st-no_data"),
    ],
)  # fmt: skip
def test_the_mark_of_what_is_over_is_no_outage_and_that_of_what_is_open_no_tick(
    found: Incident, mark: str, tmp_path: Path
) -> None:
    assert marks(home(tmp_path, found)) == [mark]


def test_planned_work_has_the_mark_of_maintenance_before_it_begins(tmp_path: Path) -> None:
    assert marks(home(tmp_path, work("-9 scheduled api=major_outage"), now=1)) == ["st-under_maintenance"]


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("en", "1 December 2026", "Resolved 01:00 – 03:00 UTC (2 h) Resolved · 03:00 UTC m"),
        ("fr", "1er décembre 2026", "Résolu 01:00 – 03:00 UTC (2 h) Résolu · 03:00 UTC m"),
    ],
)
def test_below_the_heading_of_a_day_times_have_no_date(language: str, day: str, said: str, tmp_path: Path) -> None:
    over = incident("1 investigating", "3 resolved")
    month = sites.make(tmp_path / "m", {"x.yml": MONTH})
    (month_page,) = pages.month_pages(
        listed := sites.context_at(month, "2026-11-28T00:00:00Z"), max(listed.summary.by_month)
    )
    body = pages.month(listed, month_page).body

    assert days(home(tmp_path, over, language=language))[day].removeprefix("Title 0 ") == said
    assert "<h2>23 November 2026</h2>" in body
    assert "Open Identified since 23:30 UTC 23:45 UTC edited 23:50 UTC Found." in text(body)


MONTH = """\
title: Open
updates:
- {at: 2026-11-23T23:30:00Z, status: investigating, message: Looking.}
- {at: 2026-11-23T23:45:00Z, status: identified, edited: 2026-11-23T23:50:00Z, message: Found.}
"""


def test_a_day_that_is_not_the_one_in_the_heading_is_named(tmp_path: Path) -> None:
    over = incident("23 investigating api=major_outage", "25 resolved")

    assert days(home(tmp_path, over, now=36))["1 December 2026"].startswith(
        "Title 0 Resolved 23:00 UTC – 2 December 2026, 01:00 UTC (2 h) API Investigating · 23:00 UTC"
    )
