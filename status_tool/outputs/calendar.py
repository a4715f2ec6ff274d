"""What the maintenance calendar `/maintenance.ics` contains (RFC 5545, RFC 7986). The only user of icalendar.

It has one event per maintenance, or per window of recurring maintenance. An event changes only when an incident file
changes, never because of a build or the time, so that calendars announce nothing twice. Only its link changes once: to
the page of a window of a rule, when there is one.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDuration, vText

from status_tool.model.incident import Extent, Incident
from status_tool.model.update import Text, UpdateStatus
from status_tool.outputs.feeds import ENTRY_NAMESPACE
from status_tool.render import phrases
from status_tool.render.context import RenderContext

REFRESH_INTERVAL = timedelta(hours=1)
"""The interval at which calendars may download the file again."""
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_MAX_NAMES = 3
"""The largest number of component names in the title of an event."""


class _CalendarText(vText):
    """A text whose `\\N`, as in `C:\\New`, stays as it is; icalendar itself writes it as a line break."""

    def to_ical(self) -> bytes:
        return rb"\\N".join(vText(segment).to_ical() for segment in self.split(r"\N"))


def maintenance(context: RenderContext) -> bytes:
    """Planned and running maintenance, and that of the last 90 days, oldest start first; of a rule, the coming windows.

    Maintenance that is cancelled or withdrawn stays in the file, with the status CANCELLED: many calendars never remove
    an event because it is no longer in the file.
    """
    incidents = context.calendar_maintenance
    calendar = _calendar(context)
    for incident in incidents:
        calendar.add_component(_event(context, incident))
    if not incidents:
        calendar.add_component(_utc_timezone())
    return bytes(calendar.to_ical())


def _calendar(context: RenderContext) -> Calendar:
    _ = context.language.gettext
    name = _calendar_text(context.marked(_("%(name)s: planned maintenance") % {"name": context.settings.site_name}))
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//incident-status//maintenance//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("url", context.site_url)
    calendar.add("source", f"{context.site_url}maintenance.ics", parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", vDuration(REFRESH_INTERVAL), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")  # the same, as Outlook reads it
    return calendar


def _event(context: RenderContext, incident: Incident) -> Event:
    begin, end = _event_times(incident.extent_at(context.now), incident)
    written, published = _written(incident).astimezone(UTC), _published(incident).astimezone(UTC)
    names = [context.names.get(id, id) for id in incident.affected]
    event = Event()
    # depends on neither the title nor the host
    event.add("uid", str(uuid.uuid5(ENTRY_NAMESPACE, f"{incident.id}/calendar")))
    event.add("dtstamp", written)
    event.add("created", published)
    event.add("last-modified", written)
    event.add("sequence", sequence(incident))
    event.add("status", "CANCELLED" if _word_of_cancellation(incident) else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # does not make readers appear busy
    event.add("dtstart", begin.astimezone(UTC))
    if end > begin:
        event.add("dtend", end.astimezone(UTC))
    event.add("summary", _calendar_text(_title(context, incident, names)))
    event.add("description", _calendar_text("\n".join(_description(context, incident, names))))
    event.add("url", _page(context, incident))
    if names:
        event.add("categories", [_calendar_text(name) for name in names])
    return event


def sequence(incident: Incident) -> int:
    """The SEQUENCE of an event: 0 at first, larger after every update, every correction and the withdrawal.

    The number of updates alone would not change with a correction. The time of the last change alone would not change
    with an update that is added later with an earlier time. Their sum changes with both.
    """
    changes = len(incident.updates) - 1 + (incident.withdrawn is not None)
    return changes + max(int((_written(incident) - _published(incident)).total_seconds()), 0)


def _published(incident: Incident) -> datetime:
    """When it was announced; a window of a rule, with the rule."""
    return incident.rule_published or incident.published_at


def _written(incident: Incident) -> datetime:
    """When its text for readers last changed. A window of a rule is not announced again when it comes near."""
    updates = incident.updates[1:] if incident.rule_published else incident.updates
    edits = (update.edited for update in incident.updates)
    times = (*(update.published_at for update in updates), *edits, incident.reviewed, incident.withdrawal_published_at)
    return max([_published(incident), *(time for time in times if time)])


def _page(context: RenderContext, incident: Incident) -> str:
    """Its page; the home page for a window of a rule that has none yet."""
    has_page = context.is_published(incident.published_at)
    return context.settings.incident_url(incident.id) if has_page else context.site_url


def _event_times(extent: Extent, incident: Incident) -> tuple[datetime, datetime]:
    """The start and end of the event: those of the extent, which do not depend on the time for planned work.

    An event without an end would have no duration (RFC 5545, section 3.6.1). So an event without a known end gets the
    planned end or the time of the last update, whichever is later, and its description says that the end is not known.
    """
    if extent.end:
        return extent.begin, extent.end
    until = incident.window.until if incident.window else extent.begin
    return extent.begin, max(until, incident.last.at)


def _word_of_cancellation(incident: Incident) -> str:
    """The phrase for maintenance that does not take place; empty for any other."""
    if incident.withdrawn:
        return phrases.WITHDRAWN
    return phrases.UPDATE_STATUS[UpdateStatus.CANCELLED] if incident.last.status is UpdateStatus.CANCELLED else ""


def _title(context: RenderContext, incident: Incident, names: list[str]) -> str:
    """`Cancelled: Database upgrade (API)`; many calendars do not show the status of an event."""
    title = _in_language(context, incident.title)
    missing = [name for name in names if name.casefold() not in title.casefold()]
    if 0 < len(missing) <= _MAX_NAMES:
        title = f"{title} ({', '.join(missing)})"
    word = _word_of_cancellation(incident)
    return context.language.labelled(context.language.gettext(word), title) if word else title


def _description(context: RenderContext, incident: Incident, names: list[str]) -> Iterator[str]:
    _, language, last, window = context.language.gettext, context.language, incident.last, incident.window
    if incident.withdrawn and incident.reason:
        yield f"{_(phrases.WITHDRAWN)}, {language.date_time(incident.withdrawn)}"
        yield context.plain(incident, incident.reason)
        yield ""
    said_at = _published(incident) if len(incident.updates) == 1 else last.at
    yield f"{phrases.update_label(language, last)}, {language.date_time(said_at)}"
    yield context.plain(incident, last.message)
    yield from context.notes(incident, last)
    yield ""
    if window:
        yield phrases.planned(language, language.window(window.begin, window.until))
    if incident.extent_at(context.now).end is None:
        yield _("The end is not known.")
    if names:
        yield language.labelled(_("Components"), ", ".join(names))
    for label, text in phrases.help_texts(language, incident):
        yield language.labelled(label, context.plain(incident, text))
    yield _page(context, incident)


def _in_language(context: RenderContext, text: Text) -> str:
    return text.in_language(context.language.code)[1]


def _calendar_text(text: str) -> _CalendarText:
    return _CalendarText(_CONTROLS.sub("", text))


def _utc_timezone() -> Timezone:
    """A definition of the time zone UTC, for a calendar without events.

    RFC 5545, section 3.4, requires at least one component. Validators, and calendars as strict as them, refuse a file
    without one; readers must be able to subscribe while nothing is planned.
    """
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - RFC 5545 requires a local time here
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    standard.add("tzname", "UTC")
    zone.add_component(standard)
    return zone
