"""Real git in a folder, with an author, a date and no configuration from outside."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sites import NOW

_PEOPLE = {f"GIT_{role}_{key}": "x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
ENVIRONMENT = {
    **_PEOPLE,
    "GIT_AUTHOR_DATE": NOW,
    "GIT_COMMITTER_DATE": NOW,
    "GIT_CONFIG_GLOBAL": "/nowhere/gitconfig",  # not /dev/null: git config --global would replace it
    "GIT_CONFIG_SYSTEM": "/nowhere/gitconfig",
}


def git(folder: Path, *args: str, code: int = 0) -> str:
    """What `git ARGS` prints in `folder`; it must end with `code`."""
    done = subprocess.run(["git", *args], cwd=folder, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout


def create(folder: Path) -> None:
    """Makes `folder` a repository with the branch `main`, and commits what it contains."""
    if (folder / ".git").is_dir():
        (folder / ".git").rmdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")


def diverge(folder: Path, path: str, ours: str, theirs: str) -> None:
    """Commits `ours` as the text of the file at `path` on the branch `main`, and `theirs` on the branch `other`."""
    git(folder, "checkout", "-q", "-b", "other")
    (folder / path).write_text(theirs, "utf-8")
    commit(folder)
    git(folder, "checkout", "-q", "main")
    (folder / path).write_text(ours, "utf-8")
    commit(folder)
