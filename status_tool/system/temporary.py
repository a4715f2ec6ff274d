"""Where a process keeps files until it ends; and how what a killed one left behind is removed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from status_tool.system import clock, stop_signals

LEFT_AFTER = timedelta(days=1)
"""How old a folder without a lock must be: another process locks its new one only a moment after it has made it."""


@contextlib.contextmanager
def folder(prefix: str) -> Iterator[Path]:
    """A new temporary folder whose name begins with `prefix`; it is removed at the end of the `with` block.

    It is locked as long as this process lives, or one forked from it. What killed processes left behind under such a
    name is removed first.
    """
    _remove_leftovers(prefix)
    temporary = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    handle = os.open(temporary.name, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield Path(temporary.name)
    finally:
        with stop_signals.held():
            temporary.cleanup()
            os.close(handle)


def _remove_leftovers(prefix: str) -> None:
    """Removes this user's old folders with such a name that no living process has locked."""
    for path in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with contextlib.suppress(OSError):
            status = path.lstat()
            age = timedelta(seconds=(clock.tick() - status.st_mtime_ns) / 1e9)
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and age > LEFT_AFTER:
                _remove_unlocked(path)


def _remove_unlocked(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # OSError when a living process has it
        shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(handle)
