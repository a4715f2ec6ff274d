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
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
"""Control characters, and those that turn text around: a channel shows them in ways that nobody foresees."""
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")


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
            message=_lines(message),
            components="",
            impact=phrases.impact(language, incident, self.time),
            url=f"{context.settings.incident_url(incident.id)}#{anchor}",
            status=status,
            kind="maintenance" if incident.is_maintenance else "incident",
            level=incident.impact_at(self.time),
            affected=incident.affected,
            is_first=False,
            has_ended=not incident.is_open_at(self.time),
            is_drill=incident.drill,
        )


def update(context: RenderContext, incident: Incident, update: Update) -> Notice:
    """What an update says: the incident as it stood then, and so the same words for ever.

    Only its message may change, when it is corrected, as the files do not keep what it was.
    """
    return _of_update(context, incident, update, phrases.update_label(context.language, update))


def _of_update(context: RenderContext, incident: Incident, update: Update, label: str) -> Notice:
    source = _Source(context, incident.as_of(update.published_at) or incident, update.published_at)
    then, language = source.incident, context.language
    notes = [f"{note.rstrip('.')}." for note in context.notes(then, update, update.published_at)]
    message = "\n\n".join([*notes, context.unwrapped(incident, update.message)])
    notice = source.notice(clock.iso(update.at), update.at, label, update.anchor, message, update.status)
    promised = None if update.status.ends else context.promise(then, update)
    states = then.shown_changes(update).items()
    named = [
        language.labelled(context.names.get(id, id), phrases.component_status(language, state)) for id, state in states
    ]
    return replace(
        notice,
        is_first=update == min(incident.updates, key=lambda each: (each.published_at, each.at)),
        components=_line(", ".join(named)),
        next=phrases.promise(language, promised, promised - timedelta.resolution) if promised else "",
    )


def correction(context: RenderContext, incident: Incident, corrected: Update) -> Notice:
    """What a corrected update says now; its `edited` must be set."""
    language, edited = context.language, corrected.edited or corrected.at
    label = language.labelled(language.gettext("Corrected"), phrases.update_label(language, corrected))
    notice = _of_update(context, incident, corrected, label)
    return replace(notice, update=f"{notice.update}/edited/{clock.iso(edited)}", at=edited, is_first=False)


def withdrawal(context: RenderContext, incident: Incident) -> Notice:
    """That an incident was opened by mistake; its `withdrawn` must be set."""
    at = incident.withdrawn or incident.last.at
    source = _Source(context, incident, incident.withdrawal_published_at or at)
    label, reason = context.language.gettext(phrases.WITHDRAWN), incident.reason or Text({"": ""})
    message = context.unwrapped(incident, reason)
    return source.notice(f"withdrawn/{clock.iso(at)}", at, label, "withdrawn", message, WITHDRAWN)


def _lines(text: str) -> str:
    return _INVISIBLE.sub("", _BREAKS.sub("\n", text).replace("\t", " ")).strip()


def _line(text: str) -> str:
    """`text` on one line; a blank at which no line may be broken stays."""
    return re.sub("[ \n]+", " ", _lines(text))
