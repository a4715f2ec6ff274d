"""Which files a deployment uploads: those of the last build, whole, as they are at one moment."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from status_tool.errors import StatusError
from status_tool.outputs import manifest, writer
from status_tool.outputs.manifest import Manifest
from status_tool.settings.settings import Settings
from status_tool.system import clock, fingerprint, temporary

STATE = "status.json"
"""The file of a site that says when it was built."""
_BUILD = "Build it: status build"


@dataclass(frozen=True)
class State:
    """What `status.json` says of the build that wrote it."""

    written: datetime
    is_replay: bool = False


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
        return State(clock.parse_time(document["written"]), bool(document.get("replay")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


@contextlib.contextmanager
def take(settings: Settings, site: Path) -> Iterator[Snapshot]:
    """The site that is built in the folder `site`, until the end of the `with` block.

    StatusError when there is none, or when a file of it is not as the build wrote it.
    """
    shown = settings.shown(site)
    if not (site / manifest.NAME).is_file():
        raise StatusError("no site is built here.", shown, hint=_BUILD)
    with temporary.folder("status-deploy-") as folder:
        with writer.site_lock(site):
            built = manifest.of_folder(site)
            if built.is_foreign or built.is_damaged or not built.is_whole or (site / writer.JOURNAL).exists():
                raise StatusError("the last build did not finish, so nothing was deployed.", shown, hint=_BUILD)
            for path in (*built.digests, manifest.NAME):
                _copy(site, folder, path, shown)
        for path, digest in built.digests.items():
            if fingerprint.digest((folder / path).read_bytes()) != digest:
                what = "this file is not as the build wrote it, so nothing was deployed."
                raise StatusError(what, settings.shown(site / path), hint=f"{_BUILD.replace('it', 'the site again')}")
        state = read_state((folder / STATE).read_bytes()) if STATE in built.digests else None
        if state is None:
            raise StatusError(f"this site has no {STATE}, so nothing says when it was built.", shown, hint=_BUILD)
        yield Snapshot(folder, built, state)


def _copy(site: Path, folder: Path, path: str, shown: str) -> None:
    """Copies a file, as a link where the file system can do that: a build replaces files, and changes none."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(site / path, target)
    except FileNotFoundError:
        what = f"{path} is missing, so nothing was deployed."
        raise StatusError(what, shown, hint="Build the site again: status build") from None
    except OSError:
        shutil.copy2(site / path, target)
