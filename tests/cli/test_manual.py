"""The manual on a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import sites
from sites import status

ROOT = Path(__file__).parents[2]


def test_the_manual_lists_its_pages_with_their_titles(tmp_path: Path) -> None:
    lines = status(tmp_path, "manual").out.splitlines()

    assert "incident-file  The incident file" in lines
    assert "index" not in [line.split()[0] for line in lines]
    assert lines[-1] == "Read one: status manual settings"


def test_a_page_of_the_manual_is_printed_as_it_is(tmp_path: Path) -> None:
    assert status(tmp_path, "manual", "settings").out == (ROOT / "docs" / "settings.md").read_text("utf-8") + "\n"


def test_a_page_that_there_is_not_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    said = status(tmp_path, "manual", "setings")

    assert (said.code, said.out) == (2, "")
    assert 'No page "setings". Did you mean "settings"? Use one of: architecture, ' in said.err


def test_what_a_new_site_says_of_the_manual_leads_there(tmp_path: Path) -> None:
    for language in ("en", "fr"):
        status(tmp_path, "init", language, "--language", language)
        texts = [
            text for name, text in sites.snapshot(tmp_path / language).items() if name in ("mkdocs.yml", "README.md")
        ]
        pages = [page for text in texts for page in re.findall(r"status manual ([a-z-]+)", text.decode())]

        assert pages == ["settings"]
        assert status(tmp_path, "manual", *pages).code == 0
