"""Which files the site has, in the order in which they are published: a page after the pages that it links to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cache, cached_property, partial

from status_tool.model.incident import Incident
from status_tool.outputs import (
    badges,
    cards,
    embed,
    feeds,
    pages,
    pictures,
    replay,
    say,
    search_index,
    security_policy,
    sitemap,
    status_json,
    status_schema,
    status_txt,
    statuspage_api,
    voice,
    web_app,
)
from status_tool.outputs.badges import Badge
from status_tool.outputs.feeds import Feed, Post
from status_tool.outputs.frame import Frames, Page
from status_tool.outputs.host_pages import HostPages
from status_tool.outputs.replay import Step
from status_tool.outputs.writer import File
from status_tool.render.context import TAB_ICONS, RenderContext
from status_tool.settings import kept_audit
from status_tool.system import clock, fingerprint

CALENDAR = "maintenance.ics"
HEADERS = "_headers"
"""The file from which some hosts read HTTP headers; the generator's file, if there is one, is used instead of ours."""


def is_reserved(path: str) -> bool:
    """Whether `path` is reserved for our files, so that no other page may have it."""
    folder, slash, _ = path.partition("/")
    ours = ("incidents", "components", "history", "subscribe", "api", "say")
    return (
        folder in ours or path.startswith((cards.FOLDER, TAB_ICONS)) if slash else path.startswith("feed.")
    ) or path in (
        "assets/status.css",
        "assets/status.js",
        kept_audit.FILE,
        "badge.json",
        "badge.svg",
        CALENDAR,
        "llms.txt",
        "embed.html",
        "embed.js",
        "manifest.json",
        web_app.MANIFEST,
        *web_app.ICONS,
        "status.json",
        status_schema.FILE,
        "status.txt",
        "voice.txt",
        "voice.xml",
    )


def files(context: RenderContext, host_pages: HostPages) -> Iterator[File]:
    """All files of the site, in the order of publication."""
    return _Site(context, host_pages).files()


class _Site:
    def __init__(self, context: RenderContext, host_pages: HostPages) -> None:
        self.context, self.host_pages = context, host_pages
        self.frames = Frames.of(host_pages.frames)
        self.frames_digest = fingerprint.digest_of(*host_pages.frames.items())
        self.input_digest = fingerprint.digest_of(context.input_digest, self.frames_digest)
        """The digest of the inputs that all our pages share."""
        self.can_reuse_past = not context.templates.depends_on_now
        """Whether pages about the past are reused: no template makes them depend on the summary or the time."""

    def files(self) -> Iterator[File]:
        context, summary = self.context, self.context.summary
        host_files = [
            File(path, partial(bytes, content), self.host_pages.id) for path, content in self.host_pages.files.items()
        ]
        yield from (file for file in host_files if not file.path.endswith(".html"))
        yield from (
            File(path, partial(bytes, content), context.input_digest) for path, content in context.assets.items()
        )
        yield from (
            File(path, partial(bytes, icon), fingerprint.digest(icon)) for path, icon in context.tab_icons.values()
        )
        yield from self.of_pictures()
        yield from (file for file in host_files if file.path.endswith(".html"))
        for incident in summary.incidents:
            yield from self.of_replay(incident)
            yield from self.of_incident(incident)
        yield from self.of_feeds()
        yield from self.of_badges()
        yield from self.of_documents()
        for component in summary.all_components:
            yield self.page(f"components/{component.component.id}/", pages.component, component)
        for month in summary.by_month:
            yield from self.of_month(month)
        yield File("history/index.html", self.history)
        yield File("history/index.json", partial(status_json.months, context))
        present_digest = fingerprint.digest_of(self.input_digest, *(part.component.id for part in summary.components))
        yield self.page("subscribe/", pages.subscribe, input_digest=present_digest)
        yield File("llms.txt", partial(pages.llms, context), present_digest)
        yield self.page("", pages.home)
        yield from self.of_lists()
        yield File("status.json", partial(status_json.status, context))  # last, as open pages reload when it changes

    def page(self, path: str, make: Callable[..., Page], *subject: object, input_digest: str = "") -> File:
        return File(f"{path}index.html", partial(self.html, make, *subject), input_digest)

    def html(self, make: Callable[..., Page], *subject: object) -> bytes:
        page = make(self.context, *subject)
        return self.frames.for_page(page).fill(page, self.context.site_url)

    def history(self) -> bytes:
        """The history page. It fills the caches of past years and months, so the same process writes them to disk."""
        content = self.html(pages.history)
        self.context.past_year_cache.keep()
        self.context.past_month_cache.keep()
        return content

    def of_incident(self, incident: Incident) -> Iterator[File]:
        context = self.context
        has_feed, folder = feeds.has_feed(context, incident), f"incidents/{incident.id}/"
        feed_digest = f"{self.input_digest} {context.source_of(incident)}" if incident.source else ""
        can_reuse = feed_digest and self.can_reuse_past and context.is_past(incident)
        page_digest = f"{feed_digest} {has_feed}" if can_reuse else ""
        yield self.page(folder, pages.incident, incident, input_digest=page_digest)
        if has_feed:
            yield File(f"{folder}feed.atom", partial(_incident_feed, context, incident), feed_digest)

    @cached_property
    def step_digests(self) -> dict[datetime, str]:
        return replay.input_digests(self.context)

    def of_replay(self, incident: Incident) -> Iterator[File]:
        """The steps of its replay, if it has one; the newest first, as the others may have no link to it yet."""
        found = replay.of_incident(self.context, incident)
        for step in reversed(found.steps if found else ()):
            digest = self.step_digests.get(step.update.published_at, "")
            input_digest = fingerprint.digest_of(self.input_digest, digest, step.path) if digest else ""
            yield File(step.picture, partial(self.step_picture, step), input_digest)
            yield self.page(step.path, pages.step, step, input_digest=input_digest)

    def step_picture(self, step: Step) -> bytes:
        return pictures.png(cards.of_home(self.context.as_of(step.update.at)))

    def of_month(self, month: date) -> Iterator[File]:
        input_digest = ""
        if self.can_reuse_past and not pages.may_change(self.context, month):
            neighbours = pages.adjacent_months(self.context, month)
            input_digest = self.context.digest_of_months([month], self.frames_digest, *neighbours)
        yield from (
            self.page(month_page.path, pages.month, month_page, input_digest=input_digest)
            for month_page in pages.month_pages(self.context, month)
        )
        yield File(f"history/{month:%Y-%m}.json", partial(status_json.month, self.context, month), input_digest)

    def of_feeds(self) -> Iterator[File]:
        context = self.context
        for component in context.summary.all_components:
            id = component.component.id
            incidents = feeds.of_component(context, id)
            yield from self.feed(f"components/{id}/", incidents, partial(feeds.component, context, id))
        yield from self.feed("", feeds.of_site(context), partial(feeds.site, context))

    def feed(self, path: str, incidents: Iterable[Incident], make: Callable[[], Feed]) -> Iterator[File]:
        """One feed in its three formats; `make` is called once, with the first format."""
        feed = cache(make)
        url, author = self.context.site_url, self.context.settings.site_name
        input_digest = self.digest_of_posts(feeds.newest_posts(incidents))
        yield File(f"{path}feed.atom", lambda: feeds.atom(feed(), url, author), input_digest)
        yield File(f"{path}feed.rss", lambda: feeds.rss(feed(), url), input_digest)
        yield File(f"{path}feed.json", lambda: feeds.json_feed(feed(), url, author), input_digest)

    def of_pictures(self) -> Iterator[File]:
        digest = self.context.input_digest
        for path, picture in cards.pictures(self.context).items():
            yield File(path, partial(pictures.png, picture), fingerprint.digest_of(digest, picture))
        for path, size in web_app.ICONS.items():
            yield File(path, partial(pictures.app_icon, size), self.context.input_digest)

    def of_badges(self) -> Iterator[File]:
        for component in self.context.summary.all_components:
            make = partial(badges.component, self.context, component)
            yield from self.badge(f"components/{component.component.id}/", make)
        yield from self.badge("", partial(badges.site, self.context))

    def badge(self, folder: str, make: Callable[[], Badge]) -> Iterator[File]:
        yield File(f"{folder}badge.svg", lambda: badges.svg(make()))
        yield File(f"{folder}badge.json", lambda: badges.endpoint(make()))

    def digest_of_posts(self, posts: list[Post]) -> str:
        """The digest of the inputs of these posts; empty if an incident has no digest of its source."""
        if not posts or not all(post.incident.source for post in posts):
            return ""
        inputs = (f"{self.context.source_of(post.incident)} {post.kind} {clock.iso(post.at)}" for post in posts)
        return fingerprint.digest_of(self.input_digest, *inputs)

    def of_documents(self) -> Iterator[File]:
        context = self.context
        yield from (File(path, make) for path, make in statuspage_api.documents(context))
        unannounced = [window.id for window in context.summary.calendar_windows]  # they have no page to lead to yet
        calendar_digest = context.digest_of(context.calendar_maintenance, *unannounced)
        yield File(CALENDAR, partial(_maintenance, context), calendar_digest)
        yield File(web_app.MANIFEST, partial(web_app.manifest, context), context.input_digest)
        yield File("embed.js", partial(embed.script, context), self.input_digest)
        yield File("embed.html", partial(embed.page, context))
        if context.settings.say and not context.is_replay:
            yield File(say.SCRIPT, partial(say.script, context), self.input_digest)
            yield File(say.PAGE, partial(say.page, context))
        if (audit := kept_audit.read(context.settings)) and audit.at <= context.now:
            yield File(kept_audit.FILE, partial(bytes, audit.content), fingerprint.digest(audit.content))
        yield File("status.txt", partial(status_txt.status, context))
        yield File("voice.txt", partial(voice.text, context))
        yield File("voice.xml", partial(voice.twiml, context))
        yield File(status_schema.FILE, partial(status_json.schema, context))

    def of_lists(self) -> Iterator[File]:
        """The sitemap, the search index and the headers, which depend on the list of all pages."""
        context, host_pages = self.context, self.host_pages
        yield from sitemap.sitemaps(host_pages.sitemap, context)
        if host_pages.search:
            yield File(host_pages.search.path, partial(search_index.search_index, host_pages.search, context))
        if HEADERS not in host_pages.files:
            yield File(
                HEADERS,
                partial(
                    security_policy.headers, host_pages.scripts, _sections(host_pages), self.context.states_elsewhere
                ),
            )


def _sections(host_pages: HostPages) -> list[str]:
    """The paths of the home page and of every folder of pages: `["/", "/about/*", "/components/*"]`."""
    pages = {path.partition("/")[0] for path in host_pages.files if path.endswith(".html") and "/" in path}
    return ["/", *(f"/{folder}/*" for folder in sorted(pages | {"components", "history", "incidents", "subscribe"}))]


def _incident_feed(context: RenderContext, incident: Incident) -> bytes:
    return feeds.atom(feeds.incident(context, incident), context.site_url, context.settings.site_name)


def _maintenance(context: RenderContext) -> bytes:
    from status_tool.outputs import calendar  # takes 50 ms, so only if the calendar changed

    return calendar.maintenance(context)
