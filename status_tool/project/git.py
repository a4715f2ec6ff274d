"""Which versions of the incident files were published before, by the history in git; and a new site's repository.

The only user of git.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from status_tool.errors import StatusError

FIRST_BRANCH = "main"
"""The branch of a repository that we create."""


def published(folder: Path, since: datetime) -> Iterator[tuple[str, str]]:
    """`(name, text)` of every version of a file in `folder` that was published after `since`.

    `name` is relative to `folder`. Published are the commits of the upstream branch, or those of HEAD when the branch
    has no upstream. Yields nothing when git is not installed or fails, or `folder` is in no repository.
    """
    upstream = _git(folder, "rev-parse", "--verify", "--quiet", "@{upstream}").decode().strip()
    log = _git(
        folder, "log", f"--since={since.isoformat()}", "--format=", "--raw", "--no-abbrev", "--no-renames", "-z",
        "--relative", "--diff-filter=AM", upstream or "HEAD", "--", ".",
    )  # fmt: skip
    fields = log.decode("utf-8", "replace").split("\0")  # ":<mode> <mode> <old blob> <new blob> <status>", name, ...
    versions = sorted({(name, raw.split()[3]) for raw, name in zip(fields[::2], fields[1::2], strict=False) if raw})
    blobs = "".join(f"{blob}\n" for _, blob in versions).encode()
    output = _git(folder, "cat-file", "--batch", stdin=blobs)
    for name, _ in versions:
        header, _, output = output.partition(b"\n")
        size = int(header.split()[2]) if header.count(b" ") == 2 else 0  # "<id> blob <size>", or "<id> missing"
        yield name, output[:size].decode("utf-8", "replace")
        output = output[size + 1 :]


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


def _git(folder: Path, *args: str, stdin: bytes = b"") -> bytes:
    """What git prints; empty when git is not installed or fails."""
    try:
        result = subprocess.run(["git", "-C", str(folder), *args], input=stdin, capture_output=True, check=False)
    except OSError:
        return b""
    return result.stdout if result.returncode == 0 else b""
