"""Which files of the site an HTML page links to, and how a page is without some of its links."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

from status_tool.text import html_tags

_HREF = re.compile(r"""\shref\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)


def target(href: str, path: str) -> str:
    """The path of the file to which `href`, an address on the page at `path`, leads; empty if it leads elsewhere.

    `../x/#y` on `a/b/index.html` leads to `a/x/index.html`.
    """
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return ""
    file = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
    return posixpath.normpath(f"{file}/index.html") if parts.path.endswith(("/", ".")) else file


def without(html: str, path: str, absent: Collection[str]) -> str:
    """`html`, the page at `path`, in which links to the files `absent` have no address."""
    if not any(target(match[1].strip("\"'"), path) in absent for match in _HREF.finditer(html)):
        return html
    parts, copied = [], 0
    for tag in html_tags.tags(html):
        if "href" in tag.attributes and target(tag.attributes["href"], path) in absent:
            parts += [html[copied : tag.begin], _HREF.sub("", html[tag.begin : tag.end], count=1)]
            copied = tag.end
    return "".join([*parts, html[copied:]])
