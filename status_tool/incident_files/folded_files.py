"""How the updates of an incident that are files of their own are moved into its one file, on the disk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from status_tool.errors import StatusError
from status_tool.incident_files import folding, parser, store, update_files
from status_tool.incident_files.update_files import FileText
from status_tool.settings.settings import Settings
from status_tool.system import compare_and_swap, disk


def with_update_files(settings: Settings) -> list[str]:
    """The ids of the incidents that have updates in files of their own."""
    return [id for id in store.ids(settings) if store.path_of(settings, id).with_suffix("").is_dir()]


def fold(settings: Settings, id: str) -> list[str]:
    """Moves the update files of the incident `id` into its file; returns their paths, as messages show them.

    First the incident's file is written, whole, then the others are removed: whenever this is killed, each update is in
    one of the two places or, with the same words, in both, and the next fold ends it. StatusError, and no change, when
    a file is not valid, or when they contradict each other.
    """
    with _writing(settings):
        path = store.path_of(settings, id)
        _remove_empty(path.with_suffix(""))  # a fold was killed when only this was left to do
        text, files = disk.read_text(path), store.update_texts(settings, path)
        if not files:
            return []
        shown = [FileText(settings.shown(Path(file.path)), file.text) for file in files]
        folded = folding.fold(text, settings.shown(path), shown, settings.language)
        store.incident_in(settings, path, folded.text, updates=[])
        if folded.text != text and not compare_and_swap.swap(path.resolve(), text.encode(), folded.text.encode()):
            what, hint = "another program has changed this file; nothing was moved.", "Run the command again."
            raise StatusError(what, settings.shown(path), hint=hint)
        removed = list(folded.removed)
        _remove(sorted(files, key=lambda file: removed.index(settings.shown(Path(file.path)))))
        _remove_empty(path.with_suffix(""))
        return removed


def contested(settings: Settings) -> list[tuple[Path, Path]]:
    """The update files whose second has another update in their incident's file, and free names for them.

    Two people have written them, and git sees no conflict. The translations of an update go with it.
    """
    found: list[tuple[Path, Path]] = []
    for id in with_update_files(settings):
        with contextlib.suppress(StatusError):  # check names it
            path = store.path_of(settings, id)
            text, files = disk.read_text(path), store.update_texts(settings, path)
            listed = {update.at: update for update in parser.parse(text, path.name, is_part=True).updates}
            for at in folding.contested(text, path.name, files, settings.language):
                of_update = [Path(file.path) for file in files if update_files.name_of(file.path).at == at]
                free = at
                while free in listed or any(_named(file, free).exists() for file in of_update):
                    free += timedelta(seconds=1)
                found += [(file, _named(file, free)) for file in of_update]
    return found


def _named(file: Path, at: datetime) -> Path:
    return file.with_name(update_files.file_name(at, update_files.name_of(str(file)).language))


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):  # something is in it
        folder.rmdir()


def _remove(files: Sequence[FileText]) -> None:
    """Removes the files, unless another program has written something else into one of them."""
    for file in files:
        with contextlib.suppress(StatusError):  # it is gone, or cannot be read any more
            if disk.read_text(Path(file.path)) == file.text:
                Path(file.path).unlink(missing_ok=True)


@contextlib.contextmanager
def _writing(settings: Settings) -> Iterator[None]:
    """Holds the lock on the folder of incidents; StatusError when something in it cannot be written."""
    try:
        with disk.exclusive_lock(settings.incidents):
            yield
    except (OSError, compare_and_swap.Overwritten) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        hint = "Check the free disk space and the folder's permissions, then run the command again."
        raise StatusError(f"cannot be written: {reason}.", settings.shown(settings.incidents), hint=hint) from None
