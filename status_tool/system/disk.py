"""How a text file is read, whether another program writes it meanwhile, and how a folder is locked for writing."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from status_tool.errors import StatusError

NEW = ".status-new"
"""The name of a file or folder until it is complete. A killed process leaves at most this one; the next replaces it."""
BINARY_SAMPLE = 8000
"""The number of first bytes of a file in which a zero means that the file is binary. git has the same rule."""
LOOKS = 10
"""How often a file is read again until another program has written it completely."""
PAUSE = 0.02
"""The seconds between two of these looks."""


def read_text(file: Path) -> str:
    """The text of a UTF-8 file; StatusError when it cannot be read or is not UTF-8."""
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise StatusError("not UTF-8 text.", os.path.relpath(file), line, "Save the file as UTF-8.") from None
    except OSError as error:
        raise _read_error(error, file) from None


def read_unless_binary(file: Path) -> bytes:
    """The content of a file, or nothing if it is binary or not a regular file; StatusError when it cannot be read."""
    try:
        if not file.is_file():
            return b""
        with file.open("rb") as stream:
            sample = stream.read(BINARY_SAMPLE)
            return b"" if b"\x00" in sample else sample + stream.read()
    except OSError as error:
        raise _read_error(error, file) from None


def _read_error(error: OSError, file: Path) -> StatusError:
    what, hint = f"cannot be read: {error.strerror}.", "Check that the file exists and that you may read it."
    return StatusError(what, os.path.relpath(file), hint=hint)


@contextlib.contextmanager
def exclusive_lock(folder: Path, *, waits: bool = True) -> Iterator[None]:
    """Waits for the lock on `folder`, and holds it; only one process of this program can hold it.

    The lock is on the folder itself, so there is no lock file. The system releases the lock when the process ends.
    Raises OSError when the folder cannot be opened, or, unless it `waits`, when another process holds the lock.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def stamp(path: Path) -> tuple[int, int, int]:
    """Changes whenever a program writes to the file; zeros while there is none."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0, 0
    return status.st_ino, status.st_size, status.st_mtime_ns


def is_being_written(path: Path, before: tuple[int, int, int]) -> bool:
    """Whether another program writes to the file now, so that what was read may be only a part of it.

    `before` is the stamp of the file when it was read.
    """
    time.sleep(PAUSE)
    return stamp(path) != before
