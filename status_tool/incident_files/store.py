"""How incident files are listed, found and read in their folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import formats, listing, parser, read_cache, update_files
from status_tool.incident_files.listing import Listing
from status_tool.incident_files.read_cache import Reading, UpdateStamps
from status_tool.incident_files.update_files import FileText
from status_tool.model import recurrence, window_overlaps
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
    found = listing.of(settings)
    paths, problems = found.paths, found.problems
    readings, file_problems = _readings(settings, found, latest, progress)
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
    settings: Settings, found: Listing, latest: datetime | None, progress: Progress | None
) -> tuple[dict[str, Reading], list[Problem]]:
    """The reading of every valid incident, new or from the cache, by path; and the problems of the others' files."""
    run_started, components = clock.tick(), frozenset(settings.component_ids)
    cache = read_cache.ReadCache(settings.cache)
    readings: dict[str, Reading] = {}
    unread: list[str] = []
    updates = found.updates

    def update_stamps(path: str) -> UpdateStamps:
        return tuple((file, read_cache.stamp(file, run_started)) for file in updates.get(path, ()))

    for path in found.paths:
        reading = cache.readings.get(path)
        if (
            reading
            and reading.stamp == read_cache.stamp(path, run_started)
            and (not (reading.updates or path in updates) or reading.updates == update_stamps(path))
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
        stamp, stamps, old = read_cache.stamp(path, run_started), update_stamps(path), cache.readings.get(path)
        files = updates.get(path, ())
        if old and old.incident.source == _source(path, files) and _is_still_valid(old.incident, components, latest):
            return Reading(stamp, old.incident, stamps)
        return Reading(stamp, _incident_of(settings, path, files, latest), stamps)

    for packed, share_problems in parallel.map_shares(read_share, unread, FEW_FILES, progress):
        readings.update(read_cache.unpack(packed))
        problems.extend(share_problems)
    if not problems:
        cache.write(readings)
    return readings, sorted(problems, key=lambda problem: (problem.path, problem.line or 0))


def _is_still_valid(incident: Incident, components: frozenset[str], latest: datetime | None) -> bool:
    """Whether an incident that was valid in an earlier run is valid with the present components and `latest`."""
    return (latest is None or incident.last_event_at <= latest) and components.issuperset(incident.affected)


def _source(path: str, updates: Sequence[str]) -> str:
    """`Incident.source` of the files as they are now; empty when one cannot be read."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            content = file.read()
        return parser.source_of(content, [FileText(update, disk.read_text(Path(update))) for update in updates])
    except (OSError, StatusError):
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
    names = (id, *(f"{id}{suffix}" for suffix in formats.SUFFIXES))  # the first is the folder of its updates
    is_taken = any((settings.incidents / name).exists() for name in names)
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


def file_of(settings: Settings, id: str, at: datetime) -> Path:
    """The file that contains the update of the incident `id` posted at `at`: its own, or the incident's."""
    path = path_of(settings, id)
    own = path.with_suffix("") / update_files.file_name(at)
    return own if own.is_file() else path


def message_file(settings: Settings, id: str, at: datetime, language: str) -> Path:
    """The file that contains the message of the update posted at `at`, in `language` or else the site's own."""
    translation = path_of(settings, id).with_suffix("") / update_files.file_name(at, language)
    return translation if language and translation.is_file() else file_of(settings, id, at)


def place_of(settings: Settings, id: str, at: datetime) -> tuple[str, int]:
    """The path, as messages show it, and the line at which the update posted at `at` begins in a valid file."""
    path = file_of(settings, id, at)
    text = disk.read_text(path)
    if path.stem != id:
        return settings.shown(path), 1
    record, _ = parser.record_of(text, path.name)
    return settings.shown(path), parser.update_node(record, at).line


def ids(settings: Settings) -> list[str]:
    """The ids of all incident files, from their names only."""
    return [listing.stem(path) for path in listing.of(settings).paths]


def read(settings: Settings, id: str, latest: datetime | None = None) -> Incident:
    """The incident `id`. Only its files are read, so a problem in another file does not matter.

    StatusError with every problem of its files; a time after `latest` is one.
    """
    for _ in range(disk.LOOKS):
        path = path_of(settings, id)
        stamps = stamps_of(settings, path)
        try:
            return _read(settings, path, latest)
        except StatusError:
            if not is_being_written(settings, path, stamps):
                raise
    return _read(settings, path, latest)


Stamps = dict[Path, tuple[int, int, int]]


def stamps_of(settings: Settings, path: Path) -> Stamps:
    """The stamps of all files of the incident in the file `path`; they change when a program writes to one."""
    updates, _ = listing.of_incident(settings, path)
    return {file: disk.stamp(file) for file in (path, *map(Path, updates))}


def is_being_written(settings: Settings, path: Path, before: Stamps) -> bool:
    """Whether another program writes to the files now; `before` are their stamps when they were read."""
    return disk.is_being_written(path, before[path]) or stamps_of(settings, path) != before


def readable(settings: Settings) -> list[Incident]:
    """Every incident whose file has no problem, drafts too; the others are left out. None without a folder."""
    try:
        found = listing.of(settings)
    except StatusError:
        return []
    readings, _ = _readings(settings, found, None, None)
    return [reading.incident for path, reading in readings.items() if path not in found.unsure]


def _read(settings: Settings, path: Path, latest: datetime | None) -> Incident:
    updates, problems = listing.of_incident(settings, path)
    if problems:
        raise StatusError.of(problems)
    return _incident_of(settings, str(path), updates, latest)


def _incident_of(settings: Settings, path: str, updates: Sequence[str], latest: datetime | None) -> Incident:
    """The incident in the file `path` and in the files `updates`; StatusError with every problem of these files."""
    text = disk.read_text(Path(path))
    files, problems = _texts(updates)
    try:
        incident = incident_in(settings, Path(path), text, latest, files)
    except StatusError as error:
        problems = [*error.problems, *problems]
    if problems:
        raise StatusError.of(problems)
    return incident


def update_texts(settings: Settings, path: Path) -> list[FileText]:
    """The files of single updates of the incident in the file `path`, by their whole paths.

    StatusError with every problem of their folder, or when one cannot be read.
    """
    updates, problems = listing.of_incident(settings, path)
    files, unread = _texts(updates)
    if problems or unread:
        raise StatusError.of([*problems, *unread])
    return files


def texts_of(settings: Settings, id: str) -> list[FileText]:
    """The file of the incident `id`, then those of its single updates, by their whole paths; StatusError as above."""
    path = path_of(settings, id)
    return [FileText(str(path), disk.read_text(path)), *update_texts(settings, path)]


def _texts(paths: Iterable[str]) -> tuple[list[FileText], list[Problem]]:
    files: list[FileText] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files.append(FileText(path, disk.read_text(Path(path))))
        except StatusError as error:
            problems += error.problems
    return files, problems


def incident_in(
    settings: Settings,
    path: Path,
    text: str,
    latest: datetime | None = None,
    updates: Sequence[FileText] | None = None,
) -> Incident:
    """The incident in `text`, the whole text of the file `path`, by every rule that a build has for a single incident.

    `updates` are the files of single updates; None: those that are there. The commands check a text by this before
    they write it. StatusError with every problem; a time after `latest` is one.
    """
    if updates is None:
        updates = update_texts(settings, path)
    try:
        incident = parser.parse(
            text,
            path.name,
            components=settings.component_ids,
            latest=latest,
            files=updates,
            language=settings.language,
        )
    except StatusError:  # `settings.shown` is slow, so only an incident with problems calls it
        incident = parser.parse(
            text,
            settings.shown(path),
            components=settings.component_names,
            latest=latest,
            files=[FileText(settings.shown(Path(file.path)), file.text) for file in updates],
            language=settings.language,
        )
    for update in incident.updates:
        if update.window and not recurrence.is_in_window(incident, update.window, settings.timezone):
            what = f"no window of the recurrence rule contains {clock.iso(update.window)}."
            hint = "Write the time at which the window begins, for example window: 2026-12-08T02:00:00Z"
            raise StatusError(what, settings.shown(file_of(settings, incident.id, update.at)), hint=hint)
    if incident.scheduled and incident.scheduled.repeat:
        _refuse_overlap(settings, incident)
    return incident


def _refuse_overlap(settings: Settings, series: Incident) -> None:
    """StatusError when an update moved a window of the rule into the time of another one that takes place."""
    overlap = window_overlaps.find(series, settings.timezone)
    if overlap is None:
        return
    moved, update, other = overlap
    what = f"the update of {clock.iso(update.at)} moves the window {moved.id} into the time of {other.id}."
    begin = clock.iso(moved.scheduled.begin) if moved.scheduled else ""
    hint = f"Give it another time; or cancel it by an update with status: cancelled, window: {begin}"
    raise StatusError(what, settings.shown(file_of(settings, series.id, update.at)), hint=hint)
