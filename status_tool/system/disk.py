"""How a text file is read, and how a folder is locked while a process writes to it."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from status_tool.errors import StatusError

NEW = ".status-new"
"""The name of a file or folder until it is complete. A killed process leaves at most this one; the next replaces it."""
BINARY_SAMPLE = 8000
"""The number of first bytes of a file in which a zero means that the file is binary. git has the same rule."""


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
def exclusive_lock(folder: Path) -> Iterator[None]:
    """Waits for the lock on `folder`, and holds it; only one process of this program can hold it.

    The lock is on the folder itself, so there is no lock file. The system releases the lock when the process ends.
    Raises OSError when the folder cannot be opened.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
