"""An incident that is reopened without a word on components: every output says that they are as before its end."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import sites

from status_tool.outputs import badges, feeds, pages, status_json, status_txt, statuspage_api
from status_tool.render.context import RenderContext

NAME = "2026-11-23-api-errors.md"
ENDED = sites.API_ERRORS.removesuffix("---\n") + (
    "- {at: 2026-11-23T13:20:00Z, status: identified, components: {api: partial_outage}, message: b}\n"
    "- {at: 2026-11-23T13:30:00Z, status: resolved, message: c}\n"
)
REOPENED = f"{ENDED}- {{at: 2026-11-23T14:00:00Z, status: investigating, message: d}}\n---\n"
RECOVERED = sites.API_ERRORS.removesuffix("---\n") + (
    "- {at: 2026-11-23T13:30:00Z, status: monitoring, components: {api: operational}, message: c}\n---\n"
)


def context_of(tmp_path: Path, text: str) -> RenderContext:
    return sites.context_at(sites.make(tmp_path / "s", {NAME: text}))


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture
def reopened(tmp_path: Path) -> RenderContext:
    return context_of(tmp_path, REOPENED)


def card(context: RenderContext) -> str:
    found = re.search(r'<section class="st-card.*?</section>', pages.home(context).body, re.DOTALL)
    assert found
    return found[0]


def document(content: bytes) -> Any:
    return json.loads(content)


def test_the_card_and_the_page_show_the_restored_components(reopened: RenderContext) -> None:
    (incident,) = reopened.summary.open
    page = pages.incident(reopened, incident).body
    newest = plain(page[page.index('class="st-update') :].partition("</article>")[0])

    assert 'class="st-card st-open st-partial_outage"' in card(reopened)
    assert "Major impact · since 23 November 2026, 13:00 UTC · API" in plain(card(reopened))
    assert 'class="st-title st-partial_outage"' in page
    assert newest.endswith("Investigating 23 November 2026, 14:00 UTC d API Partial outage")


def test_the_documents_agree(reopened: RenderContext) -> None:
    (summary,) = (make() for path, make in statuspage_api.documents(reopened) if path.endswith("/summary.json"))
    (opened,) = document(summary)["incidents"]
    own = document(status_json.status(reopened))
    (month,) = document(status_json.month(reopened, next(iter(reopened.summary.by_month))))["incidents"]

    assert (own["status"], own["open"][0]["impact"], own["components"][0]["status"]) == (
        "partial_outage",
        "major",
        "partial_outage",
    )
    assert (month["components"], month["updates"][-1]["components"]) == ({"api": "partial_outage"},) * 2
    # The API has one impact for the whole of an incident: the worst.
    assert (opened["impact"], opened["components"][0]["status"]) == ("critical", "partial_outage")
    assert [
        [(part["old_status"], part["new_status"]) for part in update["affected_components"] or []]
        for update in opened["incident_updates"]
    ] == [
        [("operational", "partial_outage")],
        [("partial_outage", "operational")],
        [("major_outage", "partial_outage")],
        [("operational", "major_outage")],
    ]


def test_the_texts_agree(reopened: RenderContext) -> None:
    (entry, *_) = feeds.site(reopened).entries
    text = status_txt.status(reopened).decode()

    assert plain(entry.content) == "d API: Partial outage"
    assert "  Investigating, Major impact, since 23 November 2026, 13:00 UTC\n" in text
    assert "\nAPI: Partial outage\n" in text
    assert badges.site(reopened).message == "Partial outage"


def test_a_card_of_what_is_only_monitored_claims_no_outage(tmp_path: Path) -> None:
    context = context_of(tmp_path, RECOVERED)
    (incident,) = context.summary.open

    assert 'class="st-card st-open st-unknown"' in card(context)
    assert "API errors No impact now · since 23 November 2026, 13:00 UTC Monitoring" in plain(card(context))
    assert "API Operational" in plain(card(context))
    assert 'class="st-title st-unknown"' in pages.incident(context, incident).body
    assert document(status_json.status(context))["open"][0]["impact"] == "none"
    assert "Monitoring, No impact now, since" in status_txt.status(context).decode()
