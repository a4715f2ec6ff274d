"""Which start tags an HTML text has, and the texts of its scripts and styles: found in one pass, without a parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from status_tool.text import html_tags
from status_tool.text.html_tags import Tag

_TAG = re.compile(r"""<!--|<([a-z][a-z0-9-]*)(?:[^"'<>]++|"[^"]*"|'[^']*')*+>""", re.IGNORECASE)
"""The begin of a comment, or a start tag."""


class Element(NamedTuple):
    name: str
    """In lower case."""
    text: str
    """The start tag as it is written: `<script src="a.js">`."""
    content: str
    """What a script or a style contains; empty for every other element."""

    @property
    def tag(self) -> Tag:
        """The start tag with its attributes."""
        return _parsed(self.text)


def elements(html: str) -> Iterator[Element]:
    """Every element of `html`, in order. What stands in a comment, a script or a style is none.

    Takes a twentieth of the time of a parser, and no more for a text that is none of HTML.
    """
    position, lower = 0, html.lower()
    while match := _TAG.search(html, position):
        name, position = (match[1] or "").lower(), match.end()
        if name and name not in ("script", "style"):
            yield Element(name, match[0], "")
            continue
        end = lower.find(f"</{name}" if name else "-->", position)
        end = len(html) if end < 0 else end
        if name:
            yield Element(name, match[0], html[position:end])
        position = end


@lru_cache(maxsize=2_000)  # most tags are the frame's, on every page
def _parsed(text: str) -> Tag:
    return next(iter(html_tags.tags(text)), Tag("", {}, 0, 0))
