"""Whether something is still the same: this program with all it runs on, a folder, a text."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from status_tool import templates_dir


def of(*parts: object) -> str:
    """A short name for `parts` together: the same for the same, another for any other."""
    return hashlib.sha256("\x00".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@cache
def program() -> str:
    """Of our own code and templates, Python, and the version of every package that is installed beside."""
    packages = {name for folder in sys.path for name in _names(folder) if name.endswith((".dist-info", ".egg-info"))}
    ours = [tree(Path(__file__).parent, ".py"), tree(templates_dir.OURS)]
    return of(sys.version, *ours, *sorted(packages))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def tree(folder: Path, suffix: str = "") -> str:
    """Of every file below `folder`, by name and content."""
    return of(*(part for path in files(folder, suffix) for part in (path[len(str(folder)) :], _content(path))))


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


def texts(paths: Iterable[Path]) -> str:
    """Of these files, by content alone."""
    return of(*(_content(str(path)) for path in paths))


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
