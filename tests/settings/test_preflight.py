"""Everything that keeps a site from being built before MkDocs runs, each named once with its remedy."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sites

from status_tool.settings import preflight, settings

ELSEWHERE = "Choose another folder: site_dir in mkdocs.yml, or --site-dir."


def line(text: str) -> Callable[[Path], None]:
    """Adds that line to the settings."""
    return lambda folder: (folder / "mkdocs.yml").write_text(f"{(folder / 'mkdocs.yml').read_text()}{text}\n") and None


def without(start: str) -> Callable[[Path], None]:
    """Removes the lines of the settings that begin so."""

    def remove(folder: Path) -> None:
        lines = (folder / "mkdocs.yml").read_text().splitlines(keepends=True)
        (folder / "mkdocs.yml").write_text("".join(line for line in lines if not line.startswith(start)))

    return remove


def link_to_the_pages(folder: Path) -> None:
    (folder / "site").symlink_to("docs")


def no_pages(folder: Path) -> None:
    (folder / "docs" / "about.md").unlink()
    (folder / "docs").rmdir()


def incidents_among_the_pages(folder: Path) -> None:
    (folder / "docs" / "outages").symlink_to("../incidents")


def what_no_build_can_read(folder: Path) -> None:
    os.mkfifo(folder / "docs" / "pipe.md")
    (folder / "docs" / "endless.md").symlink_to("/dev/zero")
    (folder / "docs" / "gone.md").symlink_to("nowhere")
    (folder / "docs" / ".#about.md").symlink_to("somebody@example.org.1234")  # Emacs edits it


def unread(name: str) -> str:
    return f"docs/{name}: this is not a readable file, so the site cannot be built.\nRemove it, or repair the link."


def belongs(shown: str, source: str) -> str:
    return f"{shown}: the site cannot be built in this folder: it is in, or contains, {source}.\n{ELSEWHERE}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: None, []),
        (
            lambda folder: (folder / "docs" / "bad.md").write_bytes(b"# A\n\xff\n") and None,
            ["docs/bad.md:2: not UTF-8 text.\nSave the file as UTF-8."],
        ),
        (what_no_build_can_read, [unread("endless.md"), unread("gone.md"), unread("pipe.md")]),
        (
            incidents_among_the_pages,
            [
                "docs/outages/2026-11-20-slow-website.yml: "
                "incident files in docs would be published as they are, drafts too.\n"
                "Move the folder of incidents elsewhere, or remove the link to it."
            ],
        ),
        (
            line(r'copyright: "\ud83d\udd25"'),
            [
                "mkdocs.yml:11: a character is escaped as two halves, which MkDocs cannot read.\n"
                r"Write the character itself, or \U0001f525 for \ud83d\udd25."
            ],
        ),
        (
            without("site_name"),
            ["mkdocs.yml: site_name is missing.\nAdd, for example: site_name: Example Status"],
        ),
        (
            without("site_url"),
            [
                "mkdocs.yml: site_url is missing, and feeds need full URLs.\n"
                "Add, for example: site_url: https://status.example.org/"
            ],
        ),
        (
            line("use_directory_urls: false"),
            ["mkdocs.yml: use_directory_urls: false is not supported: every page is a folder.\nRemove the line."],
        ),
        (
            no_pages,
            [
                "docs: this folder does not exist. A site needs it for its own pages.\n"
                "Create it with at least one page, as git does not store empty folders; or correct docs_dir."
            ],
        ),
        (
            line("site_dir: .git/site"),
            [f".git/site: the site cannot be built in a folder of git.\n{ELSEWHERE}"],
        ),
        (line("site_dir: incidents"), [belongs("incidents", "incidents")]),
        (line("site_dir: docs/out"), [belongs("docs/out", "docs")]),
        (line("site_dir: ."), [belongs(".", "incidents")]),
        (link_to_the_pages, [belongs("site", "docs")]),
    ],
)
def test_each_hindrance_is_named_with_its_remedy(
    change: Callable[[Path], None], said: list[str], tmp_path: Path
) -> None:
    folder = sites.make(tmp_path / "s")
    change(folder)
    with sites.inside(folder):
        found = preflight.problems(settings.load(folder / "mkdocs.yml"))

    assert [str(problem) for problem in found] == said


def test_all_hindrances_are_named_at_once(tmp_path: Path) -> None:
    folder = sites.make(tmp_path / "s")
    for change in (without("site_name"), without("site_url"), no_pages, line("site_dir: .git/site")):
        change(folder)
    with sites.inside(folder):
        found = preflight.problems(settings.load(folder / "mkdocs.yml"))

    assert [problem.path for problem in found] == ["mkdocs.yml", "mkdocs.yml", "docs", ".git/site"]


@pytest.mark.skipif(os.geteuid() == 0, reason="an administrator may read everything")
def test_a_folder_without_rights_is_named(tmp_path: Path) -> None:
    folder = sites.make(tmp_path / "s")
    (folder / "incidents").chmod(0)
    try:
        with sites.inside(folder):
            found = preflight.problems(settings.load(folder / "mkdocs.yml"))
    finally:
        (folder / "incidents").chmod(0o755)

    assert [str(problem) for problem in found] == ["incidents: cannot be read.\nCheck the rights of the folder."]
