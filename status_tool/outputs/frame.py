"""The page around our content, split once at its placeholders and poured full for every page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

TITLE = "status-frame-title"
DESCRIPTION = "status-frame-description"
CANONICAL = "status-frame-canonical"
BODY = "status-frame-body"
HEAD_END = "</head>"
DEEP = "incidents/_frame/"
"""The path of the page whose frame serves every page two folders deep; no incident's id begins with an underscore."""

# The theme adds a heading of its own to a page without one, so the body stands in for a heading.
BODY_ELEMENT = f"<h1>{BODY}</h1>"
_ICON = '<link rel="icon"'
_SPLIT = re.compile(f"({BODY_ELEMENT}|{TITLE}|{DESCRIPTION}|{CANONICAL}|{HEAD_END}|{_ICON}[^>]*>)")


@dataclass(frozen=True)
class Page:
    """One of our pages. `path` is its address below the site's root: `""`, `history/`, `incidents/x/`."""

    path: str
    title: str
    """Plain text."""
    description: str
    """Plain text."""
    body: str
    """HTML."""
    head: str = ""
    """HTML, for the end of `<head>`."""
    icon: str = ""
    """The address of the tab's icon, where it is not the theme's."""


def base(path: str) -> str:
    """The way from the page at `path` to the site's root: `""`, `../`, `../../`."""
    return "../" * path.count("/")


class Frame:
    """The HTML around a page's body, good for every page as deep below the root as the one it came from."""

    def __init__(self, html: str) -> None:
        self.parts = _SPLIT.split(html)
        if BODY_ELEMENT not in self.parts:
            raise ValueError("the theme's page template shows no content")

    def pour(self, page: Page, site_url: str) -> bytes:
        values = {
            TITLE: escape(page.title),
            DESCRIPTION: escape(page.description),
            CANONICAL: escape(site_url + page.path),
            BODY_ELEMENT: page.body,
            HEAD_END: page.head + HEAD_END,
        }
        icon = f'{_ICON} href="{escape(page.icon)}">'
        return "".join(
            icon if page.icon and part.startswith(_ICON) else values.get(part, part) for part in self.parts
        ).encode("utf-8")


@dataclass(frozen=True)
class Frames:
    """One for each page that stands in the navigation, and one for all others, which lie two folders deep."""

    by_path: Mapping[str, Frame]

    @classmethod
    def of(cls, html: Mapping[str, str]) -> Frames:
        return cls({path: Frame(text) for path, text in html.items()})

    def for_page(self, page: Page) -> Frame:
        return self.by_path[page.path if page.path in self.by_path else DEEP]
