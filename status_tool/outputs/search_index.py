"""What the search index contains: the generator's own pages, all components and the newest incidents."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape

from status_tool.outputs.host_pages import SearchIndex
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.system import clock
from status_tool.text import markdown_text

MAX_INCIDENTS = 500
"""The largest number of incidents in the index, which every browser that searches downloads."""


def search_index(index: SearchIndex, context: RenderContext) -> bytes:
    """`index` with all components and the newest incidents added, as JSON."""
    entries = [*index.entries, *_components(context), *_incidents(context)]
    document = {**index.document, index.key: entries}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _components(context: RenderContext) -> Iterable[dict[str, str]]:
    for component in context.settings.components:
        text = " ".join(filter(None, [component.group, component.description]))
        yield {"location": f"components/{component.id}/", "title": escape(component.name), "text": escape(text)}


def _incidents(context: RenderContext) -> Iterable[dict[str, str]]:
    for incident in context.summary.incidents[:MAX_INCIDENTS]:
        texts = [text for update in reversed(incident.updates) for text in update.message.translations.values()]
        reasons = incident.reason.translations.values() if incident.reason else ()
        plain = [markdown_text.plain(text) for text in [*reasons, *texts, incident.postmortem]]
        names = [context.names.get(id, id) for id in incident.affected]
        text = "\n".join(filter(None, [clock.iso(incident.start)[:10], ", ".join(names), *plain]))
        titles = " / ".join(incident.title.translations.values())
        if incident.withdrawn:
            titles = context.language.labelled(context.language.gettext(phrases.WITHDRAWN), titles)
        yield {
            "location": f"incidents/{incident.id}/",
            "title": escape(titles, quote=False),
            "text": escape(text, quote=False),
        }
