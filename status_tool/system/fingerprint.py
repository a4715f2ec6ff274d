"""How a run detects changes since an earlier run: by digests of the program, of folders and of texts."""

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
    """A digest of `parts` in this order, as 32 hexadecimal digits."""
    return hashlib.sha256("\x00".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@cache
def program() -> str:
    """The digest of our own code and templates, of Python, and of the version of every installed package."""
    packages = {name for folder in sys.path for name in _names(folder) if name.endswith((".dist-info", ".egg-info"))}
    ours = [tree(package_files.PACKAGE, ".py"), tree(package_files.OURS)]
    return digest_of(sys.version, *ours, *sorted(packages))


def digest(content: bytes) -> str:
    """The SHA-256 of `content`, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def tree(folder: Path, suffix: str = "") -> str:
    """The digest of the name and content of every file below `folder`."""
    return digest_of(*(part for path in files(folder, suffix) for part in (path[len(str(folder)) :], _content(path))))


def files(folder: Path, suffix: str = "") -> Iterator[str]:
    """The path of every file below `folder` that ends with `suffix`, in a fixed order; links are followed."""
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not leads_back(Path(parent, name)))
        yield from (os.path.join(parent, name) for name in sorted(names) if name.endswith(suffix))  # noqa: PTH118


def leads_back(folder: Path) -> bool:
    """Whether `folder` is a link to a folder that contains it, or that its path has passed through another link."""
    if not folder.is_symlink():
        return False
    target = Path(os.path.realpath(folder))
    passed = {Path(os.path.realpath(parent)) for parent in folder.parents}
    return any(target == real or target in real.parents for real in passed)


def zone(key: str) -> str:
    """The digest of a zone in this machine's time zone database; `program` covers the database of a package."""
    return digest_of(*(_content(f"{folder}/{key}") for folder in zoneinfo.TZPATH))


def stamps(paths: Iterable[Path]) -> str:
    """The digest of the inode, size and times of every file at or below `paths`, without reading any.

    It also differs when a file was changed and changed back.
    """
    return digest_of(*(_stamp(file) for path in paths for file in (files(path) if path.is_dir() else [str(path)])))


def _stamp(path: str) -> tuple[object, ...]:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError as error:
        return path, error.errno
    return path, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


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
