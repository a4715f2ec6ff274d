"""How an incident file is created or changed: atomically, and without losing what other programs write to it."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from status_tool.errors import StatusError
from status_tool.incident_files import parser, store, writer
from status_tool.incident_files.update_files import FileText
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.settings.fields import UPDATES_IN_FILES
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
    """Adds the update that `make_update` returns for the incident, as it is in the locked files.

    The setting `updates` says whether it is added to the incident's file or gets one of its own. Returns the incident
    with its new update, and the update. Two commands at the same time both add theirs.
    """
    if settings.updates == UPDATES_IN_FILES:
        return _append_file(settings, id, make_update, latest)

    def edit(before: Incident, text: str, path: str) -> str:
        return writer.append_update(text, path, make_update(before))

    changed = change(settings, id, edit, latest)
    return changed, changed.last


def change(
    settings: Settings,
    id: str,
    edit: Callable[[Incident, str, str], str],
    latest: datetime | None = None,
    *,
    message_of: tuple[datetime, str] | None = None,
) -> Incident:
    """Writes the text that `edit(incident, text, path)` returns to the incident's file, which is locked meanwhile.

    With `message_of`, the time of an update and a language, it is the file that has this message. `path` is as messages
    show it. Returns the incident that the files contain then. An editor does not know the lock: when another program
    writes to a file at the same time, `edit` is called again with what that program wrote.
    StatusError, and no change, when a build would refuse the new text; a time after `latest` is such a problem.
    """
    with _locked(settings):
        for _ in range(MAX_ATTEMPTS):
            path = store.path_of(settings, id)
            stamps = store.stamps_of(settings, path)
            file = store.message_file(settings, id, *message_of) if message_of else path
            try:
                files = _Files.of(settings, path)
                before = files.incident(settings)
                after = files.with_text(file, edit(before, files.text_of(file), settings.shown(file)))
                changed = after.incident(settings, latest)
            except StatusError:
                if not store.is_being_written(settings, path, stamps):
                    raise
                continue
            swapped = _swap(settings, file, files.text_of(file), after.text_of(file))
            if swapped and _holds_change(settings, path, before, changed):
                return changed
    raise _never_at_rest(settings, path)


def change_all(
    settings: Settings,
    id: str,
    edit: Callable[[Incident, Sequence[FileText]], Sequence[str]],
    latest: datetime | None = None,
) -> Incident:
    """As `change`, with the texts of all files of the incident: its own first, then those of single updates.

    `edit(incident, files)` returns the new text of each, in this order. The incident's own file is written last: until
    then, what the others say of a draft is seen by nobody.
    """
    with _locked(settings):
        for _ in range(MAX_ATTEMPTS):
            path = store.path_of(settings, id)
            stamps = store.stamps_of(settings, path)
            try:
                files = _Files.of(settings, path)
                before = files.incident(settings)
                old = [FileText(str(path), files.text), *files.updates]
                shown = [FileText(settings.shown(Path(file.path)), file.text) for file in old]
                new = edit(before, shown)
                after = files
                for file, text in zip(old, new, strict=True):
                    after = after.with_text(Path(file.path), text)
                changed = after.incident(settings, latest)
            except StatusError:
                if not store.is_being_written(settings, path, stamps):
                    raise
                continue
            pairs = [(file, text) for file, text in zip(old, new, strict=True) if file.text != text]
            swapped = all(_swap(settings, Path(file.path), file.text, text) for file, text in reversed(pairs))
            if swapped and _holds_change(settings, path, before, changed):
                return changed
    raise _never_at_rest(settings, path)


def _append_file(
    settings: Settings, id: str, make_update: Callable[[Incident], Update], latest: datetime | None
) -> tuple[Incident, Update]:
    """As `append`, with a file of its own for the update; `make_update` is called again when its second is taken."""
    with _locked(settings):
        for _ in range(MAX_ATTEMPTS):
            path = store.path_of(settings, id)
            stamps = store.stamps_of(settings, path)
            try:
                files = _Files.of(settings, path)
                before = files.incident(settings)
                update = make_update(before)
                new = _update_files(settings, path, update)
                changed = files.with_new(new).incident(settings, latest)
            except StatusError:
                if not store.is_being_written(settings, path, stamps):
                    raise
                continue
            if changed != replace(before, updates=(*before.updates, changed.last)) or changed.last.at != update.at:
                what = "this update cannot be written as a file of its own."
                hint = f"Give it a later time; or leave out updates: in {settings.shown(settings.file)}."
                raise StatusError(what, settings.shown(path), hint=hint)
            if _create(settings, Path(new[0].path), new[0].text):
                for file in new[1:]:
                    _create(settings, Path(file.path), file.text)
                return changed, changed.last
    raise _never_at_rest(settings, path)


def _update_files(settings: Settings, path: Path, update: Update) -> list[FileText]:
    """The files of `update`, by their whole paths: the first is that of the update, the others are translations."""
    folder = path.with_suffix("")
    return [FileText(str(folder / name), text) for name, text in writer.update_files(update, settings.language)]


@dataclass(frozen=True)
class _Files:
    """The texts of an incident's files."""

    path: Path
    text: str
    updates: tuple[FileText, ...]
    """Those of its update files, by their whole paths, in the order of their names."""

    @classmethod
    def of(cls, settings: Settings, path: Path) -> _Files:
        return cls(path, disk.read_text(path), tuple(store.update_texts(settings, path)))

    def incident(self, settings: Settings, latest: datetime | None = None) -> Incident:
        return store.incident_in(settings, self.path, self.text, latest, self.updates)

    def text_of(self, file: Path) -> str:
        return self.text if file == self.path else next(each.text for each in self.updates if each.path == str(file))

    def with_text(self, file: Path, text: str) -> _Files:
        if file == self.path:
            return replace(self, text=text)
        return replace(
            self, updates=tuple(each._replace(text=text) if each.path == str(file) else each for each in self.updates)
        )

    def with_new(self, files: Iterable[FileText]) -> _Files:
        return replace(self, updates=tuple(sorted([*self.updates, *files])))


def _never_at_rest(settings: Settings, path: Path) -> StatusError:
    return StatusError(
        "another program writes this file again and again.",
        settings.shown(path),
        hint="Close that program. Look whether your text is in the file; if it is not, run the command again.",
    )


def _holds_change(settings: Settings, path: Path, before: Incident, changed: Incident) -> bool:
    """Whether the files still have what turned `before` into `changed`, and no other program has overwritten it.

    A program that is writing a file may need some milliseconds until its text is complete.
    """
    for _ in range(disk.LOOKS):
        with contextlib.suppress(StatusError):
            files = _Files.of(settings, path)
            if parser.source_of(files.text.encode(), files.updates) == changed.source:
                return True
            if _has_change(files.incident(settings), before, changed):
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
    """Writes a new file, and its folder if that is missing; False when the file exists already."""
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
