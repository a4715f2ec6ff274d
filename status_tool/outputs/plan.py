"""The whole site, file by file: each page after the pages it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache, partial

from status_tool.mkdocs.freshness import Groundwork
from status_tool.model.incident import Incident
from status_tool.outputs import (
    badges,
    embed,
    feeds,
    listings,
    pages,
    security_policy,
    status_json,
    status_schema,
    status_txt,
    statuspage_api,
)
from status_tool.outputs.badges import Badge
from status_tool.outputs.feeds import Feed, Word
from status_tool.outputs.frame import Frames, Page
from status_tool.outputs.writer import File
from status_tool.render.context import Edition
from status_tool.system import fingerprint

CALENDAR = "maintenance.ics"
HEADERS = "_headers"
"""What some hosts read their headers from; an owner's own stays."""


def is_ours(path: str) -> bool:
    """Whether `files` may hold one at `path`, so that nobody else should."""
    folder, slash, _ = path.partition("/")
    ours = ("incidents", "components", "history", "subscribe", "api")
    return (folder in ours if slash else path.startswith("feed.")) or path in (
        "assets/status.css",
        "assets/status.js",
        "badge.json",
        "badge.svg",
        CALENDAR,
        "llms.txt",
        "embed.html",
        "embed.js",
        "manifest.json",
        "status.json",
        status_schema.FILE,
        "status.txt",
    )


def files(edition: Edition, ground: Groundwork) -> Iterator[File]:
    """Every file of the site, in the order in which they may become visible."""
    return _Site(edition, ground).files()


class _Site:
    def __init__(self, edition: Edition, ground: Groundwork) -> None:
        self.edition, self.ground = edition, ground
        self.frames = Frames.of(ground.frames)
        self.frames_id = fingerprint.of(*ground.frames.items())
        self.made_of = fingerprint.of(edition.made_of, self.frames_id)
        """What every page of ours is made of."""
        self.may_keep = not edition.templates.see_the_present
        """Whether a page of the past is made of the past alone."""

    def files(self) -> Iterator[File]:
        edition, summary = self.edition, self.edition.summary
        theirs = [File(path, partial(bytes, content), self.ground.id) for path, content in self.ground.files.items()]
        yield from (file for file in theirs if not file.path.endswith(".html"))
        yield from (File(path, partial(bytes, content), edition.made_of) for path, content in edition.assets.items())
        yield from (file for file in theirs if file.path.endswith(".html"))
        for incident in summary.incidents:
            yield from self.of_incident(incident)
        yield from self.of_feeds()
        yield from self.of_badges()
        yield from self.of_documents()
        for part in summary.components:
            yield self.page(f"components/{part.component.id}/", pages.component, part)
        for month in summary.by_month:
            yield from self.of_month(month)
        yield File("history/index.html", self.history)
        yield File("history/index.json", partial(status_json.months, edition))
        yield self.page("subscribe/", pages.subscribe, made_of=self.made_of)
        yield File("llms.txt", partial(pages.llms, edition), self.made_of)
        yield self.page("", pages.home)
        yield from self.of_lists()
        yield File("status.json", partial(status_json.status, edition))  # as open pages fetch themselves anew then

    def page(self, path: str, body: Callable[..., Page], *about: object, made_of: str = "") -> File:
        return File(f"{path}index.html", partial(self.poured, body, *about), made_of)

    def poured(self, body: Callable[..., Page], *about: object) -> bytes:
        page = body(self.edition, *about)
        return self.frames.for_page(page).pour(page, self.edition.site_url)

    def history(self) -> bytes:
        """The list of months. What it says of those that are over is kept by the process that makes it."""
        made = self.poured(pages.history)
        self.edition.years.keep()
        self.edition.figures.keep()
        return made

    def of_incident(self, incident: Incident) -> Iterator[File]:
        edition = self.edition
        has_feed, folder = edition.has_feed(incident), f"incidents/{incident.id}/"
        name = f"{self.made_of} {incident.source} {incident.id}" if incident.source else ""
        past = f"{name} {has_feed}" if name and self.may_keep and edition.is_past(incident) else ""
        yield self.page(folder, pages.incident, incident, made_of=past)
        if has_feed:
            yield File(f"{folder}feed.atom", partial(_incident_feed, edition, incident), name)

    def of_month(self, month: date) -> Iterator[File]:
        made_of = ""
        if self.may_keep and not pages.is_present(self.edition, month):
            neighbours = pages.beside(self.edition, month)
            made_of = self.edition.of_months([month], self.frames_id, *neighbours)
        yield from (
            self.page(part.path, pages.month, part, made_of=made_of) for part in pages.parts(self.edition, month)
        )
        yield File(f"history/{month:%Y-%m}.json", partial(status_json.month, self.edition, month), made_of)

    def of_feeds(self) -> Iterator[File]:
        edition = self.edition
        for part in edition.summary.components:
            id = part.component.id
            spoken = feeds.of_component(edition, id)
            yield from self.feed(f"components/{id}/", spoken, partial(feeds.component, edition, id))
        yield from self.feed("", edition.spoken, partial(feeds.site, edition))

    def feed(self, path: str, spoken: Iterable[Incident], make: Callable[[], Feed]) -> Iterator[File]:
        """The three forms of one feed, which is made when the first of them is."""
        feed = cache(make)
        url, author = self.edition.site_url, self.edition.settings.site_name
        made_of = self.of_words(feeds.newest_words(spoken))
        yield File(f"{path}feed.atom", lambda: feeds.atom(feed(), url, author), made_of)
        yield File(f"{path}feed.rss", lambda: feeds.rss(feed(), url), made_of)
        yield File(f"{path}feed.json", lambda: feeds.json_feed(feed(), url, author), made_of)

    def of_badges(self) -> Iterator[File]:
        for part in self.edition.summary.components:
            yield from self.badge(f"components/{part.component.id}/", partial(badges.component, self.edition, part))
        yield from self.badge("", partial(badges.site, self.edition))

    def badge(self, folder: str, badge: Callable[[], Badge]) -> Iterator[File]:
        yield File(f"{folder}badge.svg", lambda: badges.svg(badge()))
        yield File(f"{folder}badge.json", lambda: badges.endpoint(badge()))

    def of_words(self, words: list[Word]) -> str:
        """A name for what these words are made of; none where one is of an incident that is not told whole."""
        if not words or not all(incident.source for incident, _ in words):
            return ""
        names = (f"{incident.source} {incident.id} {update and update.anchor}" for incident, update in words)
        return fingerprint.of(self.made_of, *names)

    def of_documents(self) -> Iterator[File]:
        edition = self.edition
        yield from (File(path, make) for path, make in statuspage_api.documents(edition))
        yield File(CALENDAR, partial(_maintenance, edition), edition.of_whole(edition.in_calendar))
        yield File("embed.js", partial(embed.script, edition), self.made_of)
        yield File("embed.html", partial(embed.page, edition))
        yield File("status.txt", partial(status_txt.status, edition))
        yield File(status_schema.FILE, partial(status_json.schema, edition))

    def of_lists(self) -> Iterator[File]:
        """What names every page, and what hosts read."""
        edition, ground = self.edition, self.ground
        yield from listings.sitemaps(ground.sitemap, edition)
        if ground.search:
            yield File("search/search_index.json", partial(listings.search_index, ground.search, edition))
        if HEADERS not in ground.files:
            yield File(HEADERS, partial(security_policy.headers, ground.scripts, _sections(ground)))


def _sections(ground: Groundwork) -> list[str]:
    """The home page, and every folder of pages: `["/", "/about/*", "/components/*"]`."""
    pages = {path.partition("/")[0] for path in ground.files if path.endswith(".html") and "/" in path}
    return ["/", *(f"/{folder}/*" for folder in sorted(pages | {"components", "history", "incidents", "subscribe"}))]


def _incident_feed(edition: Edition, incident: Incident) -> bytes:
    return feeds.atom(feeds.incident(edition, incident), edition.site_url, edition.settings.site_name)


def _maintenance(edition: Edition) -> bytes:
    from status_tool.outputs import calendar  # 50 ms, which a build without news of planned work does not pay

    return calendar.maintenance(edition)
