"""Which versions of the incident files were published before, by the history in git, and why some cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from status_tool.project import git
from status_tool.project.git import Refused


class Version(NamedTuple):
    """A version of a file that was published."""

    name: str
    at: datetime
    """When it was committed."""
    before: str | None
    """The text of the version before it; None if it is the first one, or if that cannot be read."""
    text: str


@dataclass(frozen=True)
class History:
    """The versions of files that were published."""

    versions_in_order: tuple[Version, ...] = ()
    """Oldest first; one that came by a merge is there once more."""
    gap: Refused | None = None
    """Why this may not be all; None if it is."""

    @property
    def versions(self) -> list[tuple[str, str]]:
        """`(name, text)` of each version, each once, by name."""
        return sorted({(version.name, version.text) for version in self.versions_in_order})


def history(folder: Path, since: datetime) -> History:
    """Every version of a file in `folder` that was published after `since`; `name` is relative to `folder`.

    Published are the commits of the upstream branch, or those of HEAD when the branch has no upstream.
    """
    try:
        is_shallow = git.read(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"
        branch = _resolved(folder, "@{upstream}") or _resolved(folder, "HEAD")
        if not branch:
            return History(gap=Refused("nothing was committed yet"))
        log = git.read(
            folder, "log", f"--since={since.isoformat()}", f"--format={_COMMIT}%ct", "--raw", "-m", "--no-abbrev",
            "--no-renames", "--no-color", "--no-show-signature", "-z", "--relative", "--diff-filter=AM", branch,
            "--", ".",
        )  # fmt: skip
        if not log and not git.read(folder, "rev-list", "--max-count=1", branch, "--", "."):
            return History(gap=Refused("no commit contains the incident files", "Add them: git add, git commit"))
        changes = sorted(_changes(log), key=lambda change: change.at)
        blobs = sorted({blob for change in changes for blob in (change.old, change.new) if blob.strip("0")})
        contents = _contents(git.read(folder, "cat-file", "--batch", stdin=_lines(blobs)))
        texts = {
            blob: content.decode("utf-8", "replace")
            for blob, content in zip(blobs, contents, strict=True)
            if content is not None
        }
        gap = None
        if is_shallow and git.read(folder, "rev-list", f"--since={since.isoformat()}", "--max-parents=0", branch):
            hint = "Get all of it: git fetch --unshallow. In a workflow, check out with fetch-depth: 0."
            gap = Refused("this clone has only a part of the history", hint)
        if any(change.new not in texts for change in changes):
            gap = _absent(since)
    except Refused as refused:
        return History(gap=_absent(since) if _is_partial(folder) else refused)
    versions = (
        Version(change.name, change.at, texts.get(change.old), texts[change.new])
        for change in changes
        if change.new in texts
    )
    return History(tuple(versions), gap)


class _Change(NamedTuple):
    """A change of a file by a commit; `old` and `new` are blobs, of zeros alone where there is none."""

    at: datetime
    name: str
    old: str
    new: str


_COMMIT = "commit "
"""What the time of a commit follows in the log."""


def _resolved(folder: Path, revision: str) -> str:
    """The id of a commit; empty when there is none."""
    try:
        return git.read(folder, "rev-parse", "--verify", "--quiet", revision).decode().strip()
    except Refused:
        return ""


def _changes(log: bytes) -> Iterator[_Change]:
    """The changes in the output of `git log --raw -z --format='commit %ct'`.

    It is `commit <seconds>`, then `:<mode> <mode> <old blob> <new blob> <status>`, name, and so on, each with a NUL
    after it.
    """
    at = datetime.fromtimestamp(0, UTC)
    fields = (field.lstrip("\n") for field in log.decode("utf-8", "replace").split("\0") if field.strip("\n"))
    for field in fields:
        if field.startswith(":"):
            old, new = field.split()[2:4]
            yield _Change(at, next(fields), old, new)
        else:
            at = datetime.fromtimestamp(int(field.removeprefix(_COMMIT)), UTC)


def _lines(blobs: Iterable[str]) -> bytes:
    return "".join(f"{blob}\n" for blob in blobs).encode()


def _contents(output: bytes) -> Iterator[bytes | None]:
    """The contents in the output of `git cat-file --batch`, in its order; None for one that the clone does not have."""
    begin = 0
    while begin < len(output):
        end = output.index(b"\n", begin)
        header = output[begin:end].split()  # `<id> blob <size>`, or `<id> missing`
        begin = end + 1
        if len(header) < 3:
            yield None
            continue
        size = int(header[2])
        yield output[begin : begin + size]
        begin += size + 1


def _is_partial(folder: Path) -> bool:
    """Whether git leaves out contents until they are needed, and takes them from a remote then."""
    try:
        return bool(git.read(folder, "config", "--get-regexp", r"^remote\..*\.promisor$"))
    except Refused:
        return False


def _absent(since: datetime) -> Refused:
    hint = f"Get them: git log -p --since={since:%Y-%m-%d} > /dev/null"
    return Refused("this clone does not have the contents of all earlier versions", hint)
