"""What readers see at one moment: the status of each component, and the incidents by time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import NamedTuple

from status_tool.model.component import OPERATIONAL, Component, ComponentStatus
from status_tool.model.days import midnight, month_number, month_of_number, next_month
from status_tool.model.incident import Incident, Span
from status_tool.model.recurrence import occurrences
from status_tool.model.update import Update
from status_tool.model.uptime import BAR_DAYS, ComponentSummary

PAST_DAYS = 14
"""The number of days that the home page lists."""
MAX_TRANSITIONS = 50
"""The largest number of future transitions that a page contains."""
LOOK_AHEAD = timedelta(days=14)
"""How far ahead a page contains windows of recurring maintenance that are not announced yet."""
CALENDAR_WEEKS = 8
"""How far ahead the calendar contains them."""
MAX_MONTHS = 120
"""The largest number of months that list an incident. A longer one is in its first month and in the last ones."""
WITHDRAWN_FOR = timedelta(days=1)
"""How long what was withdrawn is listed where only what is open or planned is: in `status.json` and `status.txt`."""


class PastDay(NamedTuple):
    """The incidents of a day: `began` began on it, `ongoing` began earlier and had not ended when it began."""

    date: date
    began: tuple[Incident, ...]
    ongoing: tuple[Incident, ...]
    news: dict[str, Update]
    """Incident id -> the newest update of the day, for each of them that had one."""


@dataclass(frozen=True)
class Summary:
    """What readers should see at `now`: incidents without later updates, and no drafts."""

    now: datetime
    zone: tzinfo
    incidents: tuple[Incident, ...]
    """All incidents and maintenance, newest first."""
    components: tuple[ComponentSummary, ...]
    """Those that exist at `now`, in the order of the settings."""
    retired: tuple[ComponentSummary, ...]
    """Those that no longer exist: they count in no state, and keep their page."""
    open: tuple[Incident, ...]
    """Unresolved incidents, the worst first, then the newest; without maintenance."""
    running: tuple[Incident, ...]
    """Maintenance in progress, newest first."""
    planned: tuple[Incident, ...]
    """Announced future maintenance, the soonest first."""
    cancelled: tuple[Incident, ...]
    """Maintenance that was cancelled before it began, until its planned end; the soonest first."""
    upcoming_windows: tuple[Incident, ...]
    """Windows of recurring maintenance that are not announced yet and begin within `LOOK_AHEAD`."""
    calendar_windows: tuple[Incident, ...]
    """Those that begin within `CALENDAR_WEEKS`, and of each rule the next one after that."""
    unlisted_window: datetime | None
    """When the first window after those begins; None if there is none."""
    by_month: dict[date, tuple[Incident, ...]] = field(repr=False)
    """First day of a month -> the incidents that lasted in it; months and incidents are newest first."""

    def began_in(self, month: date) -> tuple[Incident, ...]:
        """The incidents that began in the month with this first day, newest first."""
        listed = self.by_month[month]
        return listed[: bisect_right(listed, -midnight(month, self.zone).timestamp(), key=_age)]

    @cached_property
    def status(self) -> ComponentStatus:
        """The worst status of all components and of all open incidents and running maintenance."""
        statuses = [summary.status for summary in self.components]
        statuses += [incident.severity_at(self.now) for incident in (*self.open, *self.running)]
        return max(statuses, default=OPERATIONAL)

    @property
    def shown_status(self) -> ComponentStatus:
        """The overall status as pages show it: `UNKNOWN` instead of operational while an incident is open."""
        return ComponentStatus.UNKNOWN if self.status is OPERATIONAL and self.open else self.status

    @property
    def past_days(self) -> tuple[PastDay, ...]:
        """The last `PAST_DAYS` days, today first."""
        today = self.now.astimezone(self.zone).date()
        return tuple(self._past_day(today - timedelta(days=n)) for n in range(PAST_DAYS))

    def _past_day(self, day: date) -> PastDay:
        begin, end = midnight(day, self.zone), midnight(day + timedelta(days=1), self.zone)
        began, ongoing = [], []
        for incident in self._recent:
            if begin <= incident.start < end:
                began.append(incident)
            elif not incident.withdrawn and incident.start < begin and (incident.end is None or incident.end > begin):
                ongoing.append(incident)
        updates = ((incident.id, _newest_between(incident, begin, end)) for incident in (*began, *ongoing))
        return PastDay(day, tuple(began), tuple(ongoing), {id: update for id, update in updates if update})

    @cached_property
    def _recent(self) -> tuple[Incident, ...]:
        today = self.now.astimezone(self.zone).date()
        first = midnight(today - timedelta(days=PAST_DAYS - 1), self.zone)
        return tuple(
            incident
            for incident in self.incidents
            if incident.start <= self.now
            and not incident.drill
            and (incident.end is None or incident.end > first or incident.start >= first)
            and not incident.never_began
        )

    @property
    def withdrawn(self) -> tuple[Incident, ...]:
        """What was withdrawn in the last `WITHDRAWN_FOR`, newest first."""
        since = self.now - WITHDRAWN_FOR
        recent = [(at, i.id, i) for i in self.incidents if (at := i.withdrawal_published_at) and at > since]
        return tuple(incident for _, _, incident in sorted(recent, key=lambda entry: entry[:2], reverse=True))

    @cached_property
    def transitions(self) -> tuple[Summary, ...]:
        """The summary at each future moment at which planned work begins or ends without an update; the soonest first.

        They contain only incidents that are open, running, planned or upcoming, as no other incident can change then.
        """
        components = [summary.component for summary in self.components]
        return tuple(
            at(time, self._changing, components, self.zone) for time in self._transition_times[:MAX_TRANSITIONS]
        )

    @cached_property
    def complete_until(self) -> datetime | None:
        """The time after which `transitions` may be incomplete; None if they are complete for ever."""
        if len(self._transition_times) > MAX_TRANSITIONS:
            return self._transition_times[MAX_TRANSITIONS]
        return self.unlisted_window

    @cached_property
    def _transition_times(self) -> list[datetime]:
        return sorted({t for incident in self._changing for t in _transition_times(incident, self.now) if t > self.now})

    @property
    def _changing(self) -> tuple[Incident, ...]:
        return (*self.open, *self.running, *self.planned, *self.upcoming_windows)

    @property
    def all_components(self) -> tuple[ComponentSummary, ...]:
        """Those that exist, then those that are retired: all that have a page."""
        return (*self.components, *self.retired)

    def of_component(self, id: str) -> ComponentSummary:
        return next(summary for summary in self.all_components if summary.component.id == id)


def at(
    now: datetime,
    incidents: Iterable[Incident],
    components: Sequence[Component],
    zone: tzinfo,
    bar_days: int = BAR_DAYS,
) -> Summary:
    """What readers should see at `now`; days and months begin and end as in `zone`; bars have `bar_days` days."""
    published = [incident for incident in incidents if not incident.draft]
    all_occurrences = (occurrence for incident in published for occurrence in occurrences(incident, now, zone))
    known = [snapshot for occurrence in all_occurrences if (snapshot := occurrence.as_of(now))]
    known.sort(key=lambda incident: (incident.start, incident.id), reverse=True)
    all_components = list(_components(now, known, components, zone, bar_days))
    failures = [incident for incident in known if not incident.is_maintenance]
    maintenance = [incident for incident in known if incident.is_maintenance and incident.is_open_at(now)]
    never_began = (i for i in reversed(known) if i.never_began and not i.withdrawn)
    unannounced = list(_unannounced_windows(published, now, zone))
    return Summary(
        now=now,
        zone=zone,
        incidents=tuple(known),
        components=tuple(component for component in all_components if not component.retired_at),
        retired=tuple(component for component in all_components if component.retired_at),
        open=tuple(sorted((i for i in failures if i.is_open_at(now)), key=lambda i: i.severity_at(now), reverse=True)),
        running=tuple(incident for incident in maintenance if incident.start <= now),
        planned=tuple(incident for incident in reversed(maintenance) if incident.start > now),
        cancelled=tuple(incident for incident in never_began if incident.window and incident.window.until > now),
        upcoming_windows=tuple(window for window in unannounced if window.start <= now + LOOK_AHEAD),
        calendar_windows=tuple(unannounced),
        unlisted_window=min((window.start for window in unannounced if window.start > now + LOOK_AHEAD), default=None),
        by_month=_by_month([incident for incident in known if not incident.drill], now, zone),
    )


def _newest_between(incident: Incident, begin: datetime, end: datetime) -> Update | None:
    return next((update for update in reversed(incident.updates) if begin <= update.published_at < end), None)


def _by_month(incidents: Sequence[Incident], now: datetime, zone: tzinfo) -> dict[date, tuple[Incident, ...]]:
    """First day of a month -> the incidents that lasted in it; `incidents` and the result are newest first."""
    by_month: dict[date, list[Incident]] = {}
    start = 0
    while start < len(incidents):
        month = incidents[start].start.astimezone(zone).date().replace(day=1)
        end = bisect_right(incidents, -midnight(month, zone).timestamp(), start, key=_age)
        by_month[month] = list(incidents[start:end])  # first those that began in it, then the older ones
        following = midnight(next_month(month), zone)
        for incident in incidents[start:end]:
            if _lasts_until(incident, now) > following:
                for later in _later_months(incident, month, now, zone):
                    by_month.setdefault(later, []).append(incident)
        start = end
    return {month: tuple(by_month[month]) for month in sorted(by_month, reverse=True)}


def _age(incident: Incident) -> float:
    return -incident.start.timestamp()


def _lasts_until(incident: Incident, now: datetime) -> datetime:
    """The first moment after it; after now while it has no end. What is withdrawn took no time."""
    return incident.start if incident.withdrawn else incident.end or now + timedelta.resolution


def _later_months(incident: Incident, first: date, now: datetime, zone: tzinfo) -> Iterator[date]:
    """The months that list it after `first`, in which it began: up to its end; with `first`, at most `MAX_MONTHS`.

    Of more months, the last ones up to now or, of planned work, the first ones of the future.
    """
    last_moment = _lasts_until(incident, now) - timedelta.resolution
    begin, last, current = (month_number(day) for day in (first, _day(last_moment, zone), _day(now, zone)))
    last = min(last, max(current, begin + MAX_MONTHS - 1))
    yield from map(month_of_number, range(max(begin + 1, last - MAX_MONTHS + 2), last + 1))


def _day(time: datetime, zone: tzinfo) -> date:
    return time.astimezone(zone).date()


def _unannounced_windows(incidents: Sequence[Incident], now: datetime, zone: tzinfo) -> Iterator[Incident]:
    """Windows of recurring maintenance that are not announced yet, to the first of each rule after `CALENDAR_WEEKS`."""
    for incident in incidents:
        if incident.scheduled and incident.scheduled.repeat and (known := incident.as_of(now)):
            last_announced = occurrences(known, now, zone)[-1].start
            windows = occurrences(known, max(last_announced, now + timedelta(weeks=CALENDAR_WEEKS)), zone)
            yield from (window for window in windows if window.first.at > now)


def _transition_times(incident: Incident, now: datetime) -> Iterator[datetime]:
    """When maintenance begins or ends without an update; for an incident none, or its end in the past."""
    extent = incident.extent_at(now)
    if incident.is_maintenance:
        yield extent.begin
    if extent.end:
        yield extent.end


def _components(
    now: datetime, incidents: Sequence[Incident], components: Sequence[Component], zone: tzinfo, bar_days: int
) -> Iterator[ComponentSummary]:
    spans: dict[str, list[tuple[Span, Incident]]] = {component.id: [] for component in components}
    by_component: dict[str, list[Incident]] = {component.id: [] for component in components}
    for incident in incidents:
        for id in incident.affected:
            by_component.setdefault(id, []).append(incident)
        for span in incident.spans:
            if span.begin <= now:
                spans.setdefault(span.component, []).append((span, incident))
    for component in components:
        component_spans = spans[component.id]
        current = [span.status for span, _ in component_spans if span.end is None or now < span.end]
        is_known = component.since is None or midnight(component.since, zone) <= now
        status = max(current, default=OPERATIONAL if is_known else ComponentStatus.UNKNOWN)
        yield ComponentSummary(
            component=component,
            status=ComponentStatus.UNKNOWN if component.retired_at(now, zone) else status,
            now=now,
            zone=zone,
            spans=[(span, incident) for span, incident in component_spans if not incident.drill],
            incidents=tuple(incident for incident in by_component[component.id] if not incident.drill),
            bar_days=bar_days,
        )
