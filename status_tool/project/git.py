"""What git knows of the files: which words were published before. The only user of git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path


def published(folder: Path, since: datetime) -> Iterator[tuple[str, str]]:
    """`(name, text)` of every version that a file in `folder` had in what was published after `since`.

    What was pushed counts, where there is a remote to push to, else what was committed. Nothing where git
    is not there, knows no such folder, or fails.
    """
    upstream = _git(folder, "rev-parse", "--verify", "--quiet", "@{upstream}").decode().strip()
    log = _git(
        folder, "log", f"--since={since.isoformat()}", "--format=", "--raw", "--no-abbrev", "--no-renames", "-z",
        "--relative", "--diff-filter=AM", upstream or "HEAD", "--", ".",
    )  # fmt: skip
    parts = log.decode("utf-8", "replace").split("\0")
    blobs = {(name, line.split()[3]) for line, name in zip(parts[::2], parts[1::2], strict=False) if line}
    wanted = sorted(blobs)
    answer = _git(folder, "cat-file", "--batch", asked="".join(f"{blob}\n" for _, blob in wanted).encode())
    for name, _ in wanted:
        head, _, answer = answer.partition(b"\n")
        size = int(head.split()[2]) if head.count(b" ") == 2 else 0  # "<id> blob <size>", or "<id> missing"
        yield name, answer[:size].decode("utf-8", "replace")
        answer = answer[size + 1 :]


def _git(folder: Path, *args: str, asked: bytes = b"") -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *args], input=asked, capture_output=True, check=False)
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""
