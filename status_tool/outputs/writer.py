"""Onto the disk: only what changed, each file whole or not at all, and what is gone removed last."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from json.encoder import encode_basestring
from pathlib import Path
from typing import BinaryIO, NamedTuple

from status_tool.errors import StatusError
from status_tool.system import cache, disk, fingerprint, parallel
from status_tool.system.parallel import Progress

MANIFEST = "manifest.json"
JOURNAL = ".status-journal"
"""The files a running build has added; what a killed one left behind is known by it."""


class File(NamedTuple):
    """A file of the site: its path, how its bytes are made, and a name for everything they are made of.

    A file whose `input_digest` is what it was is not made again; one without is made by every build.
    """

    path: str
    make: Callable[[], bytes]
    input_digest: str = ""


class Record(NamedTuple):
    """A file as it was written: from what, its SHA-256, and how it is known again on the disk."""

    input_digest: str
    digest: str
    size: int
    time: int
    """When its content last changed, in nanoseconds."""


@dataclass(frozen=True)
class WriteResult:
    """What a build did to the folder; `size` is the whole site's, in bytes."""

    files: int
    made: int
    changed: int
    removed: int
    size: int


@contextlib.contextmanager
def site_lock(folder: Path) -> Iterator[None]:
    """One build at a time in `folder`, which is made if need be; StatusError when the disk refuses."""
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with disk.exclusive_lock(folder):
            try:
                yield
            except BaseException:
                if is_new:
                    with contextlib.suppress(OSError):  # something came of it
                        folder.rmdir()
                raise
    except OSError as error:
        raise StatusError(
            f"cannot be written: {error.strerror}.",
            os.path.relpath(error.filename2 or error.filename or folder),
            hint="The site that is there still stands. Check the disk's space and rights, then build again.",
        ) from error


def stamp(folder: Path) -> int:
    """When a build last changed the site in `folder`, in nanoseconds; 0 when none did."""
    try:
        return (folder / MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0


FEW_FILES = 256
"""So many files are made sooner than another process begins."""


def write(
    files: Iterable[File], folder: Path, kept_in: Path | None = None, progress: Progress | None = None
) -> WriteResult:
    """Makes `folder` hold `files`, which become visible in this order, and last a manifest of them.

    Everything is made first, in a folder of its own; then it is moved into place. What is written is remembered in
    `kept_in`, so that the next build can leave it alone. Files that we did not write are left alone, too. The caller is
    holds `site_lock`, and hears what the disk refuses as OSError; the site that is there then stays usable, and the
    next build finishes the work.
    """
    site = _Site(folder, kept_in)
    site.refuse_another()
    records: dict[str, Record] = {}
    stale: list[File] = []
    for file in files:
        if record := site.still(file):
            records[file.path] = record
        else:
            stale.append(file)
    with _staging(folder) as staging:
        jobs = [site.job(file, staging, number) for number, file in enumerate(stale)]
        made = _made(site, jobs, progress)
        records |= {path: record for path, (record, _) in made.items()}
        changed = [job for job in jobs if made[job.file.path][1]]
        gone = sorted(site.known - records.keys() - {MANIFEST})
        site.refuse_obstacles(changed)
        site.announce([*(job.file.path for job in changed), *gone])
        manifest = site.job(File(MANIFEST, partial(_manifest, records)), staging, len(jobs))
        record, is_new = site.make(manifest)
        if is_new:
            changed.append(manifest)
        try:
            site.publish(changed)
            for path in gone:
                _remove(folder, path)
        except KeyboardInterrupt:
            what = "stopped while new pages were put into their places; each page is whole."
            raise StatusError(what, os.path.relpath(folder), hint="Build again to finish.") from None
    (folder / JOURNAL).unlink(missing_ok=True)
    records[MANIFEST] = record
    if kept_in and records != site.kept:
        cache.write(kept_in, records, "")
    size = sum(record.size for record in records.values())
    return WriteResult(len(records), len(jobs) + 1, len(changed), len(gone), size)


@contextlib.contextmanager
def _staging(folder: Path) -> Iterator[str]:
    """Where files wait until all are made; what a killed build left there is removed."""
    place = folder / disk.NEW
    shutil.rmtree(place, ignore_errors=True)
    if place.is_file():
        place.unlink()
    place.mkdir()
    try:
        yield str(place)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _made(site: _Site, jobs: Sequence[_Job], progress: Progress | None) -> dict[str, tuple[Record, bool]]:
    """Makes the files, on every processor: by path, its record, and whether it is another than before."""

    def make(share: Iterable[_Job]) -> dict[str, tuple[Record, bool]]:
        return {job.file.path: site.make(job) for job in share}

    shares = parallel.map_shares(make, jobs, FEW_FILES, progress)
    return {path: made for share in shares for path, made in share.items()}


class _Job(NamedTuple):
    """A file to be made, and what is moved into place when all are: the file, or the highest folder that is new."""

    file: File
    new: str
    """Where it is made."""
    moved: str
    target: str
    """What is moved, and to where below the site's root."""


class _Site:
    """The folder as earlier builds left it."""

    def __init__(self, folder: Path, kept_in: Path | None) -> None:
        self.folder = folder
        self.kept = (cache.read(kept_in, dict[str, Record], "") if kept_in else None) or {}
        self.known = _known(folder) | {path for path in self.kept if _is_inside(path)}
        """Every file that a build put here."""
        self.folders: dict[str, bool] = {"": True}
        """Whether a folder is there, of those that were looked for."""

    def refuse_another(self) -> None:
        home = self.kept.get("index.html")
        is_ours = (self.folder / MANIFEST).exists() or (self.folder / JOURNAL).exists()
        is_ours = is_ours or (home is not None and self.stands("index.html", home))
        if not is_ours and (self.folder / "index.html").exists():
            raise StatusError(
                "another site lies here, which this one would overwrite.",
                os.path.relpath(self.folder),
                hint="Remove it, or choose another folder: site_dir in mkdocs.yml, or --site-dir.",
            )

    def still(self, file: File) -> Record | None:
        """The record of a file that need not be made again."""
        record = self.kept.get(file.path)
        if record and file.input_digest and record.input_digest == file.input_digest and self.stands(file.path, record):
            return record
        return None

    def stands(self, path: str, record: Record) -> bool:
        """Whether the file is on the disk as `record` has it."""
        try:
            found = os.lstat(f"{self.folder}/{path}")
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (record.size, record.time)

    def job(self, file: File, staging: str, number: int) -> _Job:
        target = self.highest_new(file.path)
        if target == file.path:
            return _Job(file, f"{staging}/{number}", f"{staging}/{number}", target)
        return _Job(file, f"{staging}/new/{file.path}", f"{staging}/new/{target}", target)

    def highest_new(self, path: str) -> str:
        """The highest folder above `path` that is not there yet, else `path`."""
        folder = path.rpartition("/")[0]
        if folder not in self.folders:
            self.folders[folder] = os.path.isdir(f"{self.folder}/{folder}")  # noqa: PTH112
        return path if self.folders[folder] else self.highest_new(folder)

    def make(self, job: _Job) -> tuple[Record, bool]:
        """Makes a file, unless it is there already: its record, and whether it is new."""
        path, make, input_digest = job.file
        content = make()
        digest = hashlib.sha256(content).hexdigest()
        before = self.kept.get(path)
        if before and before.digest == digest and self.stands(path, before):
            return before._replace(input_digest=input_digest), False
        if path in self.known or path == MANIFEST:
            with contextlib.suppress(OSError), open(f"{self.folder}/{path}", "rb") as there:  # noqa: PTH123
                if there.read() == content:
                    return Record(input_digest, digest, len(content), os.fstat(there.fileno()).st_mtime_ns), False
        with _opened(job.new) as new:
            new.write(content)
            new.flush()
            return Record(input_digest, digest, len(content), os.fstat(new.fileno()).st_mtime_ns), True

    def refuse_obstacles(self, jobs: Sequence[_Job]) -> None:
        """StatusError, before anything is published, when what others made lies where a page belongs."""
        for target, is_file in {job.target: job.target == job.file.path for job in jobs}.items():
            if found := self.obstacle(target, is_file):
                raise StatusError(
                    "this is in the way of a page.",
                    os.path.relpath(f"{self.folder}/{found}"),
                    hint="The site that is there still stands. Remove it, then build again.",
                )

    def obstacle(self, target: str, is_file: bool) -> str:
        """What nobody may remove where a file, or a new folder, belongs; empty when there is nothing."""
        there = f"{self.folder}/{target}"
        is_folder = os.path.isdir(there)  # noqa: PTH112
        if not is_file:
            return target if os.path.lexists(there) and not is_folder and target not in self.known else ""
        if not is_folder or os.path.islink(there):  # noqa: PTH114
            return ""
        inside = (os.path.relpath(file, self.folder) for file in fingerprint.files(Path(there)))
        return next((file for file in inside if file not in self.known), "")

    def announce(self, paths: Sequence[str]) -> None:
        """Notes what will be added and removed, so that a later build knows it for ours if this one is killed."""
        if paths:
            with (self.folder / JOURNAL).open("a", encoding="utf-8") as journal:
                journal.writelines(f"{path}\n" for path in paths)

    def publish(self, jobs: Sequence[_Job]) -> None:
        """Moves files into their places, each whole; a new folder when the last of its files may be seen."""
        moves: dict[str, str] = {}
        for job in jobs:
            moves.pop(job.target, None)
            moves[job.target] = job.moved
        for target, moved in moves.items():
            self.move(moved, target)

    def move(self, moved: str, path: str) -> None:
        target = f"{self.folder}/{path}"
        try:
            os.replace(moved, target)  # noqa: PTH105
        except FileNotFoundError:
            self.make_folder(path, target)
            os.replace(moved, target)  # noqa: PTH105
        except (IsADirectoryError, NotADirectoryError):
            _make_way(self.folder, path, self.known)
            self.make_folder(path, target)
            os.replace(moved, target)  # noqa: PTH105
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            for name in sorted(os.listdir(moved)):  # somebody has made that folder meanwhile
                self.move(f"{moved}/{name}", f"{path}/{name}")

    def make_folder(self, path: str, target: str) -> None:
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        except (FileExistsError, NotADirectoryError):
            _make_way(self.folder, path, self.known)
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120


def _opened(path: str) -> BinaryIO:
    """A file to write to, in a folder that is made if need be."""
    try:
        return open(path, "wb")  # noqa: PTH123
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        return open(path, "wb")  # noqa: PTH123


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
    climbs = ".." in path and ".." in path.split("/")
    return bool(path) and path[0] != "/" and "\\" not in path and not climbs


def _make_way(folder: Path, path: str, before: set[str]) -> None:
    """Removes what earlier builds wrote where `path` needs a folder, or a file where a folder was."""
    for known in before:
        if f"{path}/".startswith(f"{known}/") or known.startswith(f"{path}/"):
            _remove(folder, known)
    with contextlib.suppress(OSError):
        (folder / path).rmdir()  # which nobody put anything into


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
