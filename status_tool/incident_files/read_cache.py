"""What earlier runs read: which file, what incident it held, and whether it is still the same file.

Of an incident that is over nobody asks for every word, so its updates stay packed until somebody does; what was
worked out from them is kept beside.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from functools import cache as once
from pathlib import Path
from types import GenericAlias
from typing import Any, NamedTuple, cast, get_type_hints

from status_tool.model.incident import Incident, Update
from status_tool.system import cache, fingerprint

Stamp = tuple[int, int, int]


class Reading(NamedTuple):
    """A file as it was read: the stamp by which it is known again, and its incident."""

    stamp: Stamp
    incident: Incident


DERIVED = (
    "affected",
    "changed_at",
    "end",
    "last_event_at",
    "last_published_at",
    "last_status",
    "published_at",
    "spans",
    "start",
)
"""What is kept of an incident beside what its file says."""

STAMP_RESOLUTION = 2_000_000_000
"""Nanoseconds within which a file could change twice and keep its stamp."""


def stamp(path: str, begun: int) -> Stamp:
    """Size, and when content and entry last changed; of no use when that was just now, or cannot be told."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return (-1, begun, 0)
    if max(found.st_mtime_ns, found.st_ctime_ns) > begun - STAMP_RESOLUTION:
        return (-2, begun, 0)
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns)


class ReadCache:
    """The readings that an earlier run left in a folder, by path.

    They lie on several shards, as one changed incident should not cost the writing of all.
    """

    SHARDS = 16

    def __init__(self, folder: Path) -> None:
        self.shards = list(map(cache.SiteCache(folder).incidents, range(self.SHARDS)))
        self.readings: dict[str, Reading] = {}
        for shard in self.shards:
            self.readings.update(_readings(cache.read(shard, _rows(), fingerprint.program()) or {}))

    def replace_by(self, found: Mapping[str, Reading]) -> None:
        before = self.readings
        changed = [path for path in found if found[path] is not before.get(path)] + [*(before.keys() - found.keys())]
        shards: dict[int, _Rows] = {_shard_of(path): {} for path in changed}
        for path in found if shards else ():
            if (number := _shard_of(path)) in shards:
                shards[number][path] = _row(found[path])
        for number, rows in shards.items():
            cache.write(self.shards[number], rows, fingerprint.program())


def _shard_of(path: str) -> int:
    return zlib.crc32(path.encode("utf-8", "surrogatepass")) % ReadCache.SHARDS


def pack(readings: Mapping[str, Reading]) -> bytes:
    """Readings as one process tells them to another."""
    return cache.packed({path: _row(reading) for path, reading in readings.items()})


def unpack(content: bytes) -> dict[str, Reading]:
    return dict(_readings(cache.unpacked(content, _rows())))


_Rows = dict[str, tuple[Any, ...]]


@once
def _columns() -> dict[str, Any]:
    """What a row holds before the stamp: the parts of an incident by name, and the type of each."""
    said = {name: kind for name, kind in get_type_hints(Incident).items() if name != "updates"}
    derived = {name: get_type_hints(vars(Incident)[name].func)["return"] for name in DERIVED}
    return {**said, **derived, "updates": bytes}


@once
def _rows() -> type[_Rows]:
    """The type of rows by path."""
    row = GenericAlias(tuple, (*_columns().values(), Stamp))
    return cast("type[_Rows]", GenericAlias(dict, (str, row)))


def _row(reading: Reading) -> tuple[Any, ...]:
    incident = reading.incident
    updates = incident.updates
    packed = updates.content if isinstance(updates, cache.LazySequence) else cache.packed(updates)
    return (*(getattr(incident, name) for name in _columns() if name != "updates"), packed, reading.stamp)


def _readings(rows: _Rows) -> Iterator[tuple[str, Reading]]:
    names = (*_columns(), "stamp")
    for path, row in rows.items():
        incident = object.__new__(Incident)  # its parts have been seen to fit together when its file was read
        known = incident.__dict__
        known.update(zip(names, row, strict=True))
        known["updates"] = cache.LazySequence(known["updates"], Update)
        yield path, Reading(known.pop("stamp"), incident)
