"""Where a page of the product leads with `rel="status"` (RFC 8631): by a `Link` header, or by a tag of its HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin

from status_tool.text import html_tags

_LINK = re.compile(r"""<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)""")
_PARAMETER = re.compile(r""";\s*([^\s=;,]+)\s*=\s*(?:"([^"]*)"|([^\s;,"]*))""")
_TAGS = ("a", "area", "link")


def targets(url: str, headers: Iterable[str], html: str) -> tuple[str, ...]:
    """The absolute addresses to which the page at `url` leads; `headers` are the values of its `Link` headers.

    `Link: <https://status.example.org/>; rel="status"` is by RFC 8288.
    """
    found = [target for header in headers for target in _in_header(header)]
    found += [
        tag.attributes.get("href", "")
        for tag in html_tags.tags(html)
        if tag.name in _TAGS and "status" in tag.attributes.get("rel", "").lower().split()
    ]
    return tuple(dict.fromkeys(joined for target in found if (joined := _joined(url, target))))


def _in_header(header: str) -> list[str]:
    return [target for target, parameters in _LINK.findall(header) if "status" in _relations(parameters)]


def _relations(parameters: str) -> list[str]:
    """The words of the first `rel`; a second one does not count (RFC 8288, 3.3)."""
    values = (quoted or plain for name, quoted, plain in _PARAMETER.findall(parameters) if name.lower() == "rel")
    return next(values, "").lower().split()


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target.strip())
    except ValueError:
        return ""
