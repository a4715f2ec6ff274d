"""How incident files are listed, found and read in their folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import file_names, formats, parser, read_cache
from status_tool.incident_files.read_cache import Reading
from status_tool.model import recurrence
from status_tool.model.incident import Incident
from status_tool.settings.settings import Settings
from status_tool.system import clock, disk, parallel
from status_tool.system.parallel import Progress

CLOCK_TOLERANCE = timedelta(minutes=5)
"""The difference between two machines' clocks up to which a time does not count as in the future."""
FEW_FILES = 128
"""Below this number of files, reading them takes less time than starting another process."""


def load(settings: Settings, *, latest: datetime | None = None, progress: Progress | None = None) -> list[Incident]:
    """Every incident, drafts too, in the order of their ids.

    A file that has not changed since an earlier run is not read again. Raises StatusError with every problem of
    every file; an update posted later than `latest` is a problem.
    """
    paths, problems = _files(settings)
    readings, file_problems = _readings(settings, paths, latest, progress)
    problems.extend(file_problems)
    incidents: dict[str, Incident] = {}
    for path in paths:
        if path not in readings:
            continue
        incident = readings[path].incident
        if incident.id in incidents:
            what, hint = f'a second file with the id "{incident.id}".', "Rename or remove one of them."
            problems.append(Problem(what, settings.shown(Path(path)), hint=hint))
        incidents[incident.id] = incident
    problems += _name_conflicts(settings, incidents)
    if problems:
        raise StatusError.of(problems)
    return list(incidents.values())


def _readings(
    settings: Settings, paths: Sequence[str], latest: datetime | None, progress: Progress | None
) -> tuple[dict[str, Reading], list[Problem]]:
    """The reading of every valid file, new or from the cache, by path; and the problems of the other files."""
    run_started, components = clock.tick(), frozenset(settings.component_ids)
    cache = read_cache.ReadCache(settings.cache)
    readings: dict[str, Reading] = {}
    unread: list[str] = []
    for path in paths:
        reading = cache.readings.get(path)
        if (
            reading
            and reading.stamp == read_cache.stamp(path, run_started)
            and _is_still_valid(reading.incident, components, latest)
        ):
            readings[path] = reading
        else:
            unread.append(path)
    problems: list[Problem] = []

    def read_share(share: Iterable[str]) -> tuple[bytes, list[Problem]]:
        share_readings: dict[str, Reading] = {}
        share_problems: list[Problem] = []
        for path in share:
            try:
                share_readings[path] = read_again(path)
            except StatusError as error:
                share_problems.extend(error.problems)
        return read_cache.pack(share_readings), share_problems

    def read_again(path: str) -> Reading:
        stamp, old = read_cache.stamp(path, run_started), cache.readings.get(path)
        if old and old.incident.source == _source(path) and _is_still_valid(old.incident, components, latest):
            return Reading(stamp, old.incident)
        return Reading(stamp, _read(settings, Path(path), latest))

    for packed, share_problems in parallel.map_shares(read_share, unread, FEW_FILES, progress):
        readings.update(read_cache.unpack(packed))
        problems.extend(share_problems)
    if not problems:
        cache.write(readings)
    return readings, sorted(problems, key=lambda problem: (problem.path, problem.line or 0))


def _is_still_valid(incident: Incident, components: frozenset[str], latest: datetime | None) -> bool:
    """Whether an incident that was valid in an earlier run is valid with the present components and `latest`."""
    return (latest is None or incident.last_event_at <= latest) and components.issuperset(incident.affected)


def _source(path: str) -> str:
    """`Incident.source` of the file as it is now; empty when it cannot be read."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return parser.source_of(file.read())
    except OSError:
        return ""


def _name_conflicts(settings: Settings, incidents: Mapping[str, Incident]) -> Iterator[Problem]:
    """Files whose id is also the id of a window of recurring maintenance: both would have the same page."""
    recurring = {id for id, incident in incidents.items() if _recurs(incident)}
    for id in incidents if recurring else ():
        series = recurrence.series_id(id)
        if series != id and series in recurring:
            what = f'this name is reserved for a window of the recurring maintenance "{series}".'
            yield Problem(what, settings.shown(path_of(settings, id)), hint="Rename the file.")


def _recurs(incident: Incident) -> bool:
    return bool(incident.scheduled and incident.scheduled.repeat)


def is_free(settings: Settings, id: str, incident: Incident) -> bool:
    """Whether a new file for `incident` may have the id `id`: no other file has it, or a window of a rule would."""
    series = recurrence.series_id(id)
    is_window = series != id and any(one.id == series and _recurs(one) for one in readable(settings))
    has_window = _recurs(incident) and any(other != id and recurrence.series_id(other) == id for other in ids(settings))
    is_taken = any((settings.incidents / f"{id}{suffix}").exists() for suffix in formats.SUFFIXES)
    return not (is_taken or is_window or has_window)


def refuse_empty(settings: Settings, incidents: Sequence[Incident]) -> None:
    """StatusError when no incident would be published: most likely the files are lost. `allow_empty` permits it."""
    if all(incident.draft for incident in incidents) and not settings.allow_empty:
        raise StatusError(
            "this folder contains no published incident.",
            settings.shown(settings.incidents),
            hint="Restore the files; or, if there never was an incident, "
            f"set allow_empty: true in {settings.shown(settings.file)}.",
        )


def path_of(settings: Settings, id: str) -> Path:
    """The file of the incident `id`; StatusError when there is none, or more than one."""
    paths = [path for suffix in formats.SUFFIXES if (path := settings.incidents / f"{id}{suffix}").exists()]
    if not paths:
        raise StatusError(
            f'there is no incident file "{id}".', settings.shown(settings.incidents), hint="See them: status list --all"
        )
    if len(paths) > 1:
        hint = "Rename or remove one of them."
        raise StatusError(f'a second file with the id "{id}".', settings.shown(paths[1]), hint=hint)
    return paths[0]


def ids(settings: Settings) -> list[str]:
    """The ids of all incident files, from their names only."""
    paths, _ = _files(settings)
    return [_stem(path) for path in paths]


def read(settings: Settings, id: str, latest: datetime | None = None) -> Incident:
    """The incident `id`. Only its file is read, so a problem in another file does not matter.

    StatusError with every problem of the file; a time after `latest` is one.
    """
    for _ in range(disk.LOOKS):
        path = path_of(settings, id)
        stamp = disk.stamp(path)
        try:
            return _read(settings, path, latest)
        except StatusError:
            if not disk.is_being_written(path, stamp):
                raise
    return _read(settings, path, latest)


def readable(settings: Settings) -> list[Incident]:
    """Every incident whose file has no problem, drafts too; the others are left out. None without a folder."""
    try:
        paths, _ = _files(settings)
    except StatusError:
        return []
    readings, _ = _readings(settings, paths, None, None)
    return [reading.incident for reading in readings.values()]


def _files(settings: Settings) -> tuple[list[str], list[Problem]]:
    """The paths of the incident files, sorted; and a problem for every other entry of their folder."""
    folder, problems = settings.incidents, []
    paths: list[str] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        if settings.allow_empty:
            return [], []
        raise StatusError(
            "this folder does not exist.",
            settings.shown(folder),
            hint=f"Create it, or correct incidents: in {settings.shown(settings.file)}.",
        ) from None
    except OSError as error:
        raise StatusError(f"cannot be read: {error.strerror}.", settings.shown(folder)) from None
    for entry in entries:
        if entry.name.startswith((".", "#")) or entry.name.endswith("~"):
            continue  # temporary files of editors, and files of git
        problem = _entry_problem(entry) or file_names.problem(entry.name)
        if problem:
            problems.append(Problem(problem.what, settings.shown(Path(entry.path)), hint=problem.hint))
        else:
            paths.append(entry.path)
    return paths, problems


def _stem(path: str) -> str:
    """The file name without its suffix."""
    return path.rpartition("/")[2].rpartition(".")[0]


def _entry_problem(entry: os.DirEntry[str]) -> Problem | None:
    """Why an entry of the folder is not an incident file; None if it is one by its suffix."""
    try:
        is_folder, is_file = entry.is_dir(), entry.is_file()
    except OSError:  # a circular link
        is_folder = is_file = False
    if is_folder:
        return Problem(
            "a folder among the incident files.", hint="Move its files up one level, or move the folder elsewhere."
        )
    if not is_file:
        return Problem("this is not a readable file.", hint="Remove it, or repair the link.")
    if not entry.name.endswith(formats.SUFFIXES):
        return Problem(
            "this is not an incident file, so it would not be published.",
            hint=f"End its name in {' or '.join(formats.SUFFIXES)}, or move it elsewhere.",
        )
    return None


def _read(settings: Settings, path: Path, latest: datetime | None) -> Incident:
    return incident_in(settings, path, disk.read_text(path), latest)


def incident_in(settings: Settings, path: Path, text: str, latest: datetime | None = None) -> Incident:
    """The incident in `text`, the whole text of the file `path`, by every rule that a build has for a single file.

    The commands check a text by this before they write it. StatusError with every problem; a time after `latest` is
    one.
    """
    try:
        incident = parser.parse(text, path.name, components=settings.component_ids, latest=latest)
    except StatusError:  # `settings.shown` is slow, so only a file with problems calls it
        incident = parser.parse(text, settings.shown(path), components=settings.component_names, latest=latest)
    for update in incident.updates:
        if update.window and not recurrence.is_in_window(incident, update.window, settings.timezone):
            what = f"no window of the recurrence rule contains {clock.iso(update.window)}."
            hint = "Write the time at which the window begins, for example window: 2026-12-08T02:00:00Z"
            raise StatusError(what, settings.shown(path), hint=hint)
    return incident
