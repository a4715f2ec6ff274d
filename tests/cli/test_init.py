"""A new site: what is in it, and what of a repository that is there stays."""

from __future__ import annotations

from pathlib import Path

import sites
from sites import API_ERRORS, status

OPEN = {"2026-11-23-api-errors.md": API_ERRORS}


def test_init_makes_a_site_that_the_next_commands_work_in(tmp_path: Path) -> None:
    said = status(tmp_path, "init", "my-status")

    assert said.code == 0
    assert "  cd my-status\n" in said.out
    assert sorted(sites.snapshot(tmp_path / "my-status")) == [
        ".github/workflows/publish.yml",
        ".gitignore",
        "README.md",
        "docs/about.md",
        "incidents/2026-11-23-test-of-this-page.md",
        "mkdocs.yml",
        "requirements.txt",
    ]
    assert status(tmp_path / "my-status", "check").out == "Checked 1 incident file: no errors.\nNext: status build\n"
    assert "@" not in (tmp_path / "my-status" / "mkdocs.yml").read_text()


def test_init_keeps_the_readme_of_a_repository_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Ours.")
    said = status(tmp_path, "init")

    assert said.code == 0
    assert "  README.md already exists and is unchanged\n" in said.out
    assert (tmp_path / "README.md").read_text() == "Ours."
