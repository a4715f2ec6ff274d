"""What a site generator makes around our pages: frames, pages and assets of its own, and its lists of pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SitemapEntry:
    """One page in the generator's sitemap (https://www.sitemaps.org/protocol.html)."""

    address: str
    """Whole: `https://status.example.org/about/`."""
    details: tuple[tuple[str, str], ...]
    """What the protocol allows beside the address: `(("lastmod", "2026-11-23"),)`."""


@dataclass(frozen=True)
class SearchIndex:
    """The file in which the theme's search box looks words up: a JSON object with a list of entries in it."""

    path: str
    """Below the site's root."""
    document: dict[str, Any]
    """The object without the list."""
    key: str
    """Where the list belongs in it."""
    entries: tuple[dict[str, Any], ...]
    """`{"location": "about/#contact", "title": "Contact", "text": "..."}`; title and text are HTML."""


@dataclass(frozen=True)
class HostPages:
    """Everything of a site that is not ours."""

    id: str
    """Another one for any other."""
    frames: dict[str, str]
    """HTML, by the path of the page each was rendered for, as `frame.Frames` knows them."""
    files: dict[str, bytes]
    """Path below the site's root -> content."""
    sitemap: tuple[SitemapEntry, ...]
    search: SearchIndex | None
    """None when the site has no search."""
    scripts: tuple[str, ...]
    """The hashes of the scripts in its pages."""
    warnings: tuple[str, ...]
    """What the generator warned of, each with the name of the generator."""
