"""Which versions of the incident files were published before, by the history in git, and why some cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from status_tool.project import git
from status_tool.project.git import Refused


@dataclass(frozen=True)
class History:
    """The versions of files that were published: `(name, text)`, each once."""

    versions: tuple[tuple[str, str], ...] = ()
    gap: Refused | None = None
    """Why this may not be all; None if it is."""


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
            folder, "log", f"--since={since.isoformat()}", "--format=", "--raw", "-m", "--no-abbrev", "--no-renames",
            "--no-color", "--no-show-signature", "-z", "--relative", "--diff-filter=AM", branch, "--", ".",
        )  # fmt: skip
        if not log and not git.read(folder, "rev-list", "--max-count=1", branch, "--", "."):
            return History(gap=Refused("no commit contains the incident files", "Add them: git add, git commit"))
        found = _blobs(log)
        contents = list(_contents(git.read(folder, "cat-file", "--batch", stdin=_lines(blob for _, blob in found))))
        gap = None
        if is_shallow and git.read(folder, "rev-list", f"--since={since.isoformat()}", "--max-parents=0", branch):
            hint = "Get all of it: git fetch --unshallow. In a workflow, check out with fetch-depth: 0."
            gap = Refused("this clone has only a part of the history", hint)
        if None in contents:
            gap = _absent(since)
    except Refused as refused:
        return History(gap=_absent(since) if _is_partial(folder) else refused)
    named = ((name, content) for (name, _), content in zip(found, contents, strict=True) if content is not None)
    return History(tuple((name, content.decode("utf-8", "replace")) for name, content in named), gap)


def _resolved(folder: Path, revision: str) -> str:
    """The id of a commit; empty when there is none."""
    try:
        return git.read(folder, "rev-parse", "--verify", "--quiet", revision).decode().strip()
    except Refused:
        return ""


def _blobs(log: bytes) -> list[tuple[str, str]]:
    """`(name, blob)` of each version in the output of `git log --raw -z`.

    It is `:<mode> <mode> <old blob> <new blob> <status>`, name, and so on, each with a NUL after it.
    """
    fields = [field.lstrip("\n") for field in log.decode("utf-8", "replace").split("\0") if field.strip("\n")]
    return sorted({(name, raw.split()[3]) for raw, name in zip(fields[::2], fields[1::2], strict=True)})


def _lines(blobs: Iterator[str]) -> bytes:
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
