"""The feeds: one entry per update, with an id that never changes.

Atom (RFC 4287) and RSS 2.0 through feedgen, of which this is the only user; JSON Feed 1.1
(https://www.jsonfeed.org/version/1.1/) as the plain JSON it is.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from status_tool.model.incident import Incident, Update
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.system import clock
from status_tool.text import markdown_text

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

NEWEST = 50
"""How many updates and post-mortems a feed holds."""
FEED_DAYS = timedelta(days=90)
"""How long after its end an incident keeps a feed of its own."""
ENTRIES = uuid.UUID("6f0d8f1e-3b0a-5c55-9a52-2a3d4a6d6c11")
"""The name space of entry ids: an id depends on nothing but the incident's id and the update's time,
so a site that moves to another host in an emergency announces nothing twice."""


@dataclass(frozen=True)
class Entry:
    """One update as a feed says it; `content` is HTML, the other texts are plain."""

    id: str
    title: str
    url: str
    content: str
    published: datetime
    updated: datetime


@dataclass(frozen=True)
class Feed:
    """`path` is the feed's folder below the site's root, `page` the address it stands for."""

    path: str
    title: str
    description: str
    page: str
    language: str
    entries: tuple[Entry, ...]
    """Newest first."""
    updated: datetime


Post = tuple[Incident, Update | None]
"""Something that was said: an update of an incident, or, where there is none, its post-mortem."""


def site(context: RenderContext) -> Feed:
    _ = context.language.gettext
    name = context.settings.site_name
    title = _("%(name)s: incidents and maintenance") % {"name": name}
    return _feed(context, "", title, context.site_url, context.by_last_published)


def component(context: RenderContext, id: str) -> Feed:
    part = context.summary.of_component(id)
    title = f"{part.component.name} – {context.settings.site_name}"
    return _feed(context, f"components/{id}/", title, f"{context.site_url}components/{id}/", of_component(context, id))


def incident(context: RenderContext, incident: Incident) -> Feed:
    title = f"{incident.title.within(context.language.code)[1]} – {context.settings.site_name}"
    path = f"incidents/{incident.id}/"
    return _feed(context, path, title, context.site_url + path, [incident])


def has_feed(context: RenderContext, incident: Incident) -> bool:
    """Whether the incident has a feed of its own: while it is open, and for `FEED_DAYS` after."""
    return not context.is_over_since(incident, context.now - FEED_DAYS)


def entry_id(incident_id: str, at: datetime) -> str:
    """`urn:uuid:...` for the update of that incident at that second."""
    return uuid.uuid5(ENTRIES, f"{incident_id}/{clock.iso(at)}").urn


def _feed(context: RenderContext, path: str, title: str, page: str, incidents: Iterable[Incident]) -> Feed:
    newest = tuple(
        _entry(context, incident, update) if update else _postmortem(context, incident)
        for incident, update in newest_posts(incidents)
    )
    written = [entry.updated for entry in newest] or [incident.last.at for incident in context.summary.incidents]
    _ = context.language.gettext
    return Feed(
        path=path,
        title=title,
        description=_("Every update as it was posted, the newest first."),
        page=page,
        language=context.settings.language,
        entries=newest,
        # Nothing written means nothing new, so a rebuild alone changes no feed.
        updated=max(written, default=datetime(1970, 1, 1, tzinfo=UTC)),
    )


def newest_posts(incidents: Iterable[Incident]) -> list[Post]:
    """The newest updates and post-mortems, newest first; so must `incidents` be, by `last_published_at`."""
    posts: list[tuple[datetime, str, int, Incident, Update | None]] = []
    for incident in islice(incidents, NEWEST):  # each of the newest posts is of one of these
        posts += [(update.at, incident.id, 0, incident, update) for update in incident.updates]
        if incident.postmortem:
            posts.append((incident.postmortem_published_at, incident.id, 1, incident, None))
    posts.sort(key=lambda post: post[:3], reverse=True)
    return [(incident, update) for _, _, _, incident, update in posts[:NEWEST]]


def of_component(context: RenderContext, id: str) -> Iterator[Incident]:
    """The incidents that name a component, the last published first."""
    return (incident for incident in context.by_last_published if id in incident.affected)


def _postmortem(context: RenderContext, incident: Incident) -> Entry:
    title = incident.title.within(context.language.code)[1]
    return Entry(
        id=uuid.uuid5(ENTRIES, f"{incident.id}/post-mortem").urn,
        title=context.language.labelled(context.language.gettext("Post-mortem"), title),
        url=f"{context.settings.incident_url(incident.id)}#post-mortem",
        content=markdown_text.html(incident.postmortem, top=3).strip(),
        published=incident.postmortem_published_at,
        updated=incident.postmortem_published_at,
    )


def _entry(context: RenderContext, incident: Incident, update: Update) -> Entry:
    language = context.language
    label = phrases.update_status(language, update.status)
    title = incident.title.within(language.code)[1]
    content = context.templates.render(
        "_feed_entry.html",
        context=context,
        incident=incident,
        update=update,
        component_label=lambda status: phrases.component_status(language, status),
        help_texts=lambda incident: phrases.help_texts(language, incident),
    )
    return Entry(
        id=entry_id(incident.id, update.at),
        title=language.labelled(label, title),
        url=f"{context.settings.incident_url(incident.id)}#{update.anchor}",
        content=content.strip(),
        published=update.at,
        updated=update.edited or update.at,
    )


def _generator(feed: Feed) -> FeedGenerator:
    from feedgen.feed import FeedGenerator  # 30 ms, which only the process pays that makes a feed

    generator = FeedGenerator()
    generator.title(feed.title)
    generator.description(feed.description)
    generator.subtitle(feed.description)
    generator.language(feed.language)
    generator.updated(feed.updated)
    generator.lastBuildDate(feed.updated)
    generator.generator("incident-status")
    for entry in feed.entries:
        item = generator.add_entry(order="append")
        item.id(entry.id)
        item.guid(entry.id, permalink=False)
        item.title(entry.title)
        item.link(href=entry.url)
        item.content(entry.content, type="html")
        item.published(entry.published)
        item.updated(entry.updated)
    return generator


def atom(feed: Feed, site_url: str, author: str) -> bytes:
    generator = _generator(feed)
    address = f"{site_url}{feed.path}feed.atom"
    generator.id(address)
    generator.author({"name": author})
    generator.link([{"href": address, "rel": "self"}, {"href": feed.page, "rel": "alternate"}])
    return _lines(generator.atom_str(pretty=True))


def rss(feed: Feed, site_url: str) -> bytes:
    generator = _generator(feed)
    generator.link([{"href": f"{site_url}{feed.path}feed.rss", "rel": "self"}, {"href": feed.page, "rel": "alternate"}])
    return _lines(generator.rss_str(pretty=True))


def json_feed(feed: Feed, site_url: str, author: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": f"{site_url}{feed.path}feed.json",
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": author}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "content_html": entry.content,
                "date_published": clock.iso(entry.published),
                "date_modified": clock.iso(entry.updated),
            }
            for entry in feed.entries
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def _lines(xml: bytes) -> bytes:
    return xml if xml.endswith(b"\n") else xml + b"\n"
