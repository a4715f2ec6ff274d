"""Which status site the commands work on: its settings, its incidents, and the current time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import search, store
from status_tool.incident_files.search import Known
from status_tool.model import overdue, recurrence, summary
from status_tool.model.incident import Incident
from status_tool.model.overdue import Lapse
from status_tool.model.recurrence import occurrences
from status_tool.model.summary import Summary
from status_tool.model.update import Update
from status_tool.project import dead_links
from status_tool.settings import preflight, settings
from status_tool.settings.settings import Settings
from status_tool.system import clock
from status_tool.system.parallel import Progress

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Project:
    """A status site at the time `now`, in UTC."""

    settings: Settings
    now: datetime

    @property
    def latest(self) -> datetime:
        """The latest time that something in a file may have: a little after now, as clocks differ."""
        return self.now + store.CLOCK_TOLERANCE

    def built_at(self, site: Path, site_url: str) -> Project:
        """This project with other output: the folder `site`, whose public address is `site_url`."""
        return replace(self, settings=self.settings.built_at(site, site_url))

    def incidents(self, *, latest: datetime | None = None, progress: Progress | None = None) -> list[Incident]:
        """Every incident, including drafts, in the order of their ids; StatusError with every problem of every file.

        An update after `latest`, which is a little after now by default, is such a problem.
        """
        return store.load(self.settings, latest=latest or self.latest, progress=progress)

    def summary_time(self, incidents: Iterable[Incident]) -> datetime:
        """The time for which a summary is made: `now`, or the last event up to CLOCK_TOLERANCE after it.

        The clock of the machine where an update was written may be ahead of this one. Its outage must not be hidden
        until this clock has reached that time.
        """
        event_times = (incident.last_event_at for incident in incidents if not incident.draft)
        return max([self.now, *(time for time in event_times if time <= self.now + store.CLOCK_TOLERANCE)])

    def summary(self, incidents: Sequence[Incident]) -> Summary:
        """What readers should see now."""
        return summary.at(self.summary_time(incidents), incidents, self.settings.components, self.settings.timezone)

    def lapses(self, summary: Summary) -> list[Lapse]:
        """Late updates, incidents without recent updates and overrun maintenance, the longest first."""
        return overdue.find(summary, self.settings.promise, self.settings.quiet_after)

    def as_of(self, now: datetime | None, progress: Progress | None = None) -> tuple[list[Incident], datetime]:
        """`(incidents, time)`: the incidents to show, and the time for which the pages are true.

        With `now` None, the time is `summary_time`, and an update in the future is a problem. Otherwise the time is
        `now`, and later updates are allowed. StatusError with every problem that prevents a build.
        """
        latest = None if now is None else END_OF_TIME
        problems = preflight.problems(self.settings)
        try:
            incidents = self.incidents(latest=latest, progress=progress)
            problems += dead_links.problems(self.settings, incidents)
            store.refuse_empty(self.settings, incidents)
        except StatusError as error:
            problems.extend(error.problems)
        if problems:
            raise StatusError.of(problems)
        return incidents, now or self.summary_time(incidents)

    def choose(self, wanted: str | None) -> Incident:
        """The incident whose id is `wanted`, or the only one whose id or title contains it; by default, the open one.

        Of recurring maintenance, the occurrence that the id names, else `current`. StatusError when no incident or
        more than one fits.
        """
        if wanted is not None:
            id = search.find(store.ids(self.settings), wanted, self.known_files)
            incident = store.read(self.settings, id)
            begin = recurrence.window_begin(wanted) if wanted != id else None
            return self.occurrence(incident, begin) if begin else self.current(self.occurrences(incident))
        candidates = [occurrence for incident in self.published() for occurrence in self.occurrences(incident)]
        open_incidents = [incident for incident in candidates if incident.is_open_at(self.now)]
        under_way = [incident for incident in open_incidents if self.is_under_way(incident)]
        if len(under_way) == 1:
            return under_way[0]
        if not under_way:
            hint = 'To open one: status open "What is wrong" -m "What you know."'
            planned = f"\nTo update planned maintenance, name it:\n{names(open_incidents)}" if open_incidents else ""
            raise StatusError("No incident is open.", hint=hint + planned)
        raise StatusError(f"{len(under_way)} incidents are open.", hint=f"Name one of them:\n{names(under_way)}")

    def known_files(self) -> dict[str, Known]:
        """By its id, what is known of every incident whose file can be read."""
        return {
            incident.id: Known(incident.title, any(map(self.is_under_way, self.occurrences(incident))))
            for incident in store.readable(self.settings)
        }

    def published(self) -> list[Incident]:
        """Every incident except drafts; updates may be in the future. StatusError with every problem of every file."""
        try:
            incidents = self.incidents(latest=END_OF_TIME)
        except StatusError as error:
            what = "No incident can be chosen for you while a file has an error."
            hint = "Name the incident, or correct the file."
            raise StatusError.of([*error.problems, Problem(what, hint=hint)]) from None
        return [incident for incident in incidents if not incident.draft]

    def occurrences(self, incident: Incident) -> list[Incident]:
        """The incident itself; of recurring maintenance, every occurrence that is announced or has another update.

        When there is none yet, the first occurrence.
        """
        candidates = occurrences(incident, self.now, self.settings.timezone)
        announced = [
            occurrence for occurrence in candidates if occurrence.first.at <= self.now or len(occurrence.updates) > 1
        ]
        return announced or candidates[:1]

    def occurrence(self, incident: Incident, begin: datetime) -> Incident:
        """The occurrence of `incident` whose window begins in the minute `begin`; StatusError when there is none."""
        candidates = occurrences(incident, self.now, self.settings.timezone, begin)
        id = recurrence.window_id(incident.id, begin)
        occurrence = next((candidate for candidate in candidates if candidate.id == id), None)
        if occurrence is None:
            nearest = min(candidates, key=lambda candidate: abs(candidate.start - begin))
            raise StatusError(
                f"{incident.id} has no window that begins at {clock.iso(begin)}.",
                hint=f"The nearest window: {nearest.id}",
            )
        return occurrence

    def current(self, occurrences: Sequence[Incident]) -> Incident:
        """The first occurrence that is under way; else the first that is open; if none is, the last one."""
        is_open = (occurrence for occurrence in occurrences if occurrence.is_open_at(self.now))
        return next(filter(self.is_under_way, occurrences), next(is_open, occurrences[-1]))

    def is_under_way(self, incident: Incident) -> bool:
        """Whether `incident` is open at `now` and, if it is maintenance, has begun."""
        return incident.is_open_at(self.now) and (not incident.is_maintenance or incident.start <= self.now)

    def at_present(self) -> Project:
        """This project at the current time, which is later than `now` after somebody has typed a message."""
        return replace(self, now=clock.now())

    def when_shown(self, incidents: Iterable[Incident]) -> Project:
        """This project at the time for which pages show `incidents`: `summary_time`."""
        return replace(self, now=self.summary_time(incidents))

    def shown(self, path: Path) -> str:
        """`path` as messages show it."""
        return self.settings.shown(path)

    def name_of(self, incident: Incident) -> str:
        """The argument by which commands find `incident`: its `short_id`, or the whole id of an occurrence."""
        return incident.id if incident.series else self.short_id(incident.id)

    def short_id(self, id: str) -> str:
        """`id` without its date, such as `api-errors`, where no other id contains that; else `id`."""
        ids = store.ids(self.settings)
        without_date = id[11:]
        matches = [other for other in ids if without_date and without_date in other]
        return without_date if matches == [id] else id

    def time(self, at: datetime) -> str:
        """`14:05 UTC`: a time in the site's zone, with its date when that is not today."""
        from status_tool.text.zones import zone_name

        local, now = at.astimezone(self.settings.timezone), self.now.astimezone(self.settings.timezone)
        date = "" if local.date() == now.date() else f"{local:%Y-%m-%d} "
        return f"{date}{local:%H:%M} {zone_name(local)}"

    def extent(self, incident: Incident) -> str:
        """From when until when `incident` lasts at `now`.

        `14:00 UTC, 2 h`, `02:00 UTC until 04:00 UTC` or `since 14:00 UTC (5 min)`.
        """
        extent = incident.extent_at(self.now)
        if extent.length is not None:
            return f"{self.time(extent.begin)}, {clock.short(extent.length)}"
        if extent.end:
            return f"{self.time(extent.begin)} until {self.time(extent.end)}"
        return f"since {self.time(extent.begin)} ({clock.short(max(self.now - extent.begin, timedelta()))})"

    def promise_lines(self, incident: Incident, update: Update) -> Iterator[str]:
        """One line with the time by which the next update is promised; none when there is no promise."""
        promised_at = self.settings.promised(incident, update)
        if promised_at:
            yield f"Readers are promised the next update by {self.time(promised_at)}."


def names(incidents: Iterable[Incident]) -> str:
    """A line for each incident: its id and its title."""
    return "\n".join(f"  {incident.id}  ({incident.title})" for incident in incidents)


def exists() -> bool:
    """Whether the working directory is in the folder of a site; StatusError when that cannot be read."""
    try:
        folder = Path.cwd()
    except FileNotFoundError:
        return False
    return any((parent / settings.FILE).is_file() for parent in (folder, *folder.parents))


def load() -> Project:
    """The project of the working directory, now; StatusError when there is none or its settings have a problem."""
    return Project(settings.load(settings.find_from_working_directory()), clock.now())
