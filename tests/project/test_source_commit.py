"""The commit that the manifest names is the one whose words the site shows, or says that it is not."""

from __future__ import annotations

from pathlib import Path

import repository
import sites

from status_tool.project import source_commit
from status_tool.settings import settings


def test_it_is_that_of_the_repository_and_says_what_was_changed_since(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": sites.API_ERRORS})
    found = settings.load(site / "mkdocs.yml")
    assert source_commit.of(found) == ""
    repository.create(site)
    head = repository.git(site, "rev-parse", "HEAD").strip()
    (site / "notes.txt").write_text("no source of the site")

    assert source_commit.of(found) == head
    (site / "incidents" / "new.md").write_text("x")
    assert source_commit.of(found) == f"{head}-dirty"
