"""The cache that one run leaves for the next. Any part of it may be missing; a damaged file counts as missing.

The only user of msgspec, which reads a value back as its type and runs no code. Only compiled templates are code, as
Python's own compiled files are; like them, they are in a folder where nobody else may write.
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
"""Bytes at the end of each file: the SHA-256 of the rest, by which a damaged file is found."""


def shared() -> Path:
    """The cache folder of all sites: in `$XDG_CACHE_HOME`, else in `~/.cache`. It may be removed at any time."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))  # noqa: PTH111
    return (base if base.is_absolute() else Path(os.devnull)) / NAME  # below /dev/null nothing can be written


def folder(site: Path) -> Path:
    """The cache folder of the site in the folder `site`: outside of it, so that no checkout brings a cache along."""
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
        """What the site generator made for the last build."""
        return self.folder / "host_pages"


def catalogue(language: str) -> Path:
    """The file of a compiled catalogue of phrases, which all sites share."""
    return shared() / f"{language}.mo"


def read(file: Path, kind: type[Value], key: str) -> Value | None:
    """The value that `write` left in `file` with that key; None when there is none, or it is no `kind`."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    content, digest = content[:-_DIGEST], content[-_DIGEST:]
    if hashlib.sha256(content).digest() != digest:
        return None  # the disk failed, or another program wrote to the file
    import msgspec  # takes 20 ms, so only where there is something to read

    try:
        with _no_garbage_collection():
            written_key, value = msgspec.msgpack.decode(content, type=tuple[str, msgspec.Raw])
            return msgspec.msgpack.decode(value, type=kind) if written_key == key else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def write(file: Path, value: object, key: str) -> None:
    """Writes `value` to `file` atomically. An error of the disk is ignored: the next run then works it out again."""
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
    """Removes a cache file, if it is there."""
    with contextlib.suppress(OSError):
        file.unlink()


def packed(value: object) -> bytes:
    """`value` as bytes, from which `unpacked` makes it again."""
    import msgspec

    return msgspec.msgpack.encode(value)


def unpacked(content: bytes, kind: type[Value]) -> Value:
    """The value from which `packed` made `content`, as a `kind`."""
    import msgspec

    with _no_garbage_collection():
        return msgspec.msgpack.decode(content, type=kind)


class LazySequence(Sequence[Value]):
    """A sequence of which only the bytes that `packed` made are kept, until an item is read."""

    def __init__(self, content: bytes, kind: type[Value]) -> None:
        self.content, self.kind = content, kind

    @cached_property
    def values(self) -> tuple[Value, ...]:
        return unpacked(self.content, tuple[self.kind, ...])  # type: ignore[name-defined]

    def __getitem__(self, index: Any) -> Any:
        return self.values[index]

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
    """Values of earlier runs, each by a digest of its inputs. Values that no `get` asks for are dropped."""

    def __init__(self, file: Path, kind: type[Value]) -> None:
        self.file = file
        self.known: dict[str, Value] = read(file, dict[str, kind], "") or {}  # type: ignore[valid-type]
        self.asked: dict[str, Value] = {}

    def get(self, input_digest: str, make: Callable[[], Value]) -> Value:
        """The value whose inputs have the digest `input_digest`, else that of `make`; without a digest always that."""
        value = self.known[input_digest] if input_digest in self.known else make()
        if input_digest:
            self.asked[input_digest] = value
        return value

    def keep(self) -> None:
        """Writes the values that were asked for, for the next run."""
        if self.asked.keys() != self.known.keys():
            write(self.file, self.asked, "")


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Switches the garbage collector off, which would look through 100,000 new values and free nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
