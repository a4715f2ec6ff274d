"""Where a new site lies in its repository, when it is renewed, and in which language it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from repository import git

from status_tool.errors import StatusError
from status_tool.project import git as program_git
from status_tool.project import new_site
from status_tool.render import language


def made(folder: Path, branch: str = "main") -> Path:
    git(folder, "init", "-q", "-b", branch)
    return folder


def test_a_folder_in_no_repository_will_be_one(tmp_path: Path) -> None:
    place = new_site.place(tmp_path / "new")

    assert (place.repository, place.branch, place.is_new) == (tmp_path / "new", "main", True)
    assert place.workflow == tmp_path / "new" / ".github" / "workflows" / "publish.yml"


def test_a_folder_in_a_repository_belongs_to_it(tmp_path: Path) -> None:
    """On its branch, which needs no commit; GitHub reads the workflows at the top only."""
    place = new_site.place(made(tmp_path, "trunk") / "ops" / "status")

    assert (place.repository, place.branch, place.is_new, place.subfolder) == (tmp_path, "trunk", False, "ops/status/")
    assert place.workflow == tmp_path / ".github" / "workflows" / "publish-ops-status.yml"


def test_a_folder_that_the_repository_above_ignores_will_be_one_of_its_own(tmp_path: Path) -> None:
    (made(tmp_path) / ".gitignore").write_text("*\n")

    assert new_site.place(tmp_path / "status").is_new


def test_without_a_branch_that_is_checked_out_there_is_none(tmp_path: Path) -> None:
    git(made(tmp_path), "commit", "-q", "-m", "x", "--allow-empty")
    git(tmp_path, "checkout", "-q", "--detach")

    assert new_site.place(tmp_path).branch is None


@pytest.mark.parametrize("name", ["a*", "[x]", "a\nb", 'say "so"', "${{x}}", "back\\slash"])
def test_a_folder_that_a_workflow_cannot_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StatusError, match="has another meaning in a workflow"):
        new_site.place(made(tmp_path) / name)


def test_the_folder_of_a_repository_of_its_own_may_have_any_name(tmp_path: Path) -> None:
    assert new_site.place(tmp_path / "[our] status*").subfolder == ""


def test_a_site_is_built_every_six_hours_and_never_at_the_full_hour() -> None:
    drawn = [new_site.schedule(Random(seed)).split() for seed in range(2_000)]
    hours = Counter(hours for _, hours, *_ in drawn)

    assert {tuple(rest) for _, _, *rest in drawn} == {("*", "*", "*")}
    assert {int(minute) for minute, *_ in drawn} == set(range(1, 60))
    assert set(hours) == {",".join(str(hour) for hour in range(first, 24, 6)) for first in range(6)}
    assert new_site.schedule(Random(1)) == new_site.schedule(Random(1))


def test_a_new_site_can_be_written_in_every_language_that_pages_have() -> None:
    assert new_site.languages() == sorted(["en", *language.available()])


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("theme: {name: material, language: fr}\n", "fr"),
        ("theme: material\n", "en"),
        ("theme: {name: material, language: de}\n", "en"),
        ("theme: [\n", "en"),
    ],
)
def test_a_new_site_speaks_the_language_of_the_settings_above_it(tmp_path: Path, settings: str, expected: str) -> None:
    (tmp_path / "mkdocs.yml").write_text(settings)

    assert new_site.language_above(tmp_path / "status") == expected


def test_git_makes_the_repository_in_its_folder_even_within_a_hook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other"))
    (tmp_path / "new").mkdir()

    assert program_git.create(tmp_path / "new")
    assert (tmp_path / "new" / ".git" / "HEAD").read_text() == "ref: refs/heads/main\n"
    assert not (tmp_path / "other").exists()
