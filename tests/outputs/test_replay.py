"""A site as of a chosen time says so wherever it says anything of the state."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sites
from lxml import etree
from sites import API_ERRORS, RESOLVED, context_at, files_of

NOW = "2026-11-23T14:05:00Z"
FILES = {
    "2026-11-20-slow-website.yml": RESOLVED,
    "2026-11-23-api-errors.md": API_ERRORS,
    "2026-12-01-work.yml": sites.WORK,
}
STATELESS = {
    "_headers",
    "assets/status.css",
    "assets/status.js",
    "embed.js",
    "sitemap.xml",
    "sitemap.xml.gz",
    "status.schema.json",
}
"""What says nothing of the state: lists of addresses, looks and scripts."""
MARK = re.compile(rb'\bReplay: |"replay": ?true')


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    """The files of a replay, and those of the same site in an ordinary build at the same time."""
    site = sites.make(tmp_path_factory.mktemp("replay") / "s", FILES)
    return files_of(context_at(site, NOW, is_replay=True)), files_of(context_at(site, NOW))


def test_every_file_of_a_replay_that_says_anything_of_the_state_is_marked(built: tuple[Any, Any]) -> None:
    replay, _ = built

    assert {path for path, content in replay.items() if not MARK.search(content)} == STATELESS


def test_nothing_is_marked_in_an_ordinary_build(built: tuple[Any, Any]) -> None:
    _, ordinary = built

    assert {path for path, content in ordinary.items() if MARK.search(content) or b"data-replay" in content} <= {
        "assets/status.js"
    }


def test_a_page_of_a_replay_says_as_of_when_before_anything_else(built: tuple[Any, Any]) -> None:
    replay, _ = built
    for path in (path for path in replay if path.endswith("index.html")):
        body = replay[path].decode().partition("</head>")[2]
        words = " ".join(re.sub(r"<[^>]*>", " ", body).split())

        assert words.startswith("Replay: as of 23 November 2026, 14:05 UTC "), path
        assert "Page written" not in words, path


def test_the_title_of_the_home_page_and_of_the_frame_says_it_first(built: tuple[Any, Any]) -> None:
    replay, _ = built

    assert [re.findall("<title>(.*?)</title>", files["index.html"].decode())[0] for files in built] == [
        "Replay: Major outage",
        "Major outage",
    ]
    assert b"<title>Replay: Major outage \xe2\x80\x93 Example Status</title>" in replay["embed.html"]
    assert b"<h1>Replay: Major outage</h1>" in replay["embed.html"]


def test_plain_text_says_it_in_the_first_line(built: tuple[Any, Any]) -> None:
    replay, ordinary = (files["status.txt"].decode() for files in built)

    assert replay == f"Replay: as of 23 November 2026, 14:05 UTC\n{ordinary}"


def test_documents_say_it_in_a_key_and_are_as_their_schema_says(built: tuple[Any, Any]) -> None:
    for files, expected in zip(built, (True, False), strict=True):
        documents = [json.loads(files[path]) for path in ("status.json", "history/index.json", "history/2026-11.json")]

        assert [document["replay"] for document in documents] == [expected] * 3
        jsonschema.validate(documents[0], json.loads(files["status.schema.json"]))


def test_the_documents_of_statuspage_say_it_in_the_texts_that_programs_show(built: tuple[Any, Any]) -> None:
    replay, ordinary = (json.loads(files["api/v2/summary.json"]) for files in built)

    assert replay["page"] == {**ordinary["page"], "name": "Replay: Example Status", "replay": True}
    assert replay["status"] == {"indicator": "critical", "description": "Replay: Major Service Outage"}
    assert {**replay, "page": 0, "status": 0} == {**ordinary, "page": 0, "status": 0}


def test_feeds_and_the_calendar_say_it_in_their_name(built: tuple[Any, Any]) -> None:
    replay, _ = built
    atom, rss = (etree.fromstring(replay[f"feed.{kind}"]) for kind in ("atom", "rss"))

    assert atom.findtext("{*}title") == "Replay: Example Status: incidents and maintenance"
    assert rss.findtext("channel/title") == "Replay: Example Status: incidents and maintenance"
    assert json.loads(replay["components/api/feed.json"])["title"] == "Replay: API – Example Status"
    assert b"\r\nX-WR-CALNAME:Replay: Example Status: planned maintenance\r\n" in replay["maintenance.ics"]


def test_a_badge_says_it_before_its_status(built: tuple[Any, Any]) -> None:
    replay, _ = built
    svg = etree.fromstring(replay["badge.svg"])

    assert json.loads(replay["badge.json"])["message"] == "Replay: Major outage (2026-11-23 14:05 UTC)"
    assert svg.get("aria-label") == "Example Status: Replay: Major outage. As of 23 November 2026, 14:05 UTC"
    assert "Replay: Major outage" in [text.text for text in svg.iter("{*}text")]


def test_language_models_are_told_that_nothing_is_the_present_state(built: tuple[Any, Any]) -> None:
    replay, ordinary = (files["llms.txt"].decode() for files in built)
    note = "Replay: as of 23 November 2026, 14:05 UTC. Nothing in the files below is the present state.\n\n"

    assert replay.replace(note, "") == ordinary != replay


def test_a_replay_in_french_speaks_french(tmp_path: Path) -> None:
    files = files_of(context_at(sites.make(tmp_path / "s", FILES, language="fr"), NOW, is_replay=True))

    assert files["status.txt"].decode().startswith("Rejeu\N{NO-BREAK SPACE}: état au 23 novembre 2026, 14:05 UTC\n")


def test_two_replays_and_an_ordinary_build_share_no_file_that_is_not_made_again(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", FILES)
    contexts = [context_at(site, NOW), *(context_at(site, now, is_replay=True) for now in (NOW, "2026-11-23T14:06Z"))]

    assert len({context.input_digest for context in contexts}) == 3
    assert len({context.site.input_digest for context in contexts}) == 1


def test_a_text_that_was_corrected_after_the_time_of_a_replay_says_so_without_the_later_time(tmp_path: Path) -> None:
    text = RESOLVED.replace("  message: Pages load *slowly*.", "  edited: 2026-11-21T08:00:00Z\n  message: Slow.")
    site = sites.make(tmp_path / "s", {"2026-11-20-slow-website.yml": text})
    before, after = (
        files_of(context_at(site, now, is_replay=True))["incidents/2026-11-20-slow-website/index.html"].decode()
        for now in ("2026-11-20T11:00:00Z", "2026-11-22T00:00:00Z")
    )

    assert '<span class="st-edited">corrected later</span>' in before
    assert "2026-11-21" not in before
    assert '<span class="st-edited">edited <time datetime="2026-11-21T08:00:00Z">' in after
