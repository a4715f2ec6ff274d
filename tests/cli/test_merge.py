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


@pytest.mark.parametrize(
    "style", ["merge", *(pytest.param(name, marks=pytest.mark.slow) for name in ("diff3", "zdiff3"))]
)
@pytest.mark.parametrize(
    ("how", "next_step"),
    [
        (("merge", "other"), "git commit --no-edit"),
        pytest.param(("rebase", "other"), "git rebase --continue", marks=pytest.mark.slow),
        pytest.param(("cherry-pick", "other"), "git cherry-pick --continue", marks=pytest.mark.slow),
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


@pytest.mark.parametrize("style", ["merge", pytest.param("diff3", marks=pytest.mark.slow)])
def test_the_markers_suffice_when_git_no_longer_knows_of_the_conflict(style: str, tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB, style=style)
    git(site, "add", "-A")

    assert status(site, "merge").code == 0
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == BOTH


def test_what_both_changed_is_asked_even_if_only_the_markers_are_left(tmp_path: Path) -> None:
    text = API_ERRORS.replace(
        "    We are looking", "<<<<<<< HEAD\n    We are\n=======\n    All are\n>>>>>>> b\n    looking"
    )
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": text})
    repository.create(site)

    assert "both have changed the message of the update of 2026-11-23T13:00:00Z." in status(site, "merge").err
    assert status(site, "merge", "--take", "HEAD").code == 0
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == API_ERRORS.replace(
        "    We are looking", "    We are\n    looking"
    )


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


@pytest.mark.parametrize("how", [("merge", "other"), pytest.param(("rebase", "other"), marks=pytest.mark.slow)])
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


# -- what else git leaves behind -------------------------------------------------------------------


def marked(site: Path) -> str:
    return sites.incident_text(site, "2026-11-23-api-errors.md")


def write(site: Path, text: str) -> None:
    (site / NAME).write_text(text, newline="")


@pytest.mark.slow
def test_what_somebody_typed_between_the_markers_is_kept(tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB)
    write(site, marked(site).replace("    Ann.\n", "    Ann, in other words.\n"))

    assert status(site, "merge").code == 0
    assert marked(site) == BOTH.replace("Ann.", "Ann, in other words.")


def test_what_somebody_settled_by_hand_stays_as_it_is(tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB)
    by_hand = added(API_ERRORS, "13:10:00", "Both.")
    write(site, by_hand)

    assert "Somebody has settled it by hand; that text stays." in status(site, "merge").out
    assert (marked(site), git(site, "diff", "--name-only", "--diff-filter=U")) == (by_hand, "")


@pytest.mark.slow
def test_half_a_conflict_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB)
    half = marked(site).replace("=======\n", "Carl.\n")
    write(site, half)
    said = status(site, "merge")

    assert (said.code, marked(site)) == (1, half)
    assert 'a conflict marker of git is left over: "<<<<<<< HEAD".' in said.err


@pytest.mark.slow
def test_a_version_that_git_left_alone_hides_nothing_of_the_other(tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB)
    git(site, "merge", "--abort")
    (site / ".git" / "info" / "attributes").write_text("*.md -merge\n")
    git(site, "merge", "other", code=1)
    assert marked(site) == ANN

    assert status(site, "merge").code == 0
    assert marked(site) == BOTH


@pytest.mark.slow
def test_a_version_that_is_no_text_is_left_to_the_person(tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB)
    git(site, "merge", "--abort")
    (site / NAME).write_bytes(ANN.replace("Ann", "Åse").encode("latin-1"))
    git(site, "commit", "-q", "-am", "x")
    git(site, "merge", "other", code=1)
    before = (site / NAME).read_bytes()
    said = status(site, "merge")

    assert (said.code, (site / NAME).read_bytes()) == (1, before)
    assert "not UTF-8 text" in said.err


@pytest.mark.slow
def test_both_sides_gave_it_another_name_and_both_stay(tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB)
    git(site, "merge", "--abort")
    for branch in ("other", "main"):
        git(site, "checkout", "-q", branch)
        git(site, "mv", NAME, f"incidents/2026-11-23-{branch}.md")
        repository.commit(site)
    git(site, "merge", "other", code=1)

    assert status(site, "merge").code == 0
    assert sorted(path.name for path in (site / "incidents").iterdir()) == ["2026-11-23-main.md", "2026-11-23-other.md"]
    assert git(site, "diff", "--name-only", "--diff-filter=U") == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "name", "next_step"),
    [
        ("am", "Ann (a patch, ", "git am --continue"),
        ("stash", "x (commit ", "status push; git has kept the stash, remove it when all is there: git stash drop"),
        ("revert", "Bob (commit ", "git revert --continue"),
    ],
)
def test_every_command_that_leaves_conflicts_is_known(how: str, name: str, next_step: str, tmp_path: Path) -> None:
    site = conflicted(tmp_path, *TITLES)
    git(site, "merge", "--abort")
    if how == "am":
        patch = git(site, "format-patch", "-1", "--stdout", "main")
        (tmp_path / "patch").write_text(patch)
        git(site, "checkout", "-q", "other")
        git(site, "am", "-3", str(tmp_path / "patch"), code=128)
    elif how == "stash":
        git(site, "checkout", "-q", "other")
        write(site, TITLES[0])
        git(site, "stash")
        write(site, TITLES[1].replace("Bob", "Carl"))
        repository.commit(site)
        git(site, "stash", "pop", code=1)
    else:
        git(site, "checkout", "-q", "other")
        write(site, TITLES[1].replace("Bob", "Carl"))
        repository.commit(site)
        git(site, "revert", "--no-edit", "HEAD^", code=1)
    asked = status(site, "merge").err

    assert name in asked
    assert 'both have changed "title".' in asked
    said = status(site, "merge", typed="1\n")
    assert said.out.endswith(f"Next: {next_step}\n")


@pytest.mark.slow
def test_an_old_stash_is_not_taken_for_the_other_side(tmp_path: Path) -> None:
    site = conflicted(tmp_path, *TITLES)
    text = marked(site)
    git(site, "merge", "--abort")
    write(site, ANN)
    git(site, "stash")
    write(site, text)

    assert "\nHEAD:\n     API down, says Ann\nother:\n     API down, says Bob\n" in status(site, "merge").err
    assert status(site, "merge", "--take", "other").code == 0
    assert marked(site) == TITLES[1]


@pytest.mark.slow
@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_markers_that_were_committed_are_settled_with_the_base_of_that_merge(style: str, tmp_path: Path) -> None:
    amended = API_ERRORS.replace("    We are looking into it.\n", "    We look.\n")
    site = conflicted(tmp_path, ANN.replace("looking into it", "searching"), added(amended, "13:05:00", "Bob."))
    git(site, "commit", "-q", "-am", "Oops")
    said = status(site, "merge", "--take", "Ann")

    assert said.code == 0
    assert marked(site) == BOTH.replace("looking into it", "searching")


@pytest.mark.slow
def test_a_file_with_lines_of_windows_keeps_them(tmp_path: Path) -> None:
    site = conflicted(tmp_path, *(text.replace("\n", "\r\n") for text in (ANN, BOB)))

    assert status(site, "merge").code == 0
    assert (site / NAME).read_bytes() == BOTH.replace("\n", "\r\n").encode()


@pytest.mark.slow
def test_every_command_says_who_wrote_which_side(tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB)
    for command in (["list"], ["update", "-m", "x"], ["check"]):
        said = status(site, *command).err
        assert said.count("Written by Ann (commit ") == 1, command
        assert "To unite what both sides say: status merge\n" in said


@pytest.mark.slow
def test_two_files_of_one_second_become_two_updates(tmp_path: Path) -> None:
    site = conflicted(tmp_path, ANN, BOB)
    git(site, "merge", "--abort")
    folder = site / "incidents" / "2026-11-23-api-errors"
    for branch, status_word in (("other", "identified"), ("main", "monitoring")):
        git(site, "checkout", "-q", branch)
        write(site, API_ERRORS)
        folder.mkdir(exist_ok=True)
        (folder / "20261123T140000Z.md").write_text(f"---\nstatus: {status_word}\n---\nSays {branch}.\n")
        repository.commit(site)
    git(site, "merge", "other", code=1)
    assert "To unite what both sides say: status merge\n" in status(site, "check").err
    said = status(site, "merge")

    moved = "incidents/2026-11-23-api-errors/20261123T140001Z.md"
    assert f"  Others have an update of this second, so yours is {moved}.\n" in said.out
    assert [path.read_text().split("\n")[3] for path in sorted(folder.iterdir())] == ["Says other.", "Says main."]
    assert status(site, "list").code == 0
    assert git(site, "diff", "--name-only").strip() == ""


@pytest.mark.slow
def test_the_driver_is_found_where_status_is_on_no_path_and_merges_files_of_updates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, ours, theirs = (
        f"---\nstatus: {word}\n---\nFound {what}.\n"
        for word, what in (("identified", "it"), ("monitoring", "it"), ("identified", "all"))
    )
    name = "incidents/2026-11-23-api-errors/20261123T133000Z.md"
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": API_ERRORS})
    (site / name).parent.mkdir()
    (site / name).write_text(base)
    repository.create(site)
    repository.diverge(site, name, ours, theirs)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin:/bin")  # where there is no `status`
    status(site, "merge", "--install-driver")
    git(site, "merge", "-q", "--no-edit", "other")

    assert (site / name).read_text() == theirs.replace("identified", "monitoring")


def test_no_name_and_no_text_of_others_controls_the_terminal(tmp_path: Path) -> None:
    site = conflicted(tmp_path, TITLES[0], TITLES[1])
    git(site, "merge", "--abort")
    git(site, "commit", "-q", "--allow-empty", "--amend", "--author", "\x1b[2JAnn <a@example.org>", "-m", "\x1b]0;x")
    git(site, "merge", "other", code=1)
    said = status(site, "merge", typed="1\n")

    assert ' "\\x1b]0;x")' in said.out.replace("14:05:", "")
    assert "\x1b]0;" not in said.out + said.err
