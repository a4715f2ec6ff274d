"""What one run keeps for the next: never needed, and as good as missing when anything else has written there.

The only user of msgspec, which reads a value back as the very type it was, and runs nothing. Only compiled templates
are code, as Python's own compiled files are; like them, they lie where nobody else may write.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

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


@dataclass(frozen=True)
class SiteCache:
    """The cache files of one site, whichever command writes them; `folder` is that of `folder(site)`."""

    folder: Path

    def incidents(self, shard: int) -> Path:
        """Incidents as they were read, those of one shard."""
        return self.folder / f"incidents-{shard:02}"

    @property
    def years(self) -> Path:
        """The metrics of past years, each with its section of the history."""
        return self.folder / "years"

    @property
    def months(self) -> Path:
        """The metrics of past months."""
        return self.folder / "figures"

    @property
    def templates(self) -> Path:
        """The folder of compiled templates."""
        return self.folder / "templates"

    def of_output(self, site: Path) -> OutputCache:
        """The cache of builds into the folder `site`."""
        return OutputCache(self.folder / hashlib.sha256(os.fsencode(os.path.realpath(site))).hexdigest()[:16])


@dataclass(frozen=True)
class OutputCache:
    """The cache files of builds into one output folder."""

    folder: Path

    @property
    def records(self) -> Path:
        """The files that the last build wrote, each with its digests."""
        return self.folder / "files"

    @property
    def host_pages(self) -> Path:
        """What MkDocs made for the last build."""
        return self.folder / "host_pages"


def catalogue(language: str) -> Path:
    """The file of a compiled catalogue of phrases, which all sites share."""
    return shared() / f"{language}.mo"


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


def forget(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.unlink()


def packed(value: object) -> bytes:
    """What `unpacked` reads back, in this run or another."""
    import msgspec

    return msgspec.msgpack.encode(value)


def unpacked(content: bytes, kind: type[Value]) -> Value:
    import msgspec

    with _undisturbed():
        return msgspec.msgpack.decode(content, type=kind)


class LazySequence(Sequence[Value]):
    """A sequence that is `packed` until somebody asks for a part of it."""

    def __init__(self, content: bytes, kind: type[Value]) -> None:
        self.content, self.kind = content, kind

    @cached_property
    def values(self) -> tuple[Value, ...]:
        return unpacked(self.content, tuple[self.kind, ...])  # type: ignore[name-defined]

    def __getitem__(self, place: Any) -> Any:
        return self.values[place]

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[Value]:
        return iter(self.values)

    def __eq__(self, other: object) -> bool:
        return self.values == (other.values if isinstance(other, LazySequence) else other)

    def __hash__(self) -> int:
        return hash(self.values)

    def __repr__(self) -> str:
        return repr(self.values)


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
