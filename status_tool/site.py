"""The whole site as path -> bytes, each page after the pages it leads to."""

from __future__ import annotations

from collections.abc import Iterator

from status_tool import api, embed, feeds, pages, statuspage, text
from status_tool.edition import Edition
from status_tool.feeds import Feed
from status_tool.frame import Frames, Page


def is_ours(path: str) -> bool:
    """Whether `render` may write a file at `path`, so that nobody else should."""
    folder, slash, _ = path.partition("/")
    ours = ("incidents", "components", "history", "api")
    return (folder in ours if slash else path.startswith("feed.")) or path in (
        "assets/status.css",
        "assets/status.js",
        "embed.html",
        "embed.js",
        "manifest.json",
        "status.json",
        "status.txt",
    )


def render(edition: Edition, frames: Frames) -> Iterator[tuple[str, bytes]]:
    """Every file of ours as `(path, bytes)`, in the order in which they may become visible."""
    summary = edition.summary
    yield from edition.assets.items()
    for incident in summary.incidents:
        yield _poured(pages.incident(edition, incident), edition, frames)
        if edition.has_feed(incident):
            feed = feeds.incident(edition, incident)
            yield f"{feed.path}feed.atom", feeds.atom(feed, edition.site_url, edition.settings.site_name)
    for part in summary.components:
        yield _poured(pages.component(edition, part), edition, frames)
        yield from _all_feeds(edition, feeds.component(edition, part.component.id))
    for month in summary.by_month:
        yield _poured(pages.month(edition, month), edition, frames)
        yield f"history/{month:%Y-%m}.json", api.month(edition, month)
    yield _poured(pages.history(edition), edition, frames)
    yield "history/index.json", api.months(edition)
    yield _poured(pages.home(edition), edition, frames)
    yield from _all_feeds(edition, feeds.site(edition))
    yield from statuspage.documents(edition)
    yield "embed.js", embed.script(edition)
    yield "embed.html", embed.page(edition)
    yield "status.txt", text.status(edition)
    yield "status.json", api.status(edition)  # last, as open pages fetch themselves anew when it changes


def _poured(page: Page, edition: Edition, frames: Frames) -> tuple[str, bytes]:
    return f"{page.path}index.html", frames.of(page).pour(page, edition.site_url)


def _all_feeds(edition: Edition, feed: Feed) -> Iterator[tuple[str, bytes]]:
    author = edition.settings.site_name
    yield f"{feed.path}feed.atom", feeds.atom(feed, edition.site_url, author)
    yield f"{feed.path}feed.rss", feeds.rss(feed, edition.site_url)
    yield f"{feed.path}feed.json", feeds.json_feed(feed, edition.site_url, author)
