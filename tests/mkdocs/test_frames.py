"""Which of MkDocs' pages become frames, and what is taken from a finished build."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites

from status_tool.errors import StatusError
from status_tool.mkdocs import frames
from status_tool.outputs import frame
from status_tool.settings import settings
from status_tool.settings.settings import Settings

HTML = {path.removesuffix("index.html"): f"<html>{frame.BODY_ELEMENT}" for path in frames.FRAMES}


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(sites.make(tmp_path / "s"))
    return settings.load(Path("mkdocs.yml"))


def test_an_owners_file_at_one_of_our_addresses_is_refused(found: Settings) -> None:
    files = [
        ("index.md", "index.html", True),
        ("about.md", "about/index.html", True),
        ("history.md", "history/index.html", True),
        ("status.json", "status.json", False),
    ]
    with pytest.raises(StatusError) as raised:
        frames.refuse_collisions(files, found)

    assert str(raised.value) == "\n".join(
        f"docs/{name}: the status pages use this address themselves.\nMove the file to another name or folder."
        for name in ("history.md", "status.json")
    )


def test_a_home_page_that_is_no_page_is_refused(found: Settings) -> None:
    with pytest.raises(StatusError, match=r"^docs/index\.html: "):
        frames.refuse_collisions([("index.html", "index.html", False)], found)


def test_a_finished_build_is_taken_without_its_lists_and_frames(found: Settings, tmp_path: Path) -> None:
    built = tmp_path / "built"
    (built / "search").mkdir(parents=True)
    for name in ("sitemap.xml", "sitemap.xml.gz", "search/search_index.json"):
        (built / name).write_bytes(b"")
    (built / "404.html").write_text("Not found.")
    host_pages = frames.collect(built, HTML, {"'sha256-b'", "'sha256-a'"}, found)

    assert host_pages.files == {"404.html": b"Not found."}
    assert (host_pages.frames, host_pages.scripts) == (HTML, ("'sha256-a'", "'sha256-b'"))
    assert (host_pages.sitemap, host_pages.search) == ((), None)


def test_a_frame_that_is_not_built_is_named(found: Settings, tmp_path: Path) -> None:
    html = {path: text for path, text in HTML.items() if path != "history/"}

    with pytest.raises(StatusError, match=r"^mkdocs\.yml: MkDocs left out history/index\.html, "):
        frames.collect(tmp_path, html, (), found)


@pytest.mark.parametrize(("override", "named"), [("", "mkdocs.yml"), ("main.html", "site_templates/theme/main.html")])
def test_a_template_without_the_content_is_named(override: str, named: str, found: Settings, tmp_path: Path) -> None:
    if override:
        (found.templates / "theme").mkdir(parents=True)
        (found.templates / "theme" / override).write_text("Nothing.")

    with pytest.raises(StatusError) as raised:
        frames.collect(tmp_path, {**HTML, "history/": "<html>"}, (), found)
    assert str(raised.value) == (
        f"{named}: the theme's template does not show the content of a page.\n"
        "Write {{ super() }} or {{ page.content }} into its block content."
    )


def test_a_file_that_vanished_during_the_build_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    frames.refuse_losses(tmp_path, ["a.png"])

    with pytest.raises(StatusError, match="files are missing from the folder in which MkDocs builds"):
        frames.refuse_losses(tmp_path, ["a.png", "b.png"])
