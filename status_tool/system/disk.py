"""How a file is read whole, and a folder kept to oneself while it is written to."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from status_tool.errors import StatusError

NEW = ".status-new"
"""How a file is called until it is whole; a killed writer leaves at most this one, and the next one takes it."""


def read_text(file: Path) -> str:
    """The text of a file that its owner should be able to read; StatusError otherwise."""
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise StatusError("not UTF-8 text.", os.path.relpath(file), line, "Save the file as UTF-8.") from None
    except OSError as error:
        what, hint = f"cannot be read: {error.strerror}.", "Check the file and its rights."
        raise StatusError(what, os.path.relpath(file), hint=hint) from None


@contextlib.contextmanager
def exclusive_lock(folder: Path) -> Iterator[None]:
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
