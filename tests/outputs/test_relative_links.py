"""Relative links in the texts of incidents: right on every page, and whole wherever there is no page around them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import sites

from status_tool.outputs import calendar, status_txt, statuspage_api
from status_tool.render.context import RenderContext

ID = "2026-11-23-api-errors"
URL = "https://status.example.org/"
FILE = """\
---
title: API errors
replay: true
who: "[Who](/components/api/)"
updates:
- at: 2026-11-23T13:00:00Z
  status: investigating
  components: {api: major_outage}
  message: |
    See [how](../docs/about.md#how), ![graph](../docs/graph.png) and [why](#why).

    `[code](../docs/about.md)`, [ref], [later](2026-11-23-website.yml).

    [ref]: ../docs/about.md
---
[Why](#why), [this][ref]

[ref]: <../docs/about.md> "title"

## Why
"""
LATER = """\
title: Slow website
updates:
- at: 2026-11-23T13:30:00Z
  status: investigating
  message: Pages load slowly.
"""
ABOUT, GRAPH, WHY = "about/#how", "graph.png", f"incidents/{ID}/#pm-why"
LATER_PAGE = "incidents/2026-11-23-website/"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = sites.make(tmp_path / "s", {f"{ID}.md": FILE, "2026-11-23-website.yml": LATER})
    (site / "docs" / "graph.png").touch()
    return site


@pytest.fixture
def context(site: Path) -> RenderContext:
    return sites.context_at(site)


def hrefs(html: bytes | str) -> list[str]:
    """The addresses of the links in texts of incidents."""
    text = html if isinstance(html, str) else html.decode()
    return [
        match[1]
        for part in re.findall(r'<div class="st-text".*?</div>', text, re.DOTALL)
        for match in LINK.finditer(part)
    ]


LINK = re.compile(r'<a href="([^"]*)"')


def test_on_pages_they_are_relative_to_the_page(context: RenderContext) -> None:
    files = sites.files_of(context)
    message = [ABOUT, GRAPH, WHY, LATER_PAGE]
    step = f"incidents/{ID}/replay/20261123T130000Z/"

    assert hrefs(files["index.html"]) == ["components/api/", *message]
    assert hrefs(files[f"{step}index.html"]) == [f"../../../../{path}" for path in ("components/api/", *message)]
    own = [f"../../{path}" for path in ("components/api/", ABOUT, GRAPH)]
    assert hrefs(files[f"incidents/{ID}/index.html"]) == [
        *own,
        "#pm-why",
        f"../../{LATER_PAGE}",
        "#pm-why",
        "../../about/",
    ]


def test_in_feeds_they_are_whole(context: RenderContext) -> None:
    files = sites.files_of(context)
    feed = json.loads(files["feed.json"])
    found = {item["title"]: LINK.findall(item["content_html"]) for item in feed["items"]}

    whole = [URL + path for path in (ABOUT, GRAPH, WHY, LATER_PAGE, "components/api/")]
    assert found["Investigating: API errors"] == whole
    assert found["Post-mortem: API errors"] == [URL + WHY, f"{URL}about/"]


def test_in_plain_text_they_are_whole(context: RenderContext) -> None:
    lines = f"See how ({URL}{ABOUT}), graph ({URL}{GRAPH}) and why ({URL}{WHY})."
    documents = {path: make() for path, make in statuspage_api.documents(context)}
    incident = json.loads(documents["api/v2/incidents.json"])["incidents"][-1]

    assert lines in incident["incident_updates"][-1]["body"]
    text = " ".join(status_txt.status(context).decode().split())
    assert lines in text
    assert f"Who ({URL}components/api/)" in text


def test_in_the_calendar_they_are_whole(tmp_path: Path) -> None:
    work = sites.WORK.replace("Reads keep working.", '"See [how](/about/)."')
    text = calendar.maintenance(sites.context_at(sites.make(tmp_path / "s", {"2026-12-01-work.yml": work}))).decode()

    assert f"See how ({URL}about/)." in text.replace("\r\n ", "")


def test_markdown_for_programs_has_whole_addresses_outside_of_code(context: RenderContext) -> None:
    incident = json.loads(sites.files_of(context)["history/2026-11.json"])["incidents"][-1]

    assert incident["updates"][0]["message"] == (
        f"See [how]({URL}{ABOUT}), ![graph]({URL}{GRAPH}) and [why]({URL}{WHY}).\n\n"
        f"`[code](../docs/about.md)`, [ref], [later]({URL}{LATER_PAGE}).\n\n[ref]: ../docs/about.md"
    )
    assert incident["postmortem"] == f'[Why]({URL}{WHY}), [this][ref]\n\n[ref]: <{URL}about/> "title"\n\n## Why'
    assert incident["who"] == f"[Who]({URL}components/api/)"


def test_a_target_that_did_not_exist_yet_is_text(site: Path) -> None:
    files = sites.files_of(sites.context_at(site, "2026-11-23T13:05:00Z", is_replay=True))

    assert hrefs(files["index.html"]) == ["components/api/", ABOUT, GRAPH, WHY]
    assert b", later.</p>" in files["index.html"]


def test_what_is_written_again_includes_the_place_to_which_links_lead(tmp_path: Path) -> None:
    files = {f"{ID}.md": sites.API_ERRORS.replace("We", "[We](/x)"), "2026-11-20-slow-website.yml": sites.RESOLVED}
    site = sites.make(tmp_path / "s", files)
    (site / "docs" / "x.md").touch()

    def digests() -> dict[str, str]:
        return {file.path: file.input_digest for file in sites.planned(sites.context_at(site))}

    before = digests()
    assert before == digests()
    (site / "docs" / "x").touch()
    after = digests()
    changed = {path for path in before if before[path] != after[path]}

    assert {"feed.atom", f"incidents/{ID}/feed.atom", "components/api/feed.rss"} <= changed
    assert not any("website" in path for path in changed)


def test_a_template_without_links_shows_the_address(context: RenderContext) -> None:
    assert context.templates.html("[how](../docs/about.md)") == "<p>how (../docs/about.md)</p>\n"
