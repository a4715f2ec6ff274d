"""Which phrase describes a status, an impact, a time or the overall status, in every output."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from status_tool.model.component import OPERATIONAL, ComponentStatus, Impact
from status_tool.model.incident import Extent, Incident
from status_tool.model.summary import Summary
from status_tool.model.update import Text, Update, UpdateStatus
from status_tool.model.uptime import ComponentSummary
from status_tool.model.window import Window
from status_tool.render.language import Language


def N_(phrase: str) -> str:
    """Marks `phrase` for the catalogues; `gettext` translates it where it is used."""
    return phrase


COMPONENT_STATUS = {
    ComponentStatus.OPERATIONAL: N_("Operational"),
    ComponentStatus.UNDER_MAINTENANCE: N_("Under maintenance"),
    ComponentStatus.UNKNOWN: N_("Unknown"),
    ComponentStatus.DEGRADED_PERFORMANCE: N_("Degraded performance"),
    ComponentStatus.PARTIAL_OUTAGE: N_("Partial outage"),
    ComponentStatus.MAJOR_OUTAGE: N_("Major outage"),
}
UPDATE_STATUS = {
    UpdateStatus.INVESTIGATING: N_("Investigating"),
    UpdateStatus.IDENTIFIED: N_("Identified"),
    UpdateStatus.MONITORING: N_("Monitoring"),
    UpdateStatus.RESOLVED: N_("Resolved"),
    UpdateStatus.SCHEDULED: N_("Scheduled"),
    UpdateStatus.IN_PROGRESS: N_("In progress"),
    UpdateStatus.VERIFYING: N_("Verifying"),
    UpdateStatus.COMPLETED: N_("Completed"),
    UpdateStatus.CANCELLED: N_("Cancelled"),
}
IMPACT = {
    Impact.NONE: N_("No impact"),
    Impact.MINOR: N_("Minor impact"),
    Impact.MAJOR: N_("Major impact"),
    Impact.CRITICAL: N_("Critical impact"),
}
NO_DATA = N_("No data")
WITHDRAWN = N_("Withdrawn")
ANNOUNCEMENT = N_("Announcement")
NOT_KNOWN, NOT_STATED = N_("Impact not known yet"), N_("Impact not stated")
NO_IMPACT_NOW = N_("No impact now")

_HEADLINES = {ComponentStatus.UNDER_MAINTENANCE: N_("Maintenance in progress")}
"""The overall status in one line, where it differs from the status of a component."""


def component_status(language: Language, status: ComponentStatus | None) -> str:
    return language.gettext(NO_DATA if status is None else COMPONENT_STATUS[status])


def retired(language: Language, summary: ComponentSummary) -> str:
    """`Retired since 1 May 2024`; empty for a component that exists."""
    if summary.retired_at is None or summary.component.retired is None:
        return ""
    return language.gettext("Retired since %(day)s") % {"day": language.date(summary.component.retired)}


def component_state(language: Language, summary: ComponentSummary) -> str:
    """The status of a component; one that is retired has none, so since when it is retired."""
    return retired(language, summary) or component_status(language, summary.status)


def weights(language: Language, weights: Mapping[ComponentStatus, float]) -> str:
    """`Major outage 100%, Partial outage 30%`: how much of the time in each state counts as downtime."""
    shares = (language.gettext("%(number)s%%") % {"number": f"{weight * 100:g}"} for weight in weights.values())
    return ", ".join(
        f"{component_status(language, status)} {share}" for status, share in zip(weights, shares, strict=True)
    )


def update_status(language: Language, status: UpdateStatus) -> str:
    return language.gettext(UPDATE_STATUS[status])


def update_label(language: Language, update: Update) -> str:
    """What an update is called: its status, or that it moves planned work."""
    is_move = update.scheduled and update.status is UpdateStatus.SCHEDULED
    return language.gettext("Rescheduled") if is_move else update_status(language, update.status)


def impact(language: Language, incident: Incident, now: datetime) -> str:
    """The impact of an incident at `now`, or that it is not known or not stated; `Maintenance` for maintenance."""
    if incident.is_maintenance:
        return language.gettext("Maintenance")
    impact = incident.impact_at(now)
    if impact is None:
        return language.gettext(NOT_KNOWN if incident.is_open_at(now) else NOT_STATED)
    has_recovered = impact is not incident.stated_impact and incident.is_recovered_at(now)
    return language.gettext(NO_IMPACT_NOW if has_recovered else IMPACT[impact])


def withdrawn_title(language: Language, incident: Incident) -> str:
    """`Withdrawn: API errors`: the title, which says whether the incident is withdrawn."""
    title = incident.title.in_language(language.code)[1]
    return language.labelled(language.gettext(WITHDRAWN), title) if incident.withdrawn else title


def extent(language: Language, extent: Extent) -> str:
    """`4 October 2021, 16:00–18:00 UTC`; without a known end, `since 4 October 2021, 16:00 UTC`."""
    if extent.end:
        return language.window(extent.begin, extent.end)
    return language.gettext("since %(time)s") % {"time": language.date_time(extent.begin)}


def planned(language: Language, window: str) -> str:
    """`Planned: 4 October 2021, 16:00–18:00 UTC`"""
    return language.gettext("Planned: %(window)s") % {"window": window}


def posted_late(language: Language, update: Update) -> str:
    """`As of 4 October 2021, 16:07 UTC, posted 12 min later`; empty if it was published at its time, to the minute."""
    delay = update.published_at - update.at
    if delay < timedelta(minutes=1):
        return ""
    values = {"time": language.date_time(update.at), "length": language.duration(delay)}
    return language.gettext("As of %(time)s, posted %(length)s later") % values


def moved(language: Language, before: Window, after: Window) -> str:
    """`Moved from 1 December 2026, 02:00–04:00 UTC to 3 December 2026, 05:00–09:00 UTC`, or how its end moved."""
    if before.begin == after.begin:
        times = {"new": language.date_time(after.until), "old": language.date_time(before.until)}
        return language.gettext("Planned until %(new)s instead of %(old)s") % times
    windows = {"old": window(language, before), "new": window(language, after)}
    return language.gettext("Moved from %(old)s to %(new)s") % windows


def one_window_cancelled(language: Language, cancelled: Window, following: Window | None) -> str:
    """That one window of recurring maintenance is cancelled and the others are not, and when the next one is."""
    _ = language.gettext
    if following is None:
        windows = {"window": window(language, cancelled)}
        return _("Only the window %(window)s is cancelled. No later one is planned.") % windows
    windows = {"window": window(language, cancelled), "next": window(language, following)}
    return _("Only the window %(window)s is cancelled; the series goes on. The next one: %(next)s.") % windows


def window(language: Language, window: Window) -> str:
    """`4 October 2021, 16:00–18:00 UTC`"""
    return language.window(window.begin, window.until)


def promise(language: Language, promised: datetime, now: datetime) -> str:
    """`Next update by 4 October 2021, 16:30 UTC`, or that it is overdue."""
    time = {"time": language.date_time(promised)}
    if promised <= now:
        return language.gettext("Overdue: the next update was promised by %(time)s") % time
    return language.gettext("Next update by %(time)s") % time


def replay(language: Language, time: datetime) -> str:
    """`Replay: as of 4 October 2021, 20:00 UTC`: that an output shows this time and not the present."""
    return language.gettext("Replay: as of %(time)s") % {"time": language.date_time(time)}


def replayed(language: Language, text: str) -> str:
    """`Replay: Major outage`: a name or a status that is not the present one."""
    return language.labelled(language.gettext("Replay"), text)


def drilled(language: Language, text: str) -> str:
    """`Drill: Major outage`: nothing of it is happening."""
    return language.labelled(language.gettext("Drill"), text)


def help_texts(language: Language, incident: Incident) -> list[tuple[str, Text]]:
    """`(label, text)` of each help text of an incident: `[("What you can do", its workaround)]`."""
    texts = (
        (language.gettext("Who is affected"), incident.who),
        (language.gettext("What you can do"), incident.workaround),
        (language.gettext("Where to get help"), incident.contact),
    )
    return [(label, text) for label, text in texts if text]


def headline(language: Language, summary: Summary) -> str:
    """The overall status in one line; it says that all systems are operational only if nothing is open."""
    _ = language.gettext
    if summary.status is OPERATIONAL:
        if summary.open:
            return _("Operational, with an incident still open")
        return _("All systems operational") if summary.components else _("No incident is open")
    if summary.status is ComponentStatus.UNKNOWN:
        if any(component.status is ComponentStatus.UNKNOWN for component in summary.components):
            return _("The state of some systems is not known")
        return _("We are looking into a problem")
    return _(_HEADLINES.get(summary.status, COMPONENT_STATUS[summary.status]))
