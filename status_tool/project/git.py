"""How git is run in a folder, what it says of it, or why it says nothing; and a new site's repository.

The only module that starts git.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from status_tool.errors import StatusError
from status_tool.system import programs
from status_tool.system.programs import Answer

FIRST_BRANCH = "main"
"""The branch of a repository that we create."""


TIME_LIMIT = 30.0
"""The seconds that one command of git may take."""


class Refused(Exception):
    """Why git cannot be read: `git is not installed`, and what makes it possible."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


def read(folder: Path, *args: str, stdin: bytes = b"") -> bytes:
    """What git prints in `folder`. Raises `Refused` when it fails, or takes longer than `TIME_LIMIT`.

    Git takes nothing from the network: of a partial clone, what is not there counts as missing.
    """
    command = ["git", "-C", str(folder), *args]
    # Refusing every protocol works for each version of git; GIT_NO_LAZY_FETCH, for those since 2.45, is faster.
    env = {**_no_repository(), "LC_ALL": "C", "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
    try:
        result = subprocess.run(command, input=stdin, capture_output=True, check=False, env=env, timeout=TIME_LIMIT)
    except FileNotFoundError:
        raise Refused("git is not installed", "Install git.") from None
    except OSError as error:
        raise Refused(f"git cannot be run: {error.strerror}", "Check the permissions of git.") from None
    except subprocess.TimeoutExpired:
        raise Refused(
            f"git took more than {TIME_LIMIT:g} s", "Run the command again; git gc makes git faster."
        ) from None
    if result.returncode:
        raise _refused(result.stderr.decode("utf-8", "replace"))
    return result.stdout


def run(
    folder: Path, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, limit: float = TIME_LIMIT
) -> Answer:
    """Runs a command of git that may change the repository or use the network; `env` is added to the environment.

    Git asks nobody for a password. Raises `Refused` when it is not installed, or takes longer than `limit` seconds.
    """
    quiet = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "false"}
    whole_env = {**_no_repository(), **quiet, **_batch_ssh(folder), **(env or {})}
    try:
        return programs.run(["git", "-C", str(folder), *args], None, whole_env, stdin=stdin, limit=limit)
    except FileNotFoundError:
        raise Refused("git is not installed", "Install git.") from None
    except OSError as error:
        raise Refused(f"git cannot be run: {error.strerror}", "Check the permissions of git.") from None
    except programs.TookTooLong:
        raise Refused(f"git {args[0]} took more than {limit:g} s", "Look whether the remote can be reached.") from None


def _batch_ssh(folder: Path) -> dict[str, str]:
    """The variable by which ssh never asks; the person's own way to start ssh is kept."""
    if "GIT_SSH" in os.environ:
        return {}
    own = os.environ.get("GIT_SSH_COMMAND") or _git(folder, "config", "core.sshCommand").decode().strip() or "ssh"
    return {"GIT_SSH_COMMAND": f"{own} -oBatchMode=yes"}


def _refused(said: str) -> Refused:
    """What git's message means."""
    if trusted := re.search(r"git config --global --add safe\.directory .+", said):
        reason = "git does not read a repository that belongs to another user"
        return Refused(reason, f"If you trust it: {trusted[0].strip()}")
    if "not a git repository" in said:
        return Refused("the files are in no git repository")
    return Refused("git cannot read the history", f"Look for damage: git fsck\nGit said: {' '.join(said.split())}")


def repository_of(folder: Path) -> Path | None:
    """The top folder of the repository that `folder`, which need not exist, belongs to.

    None when there is none, or when it ignores what is in `folder`, as one of settings in a home folder does.
    """
    top = next((above for above in (folder, *folder.parents) if os.path.lexists(above / ".git")), None)
    return None if top is None or (top != folder and ignored(top, [folder / "README.md"])) else top


def ignored(repository: Path, files: Iterable[Path]) -> list[Path]:
    """Those of `files`, which need not exist, that the rules of the repository leave out."""
    return [file for file in files if _git(repository, "check-ignore", "--", str(file))]


def branch_of(repository: Path) -> str | None:
    """The branch that is checked out, with or without a commit; None when there is none, or git does not say."""
    return _git(repository, "symbolic-ref", "--quiet", "--short", "HEAD").decode("utf-8", "replace").strip() or None


def has_remote(repository: Path) -> bool:
    """Whether there is another repository to push to."""
    return bool(_git(repository, "remote"))


def create(folder: Path) -> bool:
    """Makes `folder` a repository whose branch is `FIRST_BRANCH`; False when git is not installed.

    StatusError when git refuses, which may leave a `.git`.
    """
    for words in (["init", "--quiet"], ["symbolic-ref", "HEAD", f"refs/heads/{FIRST_BRANCH}"]):  # git before 2.28
        try:
            done = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=False, env=_no_repository())
        except FileNotFoundError:
            return False
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise StatusError(
                f"git cannot make a repository: {said}",
                folder,
                hint="All new files were removed again. Correct what git says, then run the command again.",
            )
    return True


def _no_repository() -> dict[str, str]:
    """The environment without the variables with which a hook of git names another repository."""
    named = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")
    return {name: value for name, value in os.environ.items() if name not in named}


def _git(folder: Path, *args: str) -> bytes:
    """What git prints; empty when it cannot be read."""
    try:
        return read(folder, *args)
    except Refused:
        return b""
