"""How a folder is kept to oneself while it is written to."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """One of us at a time in `folder`; the lock is the folder itself, so that nothing is left behind.

    Raises OSError when the folder cannot be opened. A process that dies gives its lock back.
    """
    try:
        import fcntl
    except ImportError:  # Windows has no such lock: files stay whole there, but two at once may overwrite each other
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
