"""Whether something is still the same: this program with all it runs on, a folder, a text."""

from __future__ import annotations

import hashlib
import os
import sys
import zoneinfo
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from status_tool.system import package_files


def digest_of(*parts: object) -> str:
    """A short name for `parts` together: the same for the same, another for any other."""
    return hashlib.sha256("\x00".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@cache
def program() -> str:
    """Of our own code and templates, Python, and the version of every package that is installed beside."""
    packages = {name for folder in sys.path for name in _names(folder) if name.endswith((".dist-info", ".egg-info"))}
    ours = [tree(package_files.PACKAGE, ".py"), tree(package_files.OURS)]
    return digest_of(sys.version, *ours, *sorted(packages))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def tree(folder: Path, suffix: str = "") -> str:
    """Of every file below `folder`, by name and content."""
    return digest_of(*(part for path in files(folder, suffix) for part in (path[len(str(folder)) :], _content(path))))


def files(folder: Path, suffix: str = "") -> Iterator[str]:
    """Every file below `folder`, also behind links, in an order that is always the same."""
    for place, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not _leads_back(Path(place, name)))
        yield from (os.path.join(place, name) for name in sorted(names) if name.endswith(suffix))  # noqa: PTH118


def _leads_back(folder: Path) -> bool:
    """Whether a link leads to a folder that it lies in."""
    if not folder.is_symlink():
        return False
    target, place = Path(os.path.realpath(folder)), Path(os.path.realpath(folder.parent))
    return target == place or target in place.parents


def zone(key: str) -> str:
    """Of what this machine's time zone database says of a zone; that of a package has its version in `program`."""
    return digest_of(*(_content(f"{folder}/{key}") for folder in zoneinfo.TZPATH))


def stamps(places: Iterable[Path]) -> str:
    """Of every file at or below `places`, by how it lies there: another one also for what was changed and put back."""
    found = (path for place in places for path in (files(place) if place.is_dir() else [str(place)]))
    return digest_of(*map(_stamp, found))


def _stamp(path: str) -> tuple[object, ...]:
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError as error:
        return path, error.errno
    return path, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _content(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable: {error.errno}"


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder or ".")
    except OSError:
        return []
