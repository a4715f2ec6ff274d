"""Which files a deployment uploads: those of the last build, whole, as they are at one moment."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from status_tool.errors import StatusError
from status_tool.outputs import manifest, writer
from status_tool.outputs.manifest import Manifest
from status_tool.settings.settings import Settings
from status_tool.system import clock, disk, fingerprint, temporary

STATE = "status.json"
"""The file of a site that says when it was built."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""By how much the clocks of two machines may differ."""
_BUILD = "Build it: status build"


@dataclass(frozen=True)
class State:
    """What `status.json` says of the build that wrote it."""

    written: datetime
    is_replay: bool = False
    is_drill: bool = False
    open: frozenset[str] = frozenset()
    """The ids of the incidents that are open."""


@dataclass(frozen=True)
class Snapshot:
    """A site in a folder of its own, which no build changes."""

    folder: Path
    manifest: Manifest
    state: State

    @property
    def extras(self) -> tuple[str, ...]:
        """The files that the manifest does not name: the manifest, and its signature if there is one."""
        names = (manifest.SIGNATURE, manifest.NAME)
        return tuple(name for name in names if (self.folder / name).exists())


def read_state(content: bytes) -> State | None:
    """What a `status.json` says; None when it is not one of ours."""
    try:
        document = json.loads(content)
        listed = document.get("open")
        ids = [incident.get("id") for incident in listed] if isinstance(listed, list) else []
        return State(
            clock.parse_time(document["written"]),
            bool(document.get("replay")),
            bool(document.get("drill")),
            frozenset(id for id in ids if isinstance(id, str)),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def is_in_the_future(time: datetime, now: datetime) -> bool:
    """Whether a clock must be wrong, this one or that of the machine that wrote `time`."""
    return time > now + CLOCKS_DIFFER


@contextlib.contextmanager
def take(settings: Settings, site: Path) -> Iterator[Snapshot]:
    """The site that is built in the folder `site`, until the end of the `with` block.

    StatusError when there is none, or when a file of it is not as the build wrote it.
    """
    shown = settings.shown(site)
    if not (site / manifest.NAME).is_file():
        raise StatusError("no site is built here.", shown, hint=_BUILD)
    with _own_folder(settings, site) as folder:
        with writer.site_lock(site):
            built = manifest.of_folder(site)
            if built.is_foreign or built.is_damaged or not built.is_whole or (site / writer.JOURNAL).exists():
                raise StatusError("the last build did not finish, so nothing was deployed.", shown, hint=_BUILD)
            _fill(folder, site, built, shown)
        for path, digest in built.digests.items():
            if fingerprint.digest((folder / path).read_bytes()) != digest:
                what = "this file is not as the build wrote it, so nothing was deployed."
                raise StatusError(what, settings.shown(site / path), hint="Build the site again: status build")
        state = read_state((folder / STATE).read_bytes()) if STATE in built.digests else None
        if state is None:
            raise StatusError(f"this site has no {STATE}, so nothing says when it was built.", shown, hint=_BUILD)
        if is_in_the_future(state.written, clock.now()):
            what = f"this site says that it was built at {clock.iso(state.written)}, which is in the future."
            raise StatusError(what, shown, hint="Look at the clock of this machine; then build again: status build")
        yield Snapshot(folder, built, state)


@contextlib.contextmanager
def _own_folder(settings: Settings, site: Path) -> Iterator[Path]:
    """The folder of the last snapshot, so that only what has changed is copied; a temporary one while it is in use."""
    folder = settings.cache / "snapshots" / fingerprint.digest(os.fsencode(site))[:16]
    with contextlib.ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(disk.exclusive_lock(folder, waits=False))
        except OSError:
            folder = stack.enter_context(temporary.folder("status-deploy-"))
        yield folder


def _fill(folder: Path, site: Path, built: Manifest, shown: str) -> None:
    """Makes `folder` contain the files of `built` and the manifest, and nothing else."""
    old = manifest.of_folder(folder)
    (folder / manifest.NAME).unlink(missing_ok=True)  # until the folder is complete, nothing says that it is
    if not old.digests:
        _empty(folder)
    for path in old.digests.keys() - built.digests.keys():
        (folder / path).unlink(missing_ok=True)
    for path, digest in built.digests.items():
        if old.digests.get(path) != digest or not _is_same(folder / path, site / path):
            _copy(site, folder, path, shown)
    (folder / manifest.SIGNATURE).unlink(missing_ok=True)
    _copy(site, folder, manifest.NAME, shown)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _is_same(copy: Path, original: Path) -> bool:
    """Whether `copy` is a link to `original`, or has its size: the content is compared after that."""
    try:
        ours, theirs = copy.lstat(), original.lstat()
    except OSError:
        return False
    return ours.st_ino == theirs.st_ino or ours.st_size == theirs.st_size


def _copy(site: Path, folder: Path, path: str, shown: str) -> None:
    """Copies a file, as a link where the file system can do that: a build replaces files, and changes none."""
    target = folder / path
    _make_way(folder, target)
    try:
        os.link(site / path, target)
    except FileNotFoundError:
        what = f"{path} is missing, so nothing was deployed."
        raise StatusError(what, shown, hint="Build the site again: status build") from None
    except OSError:
        shutil.copy2(site / path, target)


def _make_way(folder: Path, target: Path) -> None:
    """Removes what an earlier snapshot has at this path, or where its folder is to be."""
    for parent in reversed(target.parents):
        if parent.is_relative_to(folder) and parent.is_file():
            parent.unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
