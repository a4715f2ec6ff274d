"""One context of the site: what it reports, as of when, in which language, with which templates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from status_tool.model import summary
from status_tool.model.incident import Incident, Update
from status_tool.model.metrics import Metrics, YearMetrics
from status_tool.model.summary import Summary
from status_tool.render import incident_json, language, transitions
from status_tool.render.language import Language
from status_tool.render.templates import Templates
from status_tool.settings import mkdocs_yml
from status_tool.settings.settings import Settings
from status_tool.system import cache, fingerprint, package_files

CALENDAR_DAYS = timedelta(days=90)
"""How long after its end planned work stays in the calendar."""

PAST = timedelta(days=1)
"""How long after its end an incident's page stops to speak of the present."""


@dataclass(frozen=True)
class SiteContext:
    """What the pages and feeds of a site have in common, whatever happened and whenever it is."""

    settings: Settings
    language: Language
    templates: Templates

    @classmethod
    def of(cls, settings: Settings) -> SiteContext:
        words = language.get(settings.language, settings.timezone)
        compiled = cache.SiteCache(settings.cache).templates
        return cls(settings, words, Templates(settings.templates, words, compiled))

    def with_incidents(self, incidents: Sequence[Incident], now: datetime) -> RenderContext:
        """The context of a build that reports `incidents` as of `now`."""
        settings = self.settings
        return RenderContext(self, summary.at(now, incidents, settings.components, settings.timezone))

    @cached_property
    def assets(self) -> dict[str, bytes]:
        """Path below the site's root -> bytes of our stylesheet and script, or the site's own."""
        paths = package_files.files(self.settings.templates, "assets")
        return {f"assets/{name}": path.read_bytes() for name, path in paths.items()}

    @cached_property
    def input_digest(self) -> str:
        """The digest of the program, the settings, the environment and the templates."""
        settings = self.settings
        return fingerprint.digest_of(
            fingerprint.program(),
            settings.configuration.digest,
            fingerprint.zone(settings.timezone.key),
            *mkdocs_yml.environment(settings.configuration),
            settings.site_url,
            fingerprint.tree(settings.templates),
        )


@dataclass(frozen=True)
class RenderContext:
    """Everything the pages and feeds of one build have in common."""

    site: SiteContext
    summary: Summary

    @property
    def settings(self) -> Settings:
        return self.site.settings

    @property
    def language(self) -> Language:
        return self.site.language

    @property
    def templates(self) -> Templates:
        return self.site.templates

    @property
    def assets(self) -> dict[str, bytes]:
        return self.site.assets

    @property
    def input_digest(self) -> str:
        return self.site.input_digest

    @property
    def now(self) -> datetime:
        return self.summary.now

    @property
    def site_url(self) -> str:
        return self.settings.site_url

    @cached_property
    def names(self) -> dict[str, str]:
        """Component id -> name for readers."""
        return {component.id: component.name for component in self.settings.components}

    @cached_property
    def transitions(self) -> list[dict[str, Any]]:
        """What pages will have to say by the clock alone."""
        return transitions.of_site(self.language, self.summary)

    @property
    def stale_after(self) -> timedelta:
        """How old this context may grow: never older than it knows what the clock will change."""
        limit = self.summary.complete_until
        settled = self.settings.stale_after
        return min(settled, limit - self.now) if limit else settled

    @cached_property
    def by_last_published(self) -> list[Incident]:
        """Every incident, the one with the newest word first."""
        return sorted(self.summary.incidents, key=lambda found: (found.last_published_at, found.id), reverse=True)

    @cached_property
    def content_changed_at(self) -> datetime | None:
        """When somebody last wrote or corrected something; None when nobody ever did."""
        return max((incident.changed_at for incident in self.summary.incidents), default=None)

    @cached_property
    def digest(self) -> str:
        """Another one whenever what readers should know is another, and never by a build alone."""
        seen = self.summary
        recent = [incident for day in seen.past_days for incident in (*day.began, *day.ongoing)]
        told = {incident.id: incident for incident in (*seen.open, *seen.running, *seen.planned, *recent)}
        content = [
            [incident_json.document(incident, self.settings, self.now) for incident in told.values()],
            [incident.postmortem for incident in told.values()],
            [[part.component.name, part.status] for part in seen.components],
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

    def asset_address(self, path: str) -> str:
        """`assets/status.css?v=1a2b3c4d`: a changed file has another address, so no cache shows an old one."""
        return f"{path}?v={hashlib.sha256(self.assets[path]).hexdigest()[:8]}"

    @cached_property
    def years(self) -> cache.Memo[tuple[YearMetrics, str]]:
        """Years of which nothing changes any more: the figures, and the section of the history."""
        return cache.Memo(cache.SiteCache(self.settings.cache).years, tuple[YearMetrics, str])

    @cached_property
    def figures(self) -> cache.Memo[list[Metrics]]:
        """Those of months that are over, in a year that is not."""
        return cache.Memo(cache.SiteCache(self.settings.cache).months, list[Metrics])

    @cached_property
    def past_months(self) -> set[date]:
        """The months of which no clock changes what there is to say, as all that began in them is past."""
        return {month for month, found in self.summary.by_month.items() if all(map(self.is_past, found))}

    def digest_of(self, incidents: Sequence[Incident], *beside: object) -> str:
        """A name for all that is written of these incidents; none where one is not told whole."""
        if not all(incident.source for incident in incidents):
            return ""
        return fingerprint.digest_of(
            self.input_digest, *beside, *(f"{incident.source} {incident.id}" for incident in incidents)
        )

    @cached_property
    def months(self) -> dict[date, str]:
        """A name for all that is written of the incidents of each month, as `digest_of` has it."""
        return {month: self.digest_of(found) for month, found in self.summary.by_month.items()}

    def digest_of_months(self, months: Sequence[date], *beside: object) -> str:
        """The same for several months together."""
        names = [self.months[month] for month in months]
        return fingerprint.digest_of(*beside, *names) if all(names) else ""

    def is_past(self, incident: Incident) -> bool:
        """Whether it and every word about it are a day old, so that no clock changes what there is to say of it."""
        return bool(incident.source) and self.is_over_since(incident, self._yesterday)

    def is_over_since(self, incident: Incident, time: datetime) -> bool:
        """Whether it and every word about it were over by `time`, which is not later than now."""
        return self._over.get(incident.id, self.now) <= time

    @cached_property
    def _yesterday(self) -> datetime:
        return self.now - PAST

    @cached_property
    def _over(self) -> dict[str, datetime]:
        """When the last was heard of each incident of which nothing may still come."""
        heard = ((incident.id, self._last_heard(incident)) for incident in self.summary.incidents)
        return {id: time for id, time in heard if time}

    def _last_heard(self, incident: Incident) -> datetime | None:
        end = incident.end
        if end is None or end > self.now:
            return None
        promised = None if incident.last_status.ends else self.promise(incident, incident.last)
        return max(end, promised or end, incident.last_event_at)

    def promise(self, incident: Incident, update: Update) -> datetime | None:
        """By when the update after `update` was or is promised."""
        return self.settings.promised(incident, update)

    @property
    def in_calendar(self) -> list[Incident]:
        """The planned work that calendars should have, the first to begin first."""
        since = self.now - CALENDAR_DAYS
        work = (incident for incident in self.summary.incidents if incident.scheduled)
        return sorted(
            (incident for incident in work if not self.is_over_since(incident, since)),
            key=lambda incident: (incident.start, incident.id),
        )


def make(settings: Settings, incidents: Sequence[Incident], now: datetime) -> RenderContext:
    """The context of one build; where a site is built more than once, keep its SiteContext."""
    return SiteContext.of(settings).with_incidents(incidents, now)
