"""What one run keeps for the next: never needed, and as good as missing when anything else has written there.

The only user of msgspec, which reads a value back as the very type it was, and runs nothing. Only compiled templates
are code, as Python's own compiled files are; like them, they lie where nobody else may write.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

NAME = "incident-status"

Value = TypeVar("Value")
_DIGEST = hashlib.sha256().digest_size
"""Bytes at the end of each file, by which a damaged one is known."""


def shared() -> Path:
    """Where runs for any site keep things: below `$XDG_CACHE_HOME`, else `~/.cache`. It may be removed at any time."""
    place = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))  # noqa: PTH111
    return (place if place.is_absolute() else Path(os.devnull)) / NAME  # below which nothing is kept


def folder(site: Path) -> Path:
    """Where runs for the site in that folder do: outside of it, so that no checkout brings what is kept along."""
    return shared() / hashlib.sha256(os.fsencode(os.path.realpath(site))).hexdigest()[:16]


def read(file: Path, kind: type[Value], key: str) -> Value | None:
    """What `write` left in `file` under that key; None when it is not there, or no `kind`."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    content, digest = content[:-_DIGEST], content[-_DIGEST:]
    if hashlib.sha256(content).digest() != digest:
        return None  # a disk that failed, or somebody else's hand
    import msgspec  # 20 ms, which a command that finds nothing here does not pay

    try:
        with _undisturbed():
            found_key, value = msgspec.msgpack.decode(content, type=tuple[str, msgspec.Raw])
            return msgspec.msgpack.decode(value, type=kind) if found_key == key else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def write(file: Path, value: object, key: str) -> None:
    """Leaves `value` for the next run, whole or not at all; a disk that refuses costs time and nothing else."""
    import msgspec

    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = msgspec.msgpack.encode((key, value))
        new.write_bytes(content + hashlib.sha256(content).digest())
        new.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink()


class Memo(Generic[Value]):
    """What was worked out before, by a name for everything it follows from; what is not asked for is forgotten."""

    def __init__(self, file: Path, kind: type[Value]) -> None:
        self.file = file
        self.known: dict[str, Value] = read(file, dict[str, kind], "") or {}  # type: ignore[valid-type]
        self.asked: dict[str, Value] = {}

    def get(self, name: str, make: Callable[[], Value]) -> Value:
        """The value of that name; one without a name is made anew."""
        found = self.known[name] if name in self.known else make()
        if name:
            self.asked[name] = found
        return found

    def keep(self) -> None:
        """Leaves what was asked for to the next run."""
        if self.asked.keys() != self.known.keys():
            write(self.file, self.asked, "")


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the collector of garbage, which would look through a hundred thousand new values for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
