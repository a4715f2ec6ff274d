"""`status merge` settles what git could not: the words of both sides, in the order of time."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import repository
import sites
from repository import git
from sites import API_ERRORS, status

NAME = "incidents/2026-11-23-api-errors.md"


@pytest.fixture(autouse=True)
def people(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in repository.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def added(text: str, time: str, message: str, status: str = "investigating") -> str:
    item = f"- at: 2026-11-23T{time}Z\n  status: {status}\n  message: |\n    {message}\n---\n"
    return text.removesuffix("---\n") + item


ANN = added(API_ERRORS, "13:10:00", "Ann.")
BOB = added(API_ERRORS, "13:05:00", "Bob.")
BOTH = added(added(API_ERRORS, "13:05:00", "Bob."), "13:10:00", "Ann.")


def conflicted(tmp_path: Path, ours: str, theirs: str, *how: str, style: str = "merge") -> Path:
    """A site in which git could not unite `ours` of Ann and `theirs` of Bob."""
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": API_ERRORS})
    repository.create(site)
    git(site, "config", "merge.conflictStyle", style)
    git(site, "checkout", "-q", "-b", "other")
    for branch, name, text in (("other", "Bob", theirs), ("main", "Ann", ours)):
        git(site, "checkout", "-q", branch)
        (site / NAME).write_text(text, newline="")
        git(site, "add", "-A")
        git(site, "commit", "-q", "--author", f"{name} <{name}@example.org>", "-m", f"{name} says")
    git(site, *(how or ("merge", "other")), code=1)
    return site


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
@pytest.mark.parametrize(
    ("how", "next_step"),
    [
        (("merge", "other"), "git commit --no-edit"),
        (("rebase", "other"), "git rebase --continue"),
        (("cherry-pick", "other"), "git cherry-pick --continue"),
    ],
)
def test_the_updates_of_both_are_united(how: tuple[str, ...], next_step: str, style: str, tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB, *how, style=style)
    said = status(site, "merge")

    assert (said.code, said.err) == (0, "")
    assert said.out == f"Settled {NAME}\n\nNext: {next_step}\n"
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == BOTH
    git(site, "-c", "core.editor=true", *next_step.split()[1:])
    assert git(site, "status", "--porcelain") == ""
    assert status(site, "merge").out == "No incident file has a conflict.\n"


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_the_markers_suffice_when_git_no_longer_knows_of_the_conflict(style: str, tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB, style=style)
    git(site, "add", "-A")

    assert status(site, "merge").code == 0
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == BOTH


TITLES = [API_ERRORS.replace("API errors", f"API down, says {name}") for name in ("Ann", "Bob")]


def test_what_both_changed_is_shown_and_nothing_is_written_where_nobody_answers(tmp_path: Path) -> None:
    site = conflicted(tmp_path, *TITLES)
    before = sites.snapshot(site / "incidents")
    said = status(site, "merge")
    ann, bob = (git(site, "rev-parse", "--short", name).strip() for name in ("HEAD", "other"))

    assert (said.code, sites.snapshot(site / "incidents")) == (1, before)
    assert said.err == (
        f'{NAME}: both have changed "title".\n'
        f'Ann (commit {ann}, 2026-11-23 14:05: "Ann says"):\n     API down, says Ann\n'
        f'Bob (commit {bob}, 2026-11-23 14:05: "Bob says"):\n     API down, says Bob\n'
        "Run status merge on a terminal and answer, or name whose version holds: status merge --take NAME\n"
    )


@pytest.mark.parametrize("how", [("merge", "other"), ("rebase", "other")])
@pytest.mark.parametrize(("take", "kept"), [("bob", 1), ("Ann", 0)])
def test_take_names_a_person_whatever_git_calls_the_sides(
    take: str, kept: int, how: tuple[str, ...], tmp_path: Path
) -> None:
    site = conflicted(tmp_path, *TITLES, *how)

    assert '"Carl" names neither side.' in status(site, "merge", "--take", "Carl").err
    assert status(site, "merge", "--take", take).code == 0
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == TITLES[kept]


def test_a_person_at_a_terminal_is_asked(tmp_path: Path) -> None:
    site = conflicted(tmp_path, *TITLES)
    said = status(site, "merge", typed="x\n2\n")

    assert said.code == 0
    assert said.out.count("Which one holds") == 2
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == TITLES[1]


def test_a_removed_file_is_kept(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": API_ERRORS})
    repository.create(site)
    git(site, "checkout", "-q", "-b", "other")
    git(site, "rm", "-q", NAME)
    git(site, "commit", "-q", "-m", "x")
    git(site, "checkout", "-q", "main")
    (site / NAME).write_text(ANN)
    repository.commit(site)
    git(site, "merge", "other", code=1)

    assert "it is kept" in status(site, "merge").out
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == ANN


def test_updates_that_git_put_into_one_second_get_seconds_of_their_own(tmp_path: Path) -> None:
    text = added(added(API_ERRORS, "13:10:00", "Ann."), "13:05:00", "Bob.")
    twice = added(text, "13:10:00", "Carl.")
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": twice})
    repository.create(site)
    assert "If git put them so: status merge" in status(site, "check").err
    said = status(site, "merge")

    assert said.code == 0
    assert "  The update of 2026-11-23T13:05:00Z was moved to its place in the order of time.\n" in said.out
    assert "  Another update has the time 2026-11-23T13:10:00Z, so one of them got 2026-11-23T13:10:01Z.\n" in said.out
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == added(BOTH, "13:10:01", "Carl.")


def test_other_files_are_left_to_the_person(tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB)
    git(site, "merge", "--abort")
    for branch in ("other", "main"):
        git(site, "checkout", "-q", branch)
        (site / "docs" / "about.md").write_text(f"# {branch}\n")
        repository.commit(site)
    git(site, "merge", "other", code=1)
    said = status(site, "merge")

    assert "Conflicts that are left to you:\n  docs/about.md\n" in said.out
    assert "<<<<<<<" in (site / "docs" / "about.md").read_text()
    assert "this is not an incident file of this site." in status(site, "merge", "docs/about.md").err


@pytest.mark.slow
@pytest.mark.parametrize("how", [("merge", "--no-edit", "other"), ("rebase", "other")])
def test_the_driver_lets_git_unite_them_itself(
    how: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = conflicted(tmp_path, ANN, BOB)
    git(site, "merge", "--abort")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    for _ in range(2):
        assert status(site, "merge", "--install-driver").code == 0
    assert (site / ".git" / "info" / "attributes").read_text().count("merge=status") == 3
    git(site, *how)

    assert sites.incident_text(site, "2026-11-23-api-errors.md") == BOTH


@pytest.mark.slow
def test_the_driver_leaves_markers_where_it_has_to_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = conflicted(tmp_path, *TITLES)
    git(site, "merge", "--abort")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    status(site, "merge", "--install-driver")
    git(site, "merge", "other", code=1)

    assert "<<<<<<< HEAD" in sites.incident_text(site, "2026-11-23-api-errors.md")
    assert status(site, "merge", "--take", "Bob").code == 0
