"""Which media types a host may give the files of a site, so that browsers and programs read them."""

from __future__ import annotations

import posixpath

_XML = {"application/xml", "text/xml"}
_JSON = {"application/json", "application/feed+json"}
ALLOWED = {
    ".html": {"text/html", "application/xhtml+xml"},
    ".css": {"text/css"},
    ".js": {"text/javascript", "application/javascript", "application/x-javascript"},
    ".json": _JSON,
    ".svg": {"image/svg+xml"},
    ".png": {"image/png"},
    ".atom": {"application/atom+xml", *_XML},
    ".rss": {"application/rss+xml", "application/x-rss+xml", *_XML},
    ".xml": _XML,
    ".ics": {"text/calendar"},
    ".txt": {"text/plain"},
    ".md": {"text/markdown", "text/plain"},
    ".webmanifest": {"application/manifest+json", *_JSON},
}
"""Suffix -> media types. A file with another suffix may have any."""
_NEEDED = (".html", ".css", ".js", ".json", ".svg", ".png")
"""Browsers refuse these files, or show their text, when the type is wrong."""
_UNKNOWN = {"", "application/octet-stream", "binary/octet-stream"}
"""What hosts say of a suffix that they do not know."""
_PLAIN = (".ics", ".webmanifest", ".md")
"""Files that programs and browsers read as text, too, which nginx calls what it does not know."""


def allows(path: str, media_type: str) -> bool:
    allowed = ALLOWED.get(posixpath.splitext(path)[1])
    return allowed is None or media_type in allowed


def is_tolerable(path: str, media_type: str) -> bool:
    """Whether readers get along with a wrong type of this file: the host knows none, and no browser needs it."""
    is_unknown = media_type in _UNKNOWN or (media_type == "text/plain" and path.endswith(_PLAIN))
    return is_unknown and not path.endswith(_NEEDED)
