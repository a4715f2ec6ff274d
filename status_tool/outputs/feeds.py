"""What the feeds contain: one entry per update, post-mortem or withdrawal, with an id that never changes.

Atom (RFC 4287) and RSS 2.0 through feedgen, of which this is the only user; JSON Feed 1.1
(https://www.jsonfeed.org/version/1.1/) with the json module.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.system import clock

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

MAX_ENTRIES = 50
"""The largest number of entries in a feed."""
MAX_TEXT = 20_000
"""The largest number of characters of a text in a feed, before the paragraph in which it is cut. An incident is in the
feeds of all its components, so that the size of the site would be that of the text times the number of components."""
FEED_DAYS = timedelta(days=90)
"""How long after its end an incident has its own feed."""
ENTRY_NAMESPACE = uuid.UUID("6f0d8f1e-3b0a-5c55-9a52-2a3d4a6d6c11")
"""The UUID namespace of entry ids. An id depends only on the incident's id and the update's time, so that a site
that moves to another host announces nothing twice."""


@dataclass(frozen=True)
class Entry:
    """What was published at one time, as an entry of a feed; `content` is HTML, the other texts are plain."""

    id: str
    title: str
    url: str
    content: str
    published: datetime
    updated: datetime


@dataclass(frozen=True)
class Feed:
    """A feed; `path` is its folder below the site's root, `page` the URL of the page with the same content."""

    path: str
    title: str
    description: str
    page: str
    language: str
    entries: tuple[Entry, ...]
    """Newest first."""
    updated: datetime
    hubs: tuple[str, ...] = ()
    """The URLs of WebSub hubs that tell of news."""


class PostKind(StrEnum):
    UPDATE = "update"
    POSTMORTEM = "post-mortem"
    WITHDRAWAL = "withdrawal"


class Post(NamedTuple):
    """What was published about an incident at one time."""

    at: datetime
    kind: PostKind
    incident: Incident
    update: Update | None = None
    """The update, if it is one."""


def site(context: RenderContext) -> Feed:
    _ = context.language.gettext
    name = context.settings.site_name
    title = _("%(name)s: incidents and maintenance") % {"name": name}
    return _feed(context, "", title, context.site_url, of_site(context))


def component(context: RenderContext, id: str) -> Feed:
    summary = context.summary.of_component(id)
    title = f"{summary.component.name} – {context.settings.site_name}"
    return _feed(context, f"components/{id}/", title, f"{context.site_url}components/{id}/", of_component(context, id))


def incident(context: RenderContext, incident: Incident) -> Feed:
    title = f"{incident.title.in_language(context.language.code)[1]} – {context.settings.site_name}"
    path = f"incidents/{incident.id}/"
    return _feed(context, path, title, context.site_url + path, [incident])


def has_feed(context: RenderContext, incident: Incident) -> bool:
    """Whether it has its own feed: while it is open, and until `FEED_DAYS` after its end; a drill has none."""
    return not incident.drill and not context.is_over_since(incident, context.now - FEED_DAYS)


def entry_id(incident_id: str, at: datetime) -> str:
    """`urn:uuid:...`: the id of the entry for the update at the time `at`, to the second."""
    return uuid.uuid5(ENTRY_NAMESPACE, f"{incident_id}/{clock.iso(at)}").urn


def _feed(context: RenderContext, path: str, title: str, page: str, incidents: Iterable[Incident]) -> Feed:
    entries = tuple(_entry(context, post) for post in newest_posts(incidents))
    changed = [entry.updated for entry in entries] or [
        incident.last_posted_at for incident in context.summary.incidents
    ]
    _ = context.language.gettext
    return Feed(
        path=path,
        title=context.marked(title),
        description=_description(context),
        page=page,
        language=context.settings.language,
        entries=entries,
        # From the incidents, so that a build without changes does not change the feed.
        updated=max(changed, default=datetime(1970, 1, 1, tzinfo=UTC)),
        hubs=context.settings.hubs,
    )


def _description(context: RenderContext) -> str:
    """What the feed has, and where else the site is, as readers of the feed may see nothing but the feed."""
    _ = context.language.gettext
    mirrors = [f"{_('Also at')} {mirror}" for mirror in context.settings.mirrors]
    return " ".join([_("Every update as it was posted, the newest first."), *mirrors])


def newest_posts(incidents: Iterable[Incident]) -> list[Post]:
    """The newest `MAX_ENTRIES` updates, post-mortems and withdrawals, newest first.

    `incidents` must be sorted by `last_published_at`, newest first.
    """
    # No incident after the first MAX_ENTRIES can have one of the newest posts.
    posts = [post for incident in islice(incidents, MAX_ENTRIES) for post in _posts(incident)]
    posts.sort(key=lambda post: (post.at, post.incident.id, _ORDER[post.kind]), reverse=True)
    return posts[:MAX_ENTRIES]


_ORDER = {kind: order for order, kind in enumerate(PostKind)}


def _posts(incident: Incident) -> Iterator[Post]:
    yield from (Post(update.published_at, PostKind.UPDATE, incident, update) for update in incident.updates)
    if incident.postmortem:
        yield Post(incident.postmortem_published_at, PostKind.POSTMORTEM, incident)
    if incident.withdrawal_published_at:
        yield Post(incident.withdrawal_published_at, PostKind.WITHDRAWAL, incident)


def of_site(context: RenderContext) -> Sequence[Incident]:
    """The incidents in the site's feeds, by `last_published_at`, newest first."""
    return context.by_last_published


def of_component(context: RenderContext, id: str) -> Sequence[Incident]:
    """The incidents that name the component, by `last_published_at`, newest first."""
    return context.in_order_of_publication(context.summary.of_component(id).incidents)


def _entry(context: RenderContext, post: Post) -> Entry:
    """The entry of a post. Every entry about an incident that is withdrawn says so, and has changed at that time."""
    incident = post.incident
    if post.update:
        entry = _update(context, incident, post.update)
    elif post.kind is PostKind.POSTMORTEM:
        entry = _postmortem(context, incident)
    else:
        return _withdrawal(context, incident, post.at)
    if incident.withdrawal_published_at is None:
        return entry
    content = f"{_withdrawn_note(context, incident)}\n{entry.content}"
    return replace(entry, content=content, updated=max(entry.updated, incident.withdrawal_published_at))


def _withdrawal(context: RenderContext, incident: Incident, at: datetime) -> Entry:
    withdrawn = clock.iso(incident.withdrawn or at)
    return Entry(
        id=uuid.uuid5(ENTRY_NAMESPACE, f"{incident.id}/withdrawn/{withdrawn}").urn,
        title=phrases.withdrawn_title(context.language, incident),
        url=f"{context.settings.incident_url(incident.id)}#withdrawn",
        content=_withdrawn_note(context, incident),
        published=at,
        updated=at,
    )


def _withdrawn_note(context: RenderContext, incident: Incident) -> str:
    return context.templates.render("_withdrawn.html", incident=incident, links=context.links(incident)).strip()


def _postmortem(context: RenderContext, incident: Incident) -> Entry:
    title = incident.title.in_language(context.language.code)[1]
    url = f"{context.settings.incident_url(incident.id)}#post-mortem"
    text = _first_paragraphs(incident.postmortem)
    rest = context.templates.render("_feed_rest.html", url=url) if text != incident.postmortem else ""
    definitions = _DEFINITION.findall(incident.postmortem, len(text)) if rest else []
    text = "\n\n".join([text, *definitions])
    return Entry(
        id=uuid.uuid5(ENTRY_NAMESPACE, f"{incident.id}/post-mortem").urn,
        title=context.language.labelled(context.language.gettext("Post-mortem"), title),
        url=url,
        content=(context.templates.html(text, 3, context.links(incident)) + rest).strip(),
        published=incident.postmortem_published_at,
        updated=incident.postmortem_published_at,
    )


def _update(context: RenderContext, incident: Incident, update: Update) -> Entry:
    language = context.language
    label = phrases.update_label(language, update)
    title = incident.title.in_language(language.code)[1]
    id, url = entry_id(incident.id, update.at), f"{context.settings.incident_url(incident.id)}#{update.anchor}"
    if id not in context.feed_entries:
        context.feed_entries[id] = _content(context, incident, update, url)
    return Entry(
        id=id,
        title=language.labelled(label, title),
        url=url,
        content=context.feed_entries[id],
        published=update.published_at,
        updated=update.edited or update.published_at,
    )


def _content(context: RenderContext, incident: Incident, update: Update, url: str) -> str:
    """An update as HTML; `url` leads to it on the page of its incident."""
    texts = update.message.translations
    message = Text({code: _first_paragraphs(text) for code, text in texts.items()})
    content = context.templates.render(
        "_feed_entry.html",
        context=context,
        incident=incident,
        update=update,
        message=message,
        url=url if message != update.message else "",
        component_label=lambda status: phrases.component_status(context.language, status),
        help_texts=lambda incident: phrases.help_texts(context.language, incident),
    )
    return content.strip()


_DEFINITION = re.compile(r"^\[[^\]\n]+\]:[ \t]*\S.*$", re.MULTILINE)
"""A line that defines the address of links, which may be far above it."""


def _first_paragraphs(text: str) -> str:
    """`text`, or the paragraphs that end within its first `MAX_TEXT` characters. No mark-up is cut in two."""
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT].rpartition("\n\n")[0]


def _generator(feed: Feed) -> FeedGenerator:
    from feedgen.feed import FeedGenerator  # takes 30 ms, so only where a feed is made

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
    generator.link([{"href": hub, "rel": "hub"} for hub in feed.hubs])
    return _with_newline(generator.atom_str(pretty=True))


def rss(feed: Feed, site_url: str) -> bytes:
    generator = _generator(feed)
    generator.link([{"href": f"{site_url}{feed.path}feed.rss", "rel": "self"}, {"href": feed.page, "rel": "alternate"}])
    generator.register_extension("hubs", _hubs_in_rss(feed.hubs), atom=False)
    return _with_newline(generator.rss_str(pretty=True))


def _hubs_in_rss(hubs: Sequence[str]) -> type:
    """An extension of feedgen, which itself names hubs in Atom only."""
    from feedgen.ext.base import BaseExtension

    class Hubs(BaseExtension):  # type: ignore[misc]
        def extend_rss(self, feed: Any) -> Any:
            for hub in hubs:
                link = feed[0].makeelement(f"{{{_ATOM}}}link", {"href": hub, "rel": "hub"})
                feed[0].insert(0, link)
            return feed

    return Hubs


_ATOM = "http://www.w3.org/2005/Atom"


def json_feed(feed: Feed, site_url: str, author: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": f"{site_url}{feed.path}feed.json",
        "description": feed.description,
        **({"hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs]} if feed.hubs else {}),
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


def _with_newline(xml: bytes) -> bytes:
    return xml if xml.endswith(b"\n") else xml + b"\n"
