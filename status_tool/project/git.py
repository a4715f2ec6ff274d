"""Which versions of the incident files were published before, by the history in git. The only user of git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path


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


def _git(folder: Path, *args: str, stdin: bytes = b"") -> bytes:
    """What git prints; empty when git is not installed or fails."""
    try:
        result = subprocess.run(["git", "-C", str(folder), *args], input=stdin, capture_output=True, check=False)
    except OSError:
        return b""
    return result.stdout if result.returncode == 0 else b""
