"""What a link to each page shows in a chat: tags with absolute addresses, a picture that is there, and as of when."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import kinds
import pytest
import sites
from sites import API_ERRORS, RESOLVED, context_at, files_of

NEEDED = {
    "og:type",
    "og:site_name",
    "og:title",
    "og:description",
    "og:url",
    "og:locale",
    "og:image",
    "og:image:type",
    "og:image:width",
    "og:image:height",
    "og:image:alt",
}
URL = "https://status.example.org/"
OPEN, PAST = "2026-11-23-api-errors", "2026-11-20-slow-website"


def card(html: bytes) -> dict[str, str]:
    """Property -> content of the card in a page."""
    found = re.findall(r'<meta property="([^"]+)" content="([^"]*)">', html.decode())
    return {name: unescape(content) for name, content in found}


def pages(files: dict[str, bytes]) -> dict[str, dict[str, str]]:
    return {path: card(content) for path, content in files.items() if path.endswith(".html")}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return files_of(context_at(kinds.make(tmp_path_factory.mktemp("cards") / "s", "en")))


def test_every_page_has_a_card_with_absolute_addresses_of_its_own_site(everything: dict[str, bytes]) -> None:
    for path, found in pages(everything).items():
        picture = found["og:image"].removeprefix(URL).partition("?")[0]

        assert found.keys() >= NEEDED, path
        assert all(found[name].strip() for name in NEEDED), path
        assert found["og:url"] == URL + path.removesuffix("index.html").replace("embed.html", ""), path
        assert everything[picture].startswith(b"\x89PNG"), path
        assert b'<meta name="twitter:card" content="summary_large_image">' in everything[path]


def test_the_home_page_says_as_of_when_in_title_picture_and_its_text(everything: dict[str, bytes]) -> None:
    found = card(everything["index.html"])

    assert found["og:title"] == "As of 23 November 2026, 14:05 UTC – Major outage"
    assert found["og:description"].startswith("Example Status: API errors – Investigating; ")
    assert found["og:image:alt"] == "Example Status: Major outage. As of 23 November 2026, 14:05 UTC"
    assert b"As of 23 November 2026, 14:05 UTC" in everything["assets/cards/home.png"]


def test_no_card_says_that_all_is_well_without_its_time(tmp_path: Path) -> None:
    files = files_of(context_at(sites.make(tmp_path / "s")))
    for path, found in pages(files).items():
        for name in ("og:title", "og:description", "og:image:alt"):
            claims = "operational" in found[name].lower()
            assert not claims or "As of 23 November 2026, 14:05 UTC" in found[name], (path, name)
    claiming = {path for path, content in files.items() if path.endswith(".png") and b"perational" in content}

    assert claiming == {"assets/cards/home.png"}
    assert card(files["components/api/index.html"])["og:image"] == f"{URL}assets/cards/site.png"


def test_an_incident_has_its_title_its_state_and_its_newest_words(everything: dict[str, bytes]) -> None:
    found = {id: card(everything[f"incidents/{id}/index.html"]) for id in (OPEN, PAST)}

    assert [(c["og:title"], c["og:image"].removeprefix(f"{URL}assets/cards/")) for c in found.values()] == [
        ("API errors", "investigating-major_outage.png"),
        ("Slow website", "resolved.png"),
    ]
    assert found[PAST]["og:description"] == "Resolved, 20 November 2026, 12:00 UTC: Pages load quickly again."
    assert found[PAST]["og:image:alt"] == "Example Status: Resolved"
    assert found[PAST]["article:modified_time"] == "2026-11-20T12:00:00Z"
    assert card(everything["incidents/2026-12-01-more-work/index.html"])["og:description"] == (
        "Planned: 1 December 2026, 13:00–16:00 UTC: And more."
    )
    assert card(everything["incidents/2026-11-22-mistake/index.html"])["og:description"] == (
        "Withdrawn, 22 November 2026, 09:20 UTC: Our probe was wrong."
    )
    assert "og:locale:alternate" in found[OPEN]


def test_what_is_over_has_a_card_that_no_longer_changes(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    path = f"incidents/{PAST}/index.html"
    first, second = (files_of(context_at(site, now))[path] for now in ("2026-11-23T14:05:00Z", "2027-11-23T14:05:00Z"))

    assert card(first) == card(second)


def test_many_incidents_share_a_few_pictures(tmp_path: Path) -> None:
    resolved = {f"2026-11-20-slow-{n}.yml": RESOLVED for n in range(30)}
    failing = {f"2026-11-23-errors-{n}.md": API_ERRORS for n in range(30)}
    files = files_of(context_at(sites.make(tmp_path / "s", {**resolved, **failing})))

    assert sorted(path for path in files if path.endswith(".png") and path.startswith("assets/cards/")) == [
        "assets/cards/home.png",
        "assets/cards/investigating-major_outage.png",
        "assets/cards/major_outage.png",
        "assets/cards/resolved.png",
        "assets/cards/site.png",
    ]


def test_only_the_picture_of_the_home_page_is_made_again_as_time_passes(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-errors.md": API_ERRORS})
    first, second = (
        {file.path: file.input_digest for file in sites.planned(context_at(site, now)) if file.path.endswith(".png")}
        for now in ("2026-11-23T14:05:00Z", "2026-11-23T14:06:00Z")
    )

    assert {path for path in first if first[path] != second[path]} == {"assets/cards/home.png"}
    assert all(first.values())


def test_a_step_of_a_replay_has_its_own_picture(everything: dict[str, bytes]) -> None:
    found = card(everything[f"{kinds.KINDS['step']}index.html"])

    assert found["og:title"] == "Replay: as of 19 November 2026, 09:00 UTC – Partial outage"
    assert found["og:image"] == f"{URL}{kinds.KINDS['step']}card.png"
    assert b"Replay: as of 19 November 2026, 09:00 UTC" in everything[f"{kinds.KINDS['step']}card.png"]


def test_a_title_cannot_leave_its_attribute(tmp_path: Path) -> None:
    text = API_ERRORS.replace("title: API errors", "title: '\"><script>x</script> & \"'")
    html = files_of(context_at(sites.make(tmp_path / "s", {f"{OPEN}.md": text})))[f"incidents/{OPEN}/index.html"]

    assert card(html)["og:title"] == '"><script>x</script> & "'
    assert b"<script>x" not in html
