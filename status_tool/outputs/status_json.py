"""What `/status.json` and the JSON documents of the history contain."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from status_tool.model.component import Impact
from status_tool.model.incident import Incident
from status_tool.model.summary import Summary
from status_tool.model.update import Text
from status_tool.outputs import status_schema
from status_tool.outputs.status_schema import VERSION
from status_tool.render import incident_json, language, phrases
from status_tool.render.context import RenderContext
from status_tool.render.language import Language
from status_tool.system import clock
from status_tool.text import markdown_source


def status(context: RenderContext) -> bytes:
    """`/status.json`, which open pages, embeds and programs download; `status_schema` describes its keys."""
    languages = [language.get(code, context.settings.timezone) for code in ("en", *language.available())]
    document: dict[str, Any] = {
        "$schema": f"{context.site_url}{status_schema.FILE}",
        **_common(context),
        "name": context.settings.site_name,
        "url": context.site_url,
        "written": clock.iso(context.now),
        "content": clock.iso(context.content_changed_at) if context.content_changed_at else None,
        "stale_after": int(context.stale_after.total_seconds()),
        "digest": context.digest,
        "status": context.summary.shown_status.value,
        "headline": phrases.headline(context.language, context.summary),
        "headlines": _headlines(languages, context.summary),
        "components": [
            {"id": component.component.id, "name": component.component.name, "status": component.status.value}
            for component in context.summary.components
        ],
        "open": [_open(context, incident) for incident in (*context.summary.open, *context.summary.running)],
        "planned": [_planned(context, incident) for incident in context.summary.planned],
        "cancelled": [_cancelled(context, incident) for incident in context.summary.cancelled],
        "withdrawn": [_withdrawn(context, incident) for incident in context.summary.withdrawn],
        "transitions": [
            {
                "at": clock.iso(summary.now),
                "status": summary.shown_status.value,
                "headlines": _headlines(languages, summary),
            }
            for summary in context.summary.transitions
        ],
        "mirrors": list(context.settings.mirrors),
    }
    return _encoded(document)


def schema(context: RenderContext) -> bytes:
    """`/status.schema.json`: the JSON Schema of `/status.json`."""
    return _encoded(status_schema.schema(context.site_url))


def month(context: RenderContext, month: date) -> bytes:
    """`/history/2021-10.json`: all incidents that lasted in that month, complete, newest first."""
    incidents = [_complete(context, incident) for incident in context.summary.by_month[month]]
    document = {**_common(context), "month": f"{month:%Y-%m}", "incidents": incidents}
    return _encoded(document, indent=None)


def _complete(context: RenderContext, incident: Incident) -> dict[str, Any]:
    links = context.links(incident)
    postmortem = markdown_source.with_addresses(incident.postmortem, links, is_postmortem=True)
    return {
        **incident_json.document(incident, context.settings, context.now, links),
        "postmortem": postmortem or None,
    }


def months(context: RenderContext) -> bytes:
    """`/history/index.json`: the list of months with incidents, newest first."""
    entries = [
        {"month": f"{month:%Y-%m}", "url": f"{context.site_url}history/{month:%Y-%m}.json", "incidents": len(incidents)}
        for month, incidents in context.summary.by_month.items()
    ]
    return _encoded({**_common(context), "months": entries})


def _common(context: RenderContext) -> dict[str, Any]:
    """The keys that all our documents share."""
    return {"version": VERSION, "replay": context.is_replay, **({"drill": True} if context.is_drill else {})}


def _encoded(document: dict[str, Any], indent: int | None = 1) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=indent).encode("utf-8") + b"\n"


def _open(context: RenderContext, incident: Incident) -> dict[str, Any]:
    extent, promised = incident.extent_at(context.now), context.promise(incident, incident.last)
    return {
        **_common_keys(context, incident),
        "status": incident.status_at(context.now).value,
        "impact": "maintenance" if incident.is_maintenance else (incident.impact_at(context.now) or Impact.NONE).value,
        "started": clock.iso(extent.begin),
        "updated": clock.iso(incident.last_posted_at),
        "until": clock.iso(extent.end) if extent.end else None,
        "next": clock.iso(promised) if promised else None,
    }


def _planned(context: RenderContext, incident: Incident) -> dict[str, Any]:
    extent, promised = incident.extent_at(context.now), context.promise(incident, incident.last)
    return {
        **_common_keys(context, incident),
        "from": clock.iso(extent.begin),
        "until": clock.iso(extent.end) if extent.end else None,
        "next": clock.iso(promised) if promised else None,
    }


def _cancelled(context: RenderContext, incident: Incident) -> dict[str, Any]:
    extent = incident.extent_at(context.now)
    return {
        **_common_keys(context, incident),
        "from": clock.iso(extent.begin),
        "until": clock.iso(extent.end) if extent.end else None,
        "cancelled": clock.iso(incident.last.at),
    }


def _withdrawn(context: RenderContext, incident: Incident) -> dict[str, Any]:
    if incident.withdrawn is None or incident.reason is None:
        raise AssertionError("parse() accepts no withdrawal without a reason")
    links, texts = context.links(incident), incident.reason.translations
    reason = Text({code: markdown_source.with_addresses(text, links) for code, text in texts.items()})
    return {
        **_common_keys(context, incident),
        "withdrawn": clock.iso(incident.withdrawn),
        "reason": reason.in_language(context.language.code)[1],
        "reasons": _translations(reason),
    }


def _translations(text: Text) -> dict[str, str]:
    """Language code -> translation; empty for a text in the site's language alone."""
    return {code: translation for code, translation in text.translations.items() if code}


def _common_keys(context: RenderContext, incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "title": incident.title.in_language(context.language.code)[1],
        "titles": _translations(incident.title),
        "url": context.settings.incident_url(incident.id),
    }


def _headlines(languages: list[Language], summary: Summary) -> dict[str, str]:
    """Language code -> the overall status in one line, for every language that has a catalogue."""
    return {language.code: phrases.headline(language, summary) for language in languages}
