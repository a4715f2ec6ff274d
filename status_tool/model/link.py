"""What a relative link is: where an incident file has it, and its address."""

from __future__ import annotations

from typing import NamedTuple


class Link(NamedTuple):
    """A link without a scheme in a text of an incident; it depends on the site where it leads."""

    address: str
    """As in HTML, percent-encoded: `../docs/about.md`, `#timeline`; empty if the link has none."""
    line: int
    """The line of the file."""
