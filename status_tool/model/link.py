"""What a relative link is: where an incident's files have it, and its address."""

from __future__ import annotations

from typing import NamedTuple


class Link(NamedTuple):
    """A link without a scheme in a text of an incident; it depends on the site where it leads."""

    address: str
    """As in HTML, percent-encoded: `../docs/about.md`, `#timeline`; empty if the link has none."""
    line: int
    """The line of the file."""
    file: str = ""
    """The path of the file, below the folder of incidents, if it is that of a single update; else empty."""
