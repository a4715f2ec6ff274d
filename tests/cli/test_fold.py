"""`status merge --fold` moves updates that are files of their own into the file of their incident."""

from __future__ import annotations

from pathlib import Path

import pytest
import repository
import sites
from repository import git
from sites import API_ERRORS, status

NAME = "2026-11-23-api-errors"
FOUND = "---\nstatus: identified # at last\n---\nFound it.\n"
ITEM = """\
- at: 2026-11-23T13:30:00Z
  status: identified # at last
  message: |
    Found it.
---
"""
FOLDED = API_ERRORS.removesuffix("---\n") + ITEM


@pytest.fixture
def site(tmp_path: Path) -> Path:
    made = sites.make(tmp_path / "s", {f"{NAME}.md": API_ERRORS})
    put(made, FOUND)
    return made


def put(site: Path, text: str, name: str = "20261123T133000Z.md") -> Path:
    file = site / "incidents" / NAME / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def incident(site: Path) -> str:
    return sites.incident_text(site, f"{NAME}.md")


@pytest.mark.parametrize("typed", [[], ["api"], [f"incidents/{NAME}.md"]])
def test_the_update_is_in_the_incidents_file_afterwards(typed: list[str], site: Path) -> None:
    said = status(site, "merge", "--fold", *typed)

    assert (said.code, said.err) == (0, "")
    assert said.out == f"incidents/{NAME}.md has what was in 1 file.\nNext: status push\n"
    assert incident(site) == FOLDED
    assert not (site / "incidents" / NAME).exists()
    assert status(site, "merge", "--fold").out == "No update is a file of its own.\n"


def test_check_names_a_fold_that_was_killed_and_the_next_one_ends_it(site: Path) -> None:
    (site / "incidents" / f"{NAME}.md").write_text(FOLDED)
    checked = status(site, "check")
    assert "a second update at 2026-11-23T13:30:00Z" in checked.err
    assert "If both say the same: status merge --fold." in checked.err

    assert status(site, "merge", "--fold").code == 0
    assert incident(site) == FOLDED
    assert status(site, "check").code == 0


def test_an_empty_folder_that_a_killed_fold_left_is_removed(site: Path) -> None:
    put(site, FOUND).unlink()
    assert "this folder of updates is empty." in status(site, "check").err

    assert status(site, "merge", "--fold").code == 0
    assert status(site, "check").code == 0


def test_other_words_of_the_same_second_are_named_and_nothing_changes(site: Path) -> None:
    (site / "incidents" / f"{NAME}.md").write_text(FOLDED)
    put(site, FOUND.replace("it.", "something else."))
    before = sites.snapshot(site / "incidents")
    said = status(site, "merge", "--fold")

    assert (said.code, sites.snapshot(site / "incidents")) == (1, before)
    assert said.err == (
        f"incidents/{NAME}/20261123T133000Z.md: the incident's file has another update at 2026-11-23T13:30:00Z, "
        "with other words.\nRename this file to the next second that is free, then run it again.\n"
    )


def test_an_incident_that_cannot_be_folded_keeps_no_other_from_it(site: Path) -> None:
    other = site / "incidents" / "2026-11-22-other"
    (site / "incidents" / f"{other.name}.md").write_text(API_ERRORS)
    other.mkdir()
    (other / "20261123T133000Z.md").write_text("---\nstatus: maybe\n---\nx\n")
    said = status(site, "merge", "--fold")

    assert said.code == 1
    assert f"incidents/{other.name}/20261123T133000Z.md:2: " in said.err
    assert (incident(site), (other / "20261123T133000Z.md").exists()) == (FOLDED, True)


@pytest.mark.slow
def test_an_update_file_of_a_contested_second_gets_the_next_free_one(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in repository.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    (site / "incidents" / f"{NAME}.md").write_text(FOLDED)
    french = put(site, "Autre chose.\n", "20261123T133000Z.fr.md")
    put(site, FOUND.replace("it.", "something else."))
    repository.create(site)
    assert "give this one the next free second: status merge" in status(site, "check").err
    said = status(site, "merge")

    renamed = f"incidents/{NAME}/20261123T133000Z.md to 20261123T133001Z.md"
    assert f"Renamed {renamed}: the incident's file has another update of this second.\n" in said.out
    assert sorted(path.name for path in french.parent.iterdir()) == ["20261123T133001Z.fr.md", "20261123T133001Z.md"]
    assert status(site, "list").code == 0
    assert git(site, "diff", "--name-only") == ""
    assert status(site, "merge").out == "No incident file has a conflict.\n"


@pytest.mark.slow
def test_push_takes_the_files_away_for_everybody(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in repository.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    repository.create(site)
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    git(site, "remote", "add", "origin", str(tmp_path / "hub.git"))
    git(site, "push", "-q", "-u", "origin", "main")
    status(site, "merge", "--fold")

    assert status(site, "push").code == 0
    git(tmp_path, "clone", "-q", "hub.git", "clone")
    assert incident(tmp_path / "clone") == FOLDED
    assert not (tmp_path / "clone" / "incidents" / NAME).exists()
    assert status(tmp_path / "clone", "check").err == ""
