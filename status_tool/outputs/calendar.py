"""Planned work in readers' own calendars: `/maintenance.ics` (RFC 5545, RFC 7986). The only user of icalendar.

One event for each maintenance, or for each window of a rule. It changes only when somebody writes something,
never by a build or by the clock, so that a calendar announces nothing twice.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDuration, vText

from status_tool.model.incident import Extent, Incident, Text, UpdateStatus
from status_tool.outputs.feeds import ENTRIES
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.text import markdown_text

TTL = timedelta(hours=1)
"""How often calendars may ask for news."""
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_NAMES = 3
"""So many components fit beside a title."""


class _Words(vText):
    """A text; icalendar itself takes the `\\N` in `C:\\New` for the end of a line."""

    def to_ical(self) -> bytes:
        return rb"\\N".join(vText(part).to_ical() for part in self.split(r"\N"))


def maintenance(context: RenderContext) -> bytes:
    """What is planned and running, and what ended or was cancelled in the last 90 days, the first to begin first.

    A calendar drops what is gone from the file late or never, so what was cancelled stays in it, as cancelled.
    """
    found = context.in_calendar
    calendar = _calendar(context)
    for incident in found:
        calendar.add_component(_event(context, incident))
    if not found:
        calendar.add_component(_utc())
    return bytes(calendar.to_ical())


def _calendar(context: RenderContext) -> Calendar:
    _ = context.language.gettext
    name = _words(_("%(name)s: planned maintenance") % {"name": context.settings.site_name})
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//incident-status//maintenance//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("url", context.site_url)
    calendar.add("source", f"{context.site_url}maintenance.ics", parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", vDuration(TTL), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")  # the same for Outlook
    return calendar


def _event(context: RenderContext, incident: Incident) -> Event:
    begin, end = _times(incident.extent_at(context.now), incident)
    written = max(incident.changed_at, incident.first.at)
    names = [context.names.get(id, id) for id in incident.affected]
    event = Event()
    event.add("uid", str(uuid.uuid5(ENTRIES, f"{incident.id}/calendar")))  # whatever its title, on whatever host
    event.add("dtstamp", written.astimezone(UTC))
    event.add("created", incident.first.at.astimezone(UTC))
    event.add("last-modified", written.astimezone(UTC))
    event.add("sequence", sequence(incident))
    event.add("status", "CANCELLED" if _is_cancelled(incident) else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # nobody's day is taken by it
    event.add("dtstart", begin.astimezone(UTC))
    if end > begin:
        event.add("dtend", end.astimezone(UTC))
    event.add("summary", _words(_title(context, incident, names)))
    event.add("description", _words("\n".join(_description(context, incident, names))))
    event.add("url", context.settings.incident_url(incident.id))
    if names:
        event.add("categories", [_words(name) for name in names])
    return event


def sequence(incident: Incident) -> int:
    """0 for what was just announced; a larger number with every update and every correction, never a smaller one.

    The number of updates alone would stand still at a second correction, the time of the last word at an update
    that was posted later for an earlier time; their sum does not.
    """
    return len(incident.updates) - 1 + max(int((incident.changed_at - incident.first.at).total_seconds()), 0)


def _times(extent: Extent, incident: Incident) -> tuple[datetime, datetime]:
    """From when until when readers' calendars show the work: its extent, which no clock changes for planned work.

    An event without an end would be a mere instant (RFC 5545, section 3.6.1). So work whose end nobody knows stays
    there until its planned end and its last update at least, and its description says that it has no known end.
    """
    if extent.end:
        return extent.begin, extent.end
    until = incident.scheduled.until if incident.scheduled else extent.begin
    return extent.begin, max(until, incident.last.at)


def _is_cancelled(incident: Incident) -> bool:
    return incident.last.status is UpdateStatus.CANCELLED


def _title(context: RenderContext, incident: Incident, names: list[str]) -> str:
    """`Cancelled: Database upgrade (API)`; many calendars show the state of an event nowhere else."""
    title = _in_language(context, incident.title)
    missing = [name for name in names if name.casefold() not in title.casefold()]
    if 0 < len(missing) <= _NAMES:
        title = f"{title} ({', '.join(missing)})"
    cancelled = phrases.update_status(context.language, UpdateStatus.CANCELLED)
    return context.language.labelled(cancelled, title) if _is_cancelled(incident) else title


def _description(context: RenderContext, incident: Incident, names: list[str]) -> Iterator[str]:
    _, language, last, window = context.language.gettext, context.language, incident.last, incident.scheduled
    yield f"{phrases.update_status(language, last.status)}, {language.when(last.at)}"
    yield markdown_text.plain(_in_language(context, last.message))
    yield ""
    if window:
        yield phrases.planned(language, language.window(window.begin, window.until))
    if incident.extent_at(context.now).end is None:
        yield _("The end is not known.")
    if names:
        yield language.labelled(_("Components"), ", ".join(names))
    for label, text in phrases.help_texts(language, incident):
        yield language.labelled(label, markdown_text.plain(_in_language(context, text)))
    yield context.settings.incident_url(incident.id)


def _in_language(context: RenderContext, text: Text) -> str:
    return text.within(context.language.code)[1]


def _words(text: str) -> _Words:
    return _Words(_CONTROLS.sub("", text))


def _utc() -> Timezone:
    """A description of UTC, which says nothing to anybody.

    RFC 5545, section 3.4, wants one component at least. vobject and icalendar read a file without any; validators
    and the calendars that go by them refuse it, and a reader subscribes when nothing is planned as well.
    """
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - the local time that RFC 5545 wants here
    standard.add("tzoffsetfrom", timedelta())
    standard.add("tzoffsetto", timedelta())
    standard.add("tzname", "UTC")
    zone.add_component(standard)
    return zone
