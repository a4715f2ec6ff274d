"""Which folders must be watched so that no change of a source is missed, through every link on the way to it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from status_tool.system import fingerprint

MAX_LINKS = 40
"""The largest number of links on the way to a file that Linux follows."""


@dataclass(frozen=True)
class Places:
    """The real folders to watch; none of their paths contains a link."""

    trees: frozenset[Path] = frozenset()
    """Folders in which every file is a source, at any depth."""
    entries: dict[Path, frozenset[str]] = field(default_factory=dict)
    """Folder -> the names in it that matter: links, their targets, and files that do not exist yet."""


def of(sources: Iterable[Path]) -> Places:
    """The places of `sources`, folders and files that may be links, contain links, or not exist."""
    trees: set[Path] = set()
    names: dict[Path, set[str]] = {}
    waiting = [source.absolute() for source in sources]
    while waiting:
        source = waiting.pop()
        for entry in _way_to(source):
            names.setdefault(entry.parent, set()).add(entry.name)
        real = Path(os.path.realpath(source))
        if real.is_dir() and real not in trees:
            trees.add(real)
            waiting += _links_below(real)
    trees = {tree for tree in trees if trees.isdisjoint(tree.parents)}
    outside = {folder: found for folder, found in names.items() if trees.isdisjoint((folder, *folder.parents))}
    return Places(frozenset(trees), {folder: frozenset(found) for folder, found in outside.items()})


def _way_to(path: Path) -> Iterator[Path]:
    """Every link that is followed to reach `path`, and what is reached; or the first entry that does not exist."""
    reached, parts, links = Path(path.anchor), [*reversed(path.parts[1:])], 0
    while parts and links <= MAX_LINKS:
        part = parts.pop()
        if part == os.pardir:
            reached = reached.parent
            continue
        entry = reached / part
        try:
            target = Path(os.readlink(entry))  # noqa: PTH115
        except OSError:  # no link, or nothing at all
            reached = entry
            if not parts or not entry.exists():
                yield entry
                return
            continue
        yield entry
        links += 1
        reached = Path(target.anchor or reached)
        parts += reversed(target.parts[1:] if target.anchor else target.parts)


def _links_below(folder: Path) -> Iterator[Path]:
    """The links in `folder`, at any depth, except those that lead to a folder above them."""
    waiting = [folder]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:  # it is gone, or may not be read
            continue
        for entry in entries:
            if entry.is_symlink():
                if not fingerprint.leads_back(Path(entry.path)):
                    yield Path(entry.path)
            elif entry.is_dir():
                waiting.append(Path(entry.path))
