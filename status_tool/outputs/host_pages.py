"""What the site generator produces: frames for our pages, its own pages and assets, its sitemap and search index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SitemapEntry:
    """One page in the generator's sitemap (https://www.sitemaps.org/protocol.html)."""

    address: str
    """The absolute URL: `https://status.example.org/about/`."""
    details: tuple[tuple[str, str], ...]
    """`(element, value)` of its other elements: `(("lastmod", "2026-11-23"),)`."""


@dataclass(frozen=True)
class SearchIndex:
    """The file that the theme's search box reads: a JSON object that contains a list of entries."""

    path: str
    """Its path below the site's root."""
    document: dict[str, Any]
    """The object without the list."""
    key: str
    """The key of the list in the object."""
    entries: tuple[dict[str, Any], ...]
    """`{"location": "about/#contact", "title": "Contact", "text": "..."}`; title and text are HTML."""


@dataclass(frozen=True)
class HostPages:
    """Everything in the site that the site generator produces."""

    id: str
    """A digest of the files: it changes with them."""
    frames: dict[str, str]
    """Path of a page, as in `frame.Frames` -> HTML of its frame."""
    files: dict[str, bytes]
    """Path below the site's root -> content."""
    sitemap: tuple[SitemapEntry, ...]
    search: SearchIndex | None
    """None if the site has no search."""
    scripts: tuple[str, ...]
    """The hashes of the inline scripts in its pages, as a content security policy contains them."""
    warnings: tuple[str, ...]
    """The warnings of the generator, each beginning with its name."""
