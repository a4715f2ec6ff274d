"""How an incident file is created or changed: atomically, and without losing what other programs write to it."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from status_tool.errors import StatusError
from status_tool.incident_files import parser, store, writer
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.settings.settings import Settings
from status_tool.system import compare_and_swap, disk

MAX_ATTEMPTS = 100
"""How often a change is tried while another program writes the file again and again."""
_COMPARED = [field.name for field in fields(Incident) if field.compare and field.name != "updates"]


def write_new(settings: Settings, incident: Incident, latest: datetime | None = None) -> Path:
    """Writes a file for a new incident and returns its path. When the id exists, `-2`, `-3`, ... is added to it.

    StatusError, and no file, when a build would refuse it; a time after `latest` is such a problem.
    """
    folder = settings.incidents
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _write_error(settings, folder, error) from None
    with _locked(settings):
        path, number = folder / f"{incident.id}{writer.SUFFIX}", 1
        text = writer.draft(incident)
        store.incident_in(settings, path, text, latest)
        while not store.is_free(settings, path.stem, incident) or not _create(settings, path, text):
            number += 1
            path = folder / f"{incident.id}-{number}{writer.SUFFIX}"
    return path


def append(
    settings: Settings, id: str, make_update: Callable[[Incident], Update], latest: datetime | None = None
) -> tuple[Incident, Update]:
    """Adds the update that `make_update` returns for the incident, as it is in the locked file.

    Returns the incident with its new update, and the update. Two commands at the same time both add theirs.
    """

    def edit(before: Incident, text: str, path: str) -> str:
        return writer.append_update(text, path, make_update(before))

    changed = change(settings, id, edit, latest)
    return changed, changed.last


def change(
    settings: Settings, id: str, edit: Callable[[Incident, str, str], str], latest: datetime | None = None
) -> Incident:
    """Writes the text that `edit(incident, text, path)` returns to the incident's file, which is locked meanwhile.

    `path` is as messages show it. Returns the incident that the new text contains. An editor does not know the lock:
    when another program writes the file at the same time, `edit` is called again with what that program wrote.
    StatusError, and no change, when a build would refuse the new text; a time after `latest` is such a problem.
    """
    with _locked(settings):
        for _ in range(MAX_ATTEMPTS):
            path = store.path_of(settings, id)
            stamp, text = disk.stamp(path), disk.read_text(path)
            try:
                before = parser.parse(text, settings.shown(path), components=settings.component_names)
                after = edit(before, text, settings.shown(path))
                changed = store.incident_in(settings, path, after, latest)
            except StatusError:
                if not disk.is_being_written(path, stamp):
                    raise
                continue
            if _swap(settings, path, text, after) and _holds_change(path, before, changed):
                return changed
    raise StatusError(
        "another program writes this file again and again.",
        settings.shown(path),
        hint="Close that program. Look whether your text is in the file; if it is not, run the command again.",
    )


def _holds_change(path: Path, before: Incident, changed: Incident) -> bool:
    """Whether the file still has what turned `before` into `changed`, and no other program has overwritten it.

    A program that is writing the file may need some milliseconds until its text is complete.
    """
    for _ in range(disk.LOOKS):
        with contextlib.suppress(StatusError):
            text = disk.read_text(path)
            if parser.source_of(text.encode()) == changed.source:
                return True
            if _has_change(parser.parse(text, path.name), before, changed):
                return True
        time.sleep(disk.PAUSE)
    return False


def _has_change(current: Incident, before: Incident, changed: Incident) -> bool:
    """Whether `current` has every update and every value by which `changed` differs from `before`."""
    present = {update.at: update for update in current.updates}
    old = {update.at: update for update in before.updates}
    return all(present.get(update.at) == update for update in changed.updates if old.get(update.at) != update) and all(
        getattr(current, name) == getattr(changed, name)
        for name in _COMPARED
        if getattr(before, name) != getattr(changed, name)
    )


@contextlib.contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    """Holds the lock on the folder of incidents: only one process writes at a time."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(disk.exclusive_lock(settings.incidents))
        except OSError as error:
            raise _write_error(settings, settings.incidents, error) from None
        yield


def _swap(settings: Settings, path: Path, old: str, new: str) -> bool:
    """Replaces the text of the file atomically; False when another program has changed it since it was read."""
    target = path.resolve()
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "the file is read-only")
        return compare_and_swap.swap(target, old.encode("utf-8"), new.encode("utf-8"))
    except compare_and_swap.Overwritten as error:
        raise StatusError(
            "two programs have changed this file at the same time; nothing was added to it.",
            settings.shown(path),
            hint=f"One version is kept in {settings.shown(error.kept)}. Put both together, then run the command again.",
        ) from None
    except OSError as error:
        raise _write_error(settings, path, error) from None


def _create(settings: Settings, path: Path, text: str) -> bool:
    """Writes a new file; False when it exists already."""
    try:
        return compare_and_swap.create(path, text.encode("utf-8"))
    except OSError as error:
        raise _write_error(settings, path, error) from None


def _write_error(settings: Settings, path: Path, error: OSError) -> StatusError:
    return StatusError(
        f"cannot be written: {error.strerror}.",
        settings.shown(path),
        hint="Nothing was changed. Check the free disk space and the folder's permissions, then run the command again.",
    )
