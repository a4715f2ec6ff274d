"""What readers could see of the files of each incident, and when, by the published versions in git."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath

from status_tool.incident_files import formats, update_files
from status_tool.project.published import Version

BEFORE = datetime.min.replace(tzinfo=UTC)
"""The time of what was published before the history that is read begins."""
_DRAFT = re.compile(r"""^["']?draft["']?\s*:\s*["']?true\b""", re.MULTILINE | re.IGNORECASE)


def incident_of(name: str) -> str:
    """The id of the incident of which this is a file, below the folder of incidents; empty if it is none of one."""
    path = PurePosixPath(name)
    if len(path.parts) == 1:
        return path.stem if path.suffix in formats.SUFFIXES else ""
    if len(path.parts) == 2 and not update_files.name_problem(path.name):
        return path.parts[0]
    return ""


def by_incident(versions: Iterable[Version]) -> dict[str, list[Version]]:
    """The id of each incident -> the versions of its files, in the order of `versions`."""
    found: dict[str, list[Version]] = {}
    for version in versions:
        if id := incident_of(version.name):
            found.setdefault(id, []).append(version)
    return found


@dataclass
class Moment:
    """The files of one incident at one time, as far as the history has them: name -> text."""

    at: datetime
    files: dict[str, str] = field(default_factory=dict)

    @property
    def record(self) -> str:
        """The name of the incident's own file; empty if the history does not have it, as it did not change."""
        return next((name for name in reversed(self.files) if "/" not in name), "")


def moments(versions: Iterable[Version]) -> Iterator[Moment]:
    """What readers could see of one incident, oldest first: before these versions, then after each of them.

    Nothing while the incident's own file was a draft, or was not there yet.
    """
    versions = list(versions)
    firsts = {version.name: version.before for version in reversed(versions)}
    files = {name: text for name, text in firsts.items() if text is not None}
    needs_record = any("/" not in name for name in firsts)
    at = BEFORE
    for version in (None, *versions):
        if version:
            files.pop(version.name, None)  # so that the file that changed last is the last
            files[version.name], at = version.text, version.at
        moment = Moment(at, dict(files))
        is_there = bool(moment.record) or not needs_record
        if files and is_there and not _DRAFT.search(files.get(moment.record, "")):
            yield moment
