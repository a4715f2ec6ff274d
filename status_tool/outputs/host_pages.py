"""What a site generator makes around our pages: frames, pages and assets of its own, and its lists of pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HostPages:
    """Everything of a site that is not ours; texts are HTML, XML and JSON as the generator made them."""

    id: str
    """Another one for any other."""
    frames: dict[str, str]
    """By the path of the page each was rendered for, as `frame.Frames` knows them."""
    files: dict[str, bytes]
    """Path below the site's root -> content."""
    sitemap: str
    search: str
    """The search index; empty when the site has no search."""
    scripts: tuple[str, ...]
    """The hashes of the scripts in its pages."""
    warnings: tuple[str, ...]
