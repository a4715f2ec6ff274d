"""Every page of built sites is valid HTML, by our own check and, after `make valid`, by the Nu HTML checker."""

from __future__ import annotations

import re
from pathlib import Path

import kinds
import markup
import pytest
import sites
from browsing import build

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
URL = "https://status.example.org/"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Built sites: one of every kind of page in three languages, and the demo with the manual."""
    root = tmp_path_factory.mktemp("valid")
    made = [
        build(kinds.make(root / f"source-{language}", language) / "mkdocs.yml", sites.NOW, root / language)
        for language in ("en", "fr", "ar")
    ]
    return [*made, build(ROOT / "mkdocs.yml", "2021-10-04T20:00:00Z", root / "demo", is_replay=True)]


def test_no_page_of_a_built_site_has_a_mistake_that_its_tags_show(folders: list[Path]) -> None:
    pages = [page for folder in folders for page in folder.rglob("*.html")]
    found = {str(page): markup.faults(page.read_text("utf-8")) for page in pages}

    assert {path.removeprefix("index.html") for path in kinds.KINDS.values()} <= {
        page.relative_to(folders[0]).as_posix().removesuffix("index.html") for page in folders[0].rglob("*.html")
    }
    assert {page: faults for page, faults in found.items() if faults} == {}


def test_a_link_to_any_page_of_a_built_site_shows_a_card_with_a_picture_that_is_there(folders: list[Path]) -> None:
    for folder in folders:
        for page in folder.rglob("*.html"):
            html = page.read_text("utf-8")
            (picture,) = re.findall('<meta property="og:image" content="https://status.example.org/([^"?]*)', html)
            (title,) = re.findall('<meta property="og:title" content="([^"]+)">', html)

            assert (folder / picture).is_file(), page
            assert "status-frame" not in title


def test_a_page_of_the_owner_has_a_card_that_says_nothing_of_the_state(folders: list[Path]) -> None:
    pages = [(folders[0] / path).read_text("utf-8") for path in ("about/index.html", "404.html")]

    assert [re.findall('<meta property="og:(title|image|url)" content="(.*?)">', html) for html in pages] == [
        [("title", title), ("url", URL + path), ("image", f"{URL}assets/cards/site.png")]
        for title, path in (("About – Example Status", "about/"), ("Example Status", ""))
    ]


@pytest.mark.skipif(not markup.can_run_nu(), reason="needs java and vnu.jar: make valid")
def test_the_nu_checker_finds_nothing_of_ours(folders: list[Path]) -> None:
    assert [message for message in markup.nu(folders) if not markup.of_theme(message)] == []


@pytest.mark.skipif(not markup.can_run_nu(), reason="needs java and vnu.jar: make valid")
def test_the_nu_checker_does_find_mistakes(tmp_path: Path) -> None:
    page = "<!doctype html><html lang=en><meta charset=utf-8><title>x</title><p tabindex=''><time></time></p></html>"
    (tmp_path / "index.html").write_text(page)

    assert len(markup.nu([tmp_path])) == 2
