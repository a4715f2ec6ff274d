"""What the JSON of an incident is, in `status list --json`, `status show --json` and `/history/2021-10.json`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from status_tool.model.component import Impact
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update
from status_tool.model.window import Window
from status_tool.settings.settings import Settings
from status_tool.system import clock
from status_tool.text import markdown_source
from status_tool.text.relative_links import NO_LINKS, Links


def document(incident: Incident, settings: Settings, now: datetime, links: Links = NO_LINKS) -> dict[str, Any]:
    """The incident as a JSON object; times are ISO 8601 in UTC, a text is a string or an object: language -> text.

    Relative links in the texts have the addresses of `links`.
    """
    extent = incident.extent_at(now)
    return {
        "id": incident.id,
        "url": settings.incident_url(incident.id),
        "title": _text(incident.title),
        "kind": incident.kind.value,
        "status": "withdrawn" if incident.withdrawn else incident.status_at(now).value,
        "impact": (incident.impact_at(now) or Impact.NONE).value,
        "started": clock.iso(extent.begin),
        "ended": clock.iso(extent.ended) if extent.ended else None,
        "reviewed": clock.iso(incident.reviewed) if incident.reviewed else None,
        "withdrawn": clock.iso(incident.withdrawn) if incident.withdrawn else None,
        "withdrawal_posted": clock.iso(incident.withdrawal_posted) if incident.withdrawal_posted else None,
        "reason": _text(incident.reason, links) if incident.reason else None,
        "scheduled": _window(incident.window),
        "components": {id: state.value for id, state in incident.states_at(now).items()},
        "who": _text(incident.who, links) if incident.who else None,
        "workaround": _text(incident.workaround, links) if incident.workaround else None,
        "contact": _text(incident.contact, links) if incident.contact else None,
        "updates": [_update(incident, update, settings, links) for update in incident.updates],
    }


def _update(incident: Incident, update: Update, settings: Settings, links: Links) -> dict[str, Any]:
    promised = settings.promised(incident, update)
    return {
        "at": clock.iso(update.at),
        "posted": clock.iso(update.published_at),
        "status": update.status.value,
        "components": {id: state.value for id, state in incident.shown_changes(update).items()},
        "next": clock.iso(promised) if promised else None,
        "edited": clock.iso(update.edited) if update.edited else None,
        "scheduled": _window(update.scheduled),
        "message": _text(update.message, links),
    }


def _window(window: Window | None) -> dict[str, str] | None:
    return {"from": clock.iso(window.begin), "until": clock.iso(window.until)} if window else None


def _text(text: Text, links: Links = NO_LINKS) -> Any:
    translations = {code: markdown_source.with_addresses(words, links) for code, words in text.translations.items()}
    return translations[""] if len(translations) == 1 and "" in translations else translations
