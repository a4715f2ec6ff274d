"""The status site that the person at the keyboard stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from status_tool import clock, incidents_dir, obstacles, settings, summary
from status_tool.errors import Problem, StatusError
from status_tool.incident import Incident, Update
from status_tool.recurrence import occurrences
from status_tool.settings import Settings
from status_tool.summary import Summary

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Project:
    settings: Settings
    now: datetime

    def built_at(self, site: Path, site_url: str) -> Project:
        """This project, its site built into the folder `site` and read at `site_url`."""
        return replace(self, settings=self.settings.built_at(site, site_url))

    def incidents(self, *, latest: datetime | None = None) -> list[Incident]:
        """Every incident, drafts too; StatusError with all that is wrong in any file."""
        return incidents_dir.load(self.settings, latest=latest or self.now + incidents_dir.AHEAD)

    def moment(self, incidents: Iterable[Incident]) -> datetime:
        """Now; or the last time anybody wrote down, where their clock was a little ahead of this machine's.

        What is accepted is shown: a page must not hide an outage for the minutes between two clocks.
        """
        written = (time for incident in incidents if not incident.draft for time in incident.times)
        return max([self.now, *(time for time in written if time <= self.now + incidents_dir.AHEAD)])

    def summary(self, incidents: Sequence[Incident]) -> Summary:
        """What readers should see now."""
        return summary.at(self.moment(incidents), incidents, self.settings.components, self.settings.timezone)

    def as_of(self, now: datetime | None) -> tuple[list[Incident], datetime]:
        """What to build, and for when: a given time may lie anywhere, and what is later is left out then.

        Raises StatusError with everything that keeps the site from being built.
        """
        latest = None if now is None else END_OF_TIME
        problems = obstacles.of(self.settings)
        try:
            incidents = self.incidents(latest=latest)
            incidents_dir.refuse_empty(self.settings, incidents)
        except StatusError as error:
            problems.extend(error.problems)
        if problems:
            raise StatusError.of(problems)
        return incidents, now or self.moment(incidents)

    def choose(self, wanted: str | None) -> Incident:
        """The incident with that id or part of it; the only open one when nothing is named."""
        if wanted is not None:
            id = incidents_dir.find(incidents_dir.ids(self.settings), wanted)
            return self.current(incidents_dir.read(self.settings, id))
        try:
            everything = self.incidents(latest=END_OF_TIME)
        except StatusError as error:
            name = Problem("Which incident is open cannot be told while a file is broken.", hint="Name the incident.")
            raise StatusError.of([*error.problems, name]) from None
        shown = [self.current(incident) for incident in everything if not incident.draft]
        found = [incident for incident in shown if incident.is_open_at(self.now)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise StatusError(
                "No incident is open.", hint='To open one: status open "What is wrong" -m "What you know."'
            )
        names = "\n".join(f"  {incident.id}  ({incident.title})" for incident in found)
        raise StatusError(f"{len(found)} incidents are open.", hint=f"Name one of them:\n{names}")

    def current(self, incident: Incident) -> Incident:
        """The incident; of recurring maintenance, the occurrence under way or to come."""
        return occurrences(incident, self.now, self.settings.timezone)[-1]

    def shown(self, path: Path) -> str:
        return self.settings.shown(path)

    def short_id(self, id: str) -> str:
        """The shortest end of `id` that fits no other incident: `api-errors` for `2026-11-23-api-errors`."""
        ids = incidents_dir.ids(self.settings)
        without_date = id[11:]
        fits = [other for other in ids if without_date and without_date in other]
        return without_date if fits == [id] else id

    def time(self, moment: datetime) -> str:
        """`14:05 UTC`, with the day when it is not today's."""
        from status_tool.zones import zone_name

        here, today = moment.astimezone(self.settings.timezone), self.now.astimezone(self.settings.timezone)
        day = "" if here.date() == today.date() else f"{here:%Y-%m-%d} "
        return f"{day}{here:%H:%M} {zone_name(here)}"

    def promises(self, incident: Incident, update: Update) -> Iterator[str]:
        """The line about the next update, when one is promised."""
        promised = self.settings.promised(incident, update)
        if promised:
            yield f"Readers are promised the next update by {self.time(promised)}."


def load() -> Project:
    """The project of the working directory."""
    return Project(settings.load(settings.here()), clock.now())
