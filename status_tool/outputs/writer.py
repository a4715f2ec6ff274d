"""How the site is written: only changed files, each atomically; then files that it no longer has are removed."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from status_tool.errors import StatusError
from status_tool.outputs import links, manifest
from status_tool.outputs.manifest import Manifest
from status_tool.settings import settings
from status_tool.system import cache, disk, fingerprint, parallel
from status_tool.system.parallel import Progress

MANIFEST = manifest.NAME
LINKING = (".html", ".json", ".atom", ".rss", ".xml", ".txt", ".ics")
"""The suffixes of files that lead to others; stylesheets, scripts and images lead to none."""
JOURNAL = ".status-journal"
"""The list of files that a running build adds and removes; if it is killed, the next build reads it."""


class File(NamedTuple):
    """A file of the site: its path, the function that returns its bytes, and the digest of their inputs.

    If `input_digest` is the same as in the last build, `make` is not called. If it is empty, every build calls `make`.
    """

    path: str
    make: Callable[[], bytes]
    input_digest: str = ""


class Record(NamedTuple):
    """A file as a build wrote it: the digest of its inputs, its SHA-256, its size in bytes, and its time."""

    input_digest: str
    digest: str
    size: int
    time: int
    """Its modification time, in nanoseconds since 1970."""


@dataclass(frozen=True)
class WriteResult:
    """The number of files in the site, rendered, changed and removed, and the size of the site in bytes."""

    files: int
    rendered: int
    changed: int
    removed: int
    size: int


@contextlib.contextmanager
def site_lock(folder: Path) -> Iterator[None]:
    """Holds the lock on `folder`, which is created if it is missing. Raises StatusError instead of OSError."""
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
    """When a build last changed the site in `folder`, in nanoseconds since 1970; 0 if there is no site."""
    try:
        return (folder / MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0


FEW_FILES = 256
"""Below this number of files, one more process costs more time than it saves."""


def write(
    files: Iterable[File],
    folder: Path,
    records_file: Path | None = None,
    progress: Progress | None = None,
    commit: str = "",
) -> WriteResult:
    """Writes `files` and their manifest, which names `commit`, to `folder`.

    Files of earlier builds that are not among them are removed.
    All files are written to a staging folder, then moved into place, new ones first, in the order of `files`. Their
    records are written to `records_file`, so that the next build can reuse unchanged files. Files that no build wrote
    are never changed.

    The caller holds `site_lock`. Raises OSError if the disk fails, and StatusError if a file that no build wrote
    has the path of one of `files`. Every page is then still complete, and the next build finishes the work.
    """
    site = _Site(folder, records_file)
    site.refuse_other_site()
    records: dict[str, Record] = {}
    stale: list[File] = []
    for file in files:
        if record := site.unchanged(file):
            records[file.path] = record
        else:
            stale.append(file)
    with _staging(folder) as staging:
        jobs = [site.job(file, staging, number) for number, file in enumerate(stale)]
        rendered = _render(site, jobs, progress)
        records |= {path: record for path, (record, _) in rendered.items()}
        changed = [job for job in jobs if rendered[job.file.path][1]]
        removed = sorted(site.known - records.keys() - {MANIFEST})
        site.refuse_obstacles(changed)
        site.refuse_manifest_of_others()
        site.announce([*(job.file.path for job in changed), *removed])
        written = Manifest({path: record.digest for path, record in records.items()}, commit)
        manifest_job = site.job(File(MANIFEST, written.encoded), staging, len(jobs))
        record, is_new = site.render(manifest_job)
        if is_new:
            changed.append(manifest_job)
        try:
            site.publish(changed, staging)
            site.remove(removed, staging)
        except KeyboardInterrupt:
            what = "stopped while new pages were being published. Every page is complete, but some are old."
            raise StatusError(what, os.path.relpath(folder), hint="Build again to finish.") from None
    (folder / JOURNAL).unlink(missing_ok=True)
    records[MANIFEST] = record
    if records_file and records != site.old_records:
        cache.write(records_file, records, "")
    size = sum(record.size for record in records.values())
    return WriteResult(len(records), len(jobs) + 1, len(changed), len(removed), size)


@contextlib.contextmanager
def _staging(folder: Path) -> Iterator[str]:
    """An empty folder for new files until all are written; files of a killed build are removed from it."""
    staging = folder / disk.NEW
    shutil.rmtree(staging, ignore_errors=True)
    if staging.is_file():
        staging.unlink()
    staging.mkdir()
    try:
        yield str(staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _render(site: _Site, jobs: Sequence[_Job], progress: Progress | None) -> dict[str, tuple[Record, bool]]:
    """Renders the files on all processors; path -> (its record, whether its content is new)."""

    def render(share: Iterable[_Job]) -> dict[str, tuple[Record, bool]]:
        return {job.file.path: site.render(job) for job in share}

    shares = parallel.map_shares(render, jobs, FEW_FILES, progress)
    return {path: result for share in shares for path, result in share.items()}


class _Job(NamedTuple):
    """A file to render, and what is then moved into place: the file itself, or the highest folder that is new."""

    file: File
    new: str
    """Its path in the staging folder."""
    moved: str
    """The path in the staging folder of the file or folder that is moved."""
    target: str
    """The path below the site's root to which it is moved."""


class _Site:
    """The output folder as it was before this build."""

    def __init__(self, folder: Path, records_file: Path | None) -> None:
        self.folder = folder
        self.old_records = (cache.read(records_file, dict[str, Record], "") if records_file else None) or {}
        self.manifest = manifest.of_folder(folder)
        self.known = _known(folder, self.manifest) | {path for path in self.old_records if manifest.is_inside(path)}
        """The paths of all files that earlier builds wrote."""
        self.folders: dict[str, bool] = {"": True}
        """Path -> whether that folder exists; a cache of `highest_new`."""
        self.has_home = (folder / "index.html").exists()

    def refuse_other_site(self) -> None:
        """Raises StatusError if the folder has an `index.html` that no build wrote."""
        home = self.old_records.get("index.html")
        is_ours = (self.folder / MANIFEST).exists() and not self.manifest.is_foreign
        is_ours = is_ours or (self.folder / JOURNAL).exists()
        is_ours = is_ours or (home is not None and self.is_as_recorded("index.html", home))
        if not is_ours and (self.folder / "index.html").exists():
            raise StatusError(
                "this folder contains another site, which the build would overwrite.",
                os.path.relpath(self.folder),
                hint=f"Remove that site, or {settings.HOW_TO_MOVE_SITE}",
            )

    def unchanged(self, file: File) -> Record | None:
        """The record of `file` if its inputs and the file on the disk are unchanged; otherwise None."""
        record = self.old_records.get(file.path)
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

    def render(self, job: _Job) -> tuple[Record, bool]:
        """Renders a file, and writes it to the staging folder if its content is new: `(record, whether it is new)`."""
        path, make, input_digest = job.file
        content = make()
        digest = hashlib.sha256(content).hexdigest()
        old_record = self.old_records.get(path)
        if old_record and old_record.digest == digest and self.is_as_recorded(path, old_record):
            return old_record._replace(input_digest=input_digest), False
        if path in self.known or path == MANIFEST:
            with contextlib.suppress(OSError), open(f"{self.folder}/{path}", "rb") as old:  # noqa: PTH123
                if old.read() == content:
                    return Record(input_digest, digest, len(content), os.fstat(old.fileno()).st_mtime_ns), False
        with _opened(job.new) as new:
            new.write(content)
            new.flush()
            return Record(input_digest, digest, len(content), os.fstat(new.fileno()).st_mtime_ns), True

    def refuse_obstacles(self, jobs: Sequence[_Job]) -> None:
        """Raises StatusError, before anything is published, if a file that no build wrote has the path of a page."""
        for target, is_file in {job.target: job.target == job.file.path for job in jobs}.items():
            if obstacle := self.obstacle(target, is_file):
                raise self.taken(obstacle)

    def refuse_manifest_of_others(self) -> None:
        """Raises StatusError if `manifest.json` is that of another program."""
        if self.manifest.is_foreign:
            raise self.taken(MANIFEST)

    def taken(self, obstacle: str) -> StatusError:
        return StatusError(
            "cannot write this page: a file that status did not create has its path.",
            os.path.relpath(f"{self.folder}/{obstacle}"),
            hint="The published site is unchanged. Remove or rename that file, then build again.",
        )

    def obstacle(self, target: str, is_file: bool) -> str:
        """The path of a file that no build wrote at or below `target`, if it prevents the move; otherwise empty."""
        path = f"{self.folder}/{target}"
        is_folder = os.path.isdir(path)  # noqa: PTH112
        if not is_file:
            return target if os.path.lexists(path) and not is_folder and target not in self.known else ""
        if not is_folder or os.path.islink(path):  # noqa: PTH114
            is_ours = target in self.known or self.manifest.is_damaged
            return target if os.path.lexists(path) and not is_ours else ""
        inside = (os.path.relpath(file, self.folder) for file in fingerprint.files(Path(path)))
        return next((file for file in inside if file not in self.known), "")

    def announce(self, paths: Sequence[str]) -> None:
        """Adds the paths of files that will be added or removed to the journal."""
        if paths:
            with (self.folder / JOURNAL).open("a", encoding="utf-8") as journal:
                journal.writelines(f"{path}\n" for path in paths)

    def publish(self, jobs: Sequence[_Job], staging: str) -> None:
        """Moves files into place: first those that are new or link to nothing, then the others, in the order of `jobs`.

        So no changed page leads to a file that is not there yet. A new folder is moved with its last file. New pages
        may link to each other in a circle: one that links to a later one is published without that link, and whole
        after the last new one. In a first build everything is new, and the home page comes after all that it leads to.
        """
        absent = {job.file.path for job in jobs if self.is_new(job)}
        early = absent | {job.file.path for job in jobs if not job.file.path.endswith(LINKING)}
        groups: dict[str, list[_Job]] = {}
        for job in jobs:
            if job.file.path in early:
                groups.setdefault(job.target, []).append(job)
                groups[job.target] = groups.pop(job.target)
        late: list[tuple[str, str]] = []
        for target, group in groups.items():
            absent.difference_update(job.file.path for job in group)
            if self.has_home:
                late += _stage_without_links(group, absent, f"{staging}/whole-{len(late)}-")
            self.move(group[0].moved, target)
        for moved, path in [*late, *((job.moved, job.target) for job in jobs if job.file.path not in early)]:
            self.move(moved, path)

    def is_new(self, job: _Job) -> bool:
        return job.target != job.file.path or not os.path.lexists(f"{self.folder}/{job.target}")

    def remove(self, paths: Sequence[str], staging: str) -> None:
        """Removes files. Pages that link to each other lose these links first."""
        gone = set(paths)
        for path in paths:
            if content := _without_links(f"{self.folder}/{path}", path, gone):
                new = Path(staging, "removed")
                new.write_bytes(content)
                self.move(str(new), path)
        for path in paths:
            _remove(self.folder, path)

    def move(self, moved: str, path: str) -> None:
        target = f"{self.folder}/{path}"
        try:
            os.replace(moved, target)  # noqa: PTH105
        except FileNotFoundError:
            self.make_folder(path, target)
            os.replace(moved, target)  # noqa: PTH105
        except (IsADirectoryError, NotADirectoryError):
            _remove_conflicting(self.folder, path, self.known)
            self.make_folder(path, target)
            os.replace(moved, target)  # noqa: PTH105
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            for name in sorted(os.listdir(moved)):  # another program has created that folder in the meantime
                self.move(f"{moved}/{name}", f"{path}/{name}")

    def make_folder(self, path: str, target: str) -> None:
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        except (FileExistsError, NotADirectoryError):
            _remove_conflicting(self.folder, path, self.known)
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120


def _opened(path: str) -> BinaryIO:
    """The file at `path`, open for writing; its folder is created if it is missing."""
    try:
        return open(path, "wb")  # noqa: PTH123
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        return open(path, "wb")  # noqa: PTH123


def _stage_without_links(group: Sequence[_Job], absent: Collection[str], prefix: str) -> Iterator[tuple[str, str]]:
    """Removes the links to `absent` from the staged pages of `group`.

    Yields `(file, path)` for each page that has such links: where it is staged whole now, and its path in the site.
    """
    for number, job in enumerate(group):
        if content := _without_links(job.new, job.file.path, absent):
            whole = f"{prefix}{number}"
            os.replace(job.new, whole)  # noqa: PTH105
            Path(job.new).write_bytes(content)
            yield whole, job.file.path


def _without_links(file: str, path: str, absent: Collection[str]) -> bytes:
    """The content of an HTML file, the page at `path`, without links to `absent`; empty if it has none."""
    if not absent or not path.endswith(".html"):
        return b""
    try:
        content = Path(file).read_bytes()
    except OSError:  # it is a folder now, or somebody has removed it
        return b""
    text = content.decode("utf-8", "surrogateescape")
    shown = links.without(text, path, absent)
    return b"" if shown == text else shown.encode("utf-8", "surrogateescape")


def _known(folder: Path, written: Manifest) -> set[str]:
    """The paths of the files that earlier builds, including killed ones, wrote into `folder`."""
    known = set(written.digests)
    with contextlib.suppress(OSError, ValueError):
        known.update((folder / JOURNAL).read_text("utf-8").splitlines())
    return {path for path in known if manifest.is_inside(path)}


def _remove_conflicting(folder: Path, path: str, known: set[str]) -> None:
    """Removes files of earlier builds that have the path of a parent folder of `path`, or are below `path`."""
    for known_path in known:
        if f"{path}/".startswith(f"{known_path}/") or known_path.startswith(f"{path}/"):
            _remove(folder, known_path)
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
