"""Published words that changed without saying so are warned of, from git itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, status

from status_tool.incident_files import parser
from status_tool.project import git as git_module

NAME = "2026-11-23-api-errors.md"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    made = sites.make(tmp_path / "s", {NAME: API_ERRORS})
    (made / ".git").rmdir()
    git(made, "init", "-q", "-b", "main")
    commit(made)
    return made


def git(folder: Path, *args: str) -> None:
    who = {f"GIT_{role}_{key}": "x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    when = {"GIT_AUTHOR_DATE": sites.NOW, "GIT_COMMITTER_DATE": sites.NOW, "GIT_CONFIG_GLOBAL": "/nowhere/gitconfig"}
    subprocess.run(["git", *args], cwd=folder, check=True, env={**os.environ, **who, **when}, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")


def rewrite(folder: Path, old: str, new: str) -> None:
    path = folder / "incidents" / NAME
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


UNMARKED = (
    f"Warning: incidents/{NAME}: the update of 2026-11-23T13:00:00Z was published, and changed without `edited`.\n"
    "Add the time of the change, as edited: 2026-11-23T14:52:00Z, or use status amend.\n"
)
GONE = (
    f"Warning: incidents/{NAME}: the update of 2026-11-23T13:00:00Z was published and is now missing.\n"
    "Put it back, and correct it with a new update.\n"
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("looking into it", "looking at it", UNMARKED),
        ("major_outage", "partial_outage", UNMARKED),
        ("13:00:00Z", "13:00:01Z", GONE),
        ("  message: |\n    We are looking", "  edited: 2026-11-23T14:00:00Z\n  message: |\n    We were looking", ""),
        ("title: API errors", "title: API trouble", ""),
        ("---\ntitle", "---\n# a note\ntitle", ""),
        ("  message", "  next: 2h\n  message", ""),
    ],
)
def test_a_change_of_published_words_is_warned_of(site: Path, old: str, new: str, said: str) -> None:
    rewrite(site, old, new)

    assert (status(site, "check").code, status(site, "check").err) == (0, said)


SCHEDULED = (
    "Warning: incidents/2026-12-01-work.yml: the planned window was published, and changed without an update that "
    "says so.\n"
    "Calendars and feeds do not notice it. Put the old window back, and move it: status reschedule 2026-12-01-work\n"
    "Or, for another rule, say so in an update: status update 2026-12-01-work\n"
)
PLANNED = sites.WORK.replace("2026-11-20T09:00:00Z", "2026-11-23T13:30:00Z")
SAID = "- {at: 2026-11-23T14:00:00Z, status: scheduled, message: Moved.}\n"


@pytest.mark.parametrize(
    ("old", "new", "more", "said"),
    [
        ("02:00:00Z", "03:00:00Z", "", SCHEDULED),
        ("04:00:00Z}", "06:00:00Z}", "", SCHEDULED),
        ("04:00:00Z}", "04:00:00Z, repeat: FREQ=WEEKLY}", "", SCHEDULED),
        ("02:00:00Z", "03:00:00Z", SAID, ""),
        ("from: 2026-12-01T02:00:00Z", "from: 2026-12-01 02:00Z", "", ""),
        ("title: Database", "title: Data", "", ""),
    ],
)
def test_a_window_that_moved_without_an_update_is_warned_of(
    old: str, new: str, more: str, said: str, site: Path
) -> None:
    file = site / "incidents" / "2026-12-01-work.yml"
    file.write_text(PLANNED)
    commit(site)
    file.write_text(PLANNED.replace(old, new, 1) + more)

    assert file.read_text() != PLANNED
    assert (status(site, "check").code, status(site, "check").err) == (0, said)


def test_a_window_that_was_moved_by_the_command_is_no_warning(site: Path) -> None:
    (site / "incidents" / "2026-12-01-work.yml").write_text(PLANNED)
    commit(site)
    assert status(site, "reschedule", "work", "--from", "2026-12-03T02:00Z", "-m", "Later.").code == 0
    commit(site)

    assert status(site, "check").err == ""


def test_a_change_that_was_committed_is_warned_of_too(site: Path) -> None:
    rewrite(site, "looking into it", "looking at it")
    commit(site)

    assert status(site, "check").err == UNMARKED
    assert json.loads(status(site, "check", "--json").out)["warnings"][0]["path"] == f"incidents/{NAME}"


def test_what_was_only_committed_here_may_still_change(site: Path, tmp_path: Path) -> None:
    git(site, "clone", "-q", "--bare", ".", str(tmp_path / "remote"))
    git(site, "remote", "add", "origin", str(tmp_path / "remote"))
    git(site, "fetch", "-q", "origin")
    git(site, "branch", "-q", "-u", "origin/main")
    status(site, "update", "-m", "A tpyo.")
    commit(site)
    rewrite(site, "tpyo", "typo")

    assert status(site, "check").err == ""
    git(site, "push", "-q")
    assert "changed without" in status(site, "check").err


def test_amend_is_no_silent_change(site: Path) -> None:
    said = status(site, "amend", "-m", "We are on it.")

    assert said.out.splitlines()[:2] == [
        "Corrected the update of 13:00 UTC of API errors. Readers see that it was edited at 14:05 UTC.",
        f"Wrote incidents/{NAME}",
    ]
    assert (site / "incidents" / NAME).read_text() == API_ERRORS.replace(
        "  message: |\n    We are looking into it.", "  edited: 2026-11-23T14:05:00Z\n  message: |\n    We are on it."
    )
    assert status(site, "check").err == ""


def test_the_editor_begins_with_what_stands_there(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in sites.editor(tmp_path, 'sed -i s/looking/hard\\ looking/ "$1"').items():
        monkeypatch.setenv(name, value)
    status(site, "amend", typed="")

    assert "    We are hard looking into it.\n" in (site / "incidents" / NAME).read_text()


def test_amend_leaves_an_update_alone_that_came_in_meanwhile(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = "- {at: 2026-11-23T14:00:00Z, status: identified, message: Found it.}\\n---"
    typing = f"sed -i s/looking/hard\\ looking/ \"$1\"; sed -i '$s/---/{late}/' {site}/incidents/{NAME}"
    for name, value in sites.editor(tmp_path, typing).items():
        monkeypatch.setenv(name, value)
    said = status(site, "amend", typed="")
    kept = Path(said.err.partition("Your text is kept in ")[2].split(".md")[0] + ".md")

    assert (said.code, "another update was posted meanwhile, so nothing was changed." in said.err) == (1, True)
    assert "We are hard looking into it." in kept.read_text()
    assert "Found it." in (site / "incidents" / NAME).read_text()
    assert "edited" not in (site / "incidents" / NAME).read_text()
    kept.unlink()


NOT_CHECKED = "Checked 1 incident file: no errors found. Not checked: whether published words changed ({}).\n"


def check(site: Path) -> tuple[str, str]:
    """What `status check` prints: the first line, and what it warns of. It is never an error."""
    said = status(site, "check")
    assert said.code == 0
    return said.out.removesuffix("Next: status build\n"), said.err


def clone(site: Path, folder: Path, *args: str) -> Path:
    git(site, "config", "uploadpack.allowFilter", "true")
    git(site, "clone", "-q", *args, f"file://{site}", str(folder))
    return folder


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda site: shutil.rmtree(site / ".git"), "the files are in no git repository"),
        (lambda site: git(site, "checkout", "--orphan", "x"), "nothing was committed yet"),
    ],
)
def test_without_a_history_that_is_said_without_a_warning(
    spoil: Callable[[Path], None], reason: str, site: Path
) -> None:
    spoil(site)
    rewrite(site, "looking into it", "looking at it")

    assert check(site) == (NOT_CHECKED.format(reason), "")
    assert json.loads(status(site, "check", "--json").out)["unchecked"] == [
        {"what": "whether published words changed", "reason": reason, "hint": ""}
    ]


def unable(reason: str, hint: str, *, merges: bool = False) -> tuple[str, str]:
    """What `check` says; with `merges`, git does not say either how it merges."""
    out = NOT_CHECKED.format(reason)
    err = f"Not checked: whether published words changed: {reason}.\n{hint}\n"
    if merges:
        out = out.replace(f"({reason})", f"({reason}); whether git fuses updates that two people wrote ({reason})")
        err += err.replace("published words changed", "git fuses updates that two people wrote")
    return out, err


def test_a_part_of_the_history_is_not_taken_for_all_of_it(site: Path, tmp_path: Path) -> None:
    rewrite(site, "looking into it", "looking at it")
    commit(site)
    shallow = clone(site, tmp_path / "shallow", "--depth=1")

    assert check(shallow) == unable(
        "this clone has only a part of the history",
        "Get all of it: git fetch --unshallow. In a workflow, check out with fetch-depth: 0.",
    )
    git(shallow, "fetch", "-q", "--unshallow")
    assert status(shallow, "check").err == UNMARKED


def test_what_a_part_of_the_history_shows_is_warned_of(site: Path, tmp_path: Path) -> None:
    shallow = clone(site, tmp_path / "shallow", "--depth=1")
    (site / "about.txt").touch()
    commit(site)
    shallow = clone(site, tmp_path / "again", "--depth=1")
    rewrite(shallow, "looking into it", "looking at it")

    out, err = check(shallow)
    assert out.startswith("Checked 1 incident file: no errors, 1 warning found. Not checked: whether published words")
    assert err.startswith(UNMARKED)


def test_a_history_that_is_cut_before_the_days_to_compare_is_enough(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "about.txt").touch()
    commit(site)
    shallow = clone(site, tmp_path / "shallow", "--depth=1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(sites.EPOCH) + 100 * 86400))

    assert check(shallow) == ("Checked 1 incident file: no errors.\n", "")


@pytest.mark.parametrize("filter", ["blob:none", "tree:0"])
def test_a_partial_clone_takes_nothing_from_the_network(filter: str, site: Path, tmp_path: Path) -> None:
    rewrite(site, "looking into it", "looking at it")
    commit(site)
    partial = clone(site, tmp_path / "partial", f"--filter={filter}")
    before = sites.snapshot(partial / ".git")

    assert check(partial) == unable(
        "this clone does not have the contents of all earlier versions",
        "Get them: git log -p --since=2026-08-25 > /dev/null",
    )
    assert sites.snapshot(partial / ".git") == before
    git(partial, "log", "-p", "--since=2026-08-25")
    assert status(partial, "check").err == UNMARKED


def test_git_that_is_not_installed_is_said(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite(site, "looking into it", "looking at it")
    monkeypatch.setenv("PATH", "/nowhere")

    assert check(site) == unable("git is not installed", "Install git.", merges=True)


def git_that(tmp_path: Path, script: str) -> str:
    """A PATH on which git is that script."""
    sites.editor(tmp_path, script)
    (tmp_path / "editor").rename(tmp_path / "git")
    return f"{tmp_path}:{os.environ['PATH']}"


def test_the_repository_of_another_user_is_said(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/nowhere/gitconfig")

    assert check(site) == unable(
        "git does not read a repository that belongs to another user",
        f"If you trust it: git config --global --add safe.directory {site}",
        merges=True,
    )


@pytest.mark.slow
def test_git_that_takes_too_long_is_said(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_module, "TIME_LIMIT", 0.2)
    monkeypatch.setenv("PATH", git_that(tmp_path, "exec sleep 20"))

    hint = "Run the command again; git gc makes git faster."
    assert check(site) == unable("git took more than 0.2 s", hint, merges=True)


def test_a_damaged_history_is_said(site: Path) -> None:
    for path in (site / ".git" / "objects").glob("??/*"):
        path.chmod(0o644)
        path.write_bytes(b"")

    out, err = check(site)
    assert out == NOT_CHECKED.format("git cannot read the history")
    assert err.startswith(
        "Not checked: whether published words changed: git cannot read the history.\nLook for damage: git"
    )


def test_files_that_no_commit_has_are_said(site: Path) -> None:
    git(site, "rm", "-q", "-r", "--cached", "incidents")
    (site / ".gitignore").write_text("incidents/\n")
    git(site, "add", "-A")
    git(site, "commit", "-q", "--amend", "-m", "x")

    assert check(site) == unable("no commit contains the incident files", "Add them: git add, git commit")


def test_an_earlier_version_that_cannot_be_read_is_said(site: Path) -> None:
    rewrite(site, "status: investigating", "status: looking")
    commit(site)
    rewrite(site, "status: looking", "status: investigating")
    commit(site)

    assert check(site) == unable(
        f"1 earlier version of incidents/{NAME} in git cannot be read",
        f"Compare them yourself: git log -p -- incidents/{NAME}",
    )


def test_the_words_of_a_merge_are_published_too(site: Path) -> None:
    git(site, "checkout", "-q", "-b", "other")
    (site / "about.txt").touch()
    commit(site)
    git(site, "checkout", "-q", "main")
    git(site, "commit", "-q", "--allow-empty", "-m", "x")
    git(site, "merge", "-q", "--no-commit", "other")
    status(site, "update", "-m", "Only in the merge.")
    commit(site)
    rewrite(site, "Only in", "Not in")

    assert "changed without `edited`" in status(site, "check").err


def test_a_hook_of_git_is_no_obstacle(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite(site, "looking into it", "looking at it")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")

    assert check(site)[1] == UNMARKED


def test_an_error_leaves_the_later_checks_undone(site: Path) -> None:
    rewrite(site, "investigating", "looking")
    document = json.loads(status(site, "check", "--json").out)

    assert (document["ok"], [gap["what"] for gap in document["unchecked"]]) == (
        False,
        [
            "whether published words changed",
            "whether anything was published late",
            "whether the pages are built again in time",
            "whether git fuses updates that two people wrote",
        ],
    )


def test_every_version_of_a_long_incident_is_compared_and_few_are_parsed(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        if number == 4:
            assert status(site, "amend", "-m", "Corrected.").code == 0
        assert status(site, "update", "-m", f"Word {number}.", "--at", f"2026-11-23T13:{number + 10}:00Z").code == 0
        commit(site)
    assert status(site, "check").err == ""
    rewrite(site, "Word 7", "Words 7")
    parsed, parse = [], parser.parse
    monkeypatch.setattr(parser, "parse", lambda text, *args, **how: (parsed.append(text), parse(text, *args, **how))[1])

    err = status(site, "check").err
    assert (err.count("Warning"), "the update of 2026-11-23T13:17:00Z was published, and changed" in err) == (1, True)
    assert len(parsed) == 3  # the file now, and the longest versions before the change and before the correction
