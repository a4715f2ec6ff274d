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
    when = {"GIT_AUTHOR_DATE": sites.NOW, "GIT_COMMITTER_DATE": sites.NOW, "GIT_CONFIG_GLOBAL": os.devnull}
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
    for name, value in sites.editor(tmp_path, f"sed -i '$s/---/{late}/' {site}/incidents/{NAME}").items():
        monkeypatch.setenv(name, value)
    said = status(site, "amend", typed="")
    kept = Path(said.err.partition("Your text is kept in ")[2].split(".md")[0] + ".md")

    assert (said.code, "another update was posted meanwhile, so nothing was changed." in said.err) == (1, True)
    assert "We are looking into it." in kept.read_text()
    assert "Found it." in (site / "incidents" / NAME).read_text()
    assert "edited" not in (site / "incidents" / NAME).read_text()
    kept.unlink()


@pytest.mark.parametrize(
    "spoil", [lambda site: shutil.rmtree(site / ".git"), lambda site: git(site, "checkout", "--orphan", "x")]
)
def test_without_a_history_there_is_nothing_to_warn_of(site: Path, spoil: Callable[[Path], None]) -> None:
    spoil(site)
    rewrite(site, "looking into it", "looking at it")

    assert status(site, "check").err == ""


def test_without_git_there_is_nothing_to_warn_of(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite(site, "looking into it", "looking at it")
    monkeypatch.setenv("PATH", "/nowhere")

    assert (status(site, "check").code, status(site, "check").err) == (0, "")
