"""The documents for machines."""

from __future__ import annotations

import json
from typing import Any

from status_tool import clock, phrases, turns
from status_tool.edition import Edition

VERSION = 1
"""Of the shape of `status.json`; it rises when a key changes its meaning or goes."""


def status(edition: Edition) -> bytes:
    """`/status.json`: what an open page asks for to learn whether there is news.

    `written` is when the site was built, `content` when somebody last wrote something; `digest` changes
    with what readers should know, and never by a build alone.
    """
    document: dict[str, Any] = {
        "version": VERSION,
        "name": edition.settings.site_name,
        "url": edition.site_url,
        "written": clock.iso(edition.now),
        "content": clock.iso(edition.content_time) if edition.content_time else None,
        "digest": edition.digest,
        "status": turns.shown(edition.summary).value,
        "headline": phrases.headline(edition.language, edition.summary),
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
