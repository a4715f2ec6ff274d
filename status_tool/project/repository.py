"""Which git repository contains the incident files, on which branch, and where that branch is pushed to."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from status_tool.errors import StatusError
from status_tool.incident_files import formats, update_files
from status_tool.project import git
from status_tool.project.git import Refused
from status_tool.settings.settings import Settings
from status_tool.system import disk
from status_tool.system.programs import Answer

_UNDER_WAY = {
    "rebase-merge": ("a rebase", "git rebase --continue"),
    "rebase-apply": ("a rebase or git am", "git status"),
    "MERGE_HEAD": ("a merge", "git commit"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --continue"),
    "REVERT_HEAD": ("a revert", "git revert --continue"),
    "BISECT_LOG": ("a bisection", "git bisect reset"),
}
"""File in git's folder -> what is under way while it exists, and how it is brought to an end."""


class Change(NamedTuple):
    """A path that differs between two trees, or in the folder of the work tree."""

    path: str
    """From the top of the repository, with slashes."""
    is_deleted: bool


class Upstream(NamedTuple):
    """Where a branch is pushed to."""

    remote: str
    branch: str
    is_configured: bool

    def __str__(self) -> str:
        return f"{self.remote}/{self.branch}"


@dataclass(frozen=True)
class Repository:
    """The repository of a site."""

    top: Path
    folder: str
    """The folder of the incident files, from `top`."""

    @classmethod
    def of(cls, settings: Settings) -> Repository:
        """StatusError when git cannot be read, or keeps nothing of the folder of the incident files."""
        where, folder = settings.shown(settings.incidents), settings.incidents.resolve()
        if not folder.is_dir():
            raise StatusError("this folder does not exist.", where, hint="Open an incident first: status open")
        try:
            top = Path(os.fsdecode(git.read(folder, "rev-parse", "--show-toplevel").rstrip(b"\n")))
        except Refused as refused:
            hint = refused.hint or "Make one: git init && git add . && git commit, then add a remote."
            raise StatusError(f"{refused.reason}.", where, hint=hint) from None
        if git.ignored(top, [folder / "9999-12-31-not-there-yet.md"]):
            raise StatusError("git ignores the files in this folder.", where, hint="Correct .gitignore.")
        return cls(top, folder.relative_to(top.resolve()).as_posix())

    # -- running git ---------------------------------------------------------------------------

    def try_git(
        self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, limit: float = git.TIME_LIMIT
    ) -> Answer:
        """What a command of git answers, whatever that is; StatusError when git cannot run, or takes too long."""
        try:
            return git.run(self.top, *args, stdin=stdin, env=env, limit=limit)
        except Refused as refused:
            raise StatusError(f"{refused.reason}.", hint=refused.hint) from None

    def git(self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """What a command of git prints; StatusError with its words when it fails."""
        answer = self.try_git(*args, stdin=stdin, env=env)
        if answer.code:
            raise failed(answer, args)
        return answer.output

    def line(self, *args: str, env: Mapping[str, str] | None = None) -> str:
        """The one line that a command of git prints; empty when it fails."""
        answer = self.try_git(*args, env=env)
        return "" if answer.code else os.fsdecode(answer.output).strip()

    # -- its state -----------------------------------------------------------------------------

    @property
    def git_folder(self) -> Path:
        """Git's folder of this work tree."""
        return Path(self.line("rev-parse", "--absolute-git-dir"))

    def git_path(self, name: str) -> Path:
        """A file of git, which may be that of the main work tree: `info/attributes`."""
        return self.top / self.line("rev-parse", "--git-path", name)

    def refuse_work_under_way(self) -> None:
        """StatusError when a rebase, a merge or the like has begun and not ended."""
        for name, (what, remedy) in _UNDER_WAY.items():
            if (self.git_folder / name).exists():
                hint = f"Bring it to an end first, for example: {remedy}\nConflicts in incident files: status merge"
                raise StatusError(f"{what} is under way in this repository, so nothing was changed.", hint=hint)

    def branch(self) -> str:
        """The branch that is checked out; StatusError when there is none."""
        name = self.line("symbolic-ref", "--quiet", "--short", "HEAD")
        if not name:
            hint = "Go to a branch, for example: git switch main"
            raise StatusError("no branch is checked out (detached HEAD), so nothing was changed.", hint=hint)
        return name

    def upstream(self, branch: str) -> Upstream:
        """Where `branch` is pushed to; StatusError when that is not known."""
        remote = self.line("config", f"branch.{branch}.remote")
        merge = self.line("config", f"branch.{branch}.merge").removeprefix("refs/heads/")
        if remote and remote != "." and merge:
            return Upstream(remote, merge, True)
        remotes = self.line("remote").split()
        if not remotes:
            hint = "Your words are in a local commit, or in your files. Add a remote: git remote add origin ADDRESS"
            raise StatusError("this repository has no remote to push to.", hint=hint)
        if len(remotes) > 1 and "origin" not in remotes:
            hint = f"Choose one: git push -u {remotes[0]} {shlex.quote(branch)}"
            raise StatusError(f"{branch} has no upstream, and there are {len(remotes)} remotes.", hint=hint)
        return Upstream("origin" if "origin" in remotes else remotes[0], branch, False)

    def commit(self, revision: str) -> str:
        """The id of a commit; empty when there is none."""
        return self.line("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")

    def is_ancestor(self, earlier: str, later: str) -> bool:
        return self.try_git("merge-base", "--is-ancestor", earlier, later).code == 0

    # -- incident files ------------------------------------------------------------------------

    def is_incident_file(self, path: str) -> bool:
        """Whether a path from the top is that of an incident, or of one of its updates."""
        prefix = "" if self.folder == "." else f"{self.folder}/"
        parts = path.removeprefix(prefix).split("/")
        is_inside = path.startswith(prefix) and len(parts) <= 2
        return is_inside and parts[-1].endswith(formats.SUFFIXES) and not parts[-1].startswith((".", "#"))

    def is_update_file(self, path: str) -> bool:
        """Whether a path from the top is that of an update in a file of its own."""
        prefix = "" if self.folder == "." else f"{self.folder}/"
        if not self.is_incident_file(path) or "/" not in path.removeprefix(prefix):
            return False
        return update_files.name_problem(PurePosixPath(path).name) is None

    def changed_incident_files(self) -> list[Change]:
        """The incident files in the work tree that differ from the last commit, and new ones."""
        output = self.git("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", self.folder)
        entries = [entry for entry in os.fsdecode(output).split("\0") if entry]
        changes = [Change(entry[3:], not (self.top / entry[3:]).exists()) for entry in entries]
        return [change for change in changes if self.is_incident_file(change.path)]

    def unmerged(self) -> list[str]:
        """The paths in which git left a conflict."""
        output = os.fsdecode(self.git("diff", "--name-only", "--diff-filter=U", "-z", "--no-ext-diff"))
        return [path for path in output.split("\0") if path]

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the lock by which only one `status push` works in this repository at a time."""
        with disk.exclusive_lock(self.git_folder):
            yield

    def id_of(self, path: str) -> str:
        """The id of the incident to which the file at `path` belongs."""
        first = path.removeprefix(f"{self.folder}/").split("/")[0]
        return PurePosixPath(first).stem if first.endswith(formats.SUFFIXES) else first


def failed(answer: Answer, args: tuple[str, ...], hint: str = "") -> StatusError:
    """The error of a command of git that failed."""
    said = answer.said.strip() or os.fsdecode(answer.output).strip() or f"exit code {answer.code}"
    return StatusError(f"git {args[0]} failed.", hint="\n".join(filter(None, [hint, f"Git said: {said}"])))
