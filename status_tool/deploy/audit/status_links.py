"""Where a page of the product leads with `rel="status"` (RFC 8631): by a `Link` header, or by a tag of its HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urljoin

from status_tool.text.html_elements import elements

_LINK = re.compile(r"""<([^<>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)""")
_PARAMETER = re.compile(r""";\s*([^\s=;,]+)\s*=\s*(?:"([^"]*)"|([^\s;,"]*))""")
_NAMES = ("a", "area", "link")


def targets(url: str, headers: Iterable[str], html: str) -> tuple[str, ...]:
    """The absolute addresses to which the page at `url` leads; `headers` are the values of its `Link` headers.

    `Link: <https://status.example.org/>; rel="status"` is by RFC 8288.
    """
    found = [target for header in headers for target in _in_header(header)]
    tags = (part.tag for part in elements(html) if part.name in _NAMES)
    found += [
        tag.attributes.get("href", "") for tag in tags if "status" in tag.attributes.get("rel", "").lower().split()
    ]
    return tuple(dict.fromkeys(joined for target in found if (joined := _joined(url, target))))


def _in_header(header: str) -> list[str]:
    return [target for target, parameters in _LINK.findall(header) if "status" in _relations(parameters)]


def _relations(parameters: str) -> list[str]:
    """The words of the first `rel`; a second one does not count (RFC 8288, 3.3)."""
    values = (quoted or plain for name, quoted, plain in _PARAMETER.findall(parameters) if name.lower() == "rel")
    return _words(next(values, ""))


def _words(text: str) -> list[str]:
    return text.lower().split()


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target.strip())
    except ValueError:
        return ""
