"""Where the incident files are: reading them all, finding one, and writing so that nothing is ever lost."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from status_tool.errors import Problem, StatusError, did_you_mean
from status_tool.incident_files import file_names, formats, parser, read_cache, writer
from status_tool.incident_files.read_cache import Reading
from status_tool.model import recurrence
from status_tool.model.incident import Incident, Update
from status_tool.settings.settings import Settings
from status_tool.system import clock, disk, parallel
from status_tool.system.parallel import Progress

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far two machines' clocks may lie apart before a time counts as in the future."""
FEW_FILES = 128
"""So many files are read sooner than another process begins."""


def load(settings: Settings, *, latest: datetime | None = None, progress: Progress | None = None) -> list[Incident]:
    """Every incident, drafts too, in the order of their ids.

    A file that has not changed since an earlier run is not read again. Raises StatusError with every problem of
    every file; an update later than `latest` is one.
    """
    paths, problems = _files(settings)
    found, wrong = _readings(settings, paths, latest, progress)
    problems.extend(wrong)
    incidents: dict[str, Incident] = {}
    for path in paths:
        if path not in found:
            continue
        incident = found[path].incident
        if incident.id in incidents:
            hint = "Rename or remove one of them."
            problems.append(Problem(f'a second file for "{incident.id}".', settings.shown(Path(path)), hint=hint))
        incidents[incident.id] = incident
    problems += _taken(settings, incidents)
    if problems:
        raise StatusError.of(problems)
    return list(incidents.values())


def _readings(
    settings: Settings, paths: Sequence[str], latest: datetime | None, progress: Progress | None
) -> tuple[dict[str, Reading], list[Problem]]:
    """Every file that is in order, as it was read now or before; and what is wrong with the others."""
    begun, components = clock.tick(), frozenset(settings.component_ids)
    kept = read_cache.ReadCache(settings.cache)
    found: dict[str, Reading] = {}
    unread: list[str] = []
    for path in paths:
        reading = kept.readings.get(path)
        if (
            reading
            and reading.stamp == read_cache.stamp(path, begun)
            and _is_in_order(reading.incident, components, latest)
        ):
            found[path] = reading
        else:
            unread.append(path)
    problems: list[Problem] = []

    def read(share: Iterable[str]) -> tuple[bytes, list[Problem]]:
        done: dict[str, Reading] = {}
        wrong: list[Problem] = []
        for path in share:
            try:
                done[path] = again(path)
            except StatusError as error:
                wrong.extend(error.problems)
        return read_cache.pack(done), wrong

    def again(path: str) -> Reading:
        found, before = read_cache.stamp(path, begun), kept.readings.get(path)
        if before and before.incident.source == _source(path) and _is_in_order(before.incident, components, latest):
            return Reading(found, before.incident)
        return Reading(found, _read(settings, Path(path), latest))

    for done, wrong in parallel.map_shares(read, unread, FEW_FILES, progress):
        found.update(read_cache.unpack(done))
        problems.extend(wrong)
    if not problems:
        kept.replace_by(found)
    return found, sorted(problems, key=lambda problem: (problem.path, problem.line or 0))


def _is_in_order(incident: Incident, components: frozenset[str], latest: datetime | None) -> bool:
    """Whether what was in order once still is, as settings and time go on."""
    return (latest is None or incident.last_event_at <= latest) and components.issuperset(incident.affected)


def _source(path: str) -> str:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return parser.source_of(file.read())
    except OSError:
        return ""


def _taken(settings: Settings, incidents: Mapping[str, Incident]) -> Iterator[Problem]:
    """Files whose name is that of a window of recurring maintenance, which has a page of its own."""
    recurring = {id for id, incident in incidents.items() if incident.scheduled and incident.scheduled.repeat}
    for id in incidents if recurring else ():
        series = recurrence.series_id(id)
        if series != id and series in recurring:
            where = settings.shown(path_of(settings, id))
            yield Problem(f'this name is that of a window of "{series}".', where, hint="Rename the file.")


def refuse_empty(settings: Settings, incidents: Sequence[Incident]) -> None:
    """A site without a single incident to show is more likely a lost folder than a spotless record."""
    if all(incident.draft for incident in incidents) and not settings.allow_empty:
        raise StatusError(
            "no incident file here, so nothing is known about the past.",
            settings.shown(settings.incidents),
            hint="Put the files back; or, if there never was an incident, "
            f"set allow_empty: true in {settings.shown(settings.file)}.",
        )


def path_of(settings: Settings, id: str) -> Path:
    found = [path for suffix in formats.SUFFIXES if (path := settings.incidents / f"{id}{suffix}").exists()]
    if not found:
        raise StatusError(f'no incident file "{id}".', settings.shown(settings.incidents))
    if len(found) > 1:
        raise StatusError(f'a second file for "{id}".', settings.shown(found[1]), hint="Rename or remove one of them.")
    return found[0]


def ids(settings: Settings) -> list[str]:
    """The ids of all incident files, none of which is read."""
    paths, _ = _files(settings)
    return [_stem(path) for path in paths]


def read(settings: Settings, id: str) -> Incident:
    """The incident `id` alone, so that a mistake in another file hinders nobody."""
    return _read(settings, path_of(settings, id), None)


def find(ids: Sequence[str], wanted: str) -> str:
    """The id `wanted`, or the only one that holds it."""
    if not wanted.strip():
        raise StatusError("The name of the incident is empty.", hint="Leave it out, or give an id or a part of one.")
    ids = list(dict.fromkeys(ids))
    if wanted not in ids:
        wanted = recurrence.series_id(wanted)  # an occurrence is written in the file of its series
    found = [id for id in ids if id == wanted] or [id for id in ids if wanted.lower() in id]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(found[-5:])
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise StatusError(f'"{wanted}" fits {len(found)} incidents: {names}{more}.', hint="Give more of the id.")
    hint = _nearest(wanted, ids) or "See them all: status list --all"
    raise StatusError(f'No incident matches "{wanted}".', hint=hint)


def _nearest(wanted: str, ids: Sequence[str]) -> str:
    """`Did you mean "2026-11-23-api-errors"?` for `api-eror`: ids are compared without their date too."""
    by_part = {part: id for id in ids for part in (id, id[11:]) if part}
    found = did_you_mean(wanted, by_part)
    part = found.partition('"')[2].rpartition('"')[0]
    return f'Did you mean "{by_part[part]}"?' if found else ""


def write_new(settings: Settings, incident: Incident) -> Path:
    """Writes a file for a new incident; takes `-2`, `-3`, ... when its id is taken. Returns the path."""
    folder = settings.incidents
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(settings, folder, error) from None
    with _locked(settings):
        path, number = folder / f"{incident.id}{writer.SUFFIX}", 1
        while any(path.with_suffix(suffix).exists() for suffix in formats.SUFFIXES):
            number += 1
            path = folder / f"{incident.id}-{number}{writer.SUFFIX}"
        text = writer.draft(incident)
        parser.parse(text, settings.shown(path), components=settings.component_ids)
        _replace(settings, path, text)
    return path


def append(settings: Settings, id: str, decide: Callable[[Incident], Update]) -> tuple[Incident, Update]:
    """Adds the update that `decide` makes of the incident as its file holds it now, behind a lock.

    Returns the incident with its new update. Two commands at once both get their words in.
    """
    changed = change(settings, id, lambda before, text, path: writer.append_update(text, path, decide(before)))
    return changed, changed.last


def change(settings: Settings, id: str, edit: Callable[[Incident, str, str], str]) -> Incident:
    """Writes what `edit` makes of an incident, its file's text and path, behind a lock.

    Returns the incident that the file holds then.
    """
    with _locked(settings):
        path = path_of(settings, id)
        shown = settings.shown(path)
        text = disk.read_text(path)
        after = edit(parser.parse(text, shown, components=settings.component_ids), text, shown)
        _replace(settings, path, after)
        return parser.parse(after, shown)


def _files(settings: Settings) -> tuple[list[str], list[Problem]]:
    """The paths of the incident files, and what else lies among them that nobody would publish."""
    folder, problems = settings.incidents, []
    paths: list[str] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        if settings.allow_empty:
            return [], []
        raise StatusError(
            "there is no such folder.",
            settings.shown(folder),
            hint=f"Create it, or correct incidents: in {settings.shown(settings.file)}.",
        ) from None
    except OSError as error:
        raise StatusError(f"cannot be read: {error.strerror}.", settings.shown(folder)) from None
    for entry in entries:
        if entry.name.startswith((".", "#")) or entry.name.endswith("~"):
            continue  # what editors and git leave beside the files
        problem = _misplaced(entry) or file_names.problem(entry.name)
        if problem:
            problems.append(Problem(problem.what, settings.shown(Path(entry.path)), hint=problem.hint))
        else:
            paths.append(entry.path)
    return paths, problems


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _misplaced(entry: os.DirEntry[str]) -> Problem | None:
    try:
        is_folder, is_file = entry.is_dir(), entry.is_file()
    except OSError:  # a link that leads in a circle
        is_folder = is_file = False
    if is_folder:
        return Problem(
            "a folder among the incident files.", hint="Move its files up one level, or move the folder elsewhere."
        )
    if not is_file:
        return Problem("this is not a readable file.", hint="Remove it, or repair the link.")
    if not entry.name.endswith(formats.SUFFIXES):
        return Problem(
            "this is not an incident file, so nothing in it would be published.",
            hint=f"End its name in {' or '.join(formats.SUFFIXES)}, or move it elsewhere.",
        )
    return None


def _read(settings: Settings, path: Path, latest: datetime | None) -> Incident:
    text = disk.read_text(path)
    try:
        incident = parser.parse(text, path.name, components=settings.component_ids, latest=latest)
    except StatusError as error:  # only now is it worth the time to say where the file lies
        raise StatusError.of(replace(problem, path=settings.shown(path)) for problem in error.problems) from None
    for update in incident.updates:
        if update.window and not recurrence.is_in_window(incident, update.window, settings.timezone):
            what = f"no window of the rule holds {clock.iso(update.window)}."
            hint = "Give the time at which the window begins: window: ..."
            raise StatusError(what, settings.shown(path), hint=hint)
    return incident


@contextlib.contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    """One writer at a time, so that two commands at once both get their words in."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(disk.exclusive_lock(settings.incidents))
        except OSError as error:
            raise _refused(settings, settings.incidents, error) from None
        yield


def _replace(settings: Settings, path: Path, text: str) -> None:
    """Writes `path` whole or not at all, and onto the disk before it says so."""
    target = path.resolve()
    new = target.with_name(disk.NEW)
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "the file is read-only")
        with new.open("wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            if target.exists():
                os.fchmod(file.fileno(), target.stat().st_mode & 0o777)
            os.fsync(file.fileno())
        new.replace(target)
    except OSError as error:
        raise _refused(settings, path, error) from None
    finally:
        with contextlib.suppress(OSError):
            new.unlink()
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every file system can; the file itself is safe
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refused(settings: Settings, path: Path, error: OSError) -> StatusError:
    return StatusError(
        f"cannot be written: {error.strerror}.",
        settings.shown(path),
        hint="Nothing was changed. Check the disk's space and the folder's rights, then run the command again.",
    )
