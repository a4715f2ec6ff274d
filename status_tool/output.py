"""Onto the disk: only what changed, each file whole or not at all, and what is gone removed last."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from pathlib import Path
from typing import NamedTuple

from status_tool import cache, disk, parallel
from status_tool.errors import StatusError

MANIFEST = "manifest.json"
JOURNAL = ".status-journal"
"""The files a running build has added; what a killed one left behind is known by it."""


class File(NamedTuple):
    """A file of the site: its path, how its bytes are made, and a name for everything they are made of.

    A file whose `made_of` is what it was is not made again; one without is made by every build.
    """

    path: str
    make: Callable[[], bytes]
    made_of: str = ""


@dataclass(frozen=True)
class Record:
    """A file as it was written: from what, its SHA-256, and how it is known again on the disk."""

    made_of: str
    digest: str
    size: int
    time: int
    """When its content last changed, in nanoseconds."""


@dataclass(frozen=True)
class Written:
    """What a build did to the folder; `size` is the whole site's, in bytes."""

    files: int
    made: int
    changed: int
    removed: int
    size: int


Progress = Callable[[int, int], None]
"""Hears how many files of the present stage are done, of how many."""


def write(
    stages: Iterable[Iterable[File]], folder: Path, kept_in: Path | None = None, progress: Progress | None = None
) -> Written:
    """Makes `folder` hold the files of all stages and a manifest of them; the files of a stage in any order.

    What is written is remembered in `kept_in`, so that the next build can leave it alone. Files that we did not
    write are left alone, too. Raises StatusError when the disk refuses; the site that is there then stays usable,
    and the next build finishes the work.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with disk.alone_in(folder):
            return _Writing(folder, kept_in, progress).write(stages)
    except OSError as error:
        raise StatusError(
            f"cannot be written: {error.strerror}.",
            os.path.relpath(error.filename or folder),
            hint="The site that is there still stands. Check the disk's space and rights, then build again.",
        ) from error


@dataclass
class _Writing:
    folder: Path
    kept_in: Path | None
    progress: Progress | None
    records: dict[str, Record] = field(default_factory=dict)
    """Of this build's files."""
    made: int = 0
    changed: int = 0
    process: int = field(default_factory=os.getpid)
    """The one that reports; its children are silent."""

    def write(self, stages: Iterable[Iterable[File]]) -> Written:
        self.refuse_another_site()
        self.before = _known(self.folder)
        self.kept = (cache.read(self.kept_in, dict[str, Record], "") if self.kept_in else None) or {}
        for stage in stages:
            self.write_stage(list(stage))
        gone = self.before - self.records.keys()
        files = dict(self.records)
        self.write_stage([File(MANIFEST, lambda: _manifest(files))])
        for path in sorted(gone):
            _remove(self.folder, path)
        (self.folder / JOURNAL).unlink(missing_ok=True)
        for left in self.folder.glob(f"{disk.NEW}*"):
            left.unlink()
        if self.kept_in and self.records != self.kept:
            cache.write(self.kept_in, self.records, "")
        size = sum(record.size for record in self.records.values())
        return Written(len(self.records), self.made, self.changed, len(gone), size)

    def refuse_another_site(self) -> None:
        is_ours = (self.folder / MANIFEST).exists() or (self.folder / JOURNAL).exists()
        if not is_ours and (self.folder / "index.html").exists():
            raise StatusError(
                "another site lies here, which this one would overwrite.",
                os.path.relpath(self.folder),
                hint="Remove it, or choose another folder: site_dir in mkdocs.yml, or --site-dir.",
            )

    def write_stage(self, stage: Sequence[File]) -> None:
        stale = []
        for file in stage:
            path, _, made_of = file
            record = self.kept.get(path)
            if record and made_of and record.made_of == made_of and self.stands(path, record):
                self.records[path] = record
            else:
                stale.append(file)
        self.announce([file.path for file in stale if file.path not in self.before and file.path != MANIFEST])
        for share in parallel.shared(self.write_files, stale):
            for path, record, is_changed in share:
                self.records[path] = record
                self.changed += is_changed
        self.made += len(stale)

    def announce(self, new: Sequence[str]) -> None:
        """Notes what will be added, so that a later build knows it for ours if this one is killed."""
        if new:
            with (self.folder / JOURNAL).open("a", encoding="utf-8") as journal:
                journal.writelines(f"{path}\n" for path in new)

    def stands(self, path: str, record: Record) -> bool:
        """Whether the file is on the disk as `record` has it."""
        try:
            found = os.stat(f"{self.folder}/{path}", follow_symlinks=False)  # noqa: PTH116
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (record.size, record.time)

    def write_files(self, files: Sequence[File]) -> list[tuple[str, Record, bool]]:
        """Makes these files and writes what changed: `(path, record, whether it changed)` of each."""
        done = []
        for number, file in enumerate(files, 1):
            done.append(self.write_file(file))
            if self.progress and os.getpid() == self.process:
                self.progress(number, len(files))
        return done

    def write_file(self, file: File) -> tuple[str, Record, bool]:
        content = file.make()
        digest = hashlib.sha256(content).hexdigest()
        before = self.kept.get(file.path)
        if before and before.digest == digest and self.stands(file.path, before):
            return file.path, Record(file.made_of, digest, before.size, before.time), False
        target = f"{self.folder}/{file.path}"
        try:
            time, is_changed = self.put(target, content, file.path in self.before)
        except (FileExistsError, IsADirectoryError, NotADirectoryError):
            _make_way(self.folder, file.path, self.before)
            time, is_changed = self.put(target, content, is_known=True)
        return file.path, Record(file.made_of, digest, len(content), time), is_changed

    def put(self, target: str, content: bytes, is_known: bool) -> tuple[int, bool]:
        """Writes a file whole, unless it is known and holds `content`: when it changed, and whether just now."""
        if is_known:
            with contextlib.suppress(FileNotFoundError), open(target, "rb") as there:  # noqa: PTH123
                if there.read() == content:
                    return os.fstat(there.fileno()).st_mtime_ns, False
        new = f"{self.folder}/{disk.NEW}-{os.getpid()}"
        try:
            with open(new, "wb") as file:  # noqa: PTH123
                file.write(content)
                file.flush()
                time = os.fstat(file.fileno()).st_mtime_ns
            try:
                os.replace(new, target)  # noqa: PTH105
            except FileNotFoundError:
                os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
                os.replace(new, target)  # noqa: PTH105
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(new)  # noqa: PTH108
            raise
        return time, True


def _manifest(records: Mapping[str, Record]) -> bytes:
    lines = (f'{encode_basestring(path)}: "{records[path].digest}"' for path in sorted(records))
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8")


def _known(folder: Path) -> set[str]:
    """The files that earlier builds put into `folder`, a killed one too."""
    known: set[str] = set()
    with contextlib.suppress(OSError, ValueError, AttributeError):
        known.update(json.loads((folder / MANIFEST).read_bytes()).keys())
    with contextlib.suppress(OSError, ValueError):
        known.update((folder / JOURNAL).read_text("utf-8").splitlines())
    return {path for path in known if _is_inside(path)}


def _is_inside(path: str) -> bool:
    """Whether `path` names a file below the folder; a manifest may have been tampered with."""
    if path and path[0] != "/" and ".." not in path and "\\" not in path:
        return True
    parts = path.split("/")
    return bool(path) and not path.startswith("/") and ".." not in parts and "\\" not in path


def _make_way(folder: Path, path: str, before: set[str]) -> None:
    """Removes what earlier builds wrote where `path` needs a folder, or a file where a folder was."""
    for known in before:
        if path.startswith(known + "/") or known.startswith(path + "/"):
            _remove(folder, known)


def _remove(folder: Path, path: str) -> None:
    target = folder / path
    if target.is_dir() and not target.is_symlink():
        return  # the path is a folder by now
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        target.unlink()
    for parent in target.parents:
        if parent == folder:
            break
        try:
            parent.rmdir()
        except OSError:
            break  # something else lives there
