"""MkDocs' sitemap and search index, parsed into values that `outputs` understands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from status_tool.errors import StatusError
from status_tool.outputs.frame import BODY, DEEP, END, TITLE
from status_tool.outputs.host_pages import SearchIndex, SitemapEntry

SITEMAP = "sitemap.xml"
SEARCH_INDEX = "search/search_index.json"
_NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_ENTRIES = "docs"


def sitemap(xml: bytes) -> tuple[SitemapEntry, ...]:
    """Every page in MkDocs' `sitemap.xml`; none when a theme makes no such file."""
    if not xml.strip():
        return ()
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        hint = "Look at the template sitemap.xml of your theme."
        raise StatusError(f"the sitemap is not XML: {error}.", SITEMAP, hint=hint) from None
    return tuple(_pages(root))


def _pages(root: ElementTree.Element) -> Iterator[SitemapEntry]:
    for page in root.iter(f"{_NAMESPACE}url"):
        values = {part.tag.removeprefix(_NAMESPACE): (part.text or "").strip() for part in page}
        address = values.pop("loc", "")
        # Elements of other namespaces are left out: our sitemap declares only the protocol's own.
        yield SitemapEntry(address, tuple((name, text) for name, text in values.items() if "{" not in name))


def search(content: bytes, site_name: str) -> SearchIndex | None:
    """MkDocs' search index without its frames' placeholders; None when the site has no search.

    The entry of the home page has the site's name as its title, and the owner's text on that page.
    """
    if not content.strip():
        return None
    document = json.loads(content)
    entries = [_entry(entry, site_name) for entry in document.pop(_ENTRIES, [])]
    shown = tuple(entry for entry in entries if not entry["location"].startswith(DEEP))
    return SearchIndex(SEARCH_INDEX, document, _ENTRIES, shown)


def _entry(entry: dict[str, Any], site_name: str) -> dict[str, Any]:
    title = entry.get("title", "").replace(TITLE, site_name).replace(BODY, site_name)
    text = entry.get("text", "").replace(f"<h1>{BODY}</h1>", "").replace(BODY, "").replace(END, "").strip()
    return {**entry, "title": title, "text": text}
