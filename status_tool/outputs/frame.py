"""How a page of ours gets its frame: the theme's HTML, split once at placeholders, then filled for every page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

TITLE = "status-frame-title"
DESCRIPTION = "status-frame-description"
CANONICAL = "status-frame-canonical"
BODY = "status-frame-body"
END = "status-frame-end"
HEAD_END = "</head>"
OWN_PAGE = "<!-- status-frame-own-page -->"
"""Where the body of a page has what the owner wrote for the same address; otherwise that follows the body."""
DEEP = "incidents/_frame/"
"""The path of the frame for all pages that are two folders deep; no incident's id begins with an underscore."""
DEEPER = "incidents/_frame/replay/_frame/"
"""The path of the frame for all pages that are four folders deep."""

# The theme adds a heading to a page that has none, so the placeholder of the body is a heading.
BODY_ELEMENT = f"<h1>{BODY}</h1>"
END_ELEMENT = f"<div>{END}</div>"
"""The end of what the owner wrote, which begins after the placeholder of the body."""
_ICON = '<link rel="icon"'
_SPLIT = re.compile(f"({BODY_ELEMENT}|{END_ELEMENT}|{TITLE}|{DESCRIPTION}|{CANONICAL}|{HEAD_END}|{_ICON}[^>]*>)")


@dataclass(frozen=True)
class Page:
    """One of our pages; `path` is its path below the site's root: `""`, `history/`, `incidents/x/`."""

    path: str
    title: str
    """Plain text."""
    description: str
    """Plain text."""
    body: str
    """HTML."""
    head: str = ""
    """HTML for the end of `<head>`."""
    icon: str = ""
    """The URL of the icon of the browser tab; empty means the theme's icon."""


def base(path: str) -> str:
    """The relative path from the page at `path` to the site's root: `""`, `../`, `../../`."""
    return "../" * path.count("/")


class Frame:
    """The HTML around a page's body, for all pages as many folders deep as the page that it was rendered for."""

    def __init__(self, html: str) -> None:
        self.segments = _SPLIT.split(html)
        if BODY_ELEMENT not in self.segments:
            raise ValueError("the theme's page template does not show the content of the page")
        self.own_page = ""
        """What the owner wrote for the same address, as HTML."""
        begin = self.segments.index(BODY_ELEMENT) + 1
        if END_ELEMENT in self.segments[begin:]:
            end = self.segments.index(END_ELEMENT, begin)
            self.own_page = "".join(self.segments[begin:end]).strip()
            del self.segments[begin : end + 1]

    def fill(self, page: Page, site_url: str) -> bytes:
        """The HTML of `page` in this frame, as UTF-8."""
        values = {
            TITLE: escape(page.title),
            DESCRIPTION: escape(page.description),
            CANONICAL: escape(site_url + page.path),
            BODY_ELEMENT: self._with_own_page(page.body),
            HEAD_END: page.head + HEAD_END,
        }
        icon = f'{_ICON} href="{escape(page.icon)}">'
        return "".join(
            icon if page.icon and segment.startswith(_ICON) else values.get(segment, segment)
            for segment in self.segments
        ).encode("utf-8")

    def _with_own_page(self, body: str) -> str:
        return body.replace(OWN_PAGE, self.own_page) if OWN_PAGE in body else body + self.own_page


@dataclass(frozen=True)
class Frames:
    """A frame for each page in the navigation, one for all pages two folders deep, and one for those four deep."""

    by_path: Mapping[str, Frame]

    @classmethod
    def of(cls, html: Mapping[str, str]) -> Frames:
        return cls({path: Frame(text) for path, text in html.items()})

    def for_page(self, page: Page) -> Frame:
        other = DEEPER if page.path.count("/") == DEEPER.count("/") else DEEP
        return self.by_path[page.path if page.path in self.by_path else other]
