"""Which steps the replay of an incident has: one for each of its updates, a page with the site as it stood then."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.render.context import RenderContext
from status_tool.system import clock

MAX_LINKS = 50
"""The largest number of steps to which the home page and a step lead; the incident's page leads to all of them."""


@dataclass(frozen=True)
class Replay:
    """The replay of an incident with `replay: true`."""

    incident: Incident
    """With its whole record."""

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Oldest first, at least one."""
        return tuple(Step(self, index) for index in range(len(self.incident.updates)))

    def near(self, step: Step | None) -> tuple[Step, ...]:
        """`MAX_LINKS` steps around `step`, or the last ones; all if there are not more."""
        index = step.index if step else len(self.steps)
        begin = max(min(index - MAX_LINKS // 2, len(self.steps) - MAX_LINKS), 0)
        return self.steps[begin : begin + MAX_LINKS]

    def by_day(self, context: RenderContext, steps: Sequence[Step]) -> list[tuple[date, list[Step]]]:
        """`(day in the site's zone, the steps of that day)`."""
        zone = context.summary.zone
        days = groupby(steps, key=lambda step: step.update.at.astimezone(zone).date())
        return [(day, list(steps)) for day, steps in days]


@dataclass(frozen=True)
class Step:
    """One step of a replay: the time at which the update with this `index` was published."""

    replay: Replay
    index: int

    @property
    def incident(self) -> Incident:
        return self.replay.incident

    @property
    def update(self) -> Update:
        return self.incident.updates[self.index]

    @property
    def path(self) -> str:
        """`incidents/2021-10-04-facebook-outage/replay/20211004T160750Z/`"""
        return f"incidents/{self.incident.id}/replay/{self.update.stamp}/"

    @property
    def picture(self) -> str:
        """The path of the picture that a link to it shows."""
        return f"{self.path}card.png"

    @property
    def earlier(self) -> Step | None:
        return self.replay.steps[self.index - 1] if self.index else None

    @property
    def later(self) -> Step | None:
        return next(iter(self.replay.steps[self.index + 1 :]), None)


def of_incident(context: RenderContext, incident: Incident) -> Replay | None:
    """The replay of an incident of the site, with what is later than the time of the site; None if it has none."""
    whole = context.replays.get(incident.id)
    return Replay(whole) if whole else None


def on_home(context: RenderContext) -> list[Replay]:
    """The replays of the incidents that the home page shows: what is open first, then the last days."""
    summary = context.summary
    recent = (incident for day in summary.past_days for incident in (*day.began, *day.ongoing))
    shown = dict.fromkeys((*summary.open, *summary.running, *recent))
    return [found for incident in shown if (found := of_incident(context, incident))]


def input_digests(context: RenderContext) -> dict[datetime, str]:
    """Time of a step -> the digest of all incidents that were published by then; empty if one has no digest.

    What is published later does not change it, so that the step is not made again.
    """
    times = sorted({update.published_at for incident in context.replays.values() for update in incident.updates})
    incidents = _by_published(context.record) if times else []
    if not all(incident.source for incident in incidents):
        return {}
    digests, hasher, count = {}, hashlib.sha256(), 0
    for time in times:
        while count < len(incidents) and incidents[count].published_at <= time:
            hasher.update(f"{context.source_of(incidents[count])}\n".encode())
            count += 1
        # The links of a later step depend on what the site has.
        site_time = clock.iso(context.now) if time > context.now else ""
        digests[time] = f"{hasher.hexdigest()} {site_time}"
    return digests


def _by_published(record: Sequence[Incident]) -> list[Incident]:
    published = (incident for incident in record if not incident.draft)
    return sorted(published, key=lambda incident: (incident.published_at, incident.id))
