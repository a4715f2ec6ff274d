"""Which incident files a folder has, which files each has for single updates, and what does not belong there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from status_tool.errors import Problem, StatusError, did_you_mean
from status_tool.incident_files import file_names, formats, update_files
from status_tool.model import recurrence
from status_tool.settings.settings import Settings


@dataclass(frozen=True)
class Listing:
    """The files by their names only; nothing of their content is known."""

    paths: list[str] = field(default_factory=list)
    """Of the incident files, sorted."""
    updates: dict[str, list[str]] = field(default_factory=dict)
    """The path of an incident file -> those of the files of its updates, sorted; absent when it has none."""
    problems: list[Problem] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    """The paths of the incident files of which an update may be missing, as its file has a problem."""


def of(settings: Settings) -> Listing:
    """The files of every incident; StatusError when their folder cannot be read."""
    try:
        entries = sorted(os.scandir(settings.incidents), key=lambda entry: entry.name)
    except FileNotFoundError:
        if settings.allow_empty:
            return Listing()
        raise StatusError(
            "this folder does not exist.",
            settings.shown(settings.incidents),
            hint=f"Create it, or correct incidents: in {settings.shown(settings.file)}.",
        ) from None
    except NotADirectoryError:
        hint = f"Make it a folder, or correct incidents: in {settings.shown(settings.file)}."
        raise StatusError("this is a file, not a folder.", settings.shown(settings.incidents), hint=hint) from None
    except OSError as error:
        hint = "Check that you may read the folder."
        where = settings.shown(settings.incidents)
        raise StatusError(f"cannot be read: {error.strerror}.", where, hint=hint) from None
    listing, folders, names = Listing(), [], []
    for entry in entries:
        if _is_ignored(entry.name):
            continue
        if _is_folder(entry):
            folders.append(entry)
            continue
        names.append(entry.name)
        problem = _hidden_problem(entry) or _entry_problem(entry) or file_names.problem(entry.name)
        if problem:
            listing.problems.append(_at(settings, entry.path, problem))
        else:
            listing.paths.append(entry.path)
    if folders:
        _add_folders(settings, listing, folders, names)
        listing.problems.sort(key=lambda problem: problem.path)
    return listing


def of_incident(settings: Settings, path: Path) -> tuple[list[str], list[Problem]]:
    """The paths of the files of single updates of the incident in the file `path`, and the problems of its folder."""
    folder = path.with_suffix("")
    return _updates_in(settings, str(folder)) if folder.is_dir() else ([], [])


def stem(path: str) -> str:
    """The file name without its suffix."""
    return path.rpartition("/")[2].rpartition(".")[0]


def _is_ignored(name: str) -> bool:
    """Whether it is a temporary file of an editor or of a system, or a file of git."""
    if name.endswith((*formats.SUFFIXES, ".yaml")):
        return name.startswith(_LOCKS)
    return name.startswith((".", "#")) or name.endswith("~")


_LOCKS = (".#", "._", ".~lock.")
"""How the names of files begin that Emacs, macOS and LibreOffice keep beside `incident.md`."""
_HIDDEN = Problem(
    "a hidden file, so it would not be published.",
    hint="Remove the first character of its name; or, if it is no incident, remove the file or give it another ending.",
)


def _add_folders(
    settings: Settings, listing: Listing, folders: Sequence[os.DirEntry[str]], names: Sequence[str]
) -> None:
    """Adds the files in `folders`, each of which bears the id of an incident; `names` are those of all files."""
    of_id: dict[str, list[str]] = {}
    for path in listing.paths:
        of_id.setdefault(stem(path), []).append(path)
    stems = {stem(name) for name in names if name.endswith(formats.SUFFIXES)}
    for folder in folders:
        if folder.name not in stems:
            listing.problems.append(_at(settings, folder.path, _folder_problem(folder, stems)))
            continue
        updates, problems = _updates_in(settings, folder.path)
        listing.problems.extend(problems)
        if not updates and not problems:
            hint = f"Remove it, or put an update into it, for example {update_files.EXAMPLE}."
            listing.problems.append(_at(settings, folder.path, Problem("this folder of updates is empty.", hint=hint)))
        for path in of_id.get(folder.name, ()):
            listing.updates[path] = updates
            if problems:
                listing.unsure.add(path)


def _folder_problem(folder: os.DirEntry[str], ids: set[str]) -> Problem:
    """What is wrong with a folder that bears the id of no incident."""
    series = recurrence.series_id(folder.name)
    if series in ids:
        hint = f"Move its files to the folder {series}, and say which window each means: window: 2026-12-08T02:00:00Z."
        return Problem("a folder for one window of recurring maintenance; its incident file is one for all.", hint=hint)
    is_of_updates = any(not update_files.name_problem(name) for name in _names(folder.path))
    if is_of_updates:
        what = f'a folder of updates, but there is no incident file "{folder.name}.md" beside it.'
        hint = f"{did_you_mean(folder.name, ids)} Name the folder by the id of the incident, or restore the file."
        return Problem(what, hint=hint.strip())
    return Problem(
        "a folder among the incident files.", hint="Move its files up one level, or move the folder elsewhere."
    )


def _names(folder: str) -> Iterator[str]:
    try:
        yield from os.listdir(folder)
    except OSError:
        return


def _updates_in(settings: Settings, folder: str) -> tuple[list[str], list[Problem]]:
    """The paths of the update files in a folder, sorted; and a problem for every other entry of it."""
    paths: list[str] = []
    problems: list[Problem] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        hint = "Check that you may read the folder."
        return [], [_at(settings, folder, Problem(f"cannot be read: {error.strerror}.", hint=hint))]
    for entry in entries:
        if _is_ignored(entry.name):
            continue
        problem = _update_problem(entry)
        if problem:
            problems.append(_at(settings, entry.path, problem))
        else:
            paths.append(entry.path)
    return paths, problems


def _update_problem(entry: os.DirEntry[str]) -> Problem | None:
    """Why an entry of an incident's folder is no update file; None if it is one by its name and size."""
    if problem := _hidden_problem(entry):
        return problem
    if _is_folder(entry):
        hint = "Move its files up one level, or move the folder elsewhere."
        return Problem("a folder among the updates of an incident.", hint=hint)
    if not _is_file(entry):
        return Problem("this is not a readable file.", hint="Remove it, or repair the link.")
    if problem := update_files.name_problem(entry.name):
        return problem
    size = entry.stat().st_size
    if size > update_files.LARGEST:
        what = f"this file has {size / 1e6:.1f} MB, and that of an update at most {update_files.LARGEST / 1e6:.0f} MB."
        return Problem(what, hint="Write what readers should know, and link to the rest.")
    return None


def _at(settings: Settings, path: str, problem: Problem) -> Problem:
    return Problem(problem.what, settings.shown(Path(path)), hint=problem.hint)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a circular link
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _hidden_problem(entry: os.DirEntry[str]) -> Problem | None:
    return _HIDDEN if entry.name.startswith((".", "#")) else None


def _entry_problem(entry: os.DirEntry[str]) -> Problem | None:
    """Why an entry of the folder that is no folder is not an incident file; None if it is one by its suffix."""
    if not _is_file(entry):
        return Problem("this is not a readable file.", hint="Remove it, or repair the link.")
    if not entry.name.endswith(formats.SUFFIXES):
        return Problem(
            "this is not an incident file, so it would not be published.",
            hint=f"End its name in {' or '.join(formats.SUFFIXES)}, or move it elsewhere.",
        )
    return None
