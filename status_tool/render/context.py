"""What all outputs of a build share: the settings, the summary, the language and the templates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from status_tool.model import recurrence, summary
from status_tool.model.announcement import Announcement
from status_tool.model.component import ComponentStatus
from status_tool.model.days import midnight
from status_tool.model.incident import Incident
from status_tool.model.metrics import Metrics, YearMetrics
from status_tool.model.summary import Summary
from status_tool.model.update import Text, Update, UpdateStatus
from status_tool.render import icons, incident_json, language, phrases, transitions
from status_tool.render.language import Language
from status_tool.render.link_targets import LinkTargets
from status_tool.render.page_links import PageLinks
from status_tool.render.templates import Templates, minified
from status_tool.settings import mkdocs_yml
from status_tool.settings.settings import Settings
from status_tool.system import cache, clock, fingerprint, package_files
from status_tool.text import plain_text
from status_tool.text.relative_links import Links

TAB_ICONS = "assets/tab-"
"""How the paths of the icons of tabs begin."""

CALENDAR_DAYS = timedelta(days=90)
"""How long after its end maintenance stays in the calendar."""

PAST_AFTER = timedelta(days=1)
"""How long after its end the page of an incident may still change without an update."""


@dataclass(frozen=True)
class SiteContext:
    """The parts of a build that stay the same when incidents or the time change."""

    settings: Settings
    language: Language
    templates: Templates

    @classmethod
    def of(cls, settings: Settings) -> SiteContext:
        site_language = language.get(settings.language, settings.timezone)
        compiled = cache.SiteCache(settings.cache).templates
        return cls(settings, site_language, Templates(settings.templates, site_language, compiled))

    def with_incidents(
        self, incidents: Sequence[Incident], now: datetime, *, is_replay: bool = False, is_drill: bool = False
    ) -> RenderContext:
        """The context of a build that reports `incidents` as of `now`; only that of a drill has incidents of drills."""
        settings = self.settings
        incidents = [incident for incident in incidents if is_drill or not incident.drill]
        at_now = summary.at(now, incidents, settings.components, settings.timezone, settings.bar_days)
        return RenderContext(self, at_now, incidents, is_replay, is_drill)

    @cached_property
    def assets(self) -> dict[str, bytes]:
        """Path below the site's root -> content of the stylesheet and the script.

        Each is a file in `assets`, followed by the file of the same name in `theme/assets`, if there is one. A file
        of the site replaces ours. The script has no comments, as it is in the way of the first paint.
        """
        common = package_files.files(self.settings.templates, "assets")
        theme = package_files.files(self.settings.templates, "theme/assets")
        joined = {
            name: b"".join(files[name].read_bytes() for files in (common, theme) if name in files) for name in common
        }
        return {
            f"assets/{name}": minified(content) if name.endswith(".js") else content for name, content in joined.items()
        }

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
    """What all pages and feeds of one build share."""

    site: SiteContext
    summary: Summary
    record: Sequence[Incident] = ()
    """The incidents as their files have them: with drafts, and with what is later than the summary."""
    is_replay: bool = False
    """Whether it shows a time that was chosen, not the present: every output says so, and its clock stands still."""
    is_drill: bool = False
    """Whether it is a rehearsal: every output says so."""
    parent: RenderContext | None = None
    """The context of the site's other pages, if this is the context of a single page for another time."""

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

    @cached_property
    def input_digest(self) -> str:
        """The digest of the inputs that all outputs share; those of a replay also have its time."""
        digest = f"{self.site.input_digest}{' drill' * self.is_drill}"
        return fingerprint.digest_of(digest, "replay", clock.iso(self.now)) if self.is_replay else digest

    @property
    def now(self) -> datetime:
        return self.summary.now

    def as_of(self, time: datetime) -> RenderContext:
        """The context of a single page that shows the site as it stood at `time`, which may be later than now."""
        return replace(self.site.with_incidents(self.record, time, is_replay=True, is_drill=self.is_drill), parent=self)

    def is_published(self, time: datetime) -> bool:
        """Whether the other pages of the site have what was published at `time`, so that a link to it leads there."""
        return time <= (self.parent or self).now

    @cached_property
    def replays(self) -> dict[str, Incident]:
        """Incident id -> the incident with its whole record, for each one of the site with `replay: true`."""
        chosen = (incident for incident in self.record if incident.replay and not incident.draft)
        return {incident.id: incident for incident in chosen if incident.published_at <= self.now}

    @property
    def site_url(self) -> str:
        return self.settings.site_url

    @property
    def copies(self) -> tuple[str, ...]:
        """The addresses of all copies of the site, itself first; none where it has no mirror."""
        settings = self.settings
        return (settings.site_url, *settings.mirrors) if settings.mirrors else ()

    @property
    def states_elsewhere(self) -> tuple[str, ...]:
        """The addresses at which each copy has its state: an open page asks them when its own host does not answer."""
        return tuple(f"{copy}status.json" for copy in self.copies)

    @cached_property
    def page_links(self) -> PageLinks:
        """The links in texts of incidents; those of a page for another time lead to the site's other pages."""
        return (
            self.parent.page_links if self.parent else PageLinks(LinkTargets(self.settings, self.record), self.summary)
        )

    def links(self, incident: Incident, base: str | None = None, *, own: bool = False) -> Links:
        """Where the relative links in the texts of `incident` lead, from a page from which `base` leads to the root.

        Without `base`, the addresses are absolute. `own` is whether that page is the incident's own.
        """
        return self.page_links.of(incident, self.site_url if base is None else base, own=own)

    def announcement_links(self, announcement: Announcement, base: str | None = None) -> Links:
        """As `links`, for the owner's announcement."""
        return self.page_links.of_announcement(announcement, self.site_url if base is None else base)

    def plain(self, incident: Incident, text: Text) -> str:
        """A text of `incident` without markup, in the language of the site; its links have absolute addresses."""
        return plain_text.plain(text.in_language(self.language.code)[1], self.links(incident))

    def unwrapped(self, incident: Incident, text: Text) -> str:
        """As `plain`, with each paragraph on one line."""
        return plain_text.unwrapped(text.in_language(self.language.code)[1], self.links(incident))

    def source_of(self, incident: Incident) -> str:
        """What everything depends on that pages say of `incident`, apart from the time."""
        source = f"{incident.source} {incident.id}"
        return f"{source} {self.links(incident).addresses}" if incident.links else source

    @cached_property
    def names(self) -> dict[str, str]:
        """Component id -> component name."""
        return {component.id: component.name for component in self.settings.components}

    @property
    def announcement(self) -> Announcement | None:
        """The owner's announcement, if it is shown; not in a replay, as nobody knows since when it has been there."""
        found = self.settings.announcement
        return found if found and not self.is_replay and found.is_shown_at(self.now, self.summary.zone) else None

    @cached_property
    def transitions(self) -> list[dict[str, Any]]:
        """The changes that `status.js` makes on a page at future times, as `transitions.of_site` lists them."""
        return transitions.of_site(self.language, self.summary, self.tab_icon)

    @property
    def stale_after(self) -> timedelta:
        """The age at which pages of this build are stale: as configured, or when their list of transitions ends."""
        limit = self.summary.complete_until
        configured = self.settings.stale_after
        return min(configured, limit - self.now) if limit else configured

    @cached_property
    def by_last_published(self) -> list[Incident]:
        """All incidents but drills, by the time of their newest update or post-mortem, newest first."""
        return self.in_order_of_publication(incident for incident in self.summary.incidents if not incident.drill)

    @staticmethod
    def in_order_of_publication(incidents: Iterable[Incident]) -> list[Incident]:
        """`incidents` by the time of their newest update or post-mortem, newest first."""
        return sorted(incidents, key=lambda incident: (incident.last_published_at, incident.id), reverse=True)

    @cached_property
    def feed_entries(self) -> dict[str, str]:
        """The id of an entry -> its HTML. The feeds of all components of an incident have the same entries."""
        return {}

    @cached_property
    def content_changed_at(self) -> datetime | None:
        """When an incident was last changed; None if there is no incident."""
        return max((incident.changed_at for incident in self.summary.incidents), default=None)

    @cached_property
    def digest(self) -> str:
        """The digest of what the home page says, except when it was built. Pages in a browser compare it for news."""
        summary = self.summary
        recent = [incident for day in summary.past_days for incident in (*day.began, *day.ongoing)]
        current = (*summary.open, *summary.running, *summary.planned, *summary.cancelled)
        shown = {incident.id: incident for incident in (*current, *recent)}
        content = [
            [
                incident_json.document(incident, self.settings, self.now, self.links(incident))
                for incident in shown.values()
            ],
            [incident.postmortem for incident in shown.values()],
            [[component.component.name, component.status] for component in summary.components],
        ]
        if self.announcement:
            content.append([dict(self.announcement.text.translations)])
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]

    def marked(self, text: str) -> str:
        """`Replay: Major outage`, or `Drill: Major outage`, for outputs that other programs show; otherwise `text`."""
        if self.is_drill:
            return phrases.drilled(self.language, text)
        return phrases.replayed(self.language, text) if self.is_replay else text

    def asset_address(self, path: str) -> str:
        """`assets/status.css?v=1a2b3c4d`; it changes with the content, so that no cache serves an old version."""
        return f"{path}?v={hashlib.sha256(self.assets[path]).hexdigest()[:8]}"

    @cached_property
    def tab_icons(self) -> dict[ComponentStatus, tuple[str, bytes]]:
        """Status -> `(path below the site's root, SVG)` of the icon of a tab: the owner's icon with a badge.

        Empty if the owner has no icon, or none that an SVG can contain.
        """
        settings = self.settings
        files = [folder / settings.favicon for folder in (settings.docs, *settings.theme_folders) if settings.favicon]
        file, media_type = next((file for file in files if file.is_file()), None), icons.media_type(settings.favicon)
        if file is None or not media_type:
            return {}
        image = file.read_bytes()
        return {
            status: (f"{TAB_ICONS}{status}.svg", icons.with_badge(image, media_type, status)) for status in icons.SHAPES
        }

    def tab_icon(self, status: ComponentStatus) -> str:
        """The address of the icon of a tab, from the site's root: a data URI, or that of one of `tab_icons`."""
        if status not in self.tab_icons:
            return icons.data_uri(status)
        path, content = self.tab_icons[status]
        return f"{path}?v={hashlib.sha256(content).hexdigest()[:8]}"

    @cached_property
    def past_year_cache(self) -> cache.Memo[tuple[YearMetrics, str]]:
        """The cache of past years: `(metrics, section of the history page)` by digest."""
        return cache.Memo(cache.SiteCache(self.settings.cache).years, tuple[YearMetrics, str])

    @cached_property
    def past_month_cache(self) -> cache.Memo[list[Metrics]]:
        """The cache of past incidents in a year that is not past: the metrics of those of a month by digest."""
        return cache.Memo(cache.SiteCache(self.settings.cache).months, list[Metrics])

    @cached_property
    def past_months(self) -> set[date]:
        """The first days of the months in which every incident is past."""
        return {month for month, incidents in self.summary.by_month.items() if all(map(self.is_past, incidents))}

    @cached_property
    def settled_months(self) -> set[date]:
        """The past months, and those in which every other incident began earlier and is still open.

        Such an incident had no event of its own in the month, and a list shows it the same until its file changes.
        """
        zone = self.summary.zone
        return self.past_months | {
            month
            for month, incidents in self.summary.by_month.items()
            if all(self.is_past(i) or self._is_open_since(i, midnight(month, zone)) for i in incidents)
        }

    def _is_open_since(self, incident: Incident, time: datetime) -> bool:
        """Whether it is a failure that began before `time` and has not ended; planned work may end by the clock."""
        is_unended = not incident.is_maintenance and incident.end is None
        return bool(incident.source) and is_unended and incident.start < time

    def digest_of(self, incidents: Sequence[Incident], *other_inputs: object) -> str:
        """The digest of the inputs of pages about these incidents; empty if an incident has no digest of its source."""
        if not all(incident.source for incident in incidents):
            return ""
        return fingerprint.digest_of(self.input_digest, *other_inputs, *map(self.source_of, incidents))

    @cached_property
    def month_digests(self) -> dict[date, str]:
        """First day of a month -> `digest_of` its incidents."""
        return {month: self.digest_of(incidents) for month, incidents in self.summary.by_month.items()}

    def digest_of_months(self, months: Sequence[date], *other_inputs: object) -> str:
        """The digest of several months together; empty if one of them has none."""
        digests = [self.month_digests[month] for month in months]
        return fingerprint.digest_of(*other_inputs, *digests) if all(digests) else ""

    def is_past(self, incident: Incident) -> bool:
        """Whether its end and its last event are `PAST_AFTER` ago, so that its page no longer changes with the time."""
        return bool(incident.source) and self.is_over_since(incident, self._past_limit)

    def is_over_since(self, incident: Incident, time: datetime) -> bool:
        """Whether its end and its last event are at `time` or earlier; `time` must not be later than now."""
        return self._last_event_times.get(incident.id, self.now) <= time

    @cached_property
    def _past_limit(self) -> datetime:
        return self.now - PAST_AFTER

    @cached_property
    def _last_event_times(self) -> dict[str, datetime]:
        """Incident id -> the time of its last event, for incidents that have ended."""
        times = ((incident.id, self._last_event_of(incident)) for incident in self.summary.incidents)
        return {id: time for id, time in times if time}

    def _last_event_of(self, incident: Incident) -> datetime | None:
        """The latest of its end, its events and the time of its promise; None if it has not ended."""
        end = incident.end
        if end is None or end > self.now:
            return None
        promised = None if incident.last_status.ends else self.promise(incident, incident.last)
        return max(end, promised or end, incident.last_event_at)

    def promise(self, incident: Incident, update: Update) -> datetime | None:
        """The time by which the update after `update` is or was promised; None if none is."""
        return self.settings.promised(incident, update)

    def notes(self, incident: Incident, update: Update, as_of: datetime | None = None) -> list[str]:
        """What an update says beside its message: how it moved the window, or which of several it cancelled.

        Also its time, if it was published later. `as_of` is when that is said; now, if it is None.
        """
        late = phrases.posted_late(self.language, update)
        notes = [late] if late else []
        if windows := incident.move(update):
            notes.append(phrases.moved(self.language, *windows))
        if update.status is UpdateStatus.CANCELLED and incident.series and (window := incident.window_after(update)):
            following = self._following(incident, as_of or self.now)
            notes.append(phrases.one_window_cancelled(self.language, window, following.window if following else None))
        return notes

    def _following(self, occurrence: Incident, as_of: datetime) -> Incident | None:
        """The next occurrence after this one that takes place, as it is known then."""
        series = self._series.get(occurrence.series)
        known = series.as_of(as_of) if series else None
        if known is None or occurrence.scheduled is None or known.withdrawn:
            return None
        return recurrence.following(known, occurrence.scheduled.begin, self.settings.timezone)

    @cached_property
    def _series(self) -> dict[str, Incident]:
        """Id -> recurring maintenance, as its file has it."""
        return {found.id: found for found in self.record if found.scheduled and found.scheduled.repeat}

    @property
    def calendar_maintenance(self) -> list[Incident]:
        """The maintenance in the calendar, oldest start first; windows of a rule also before they are announced."""
        since = self.now - CALENDAR_DAYS
        maintenance = (incident for incident in self.summary.incidents if incident.scheduled)
        recent = [incident for incident in maintenance if not self.is_over_since(incident, since)]
        return sorted([*recent, *self.summary.calendar_windows], key=lambda incident: (incident.start, incident.id))


def make(settings: Settings, incidents: Sequence[Incident], now: datetime, *, is_replay: bool = False) -> RenderContext:
    """The context of a single build; code that builds a site more than once keeps its SiteContext."""
    return SiteContext.of(settings).with_incidents(incidents, now, is_replay=is_replay)
