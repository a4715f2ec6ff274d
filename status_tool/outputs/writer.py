"""Writes the site: only files that changed, each atomically; files that are no longer part of it are removed last."""

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
from status_tool.settings import settings
from status_tool.system import cache, disk, fingerprint, parallel
from status_tool.system.parallel import Progress

MANIFEST = "manifest.json"
JOURNAL = ".status-journal"
"""Lists the files that a running build adds and removes, so that the next build knows what a killed one left."""


class File(NamedTuple):
    """A file of the site: its path, the function that makes its bytes, and the digest of their inputs.

    A file whose `input_digest` is that of the last build is not made again; a file without one is made by every build.
    """

    path: str
    make: Callable[[], bytes]
    input_digest: str = ""


class Record(NamedTuple):
    """A file as it was written: the digest of its inputs, its SHA-256, and its size and time on the disk."""

    input_digest: str
    digest: str
    size: int
    time: int
    """Its modification time, in nanoseconds since 1970."""


@dataclass(frozen=True)
class WriteResult:
    """The numbers of files in the site, made, changed and removed, and the size of the site in bytes."""

    files: int
    made: int
    changed: int
    removed: int
    size: int


@contextlib.contextmanager
def site_lock(folder: Path) -> Iterator[None]:
    """Holds the lock on `folder`, which is created if it is missing; an error of the disk becomes a StatusError."""
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with disk.exclusive_lock(folder):
            try:
                yield
            except BaseException:
                if is_new:
                    with contextlib.suppress(OSError):  # it is not empty
                        folder.rmdir()
                raise
    except OSError as error:
        raise StatusError(
            f"cannot be written: {error.strerror}.",
            os.path.relpath(error.filename2 or error.filename or folder),
            hint="The published site is unchanged. Check the free space and the permissions, then build again.",
        ) from error


def stamp(folder: Path) -> int:
    """When a build last changed the site in `folder`, in nanoseconds since 1970; 0 when there is no site."""
    try:
        return (folder / MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0


FEW_FILES = 256
"""The number of files below which another process costs more time than it saves."""


def write(
    files: Iterable[File], folder: Path, kept_in: Path | None = None, progress: Progress | None = None
) -> WriteResult:
    """Makes `folder` contain `files` and a manifest of them.

    All files are made in a staging folder, then moved into place in the order of `files`. The record of each is written
    to `kept_in`, so that the next build can keep what has not changed. Files that no build wrote are never changed.

    The caller holds `site_lock`. Raises OSError when the disk fails, and StatusError when a file of somebody else is in
    the way. The site is then still complete, and the next build finishes the work.
    """
    site = _Site(folder, kept_in)
    site.refuse_another()
    records: dict[str, Record] = {}
    stale: list[File] = []
    for file in files:
        if record := site.unchanged(file):
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
            what = "stopped while new pages were being published. Every page is complete, but some are old."
            raise StatusError(what, os.path.relpath(folder), hint="Build again to finish.") from None
    (folder / JOURNAL).unlink(missing_ok=True)
    records[MANIFEST] = record
    if kept_in and records != site.kept:
        cache.write(kept_in, records, "")
    size = sum(record.size for record in records.values())
    return WriteResult(len(records), len(jobs) + 1, len(changed), len(gone), size)


@contextlib.contextmanager
def _staging(folder: Path) -> Iterator[str]:
    """An empty folder for files until all are made; what a killed build left there is removed."""
    staging = folder / disk.NEW
    shutil.rmtree(staging, ignore_errors=True)
    if staging.is_file():
        staging.unlink()
    staging.mkdir()
    try:
        yield str(staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _made(site: _Site, jobs: Sequence[_Job], progress: Progress | None) -> dict[str, tuple[Record, bool]]:
    """Makes the files, on every processor: path -> its record, and whether its content is new."""

    def make(share: Iterable[_Job]) -> dict[str, tuple[Record, bool]]:
        return {job.file.path: site.make(job) for job in share}

    shares = parallel.map_shares(make, jobs, FEW_FILES, progress)
    return {path: made for share in shares for path, made in share.items()}


class _Job(NamedTuple):
    """A file to make, and what is then moved into place: the file itself, or the highest folder that is new."""

    file: File
    new: str
    """The path in the staging folder at which it is made."""
    moved: str
    """The path in the staging folder that is moved."""
    target: str
    """Where it is moved to, below the site's root."""


class _Site:
    """The output folder as earlier builds left it."""

    def __init__(self, folder: Path, kept_in: Path | None) -> None:
        self.folder = folder
        self.kept = (cache.read(kept_in, dict[str, Record], "") if kept_in else None) or {}
        self.known = _known(folder) | {path for path in self.kept if _is_inside(path)}
        """The paths of the files that earlier builds wrote."""
        self.folders: dict[str, bool] = {"": True}
        """Path -> whether that folder exists, for folders that were looked for."""

    def refuse_another(self) -> None:
        home = self.kept.get("index.html")
        is_ours = (self.folder / MANIFEST).exists() or (self.folder / JOURNAL).exists()
        is_ours = is_ours or (home is not None and self.is_as_recorded("index.html", home))
        if not is_ours and (self.folder / "index.html").exists():
            raise StatusError(
                "this folder contains another site, which the build would overwrite.",
                os.path.relpath(self.folder),
                hint=f"Remove that site, or {settings.HOW_TO_MOVE_SITE}",
            )

    def unchanged(self, file: File) -> Record | None:
        """The record of a file that need not be made again; None for any other."""
        record = self.kept.get(file.path)
        if (
            record
            and file.input_digest
            and record.input_digest == file.input_digest
            and self.is_as_recorded(file.path, record)
        ):
            return record
        return None

    def is_as_recorded(self, path: str, record: Record) -> bool:
        """Whether the file on the disk has the size and time of its record."""
        try:
            status = os.lstat(f"{self.folder}/{path}")
        except OSError:
            return False
        return (status.st_size, status.st_mtime_ns) == (record.size, record.time)

    def job(self, file: File, staging: str, number: int) -> _Job:
        target = self.highest_new(file.path)
        if target == file.path:
            return _Job(file, f"{staging}/{number}", f"{staging}/{number}", target)
        return _Job(file, f"{staging}/new/{file.path}", f"{staging}/new/{target}", target)

    def highest_new(self, path: str) -> str:
        """The highest folder above `path` that does not exist yet, else `path`."""
        folder = path.rpartition("/")[0]
        if folder not in self.folders:
            self.folders[folder] = os.path.isdir(f"{self.folder}/{folder}")  # noqa: PTH112
        return path if self.folders[folder] else self.highest_new(folder)

    def make(self, job: _Job) -> tuple[Record, bool]:
        """Makes a file in the staging folder unless the site has it already: its record, and whether it is new."""
        path, make, input_digest = job.file
        content = make()
        digest = hashlib.sha256(content).hexdigest()
        before = self.kept.get(path)
        if before and before.digest == digest and self.is_as_recorded(path, before):
            return before._replace(input_digest=input_digest), False
        if path in self.known or path == MANIFEST:
            with contextlib.suppress(OSError), open(f"{self.folder}/{path}", "rb") as old:  # noqa: PTH123
                if old.read() == content:
                    return Record(input_digest, digest, len(content), os.fstat(old.fileno()).st_mtime_ns), False
        with _opened(job.new) as new:
            new.write(content)
            new.flush()
            return Record(input_digest, digest, len(content), os.fstat(new.fileno()).st_mtime_ns), True

    def refuse_obstacles(self, jobs: Sequence[_Job]) -> None:
        """Raises StatusError, before anything is published, when a file that no build wrote has the path of a page."""
        for target, is_file in {job.target: job.target == job.file.path for job in jobs}.items():
            if obstacle := self.obstacle(target, is_file):
                raise StatusError(
                    "cannot write this page: a file that status did not create has its path.",
                    os.path.relpath(f"{self.folder}/{obstacle}"),
                    hint="The published site is unchanged. Remove or rename that file, then build again.",
                )

    def obstacle(self, target: str, is_file: bool) -> str:
        """The path of a file that no build wrote, where a file or a new folder has to go; empty when there is none."""
        path = f"{self.folder}/{target}"
        is_folder = os.path.isdir(path)  # noqa: PTH112
        if not is_file:
            return target if os.path.lexists(path) and not is_folder and target not in self.known else ""
        if not is_folder or os.path.islink(path):  # noqa: PTH114
            return ""
        inside = (os.path.relpath(file, self.folder) for file in fingerprint.files(Path(path)))
        return next((file for file in inside if file not in self.known), "")

    def announce(self, paths: Sequence[str]) -> None:
        """Adds to the journal what will be added and removed, which the next build reads if this one is killed."""
        if paths:
            with (self.folder / JOURNAL).open("a", encoding="utf-8") as journal:
                journal.writelines(f"{path}\n" for path in paths)

    def publish(self, jobs: Sequence[_Job]) -> None:
        """Moves files into place in their order; a new folder is moved at the place of its last file."""
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
            for name in sorted(os.listdir(moved)):  # another program has created that folder meanwhile
                self.move(f"{moved}/{name}", f"{path}/{name}")

    def make_folder(self, path: str, target: str) -> None:
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        except (FileExistsError, NotADirectoryError):
            _make_way(self.folder, path, self.known)
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120


def _opened(path: str) -> BinaryIO:
    """The file at `path`, open for writing; its folder is created if it is missing."""
    try:
        return open(path, "wb")  # noqa: PTH123
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        return open(path, "wb")  # noqa: PTH123


def _manifest(records: Mapping[str, Record]) -> bytes:
    lines = (f'{encode_basestring(path)}: "{records[path].digest}"' for path in sorted(records))
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8")


def _known(folder: Path) -> set[str]:
    """The paths of the files that earlier builds wrote into `folder`, also killed ones."""
    known: set[str] = set()
    with contextlib.suppress(OSError, ValueError, AttributeError):
        known.update(json.loads((folder / MANIFEST).read_bytes()).keys())
    with contextlib.suppress(OSError, ValueError):
        known.update((folder / JOURNAL).read_text("utf-8").splitlines())
    return {path for path in known if _is_inside(path)}


def _is_inside(path: str) -> bool:
    """Whether `path` is below the folder; somebody may have changed the manifest."""
    has_parent = ".." in path and ".." in path.split("/")
    return bool(path) and path[0] != "/" and "\\" not in path and not has_parent


def _make_way(folder: Path, path: str, before: set[str]) -> None:
    """Removes files of earlier builds that have the path of a folder which `path` needs, or are below `path`."""
    for known in before:
        if f"{path}/".startswith(f"{known}/") or known.startswith(f"{path}/"):
            _remove(folder, known)
    with contextlib.suppress(OSError):
        (folder / path).rmdir()  # fails when it is not empty


def _remove(folder: Path, path: str) -> None:
    target = folder / path
    if target.is_dir() and not target.is_symlink():
        return  # the path is a folder of the new site
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        target.unlink()
    for parent in target.parents:
        if parent == folder:
            break
        try:
            parent.rmdir()
        except OSError:
            break  # the folder is not empty
