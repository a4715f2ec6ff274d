"""A component that is retired: gone from the present, kept in the history, and never said to be operational."""

from __future__ import annotations

import json
import re
from datetime import UTC
from pathlib import Path

import pytest
import sites

from status_tool.model import summary
from status_tool.model.component import Component, ComponentStatus
from status_tool.outputs import badges, pages, search_index, status_json, status_txt, statuspage_api
from status_tool.outputs.host_pages import SearchIndex
from status_tool.render import language, phrases
from status_tool.render.context import RenderContext
from status_tool.system import clock

SETTINGS = sites.SETTINGS.replace(
    "    - {{id: website, name: Website, since: 2026-11-01}}",
    "    - {{id: fax, name: Fax, group: Platform, since: 2026-08-01, retired: 2026-11-11}}",
).replace("    renewed_by", "    timezone: Europe/Paris\n    renewed_by")
JAMMED = """\
title: Paper jam
updates:
- {at: 2026-11-10T11:00:00Z, status: investigating, components: {fax: major_outage}, message: It is stuck.}
- {at: 2026-11-10T17:00:00Z, status: resolved, message: It prints again.}
"""
STUCK = JAMMED.replace("- {at: 2026-11-10T17:00:00Z, status: resolved, message: It prints again.}\n", "")
BEFORE, AFTER = "2026-11-10T22:59:00Z", "2026-11-10T23:00:00Z"
"""The last minute of 10 November in Paris, and the first of the 11th."""


def at(tmp_path: Path, now: str, text: str = JAMMED, language: str = "en") -> RenderContext:
    site = sites.make(tmp_path / "s", {"2026-11-10-jam.yml": text}, settings=SETTINGS, language=language)
    return sites.context_at(site, now)


def page(context: RenderContext) -> str:
    return pages.component(context, context.summary.of_component("fax")).body


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def present(context: RenderContext) -> dict[str, bool]:
    """Output -> whether it lists the component among those of the present."""
    index = statuspage_api.documents(context)
    return {
        "home": 'href="components/fax/"' in pages.home(context).body.partition("The last 14 days")[0],
        "status.json": '"fax"' in json.dumps(json.loads(status_json.status(context))["components"]),
        "api": '"Fax"' in dict(index)["api/v2/components.json"]().decode(),
        "subscribe": "Fax" in pages.subscribe(context).body,
        "llms.txt": "Fax" in pages.llms(context).decode(),
    }


@pytest.mark.parametrize(("now", "is_there"), [(BEFORE, True), (AFTER, False)])
def test_it_is_in_the_present_until_midnight_of_its_day(now: str, is_there: bool, tmp_path: Path) -> None:
    assert set(present(at(tmp_path, now)).values()) == {is_there}


def test_its_page_its_feeds_and_its_badge_stay(tmp_path: Path) -> None:
    before = {path for path in sites.files_of(at(tmp_path / "1", BEFORE)) if "history/" not in path}
    context = at(tmp_path / "2", AFTER)
    index = json.loads(search_index.search_index(SearchIndex("s", {}, "docs", []), context))

    assert before <= set(sites.files_of(context))
    assert "components/fax/feed.atom" in before
    assert [entry["text"] for entry in index["docs"] if entry["location"] == "components/fax/"] == [
        "Platform Retired since 11 November 2026"
    ]


def test_its_page_and_its_badge_say_since_when_and_are_not_green(tmp_path: Path) -> None:
    context = at(tmp_path, AFTER)
    (fax,) = context.summary.retired
    badge = json.loads(badges.endpoint(badges.component(context, fax)))

    assert "Platform Fax Retired since 11 November 2026 · as of" in plain(page(context))
    assert "st-operational" not in page(context).partition("st-part--large")[0]
    assert (
        'property="og:image" content="https://status.example.org/assets/cards/site.png'
        in pages.component(context, fax).head
    )
    assert badge["message"].startswith("Retired since 11 November 2026 (")
    assert (badge["isError"], badges.component(context, fax).status) == (True, ComponentStatus.UNKNOWN)


def test_its_record_ends_the_day_before(tmp_path: Path) -> None:
    context = at(tmp_path, "2027-03-01T12:00:00Z", STUCK)
    (fax,) = context.summary.retired
    shown = page(context)

    assert (fax.days[-1].date.isoformat(), fax.days[-1].status) == ("2026-11-10", ComponentStatus.MAJOR_OUTAGE)
    assert 'aria-label="1 of the 90 days until 10 November 2026 was not fully operational."' in shown
    assert "13 August 2026" in plain(shown)
    assert "The record ends on 10 November 2026." in shown
    # 12 of the 10 * 24 hours of November, without the ones after the retirement.
    assert [(uptime.month.month, uptime.share) for uptime in fax.uptime] == [(11, 0.95), (10, 1), (9, 1), (8, 1)]


def test_an_incident_that_is_open_at_its_retirement_stays_open_and_bad(tmp_path: Path) -> None:
    context = at(tmp_path, AFTER, STUCK)
    card = pages.home(context).body.partition("</section>\n\n")[0]

    assert [incident.id for incident in context.summary.open] == ["2026-11-10-jam"]
    assert context.summary.shown_status is ComponentStatus.MAJOR_OUTAGE
    assert "Paper jam" in status_txt.status(context).decode()
    assert "Major outage" in card


def test_history_keeps_its_name(tmp_path: Path) -> None:
    context = at(tmp_path, AFTER)
    (incident,) = context.summary.incidents
    document = json.loads(dict(statuspage_api.documents(context))["api/v2/incidents.json"]())
    (updates,) = [incident["incident_updates"] for incident in document["incidents"]]

    assert '<a href="../../components/fax/">Fax</a>' in pages.incident(context, incident).body
    assert [update["affected_components"][0]["name"] for update in updates] == ["Platform - Fax"] * 2


def test_only_what_lists_the_present_is_made_again_at_its_retirement(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"jam.yml": JAMMED}, settings=SETTINGS)
    before, after = (
        {file.path: file.input_digest for file in sites.planned(sites.context_at(site, now))} for now in (BEFORE, AFTER)
    )

    assert {path for path in before if before[path] != after[path]} == {
        "subscribe/index.html",
        "llms.txt",
        "assets/cards/home.png",  # has the time
    }


def test_a_site_of_retired_components_alone_claims_nothing_of_systems() -> None:
    now = clock.parse_time(AFTER)
    found = summary.at(now, [], [Component("fax", "Fax", retired=now.date())], UTC)

    assert phrases.headline(language.get("en", UTC), found) == "No incident is open"
