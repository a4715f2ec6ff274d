"""Every form without markup says what the page says: struck words are struck, and rows of a table stay rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sites

from status_tool.outputs import calendar, pages, search_index, status_txt, statuspage_api
from status_tool.outputs.host_pages import SearchIndex
from status_tool.render.context import RenderContext

STRUCK = "~~All logins work again.~~ We were wrong"
MESSAGE = f"""\
    {STRUCK}: see below.

    | Region | State |
    |--------|-------|
    | EU     | down  |

    > All is well.
"""
OPEN = sites.API_ERRORS.replace("    We are looking into it.\n", MESSAGE).replace(
    "updates:", 'who: "~~All~~ Some."\nupdates:'
)
WORK = sites.WORK.replace("message: Reads keep working.", f"message: |\n{MESSAGE}")


@pytest.fixture
def context(tmp_path: Path) -> RenderContext:
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": OPEN, "2026-12-01-work.yml": WORK})
    return sites.context_at(site)


def test_the_page_for_curl(context: RenderContext) -> None:
    assert (
        "  23 November 2026, 13:00 UTC: ~~All logins work again.~~ We were wrong:\n"
        "  see below.\n"
        "  Region | State\n"
        "  ------ | -----\n"
        "  EU | down\n"
        "  > All is well.\n"
        "  Who is affected: ~~All~~ Some.\n"
    ) in status_txt.status(context).decode()


def test_a_text_that_begins_with_a_list_is_below_its_label_in_the_page_for_curl(tmp_path: Path) -> None:
    text = sites.API_ERRORS.replace(
        "We are looking into it.", "1. One that is so long that it needs more than one line."
    )
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": text.replace("One", "One " * 9)})
    lines = status_txt.status(sites.context_at(site)).decode().splitlines()

    assert lines[5] == "  23 November 2026, 13:00 UTC:"
    assert lines[6].startswith("  1. One One")
    assert lines[7].startswith("     ")


def test_the_documents_of_the_api(context: RenderContext) -> None:
    documents = {path: json.loads(make()) for path, make in statuspage_api.documents(context)}
    bodies = [documents[f"api/v2/{name}"] for name in ("incidents.json", "scheduled-maintenances.json")]
    found = [bodies[0]["incidents"][0], bodies[1]["scheduled_maintenances"][0]]

    for incident in found:
        assert incident["incident_updates"][0]["body"] == (
            f"{STRUCK}: see below.\n\nRegion | State\n------ | -----\nEU | down\n\n> All is well."
        )


def test_the_calendar(context: RenderContext) -> None:
    text = calendar.maintenance(context).decode().replace("\r\n ", "")

    assert f"{STRUCK}: see below.\\n\\nRegion | State\\n------ | -----\\nEU | down\\n" in text


def test_the_search_index(context: RenderContext) -> None:
    index = json.loads(search_index.search_index(SearchIndex("search.json", {}, "docs", ()), context))
    text = next(entry["text"] for entry in index["docs"] if "api-errors" in entry["location"])

    assert STRUCK in text
    assert "\nEU | down\n" in text


def test_descriptions_and_excerpts(context: RenderContext) -> None:
    line = f"{STRUCK}: see below. Region | State: EU | down; “All is well.”"
    incident = next(incident for incident in context.summary.incidents if not incident.is_maintenance)

    assert pages.incident(context, incident).description == line
    assert line in pages.home(context).body
