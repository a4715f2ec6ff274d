"""Where a run stores values for later runs, and how. Any cache file may be missing; a damaged one counts as missing.

The only user of msgspec, which reads a value as a given type and runs no code. Compiled templates are the only code in
the cache; only the user may write to its folder.
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
"""Bytes at the end of each file: the SHA-256 of the rest, by which a damaged file is detected."""


def shared() -> Path:
    """The cache folder of all sites: in `$XDG_CACHE_HOME`, else in `~/.cache`. It may be removed at any time."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))  # noqa: PTH111
    return (base if base.is_absolute() else Path(os.devnull)) / NAME  # no file can be created below /dev/null


def folder(site: Path) -> Path:
    """The cache folder of the site in the folder `site`: outside of it, so that a checkout never contains a cache."""
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
    """The value that `write` wrote to `file` with this key; None when there is none, or it is not of type `kind`."""
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
    """Writes `value` to `file` atomically. A disk error is ignored: the next run then computes the value again."""
    import msgspec

    temporary = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = msgspec.msgpack.encode((key, value))
        temporary.write_bytes(content + hashlib.sha256(content).digest())
        temporary.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()


def remove(file: Path) -> None:
    """Removes a cache file, if it exists."""
    with contextlib.suppress(OSError):
        file.unlink()


def packed(value: object) -> bytes:
    """`value` as MessagePack, which `unpacked` reads."""
    import msgspec

    return msgspec.msgpack.encode(value)


def unpacked(content: bytes, kind: type[Value]) -> Value:
    """The value of type `kind` that `packed` made `content` from."""
    import msgspec

    with _no_garbage_collection():
        return msgspec.msgpack.decode(content, type=kind)


class LazySequence(Sequence[Value]):
    """A sequence that is stored as the bytes of `packed`, and unpacked when an item is first read."""

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
    """Values of earlier runs, by the digest of their inputs. `keep` drops those that `get` did not return."""

    def __init__(self, file: Path, kind: type[Value]) -> None:
        self.file = file
        self.stored: dict[str, Value] = read(file, dict[str, kind], "") or {}  # type: ignore[valid-type]
        self.used: dict[str, Value] = {}

    def get(self, input_digest: str, make: Callable[[], Value]) -> Value:
        """The stored value with this digest, else the result of `make`; always the latter when the digest is empty."""
        value = self.stored[input_digest] if input_digest in self.stored else make()
        if input_digest:
            self.used[input_digest] = value
        return value

    def keep(self) -> None:
        """Writes the values that `get` returned, for the next run."""
        if self.used.keys() != self.stored.keys():
            write(self.file, self.used, "")


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Disables the garbage collector, which would scan 100,000 new values and free none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
