"""What an update, a withdrawal or a correction says, as single plain values in one language."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update
from status_tool.notify.notice import Notice
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.system import clock

WITHDRAWN = "withdrawn"
"""The status of a withdrawal."""
_INVISIBLE = re.compile("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn text around: a channel shows them in ways that nobody foresees."""


@dataclass(frozen=True)
class _Source:
    """An incident as it stood at the time of what is said of it."""

    context: RenderContext
    incident: Incident
    time: datetime

    def notice(self, update: str, at: datetime, label: str, anchor: str, message: str, status: str) -> Notice:
        context, incident, language = self.context, self.incident, self.context.language
        return Notice(
            incident=incident.id,
            update=update,
            at=at,
            language=language.code,
            is_rtl=language.direction == "rtl",
            site=_line(context.settings.site_name),
            label=phrases.drilled(language, label) if incident.drill else label,
            title=_line(incident.title.in_language(language.code)[1]),
            since=phrases.extent(language, incident.extent_at(self.time)),
            next="",
            message=_INVISIBLE.sub("", message).strip(),
            components="",
            impact=phrases.impact(language, incident, self.time),
            url=f"{context.settings.incident_url(incident.id)}#{anchor}",
            status=status,
            kind="maintenance" if incident.is_maintenance else "incident",
            level=incident.impact_at(self.time),
            affected=incident.affected,
            is_first=len(incident.updates) == 1,
            has_ended=not incident.is_open_at(self.time),
            is_drill=incident.drill,
        )


def update(context: RenderContext, incident: Incident, update: Update) -> Notice:
    """What an update says: the incident as it stood then, and so the same words for ever."""
    source = _Source(context, incident.as_of(update.published_at) or incident, update.published_at)
    then, language = source.incident, context.language
    message = "\n".join([*context.notes(then, update), context.plain(incident, update.message)])
    label = phrases.update_label(language, update)
    notice = source.notice(clock.iso(update.at), update.at, label, update.anchor, message, update.status)
    promised = None if update.status.ends else context.promise(then, update)
    states = then.shown_changes(update).items()
    named = [language.labelled(context.names[id], phrases.component_status(language, state)) for id, state in states]
    return replace(
        notice,
        components=_line(", ".join(named)),
        next=phrases.promise(language, promised, promised - timedelta.resolution) if promised else "",
    )


def correction(context: RenderContext, incident: Incident, corrected: Update) -> Notice:
    """What a corrected update says now; its `edited` must be set."""
    notice = update(context, incident, corrected)
    edited = corrected.edited or corrected.at
    label = context.language.labelled(context.language.gettext("Corrected"), notice.label)
    return replace(notice, update=f"{notice.update}/edited/{clock.iso(edited)}", at=edited, label=label)


def withdrawal(context: RenderContext, incident: Incident) -> Notice:
    """That an incident was opened by mistake; its `withdrawn` must be set."""
    at = incident.withdrawn or incident.last.at
    source = _Source(context, incident, incident.withdrawal_published_at or at)
    label, reason = context.language.gettext(phrases.WITHDRAWN), incident.reason or Text({"": ""})
    message = context.plain(incident, reason)
    return replace(
        source.notice(f"withdrawn/{clock.iso(at)}", at, label, "withdrawn", message, WITHDRAWN), is_first=False
    )


def _line(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", text).split())
