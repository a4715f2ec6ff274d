"""A site in French, whole: no phrase of ours is left in English, and it is set as French readers know it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import catalogue
import pytest
import sites

MONTHS_AGO = """\
title: Panne
updates:
- {at: 2026-09-01T09:00:00Z, status: investigating, components: {api: major_outage}, message: Nous cherchons.}
- {at: 2026-09-01T12:00:00Z, status: resolved, edited: 2026-09-01T13:00:00Z, message: Voilà.}
"""
OPEN = """\
---
title: Erreurs
who: Tous.
workaround: Attendre.
contact: Appelez-nous.
started: 2026-11-23T12:50:00Z
updates:
- {at: 2026-11-23T12:55:00Z, status: investigating, components: {api: partial_outage}, message: Nous cherchons.}
- {at: 2026-11-23T13:00:00Z, status: identified, next: 30m, message: Trouvé.}
---
Une analyse.
"""
WORK = """\
title: Travaux {id}
kind: maintenance
scheduled: {{from: {begin}, until: {until}}}
updates:
- {{at: 2026-11-20T09:00:00Z, status: scheduled, components: {{website: under_maintenance}}, message: Lecture seule.}}
"""
INCIDENTS = {
    "2026-09-01-panne.yml": MONTHS_AGO,
    "2026-11-23-erreurs.md": OPEN,
    "2026-11-23-travaux.yml": WORK.format(id=1, begin="2026-11-23T13:00:00Z", until="2026-11-23T16:00:00Z"),
    "2026-12-01-travaux.yml": WORK.format(id=2, begin="2026-12-01T13:00:00Z", until="2026-12-01T16:00:00Z"),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    more = "    mirrors: [https://status.example.net/]\n    components:"
    text = sites.SETTINGS.replace("    components:", more).replace("name: API,", "name: Interface,")
    text = text.replace("name: Website,", "name: Site,").replace("Example Status", "Nos services")
    folder = sites.make(tmp_path_factory.mktemp("french"), INCIDENTS, language="fr", settings=text)
    (folder / "docs" / "about.md").write_text("# À propos\n")
    assert sites.status(folder, "build").code == 0
    return folder / "site"


@pytest.fixture(scope="module")
def words(site: Path) -> dict[str, str]:
    """What each page and text says, also in attributes; scripts and styles say nothing."""
    found = {}
    for path in sorted(site.rglob("*")):
        if path.suffix in (".html", ".txt", ".atom", ".rss", ".ics", ".svg") and path.name != "robots.txt":
            text = re.sub(r"<(script|style).*?</\1>", "", path.read_text("utf-8"), flags=re.DOTALL)
            said = re.findall(r'\s(?:aria-label|alt|title|content|data-(?!md-)[\w-]+)="([^"]*)"', text)
            plain = re.sub(r"<[^>]*>", "", unescape(text) if path.suffix == ".atom" else text)
            found[path.relative_to(site).as_posix()] = unescape(" ".join([plain, *said])).replace("\r\n ", "")
    return found


def english() -> dict[str, re.Pattern[str]]:
    """The phrases of three words and more, a placeholder being one, by what betrays them."""
    found = {}
    for message in catalogue.existing(catalogue.LOCALES / "fr.po"):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        for phrase in filter(None, ids):
            parts = [part.replace("%%", "%") for part in PLACEHOLDER.split(phrase)]
            letters = [word for part in parts for word in re.findall(r"[a-z]{2,}", part, re.IGNORECASE)]
            if len(letters) > 1 and len(letters) + len(parts) > 3:
                found[phrase] = re.compile(
                    r".{1,60}?".join(r"\s+".join(map(re.escape, re.split(r"\s+", p))) for p in parts)
                )
    return found


def test_no_page_is_left_half_in_english(words: dict[str, str]) -> None:
    phrases = english()
    left = {(path, phrase) for path, text in words.items() for phrase, said in phrases.items() if said.search(text)}

    assert len(phrases) > 60
    assert {"index.html", "components/api/index.html", "embed.html", "status.txt", "feed.atom"} <= set(words)
    assert left == set()


def test_a_colon_stands_off_by_a_space_that_does_not_break(words: dict[str, str]) -> None:
    told = {path: text for path, text in words.items() if path != "llms.txt"}  # whose colons are Markdown's
    close = {
        (path, found) for path, text in told.items() for found in re.findall(r".{,40}[^\W\d][ \n]?:\s.{,20}", text)
    }

    assert "Cause identifiée\u00a0: Erreurs" in words["feed.atom"]
    assert "Qui est touché\u00a0: Tous." in words["status.txt"]
    assert close == set()


@pytest.mark.parametrize("sign", [":", ";", "!", "?", "»", "%%"])
def test_no_translation_lets_a_line_break_before_a_sign(sign: str) -> None:
    texts = [str(message.string) for message in catalogue.existing(catalogue.LOCALES / "fr.po") if message.id]

    assert [text for text in texts if f" {sign}" in text] == []
