"""Onto the disk: only what changed, each file whole or not at all, and what is gone removed last."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
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


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One build at a time in `folder`, which is made if need be; StatusError when the disk refuses."""
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with disk.alone_in(folder):
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
            os.path.relpath(error.filename or folder),
            hint="The site that is there still stands. Check the disk's space and rights, then build again.",
        ) from error


def stamp(folder: Path) -> int:
    """When a build last changed the site in `folder`, in nanoseconds; 0 when none did."""
    try:
        return (folder / MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0


def write(
    stages: Iterable[Iterable[File]], folder: Path, kept_in: Path | None = None, progress: Progress | None = None
) -> Written:
    """Makes `folder` hold the files of all stages and a manifest of them; the files of a stage in any order.

    What is written is remembered in `kept_in`, so that the next build can leave it alone. Files that we did not
    write are left alone, too. The caller is `alone` in the folder, and hears what the disk refuses as OSError; the
    site that is there then stays usable, and the next build finishes the work.
    """
    return _Writing(folder, kept_in, progress).write(stages)


@dataclass
class _Writing:
    folder: Path
    kept_in: Path | None
    progress: Progress | None
    records: dict[str, Record] = field(default_factory=dict)
    """Of this build's files."""
    made: int = 0
    new: list[tuple[str, str]] = field(default_factory=list)
    """What changed, in the order in which it may become visible: its path, and where it waits until all is made."""
    staging: str = ""
    serial: Iterator[int] = field(default_factory=count)
    process: int = field(default_factory=os.getpid)
    """The one that reports; its children are silent."""

    def write(self, stages: Iterable[Iterable[File]]) -> Written:
        """Makes everything first, in a folder of its own, and then puts it into place, stage by stage."""
        self.kept = (cache.read(self.kept_in, dict[str, Record], "") if self.kept_in else None) or {}
        self.refuse_another_site()
        self.before = _known(self.folder) | {path for path in self.kept if _is_inside(path)}
        staging = self.folder / disk.NEW
        shutil.rmtree(staging, ignore_errors=True)
        if staging.is_file():
            staging.unlink()
        staging.mkdir()
        try:
            self.staging = str(staging)
            for stage in stages:
                self.make_stage(list(stage))
            gone = sorted(self.before - self.records.keys() - {MANIFEST})
            self.announce([*(path for path, _ in self.new), *gone])
            files = dict(self.records)
            self.make_stage([File(MANIFEST, lambda: _manifest(files))])
            for path, made in self.new:
                self.publish(path, made)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        for path in gone:
            _remove(self.folder, path)
        (self.folder / JOURNAL).unlink(missing_ok=True)
        if self.kept_in and self.records != self.kept:
            cache.write(self.kept_in, self.records, "")
        size = sum(record.size for record in self.records.values())
        return Written(len(self.records), self.made, len(self.new), len(gone), size)

    def refuse_another_site(self) -> None:
        home = self.kept.get("index.html")
        is_ours = (self.folder / MANIFEST).exists() or (self.folder / JOURNAL).exists()
        is_ours = is_ours or (home is not None and self.stands("index.html", home))
        if not is_ours and (self.folder / "index.html").exists():
            raise StatusError(
                "another site lies here, which this one would overwrite.",
                os.path.relpath(self.folder),
                hint="Remove it, or choose another folder: site_dir in mkdocs.yml, or --site-dir.",
            )

    def make_stage(self, stage: Sequence[File]) -> None:
        stale = []
        for file in stage:
            path, _, made_of = file
            record = self.kept.get(path)
            if record and made_of and record.made_of == made_of and self.stands(path, record):
                self.records[path] = record
            else:
                stale.append(file)
        made: dict[str, str] = {}
        for share in parallel.shared(self.make_files, stale):
            for path, record, new in share:
                self.records[path] = record
                if new:
                    made[path] = new
        self.new += [(file.path, made[file.path]) for file in stale if file.path in made]
        self.made += len(stale)

    def announce(self, paths: Sequence[str]) -> None:
        """Notes what will be added and removed, so that a later build knows it for ours if this one is killed."""
        if paths:
            with (self.folder / JOURNAL).open("a", encoding="utf-8") as journal:
                journal.writelines(f"{path}\n" for path in paths)

    def stands(self, path: str, record: Record) -> bool:
        """Whether the file is on the disk as `record` has it."""
        try:
            found = os.stat(f"{self.folder}/{path}", follow_symlinks=False)  # noqa: PTH116
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (record.size, record.time)

    def make_files(self, files: Sequence[File]) -> list[tuple[str, Record, str]]:
        """Makes these files: `(path, record, where it waits)` of each; one that changed nothing waits nowhere."""
        done = []
        for number, file in enumerate(files, 1):
            done.append(self.make_file(file, f"{self.staging}/{os.getpid()}-{next(self.serial)}"))
            if self.progress and os.getpid() == self.process:
                self.progress(number, len(files))
        return done

    def make_file(self, file: File, new: str) -> tuple[str, Record, str]:
        content = file.make()
        digest = hashlib.sha256(content).hexdigest()
        before = self.kept.get(file.path)
        if before and before.digest == digest and self.stands(file.path, before):
            return file.path, Record(file.made_of, digest, before.size, before.time), ""
        if file.path in self.before or file.path == MANIFEST:
            with contextlib.suppress(OSError), open(f"{self.folder}/{file.path}", "rb") as there:  # noqa: PTH123
                if there.read() == content:
                    time = os.fstat(there.fileno()).st_mtime_ns
                    return file.path, Record(file.made_of, digest, len(content), time), ""
        with open(new, "wb") as made:  # noqa: PTH123
            made.write(content)
            made.flush()
            time = os.fstat(made.fileno()).st_mtime_ns
        return file.path, Record(file.made_of, digest, len(content), time), new

    def publish(self, path: str, made: str) -> None:
        """Puts a file into its place: whole, as it is only renamed."""
        target = f"{self.folder}/{path}"
        try:
            os.replace(made, target)  # noqa: PTH105
        except FileNotFoundError:
            self.make_folder(path, target)
            os.replace(made, target)  # noqa: PTH105
        except (IsADirectoryError, NotADirectoryError):
            _make_way(self.folder, path, self.before)
            self.make_folder(path, target)
            os.replace(made, target)  # noqa: PTH105

    def make_folder(self, path: str, target: str) -> None:
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        except (FileExistsError, NotADirectoryError):
            _make_way(self.folder, path, self.before)
            os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120


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
