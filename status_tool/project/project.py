"""The status site that the person at the keyboard stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import store
from status_tool.model import overdue, recurrence, summary
from status_tool.model.incident import Incident, Update
from status_tool.model.overdue import Lapse
from status_tool.model.recurrence import occurrences
from status_tool.model.summary import Summary
from status_tool.settings import preflight, settings
from status_tool.settings.settings import Settings
from status_tool.system import clock
from status_tool.system.parallel import Progress

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Project:
    settings: Settings
    now: datetime

    def built_at(self, site: Path, site_url: str) -> Project:
        """This project, its site built into the folder `site` and read at `site_url`."""
        return replace(self, settings=self.settings.built_at(site, site_url))

    def incidents(self, *, latest: datetime | None = None, progress: Progress | None = None) -> list[Incident]:
        """Every incident, drafts too; StatusError with all that is wrong in any file."""
        return store.load(self.settings, latest=latest or self.now + store.CLOCK_TOLERANCE, progress=progress)

    def moment(self, incidents: Iterable[Incident]) -> datetime:
        """Now; or the last time anybody wrote down, where their clock was a little ahead of this machine's.

        What is accepted is shown: a page must not hide an outage for the minutes between two clocks.
        """
        written = (incident.last_event_at for incident in incidents if not incident.draft)
        return max([self.now, *(time for time in written if time <= self.now + store.CLOCK_TOLERANCE)])

    def summary(self, incidents: Sequence[Incident]) -> Summary:
        """What readers should see now."""
        return summary.at(self.moment(incidents), incidents, self.settings.components, self.settings.timezone)

    def lapses(self, seen: Summary) -> list[Lapse]:
        """What was promised and not kept, and what has been forgotten, as the settings count it."""
        return overdue.find(seen, self.settings.promise, self.settings.quiet_after)

    def as_of(self, now: datetime | None, progress: Progress | None = None) -> tuple[list[Incident], datetime]:
        """What to build, and for when: a given time may lie anywhere, and what is later is left out then.

        Raises StatusError with everything that keeps the site from being built.
        """
        latest = None if now is None else END_OF_TIME
        problems = preflight.problems(self.settings)
        try:
            incidents = self.incidents(latest=latest, progress=progress)
            store.refuse_empty(self.settings, incidents)
        except StatusError as error:
            problems.extend(error.problems)
        if problems:
            raise StatusError.of(problems)
        return incidents, now or self.moment(incidents)

    def choose(self, wanted: str | None) -> Incident:
        """The incident with that id or part of it; the only one under way when nothing is named."""
        if wanted is not None:
            id = store.find(store.ids(self.settings), wanted)
            incident = store.read(self.settings, id)
            begin = recurrence.window_begin(wanted) if wanted != id else None
            return self.occurrence(incident, begin) if begin else self.current(self.occurrences(incident))
        each = [one for incident in self.published() for one in self.occurrences(incident)]
        found = [incident for incident in each if incident.is_open_at(self.now)]
        if len(under_way := [incident for incident in found if self.is_under_way(incident)]) == 1:
            return under_way[0]
        if not under_way:
            hint = 'To open one: status open "What is wrong" -m "What you know."'
            planned = f"\nPlanned work is named:\n{_names(found)}" if found else ""
            raise StatusError("No incident is open.", hint=hint + planned)
        raise StatusError(f"{len(under_way)} incidents are open.", hint=f"Name one of them:\n{_names(under_way)}")

    def published(self) -> list[Incident]:
        """Every incident but the drafts; what is written for later times, too."""
        try:
            everything = self.incidents(latest=END_OF_TIME)
        except StatusError as error:
            name = Problem("Which incident is meant cannot be told while a file is broken.", hint="Name the incident.")
            raise StatusError.of([*error.problems, name]) from None
        return [incident for incident in everything if not incident.draft]

    def occurrences(self, incident: Incident) -> list[Incident]:
        """The incident; of recurring maintenance, every occurrence that is announced or spoken of."""
        found = occurrences(incident, self.now, self.settings.timezone)
        return [one for one in found if one.first.at <= self.now or len(one.updates) > 1] or found[:1]

    def occurrence(self, incident: Incident, begin: datetime) -> Incident:
        """The occurrence whose window begins in that minute, as its id says; StatusError when there is none."""
        known = occurrences(incident, self.now, self.settings.timezone, begin)
        found = next((one for one in known if one.id == recurrence.window_id(incident.id, begin)), None)
        if found is None:
            near = min(known, key=lambda one: abs(one.start - begin))
            raise StatusError(
                f"{incident.id} has no window that begins at {clock.iso(begin)}.", hint=f"The nearest: {near.id}"
            )
        return found

    def current(self, known: Sequence[Incident]) -> Incident:
        """Of the occurrences of one incident, the first that is under way, else the one to come."""
        return next(filter(self.is_under_way, known), known[-1])

    def is_under_way(self, incident: Incident) -> bool:
        """Whether it is open, and not only planned."""
        return incident.is_open_at(self.now) and (not incident.is_maintenance or incident.start <= self.now)

    def at_present(self) -> Project:
        """This project now, which is later than it was when somebody has typed meanwhile."""
        return replace(self, now=clock.now())

    def shown(self, path: Path) -> str:
        return self.settings.shown(path)

    def name_of(self, incident: Incident) -> str:
        """What a command takes for it: the shortest end of its id; of an occurrence, the whole of it."""
        return incident.id if incident.series else self.short_id(incident.id)

    def short_id(self, id: str) -> str:
        """The shortest end of `id` that fits no other incident: `api-errors` for `2026-11-23-api-errors`."""
        ids = store.ids(self.settings)
        without_date = id[11:]
        fits = [other for other in ids if without_date and without_date in other]
        return without_date if fits == [id] else id

    def time(self, moment: datetime) -> str:
        """`14:05 UTC`, with the day when it is not today's."""
        from status_tool.text.zones import zone_name

        here, today = moment.astimezone(self.settings.timezone), self.now.astimezone(self.settings.timezone)
        day = "" if here.date() == today.date() else f"{here:%Y-%m-%d} "
        return f"{day}{here:%H:%M} {zone_name(here)}"

    def extent(self, incident: Incident) -> str:
        """From when until when: `14:00 UTC, 2 h`, `02:00 UTC until 04:00 UTC`, `since 14:00 UTC (5 min)`."""
        extent = incident.extent_at(self.now)
        if extent.length is not None:
            return f"{self.time(extent.begin)}, {clock.short(extent.length)}"
        if extent.end:
            return f"{self.time(extent.begin)} until {self.time(extent.end)}"
        return f"since {self.time(extent.begin)} ({clock.short(max(self.now - extent.begin, timedelta()))})"

    def promises(self, incident: Incident, update: Update) -> Iterator[str]:
        """The line about the next update, when one is promised."""
        promised = self.settings.promised(incident, update)
        if promised:
            yield f"Readers are promised the next update by {self.time(promised)}."


def _names(incidents: Iterable[Incident]) -> str:
    return "\n".join(f"  {incident.id}  ({incident.title})" for incident in incidents)


def load() -> Project:
    """The project of the working directory."""
    return Project(settings.load(settings.here()), clock.now())
