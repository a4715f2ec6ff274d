"""What the search index contains: the generator's own pages, all components and the newest incidents."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from html import escape

from status_tool.model.incident import Incident
from status_tool.outputs.host_pages import SearchIndex
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.text import plain_text

MAX_INCIDENTS = 500
"""The largest number of incidents in the index, which every browser that searches downloads."""


def search_index(index: SearchIndex, context: RenderContext) -> bytes:
    """`index` with all components and the newest incidents added, as JSON."""
    entries = [*index.entries, *_components(context), *_incidents(context)]
    document = {**index.document, index.key: entries}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _components(context: RenderContext) -> Iterable[dict[str, str]]:
    for summary in context.summary.all_components:
        component, retired = summary.component, phrases.retired(context.language, summary)
        text = " ".join(filter(None, [component.group, component.description, retired]))
        yield {"location": f"components/{component.id}/", "title": escape(component.name), "text": escape(text)}


def _incidents(context: RenderContext) -> Iterable[dict[str, str]]:
    for incident in context.summary.incidents[:MAX_INCIDENTS]:
        names = [context.names.get(id, id) for id in incident.affected]
        text = "\n".join(filter(None, [_day(context, incident.start), ", ".join(names), *_texts(context, incident)]))
        titles = " / ".join(incident.title.translations.values())
        if incident.withdrawn:
            titles = context.language.labelled(context.language.gettext(phrases.WITHDRAWN), titles)
        yield {
            "location": f"incidents/{incident.id}/",
            "title": escape(titles, quote=False),
            "text": escape(text, quote=False),
        }


def _texts(context: RenderContext, incident: Incident) -> Iterable[str]:
    """Each text with the day on which it was published, as a search result may show any of them; the newest first."""
    published = [(update.published_at, update.message) for update in reversed(incident.updates)]
    if incident.withdrawal_published_at and incident.reason:
        published.insert(0, (incident.withdrawal_published_at, incident.reason))
    links = context.links(incident)
    for at, text in published:
        yield from (f"{_day(context, at)}: {plain_text.plain(words, links)}" for words in text.translations.values())
    yield plain_text.plain(incident.postmortem, links, is_postmortem=True)


def _day(context: RenderContext, time: datetime) -> str:
    """`2021-10-04`: the day in the site's zone."""
    return time.astimezone(context.summary.zone).date().isoformat()
