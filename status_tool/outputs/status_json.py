"""The documents for machines."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from status_tool.model.incident import Incident
from status_tool.model.summary import Summary
from status_tool.outputs import status_schema
from status_tool.outputs.status_schema import VERSION
from status_tool.render import incident_json, language, phrases
from status_tool.render.context import Edition
from status_tool.render.language import Language
from status_tool.system import clock


def status(edition: Edition) -> bytes:
    """`/status.json`: what open pages, embeds and programs ask for; `status_schema` says what each key means."""
    told = [language.of(code, edition.settings.timezone) for code in ("en", *language.available())]
    document: dict[str, Any] = {
        "$schema": f"{edition.site_url}{status_schema.FILE}",
        "version": VERSION,
        "name": edition.settings.site_name,
        "url": edition.site_url,
        "written": clock.iso(edition.now),
        "content": clock.iso(edition.content_time) if edition.content_time else None,
        "stale_after": int(edition.stale_after.total_seconds()),
        "digest": edition.digest,
        "status": edition.summary.shown.value,
        "headline": phrases.headline(edition.language, edition.summary),
        "headlines": _headlines(told, edition.summary),
        "components": [
            {"id": part.component.id, "name": part.component.name, "status": part.status.value}
            for part in edition.summary.components
        ],
        "open": [_open(edition, incident) for incident in (*edition.summary.open, *edition.summary.running)],
        "planned": [_planned(edition, incident) for incident in edition.summary.planned],
        "turns": [
            {"at": clock.iso(then.now), "status": then.shown.value, "headlines": _headlines(told, then)}
            for then in edition.summary.turns
        ],
        "mirrors": list(edition.settings.mirrors),
    }
    return _written(document)


def schema(edition: Edition) -> bytes:
    """`/status.schema.json`: what `/status.json` may hold."""
    return _written(status_schema.schema(edition.site_url))


def month(edition: Edition, month: date) -> bytes:
    """`/history/2021-10.json`: every incident that began in that month, whole, the newest first."""
    incidents = [
        {**incident_json.of(incident, edition.settings, edition.now), "postmortem": incident.postmortem or None}
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
        "until": clock.iso(incident.end) if incident.end else None,
        "next": clock.iso(promised) if promised else None,
    }


def _planned(edition: Edition, incident: Incident) -> dict[str, Any]:
    window, promised = incident.scheduled, edition.promise(incident, incident.last)
    return {
        **_named(edition, incident),
        "from": clock.iso(window.begin) if window else None,
        "until": clock.iso(window.until) if window else None,
        "next": clock.iso(promised) if promised else None,
    }


def _named(edition: Edition, incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "title": incident.title.within(edition.language.code)[1],
        "titles": {code: title for code, title in incident.title.translations.items() if code},
        "url": edition.settings.incident_url(incident.id),
    }


def _headlines(languages: list[Language], summary: Summary) -> dict[str, str]:
    """The overall state in every language that has our phrases, by code."""
    return {language.code: phrases.headline(language, summary) for language in languages}
