"""What a command costs: time, memory, and what it wrote."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    seconds: float
    work: float = 0.0
    """Seconds of all processors together."""
    megabytes: float = 0.0
    written: int | None = None
    """Files that were written, whether or not they were there before."""
    files: int = 0
    size: int = 0
    """How many files the site has, and their bytes."""

    def __add__(self, other: Cost) -> Cost:
        """Of both, one after the other."""
        memory = max(self.megabytes, other.megabytes)
        return Cost(self.seconds + other.seconds, self.work + other.work, memory)


def of(command: Sequence[str], folder: Path, cache: Path, now: datetime | None = None) -> Cost:
    """Of a whole process and those it waited for; their clock stands at `now`, if given."""
    begun = time.perf_counter()
    child = subprocess.Popen(command, cwd=folder, env=surroundings(cache, now), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)} failed in {folder}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def surroundings(cache: Path, now: datetime | None = None) -> dict[str, str]:
    who = {f"GIT_{role}_{what}": "bench@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    clock = {"SOURCE_DATE_EPOCH": str(int(now.timestamp()))} if now else {}
    return {**os.environ, **who, **clock, "XDG_CACHE_HOME": str(cache), "NO_MKDOCS_2_WARNING": "1"}


def stamps(folder: Path) -> dict[str, int]:
    """When each file below `folder` was written."""
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def with_size(spent: Cost, folder: Path) -> Cost:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return replace(spent, files=len(sizes), size=sum(sizes))
