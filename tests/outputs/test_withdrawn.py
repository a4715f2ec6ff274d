"""What is withdrawn: every output says so, and none counts it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import icalendar
import jsonschema
import pytest
import sites

from status_tool.outputs import (
    badges,
    calendar,
    embed,
    feeds,
    pages,
    search_index,
    status_json,
    status_txt,
    statuspage_api,
)
from status_tool.outputs.host_pages import SearchIndex
from status_tool.render.context import RenderContext

BEFORE, AFTER, DAY_AFTER = "2026-11-23T14:01:00Z", "2026-11-23T14:05:00Z", "2026-11-24T14:05:00Z"
KEYS = "withdrawn: 2026-11-23T14:02:00Z\nreason: Our *probe* was wrong.\nupdates:"
ERRORS = sites.API_ERRORS.replace("updates:", KEYS).replace("  message", "  next: 10m\n  message")
WORK = sites.WORK.replace("updates:", KEYS)
FILES = {
    "2026-11-20-slow-website.yml": sites.RESOLVED,
    "2026-11-23-api-errors.md": ERRORS,
    "2026-12-01-work.yml": WORK,
}
ID = "2026-11-23-api-errors"
STRUCK = '<span class="st-unseen">Withdrawn: </span><s><bdi>API errors</bdi></s>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sites.make(tmp_path_factory.mktemp("withdrawn") / "s", FILES)


@pytest.fixture(scope="module")
def after(folder: Path) -> RenderContext:
    return sites.context_at(folder, AFTER)


@pytest.fixture(scope="module")
def before(folder: Path) -> RenderContext:
    return sites.context_at(folder, BEFORE)


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def page_of(context: RenderContext) -> str:
    incident = next(incident for incident in context.summary.incidents if incident.id == ID)
    return pages.incident(context, incident).body


def api(context: RenderContext, name: str) -> Any:
    return next(json.loads(make()) for path, make in statuspage_api.documents(context) if path == f"api/v2/{name}.json")


def test_its_page_says_so_at_the_top_with_the_reason(after: RenderContext) -> None:
    page = page_of(after)
    head = page.partition('<section class="st-timeline"')[0]

    assert f"<h1>{STRUCK}</h1>" in head
    assert 'class="st-title st-no_data"' in head
    assert plain(head[head.index("<header") :]) == (
        "Withdrawn Withdrawn: API errors 23 November 2026, 13:00 – 14:02 UTC · API "
        "Withdrawn 23 November 2026, 14:02 UTC This was published by mistake and counts in no figure. "
        "Our probe was wrong."
    )
    assert "Next update by" not in page
    assert "st-figures" not in page
    assert "We are looking into it." in page


def test_the_lists_keep_it_struck(after: RenderContext) -> None:
    (component,) = (component for component in after.summary.components if component.component.id == "api")
    month = pages.month(after, pages.month_pages(after, next(reversed(after.summary.by_month)))[0]).body

    date = "23 November 2026, "
    for body, day in ((pages.home(after).body, ""), (pages.component(after, component).body, date), (month, "")):
        entries = re.findall(r'<li class="st-entry st-no_data">.*?</li>', body, re.DOTALL)
        (entry,) = (entry for entry in entries if STRUCK in entry)
        words = f"{day}14:02 UTC Our probe was wrong."
        assert plain(entry).endswith(f"Withdrawn {day}13:00 – 14:02 UTC API {words}")


def test_it_counts_for_nothing(before: RenderContext, after: RenderContext) -> None:
    home, then = pages.home(after), pages.home(before)
    figures = plain(pages.history(after).body)

    assert (then.title, home.title) == ("Major outage", "All systems operational")
    assert ("st-card" in then.body, "st-card" in home.body) == (True, False)
    assert ("Planned maintenance" in then.body, "Planned maintenance" in home.body) == (True, False)
    assert "Incidents 1 Total duration 2 h 30 min" in figures
    assert {component.bar_uptime for component in after.summary.components} == {1.0}
    assert badges.site(after).message == "All systems operational"
    assert b"API errors" not in embed.page(after)


def test_the_figures_of_a_year_leave_it_out(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    (site / "site_templates" / "pages").mkdir(parents=True)
    template = "{{ metrics.incidents }} incidents, {{ metrics.maintenance }} maintenance"
    (site / "site_templates" / "pages" / "_year.html").write_text(template)

    assert "1 incidents, 0 maintenance" in pages.history(sites.context_at(site, AFTER)).body
    assert "2 incidents, 1 maintenance" in pages.history(sites.context_at(site, BEFORE)).body


def test_before_that_nobody_knew(before: RenderContext) -> None:
    texts = [page_of(before), pages.home(before).body, status_txt.status(before).decode()]
    texts += [entry.content for entry in feeds.site(before).entries]
    texts += [json.dumps(api(before, "incidents")), status_json.status(before).decode()]

    assert [text for text in texts if "probe" in text] == []


def test_its_own_entry_tells_followers_and_the_earlier_ones_say_so(before: RenderContext, after: RenderContext) -> None:
    entries = {entry.id: entry for entry in feeds.site(after).entries}
    new = [entry for id, entry in entries.items() if id not in {entry.id for entry in feeds.site(before).entries}]
    earlier = entries[feeds.entry_id(ID, after.summary.incidents[1].first.at)]
    note = (
        "Withdrawn 23 November 2026, 14:02 UTC This was published by mistake and counts in no figure. "
        "Our probe was wrong."
    )

    assert [(entry.title, plain(entry.content), f"{entry.published:%H:%M}") for entry in new] == [
        ("Withdrawn: Database upgrade", note, "14:02"),
        ("Withdrawn: API errors", note, "14:02"),
    ]
    assert new[1].url == f"https://status.example.org/incidents/{ID}/#withdrawn"
    assert '<div class="st-withdrawn" id="withdrawn">' in page_of(after)
    assert earlier.title == "Investigating: API errors"
    assert plain(earlier.content) == f"{note} We are looking into it. API: Major outage"
    assert f"{earlier.published:%H:%M} {earlier.updated:%H:%M}" == "13:00 14:02"


def test_an_entry_is_for_ever_that_of_this_withdrawal(after: RenderContext) -> None:
    assert feeds.site(after).entries[1].id == "urn:uuid:0303d5d9-4156-598e-ba90-a8e1fbcc71d6"


def test_programs_that_saw_it_open_see_it_end(before: RenderContext, after: RenderContext) -> None:
    (opened,), (ended, _) = api(before, "incidents/unresolved")["incidents"], api(after, "incidents")["incidents"]
    (work,) = api(after, "scheduled-maintenances")["scheduled_maintenances"]
    newest, *others = ended["incident_updates"]

    assert api(after, "summary")["incidents"] == api(after, "summary")["scheduled_maintenances"] == []
    assert (opened["id"], opened["impact"], opened["resolved_at"]) == (ended["id"], "critical", None)
    assert (ended["status"], ended["impact"], ended["resolved_at"]) == ("resolved", "none", "2026-11-23T14:02:00.000Z")
    assert (newest["status"], newest["body"], newest["created_at"]) == (
        "resolved",
        "Withdrawn: Our probe was wrong.",
        "2026-11-23T14:02:00.000Z",
    )
    assert [part["new_status"] for part in newest["affected_components"]] == ["operational"]
    assert others == opened["incident_updates"]
    assert (work["status"], work["impact"], work["incident_updates"][0]["status"]) == ("completed", "none", "completed")


def test_the_calendar_cancels_withdrawn_work(before: RenderContext, after: RenderContext) -> None:
    (then,), (now,) = (
        icalendar.Calendar.from_ical(calendar.maintenance(context)).walk("VEVENT") for context in (before, after)
    )

    assert (then["uid"], str(then["status"])) == (now["uid"], "CONFIRMED")
    assert (str(now["status"]), str(now["summary"])) == ("CANCELLED", "Withdrawn: Database upgrade (API)")
    assert now["sequence"] > then["sequence"]
    assert str(now["description"]).splitlines()[:2] == [
        "Withdrawn, 23 November 2026, 14:02 UTC",
        "Our probe was wrong.",
    ]


def test_our_documents_say_withdrawn(after: RenderContext, folder: Path) -> None:
    document, schema = (json.loads(make(after)) for make in (status_json.status, status_json.schema))
    month = json.loads(status_json.month(after, next(reversed(after.summary.by_month))))
    (found,) = (incident for incident in month["incidents"] if incident["id"] == ID)

    jsonschema.validate(document, schema)
    assert (document["open"], document["planned"]) == ([], [])
    assert document["withdrawn"][1] == {
        "id": ID,
        "title": "API errors",
        "titles": {},
        "url": f"https://status.example.org/incidents/{ID}/",
        "withdrawn": "2026-11-23T14:02:00Z",
        "reason": "Our *probe* was wrong.",
        "reasons": {},
    }
    assert json.loads(status_json.status(sites.context_at(folder, DAY_AFTER)))["withdrawn"] == []
    assert [found[key] for key in ("status", "impact", "withdrawn", "reason", "components")] == [
        "withdrawn",
        "none",
        "2026-11-23T14:02:00Z",
        "Our *probe* was wrong.",
        {},
    ]
    assert found["updates"][0]["next"] is None


def test_the_page_for_curl_says_so_for_a_day(after: RenderContext, folder: Path) -> None:
    assert (
        "\n\nWithdrawn: API errors\n  23 November 2026, 14:02 UTC: Our probe was wrong.\n"
        f"  https://status.example.org/incidents/{ID}/\n"
    ) in status_txt.status(after).decode()
    assert "Withdrawn" not in status_txt.status(sites.context_at(folder, DAY_AFTER)).decode()


def test_a_search_finds_it_as_withdrawn(after: RenderContext) -> None:
    index = json.loads(search_index.search_index(SearchIndex("search.json", {}, "docs", ()), after))
    (found,) = (entry for entry in index["docs"] if entry["location"] == f"incidents/{ID}/")

    assert (found["title"], "Our probe was wrong." in found["text"]) == ("Withdrawn: API errors", True)


def test_in_french_too(tmp_path: Path) -> None:
    context = sites.context_at(sites.make(tmp_path / "s", FILES, language="fr"), AFTER)

    assert "Retiré le 23 novembre 2026, 14:02 UTC" in plain(page_of(context))
    assert feeds.site(context).entries[1].title == "Retiré\xa0: API errors"
