"""What search engines and the search box know of our pages: the sitemap and the search index."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from html import escape

from status_tool import clock, markdown_text
from status_tool.edition import Edition
from status_tool.frame import BODY, TITLE

SEARCHABLE = 500
"""How many incidents, the newest, the search box finds; the index is read by every browser that searches."""


def addresses(edition: Edition) -> Iterable[tuple[str, str]]:
    """`(path, day of its last change)` of every page of ours, as `("incidents/x/", "2021-10-04")`."""
    summary = edition.summary
    today = f"{edition.now:%Y-%m-%d}"
    yield "", today
    yield "history/", today
    yield "subscribe/", today
    for part in summary.components:
        yield f"components/{part.component.id}/", today
    for month, incidents in summary.by_month.items():
        yield f"history/{month:%Y-%m}/", max(f"{incident.last.at:%Y-%m-%d}" for incident in incidents)
    for incident in summary.incidents:
        yield f"incidents/{incident.id}/", f"{incident.last.at:%Y-%m-%d}"


def sitemap(xml: str, edition: Edition) -> str:
    """MkDocs' sitemap with our pages in it, each once, and without the frame they were poured into."""
    ours = dict(addresses(edition))
    kept = []
    for entry in re.findall(r"<url>.*?</url>", xml, re.DOTALL):
        path = entry.partition("<loc>")[2].partition("</loc>")[0].removeprefix(escape(edition.site_url))
        if path not in ours and not path.startswith(FRAME_PATH):
            kept.append(" ".join(entry.split()).replace("> <", "><"))
    kept += [
        f"<url><loc>{escape(edition.site_url + path)}</loc><lastmod>{day}</lastmod></url>" for path, day in ours.items()
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return head + "\n".join(kept) + "\n</urlset>\n"


FRAME_PATH = "incidents/frame-of-every-page/"


def compressed(text: str) -> bytes:
    """`text` for a `.gz` file, the same bytes whenever it is written."""
    return gzip.compress(text.encode("utf-8"), mtime=0)


def search_index(index: str, edition: Edition) -> str:
    """MkDocs' search index with the newest incidents and every component in it."""
    document = json.loads(index)
    docs = []
    for doc in document.get("docs", []):
        if doc["location"].startswith(FRAME_PATH):
            continue
        text = doc.get("text", "").replace(f"<h1>{BODY}</h1>", "").replace(BODY, "").strip()
        title = (
            doc.get("title", "").replace(TITLE, edition.settings.site_name).replace(BODY, edition.settings.site_name)
        )
        docs.append({**doc, "title": title, "text": text})
    document["docs"] = [*docs, *_components(edition), *_incidents(edition)]
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _components(edition: Edition) -> Iterable[dict[str, str]]:
    for component in edition.settings.components:
        words = " ".join(filter(None, [component.group, component.description]))
        yield {"location": f"components/{component.id}/", "title": escape(component.name), "text": escape(words)}


def _incidents(edition: Edition) -> Iterable[dict[str, str]]:
    for incident in edition.summary.incidents[:SEARCHABLE]:
        texts = [text for update in reversed(incident.updates) for text in update.message.translations.values()]
        plain = [markdown_text.plain(text) for text in [*texts, incident.postmortem]]
        names = [edition.names.get(id, id) for id in incident.affected]
        words = "\n".join(filter(None, [clock.iso(incident.start)[:10], ", ".join(names), *plain]))
        titles = " / ".join(incident.title.translations.values())
        yield {
            "location": f"incidents/{incident.id}/",
            "title": escape(titles, quote=False),
            "text": escape(words, quote=False),
        }
