"""The documents for machines."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from status_tool import clock, phrases, record
from status_tool.edition import Edition
from status_tool.incident import Incident

VERSION = 1
"""Of the shape of these documents; it rises when a key changes its meaning or goes."""


def status(edition: Edition) -> bytes:
    """`/status.json`: what an open page asks for to learn whether there is news.

    `written` is when the site was built, `content` when somebody last wrote something; `digest` changes
    with what readers should know, and never by a build alone. `next` is when the next update was promised.
    """
    document: dict[str, Any] = {
        "version": VERSION,
        "name": edition.settings.site_name,
        "url": edition.site_url,
        "written": clock.iso(edition.now),
        "content": clock.iso(edition.content_time) if edition.content_time else None,
        "digest": edition.digest,
        "status": edition.summary.shown.value,
        "headline": phrases.headline(edition.language, edition.summary),
        "open": [_open(edition, incident) for incident in (*edition.summary.open, *edition.summary.running)],
        "planned": [_planned(edition, incident) for incident in edition.summary.planned],
        "mirrors": list(edition.settings.mirrors),
    }
    return _written(document)


def month(edition: Edition, month: date) -> bytes:
    """`/history/2021-10.json`: every incident that began in that month, whole, the newest first."""
    incidents = [
        {**record.of(incident, edition.settings, edition.now), "postmortem": incident.postmortem or None}
        for incident in edition.summary.by_month[month]
    ]
    return _written({"version": VERSION, "month": f"{month:%Y-%m}", "incidents": incidents}, indent=None)


def months(edition: Edition) -> bytes:
    """`/history/index.json`: which months there are, the newest first."""
    found = [
        {"month": f"{month:%Y-%m}", "url": f"{edition.site_url}history/{month:%Y-%m}.json", "incidents": len(incidents)}
        for month, incidents in edition.summary.by_month.items()
    ]
    return _written({"version": VERSION, "months": found})


def _written(document: dict[str, Any], indent: int | None = 1) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=indent).encode("utf-8") + b"\n"


def _open(edition: Edition, incident: Incident) -> dict[str, Any]:
    promised = edition.promise(incident, incident.last)
    return {
        **_named(edition, incident),
        "status": incident.status_at(edition.now).value,
        "impact": "maintenance" if incident.is_maintenance else incident.impact.value,
        "started": clock.iso(incident.start),
        "updated": clock.iso(incident.last.at),
        "next": clock.iso(promised) if promised else None,
    }


def _planned(edition: Edition, incident: Incident) -> dict[str, Any]:
    window = incident.scheduled
    return {
        **_named(edition, incident),
        "from": clock.iso(window.begin) if window else None,
        "until": clock.iso(window.until) if window else None,
    }


def _named(edition: Edition, incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "title": incident.title.within(edition.language.code)[1],
        "url": edition.settings.incident_url(incident.id),
    }
