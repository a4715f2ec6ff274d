"""Onto the disk: only what changed, each file whole or not at all, and what is gone removed last."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from status_tool import disk
from status_tool.errors import StatusError

MANIFEST = "manifest.json"
JOURNAL = ".status-journal"
"""The files a running build has added; what a killed one left behind is known by it."""


@dataclass(frozen=True)
class Written:
    """What a build did to the folder; `size` is the whole site's, in bytes."""

    files: int
    changed: int
    removed: int
    size: int


def write(files: Iterable[tuple[str, bytes]], folder: Path) -> Written:
    """Makes `folder` hold `files` and a manifest of them, in the order they come.

    Files that we did not write are left alone. Raises StatusError when the disk refuses; the site
    that is there then stays usable, and the next build finishes the work.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with disk.alone_in(folder):
            return _write(files, folder)
    except OSError as error:
        raise StatusError(
            f"cannot be written: {error.strerror}.",
            os.path.relpath(error.filename or folder),
            hint="The site that is there still stands. Check the disk's space and rights, then build again.",
        ) from error


def _write(files: Iterable[tuple[str, bytes]], folder: Path) -> Written:
    before = _known(folder)
    is_ours = (folder / MANIFEST).exists() or (folder / JOURNAL).exists()
    if not is_ours and (folder / "index.html").exists():
        raise StatusError(
            "another site lies here, which this one would overwrite.",
            os.path.relpath(folder),
            hint="Remove it, or choose another folder: site_dir in mkdocs.yml, or --site-dir.",
        )
    digests: dict[str, str] = {}
    changed = size = 0
    with (folder / JOURNAL).open("a", encoding="utf-8") as journal:
        for path, content in files:
            digests[path] = hashlib.sha256(content).hexdigest()
            size += len(content)
            if path not in before:
                journal.write(path + "\n")
                journal.flush()
            try:
                changed += _write_file(folder, path, content)
            except (FileExistsError, IsADirectoryError, NotADirectoryError):
                _make_way(folder, path, before)
                changed += _write_file(folder, path, content)
    manifest = json.dumps(dict(sorted(digests.items())), indent=0, ensure_ascii=False).encode("utf-8") + b"\n"
    gone = before - digests.keys()
    changed += _write_file(folder, MANIFEST, manifest)
    for path in sorted(gone):
        _remove(folder, path)
    (folder / JOURNAL).unlink()
    (folder / disk.NEW).unlink(missing_ok=True)
    return Written(len(digests) + 1, changed, len(gone), size + len(manifest))


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
    parts = path.split("/")
    return bool(path) and not path.startswith("/") and ".." not in parts and "\\" not in path


def _write_file(folder: Path, path: str, content: bytes) -> bool:
    """Writes the file whole, unless it holds `content` already; says whether it did."""
    target, new = folder / path, folder / disk.NEW
    try:
        if target.read_bytes() == content:
            return False
    except (FileNotFoundError, NotADirectoryError):
        target.parent.mkdir(parents=True, exist_ok=True)
    try:
        new.write_bytes(content)
        new.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink()
        raise
    return True


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
