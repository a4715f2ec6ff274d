"""Which incidents earlier runs read, from which files, and whether those files are unchanged.

The updates of an incident are stored packed, and unpacked only when they are read; most runs do not need those of past
incidents. Values derived from the updates are stored with them, so that they can be read without unpacking.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from functools import cache as cached
from pathlib import Path
from types import GenericAlias
from typing import Any, NamedTuple, cast, get_type_hints

from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.system import cache, fingerprint

Stamp = tuple[int, int, int]
"""Size in bytes, modification time and change time in nanoseconds; a negative size: the file must be read again."""


UpdateStamps = tuple[tuple[str, Stamp], ...]
"""The path of each file of a single update, and its stamp."""


class Reading(NamedTuple):
    """The incident in a file, and the stamps that its files had when they were read."""

    stamp: Stamp
    incident: Incident
    updates: UpdateStamps = ()


DERIVED = (
    "affected",
    "changed_at",
    "end",
    "last_event_at",
    "last_posted_at",
    "last_published_at",
    "last_status",
    "published_at",
    "spans",
    "start",
    "window",
)
"""The cached properties of an incident that are stored with it."""

STAMP_RESOLUTION = 2_000_000_000
"""Nanoseconds in which a file may change twice without a change of its stamp."""


def stamp(path: str, run_started: int) -> Stamp:
    """The stamp of a file; `run_started` is in nanoseconds since 1970.

    For a missing file, or one that changed too recently, it is a stamp that equals none of another run.
    """
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return (-1, run_started, 0)
    if max(status.st_mtime_ns, status.st_ctime_ns) > run_started - STAMP_RESOLUTION:
        return (-2, run_started, 0)
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns)


class ReadCache:
    """The readings of an earlier run, by path.

    They are stored in several files, the shards, so that a changed incident does not require writing all of them.
    """

    SHARDS = 16

    def __init__(self, folder: Path) -> None:
        self.shards = list(map(cache.SiteCache(folder).incidents, range(self.SHARDS)))
        self.readings: dict[str, Reading] = {}
        for shard in self.shards:
            self.readings.update(_readings(cache.read(shard, _rows(), fingerprint.program()) or {}))

    def write(self, readings: Mapping[str, Reading]) -> None:
        """Writes the shards in which `readings` differ from those of the earlier run. `self.readings` is unchanged."""
        old = self.readings
        changed = [path for path in readings if readings[path] is not old.get(path)] + [*(old.keys() - readings.keys())]
        shards: dict[int, _Rows] = {_shard_of(path): {} for path in changed}
        for path in readings if shards else ():
            if (number := _shard_of(path)) in shards:
                shards[number][path] = _row(readings[path])
        for number, rows in shards.items():
            cache.write(self.shards[number], rows, fingerprint.program())


def _shard_of(path: str) -> int:
    return zlib.crc32(path.encode("utf-8", "surrogatepass")) % ReadCache.SHARDS


def pack(readings: Mapping[str, Reading]) -> bytes:
    """`readings` as bytes, which one process sends to another."""
    return cache.packed({path: _row(reading) for path, reading in readings.items()})


def unpack(content: bytes) -> dict[str, Reading]:
    """The readings that `pack` made `content` from."""
    return dict(_readings(cache.unpacked(content, _rows())))


_Rows = dict[str, tuple[Any, ...]]
"""Path of a file -> its row: the values of `_columns`, and the stamps."""


@cached
def _columns() -> dict[str, Any]:
    """The columns of a row before the stamps: attribute of `Incident` -> its type. The updates are packed."""
    stated = {name: kind for name, kind in get_type_hints(Incident).items() if name != "updates"}
    derived = {name: get_type_hints(vars(Incident)[name].func)["return"] for name in DERIVED}
    return {**stated, **derived, "updates": bytes}


@cached
def _rows() -> type[_Rows]:
    """`_Rows` with the exact type of each column."""
    row = GenericAlias(tuple, (*_columns().values(), Stamp, UpdateStamps))
    return cast("type[_Rows]", GenericAlias(dict, (str, row)))


def _row(reading: Reading) -> tuple[Any, ...]:
    incident = reading.incident
    updates = incident.updates
    packed = updates.content if isinstance(updates, cache.LazySequence) else cache.packed(updates)
    return (
        *(getattr(incident, name) for name in _columns() if name != "updates"),
        packed,
        reading.stamp,
        reading.updates,
    )


def _readings(rows: _Rows) -> Iterator[tuple[str, Reading]]:
    names = (*_columns(), "stamp", "update_stamps")
    for path, row in rows.items():
        incident = object.__new__(Incident)  # without __init__: the values were checked when the file was read
        attributes = incident.__dict__
        attributes.update(zip(names, row, strict=True))
        attributes["updates"] = cache.LazySequence(attributes["updates"], Update)
        yield path, Reading(attributes.pop("stamp"), incident, attributes.pop("update_stamps"))
