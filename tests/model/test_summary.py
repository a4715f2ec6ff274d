"""What readers should see: the worst wins, nothing is green that is not known to be, and time counts right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import incidents

from incidents import DAY, at, incident, work
from status_tool.model import summary, uptime
from status_tool.model.component import Component, ComponentStatus
from status_tool.model.days import midnight, next_month
from status_tool.model.incident import Incident, Span
from status_tool.model.summary import Summary
from status_tool.model.update import Text
from status_tool.model.uptime import ComponentSummary

API, WEB = Component("api", "API"), Component("web", "Website")
PARIS = ZoneInfo("Europe/Paris")


def seen(
    now: datetime, *incidents: Incident, components: tuple[Component, ...] = (API, WEB), zone: tzinfo = UTC
) -> Summary:
    return summary.at(now, [_named(found, n) for n, found in enumerate(incidents)], components, zone)


def _named(found: Incident, number: int) -> Incident:
    return replace(found, id=f"{found.id}-{number}")


def api(now: datetime, *incidents: Incident, since: date | None = None, zone: tzinfo = UTC) -> ComponentSummary:
    return seen(now, *incidents, components=(Component("api", "API", since=since),), zone=zone).components[0]


def test_the_worst_of_two_open_incidents_wins() -> None:
    found = seen(
        at(3), incident("1 investigating api=partial_outage"), incident("2 investigating api=degraded_performance")
    )

    assert [part.status.value for part in found.components] == ["partial_outage", "operational"]
    assert found.status is ComponentStatus.PARTIAL_OUTAGE


def test_when_the_worse_one_ends_the_other_shows() -> None:
    bad, mild = (
        incident("1 investigating api=major_outage", "2 resolved"),
        incident("1 investigating api=degraded_performance"),
    )

    assert seen(at(3), bad, mild).components[0].status is ComponentStatus.DEGRADED_PERFORMANCE


def test_the_worst_open_incident_is_told_first_then_the_newest() -> None:
    mild, old, new = (
        incident(f"{hour} investigating api={state}")
        for hour, state in ((3, "degraded_performance"), (1, "major_outage"), (2, "major_outage"))
    )

    assert [found.id for found in seen(at(4), mild, old, new).open] == ["x-2", "x-1", "x-0"]


def test_maintenance_never_hides_an_outage() -> None:
    found = seen(
        at(3), work("0 scheduled api=under_maintenance"), incident("2.5 investigating api=degraded_performance")
    )

    assert found.components[0].status is ComponentStatus.DEGRADED_PERFORMANCE
    assert (len(found.open), len(found.running)) == (1, 1)


def test_announced_work_changes_nothing_before_it_begins() -> None:
    found = seen(at(1), work("0 scheduled api=under_maintenance"))

    assert found.status is ComponentStatus.OPERATIONAL
    assert (len(found.running), len(found.planned)) == (0, 1)


def test_all_is_not_well_while_nobody_knows_what_is_affected() -> None:
    assert seen(at(2), incident("1 investigating")).status is ComponentStatus.UNKNOWN


@pytest.mark.parametrize(
    ("impact", "status"),
    [
        ("none", "operational"),
        ("minor", "degraded_performance"),
        ("major", "partial_outage"),
        ("critical", "major_outage"),
    ],
)
def test_an_open_incident_without_components_counts_with_its_stated_impact(impact: str, status: str) -> None:
    assert seen(at(2), incident("1 investigating", impact=impact)).status == status


def test_watching_over_what_was_never_named_is_not_all_well() -> None:
    assert seen(at(2), incident("1 monitoring")).status is ComponentStatus.UNKNOWN
    assert seen(at(2), incident("1 monitoring", impact="major")).status is ComponentStatus.PARTIAL_OUTAGE


def test_watching_over_what_is_back_is_operational_with_an_incident_open() -> None:
    found = seen(at(3), incident("1 investigating api=major_outage", "2 monitoring api=operational"))

    assert (found.status, len(found.open)) == (ComponentStatus.OPERATIONAL, 1)


def test_what_is_operational_by_its_updates_but_not_yet_over_is_neither_red_nor_green() -> None:
    found = seen(at(3), incident("1 investigating api=major_outage", "2 identified api=operational"))

    assert found.components[0].status is ComponentStatus.OPERATIONAL
    assert found.status is ComponentStatus.UNKNOWN


def test_what_is_reopened_is_as_bad_as_it_was() -> None:
    found = seen(at(4), incident("1 investigating api=major_outage", "2 resolved", "3 investigating"))

    assert [part.status.value for part in found.components] == ["major_outage", "operational"]
    assert found.status is ComponentStatus.MAJOR_OUTAGE


def test_what_broke_during_planned_work_stays_broken_when_its_time_is_over() -> None:
    found = seen(at(9), work("0 scheduled api=under_maintenance", "3 in_progress api=major_outage"))

    assert (found.status, len(found.running)) == (ComponentStatus.MAJOR_OUTAGE, 1)


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (incident("1 investigating api=partial_outage"), "partial_outage"),
        (incident("1 investigating", impact="major"), "partial_outage"),
        (incident("1 resolved", impact="none"), "operational"),
        (incident("1 investigating"), "unknown"),
        (work("0 scheduled api=major_outage"), "under_maintenance"),
        (work("0 scheduled api=under_maintenance", "3 in_progress api=major_outage"), "major_outage"),
    ],
)
def test_a_list_marks_an_incident_with_the_worst_it_met(found: Incident, shown: str) -> None:
    assert found.severity.value == shown


def test_a_component_nobody_can_speak_of_is_unknown_and_so_is_the_whole() -> None:
    found = seen(at(2), incident("1 investigating api=unknown"))

    assert found.components[0].status is ComponentStatus.UNKNOWN
    assert found.status is ComponentStatus.UNKNOWN


def test_a_draft_is_seen_by_nobody() -> None:
    assert seen(at(2), incident("1 investigating api=major_outage", draft="true")).incidents == ()


def test_what_is_withdrawn_is_listed_on_its_day_and_counts_in_no_state_and_no_uptime() -> None:
    mistake = incident("1 investigating api=major_outage", withdrawn="2026-12-02T03:00:00Z", reason="Wrong.")
    before, after = seen(at(26), mistake), seen(at(28), mistake)
    component = after.components[0]

    assert (before.status, len(before.open)) == (ComponentStatus.MAJOR_OUTAGE, 1)
    assert (after.status, after.shown_status, after.open) == (ComponentStatus.OPERATIONAL,) * 2 + ((),)
    assert (component.bar_uptime, {day.status for day in component.days}) == (1.0, {ComponentStatus.OPERATIONAL})
    assert [found.id for found in component.incidents] == ["x-0"]
    assert [(day.date.day, len(day.began), len(day.ongoing)) for day in after.past_days[:2]] == [(2, 0, 0), (1, 1, 0)]


def test_what_is_withdrawn_is_named_for_a_day() -> None:
    mistakes = [incident("1 investigating", withdrawn=f"2026-12-01T0{hour}:00:00Z", reason="Wrong.") for hour in (2, 3)]

    assert [found.id for found in seen(at(4), *mistakes).withdrawn] == ["x-1", "x-0"]
    assert [found.id for found in seen(at(26), *mistakes).withdrawn] == ["x-1"]
    assert seen(at(27), *mistakes).withdrawn == ()


def test_planned_work_that_is_withdrawn_is_neither_planned_nor_running_nor_a_thing_of_the_past() -> None:
    mistake = replace(work("0 scheduled api=under_maintenance"), withdrawn=at(1), reason=Text({"": "Wrong day."}))

    for hour in (1, 3, 5):
        found = seen(at(hour), mistake)
        assert (found.planned, found.running, found.transitions, found.past_days[0].began) == ((),) * 4
    assert len(seen(at(0.5), mistake).planned) == 1


def test_a_mistake_does_not_lengthen_the_record_of_a_component() -> None:
    now, mistake = DAY + timedelta(days=200), incident("1 investigating api=major_outage")
    withdrawn = replace(mistake, withdrawn=at(2), reason=Text({"": "Wrong."}))

    assert api(now, mistake).uptime[-1].month == date(2026, 12, 1)
    assert api(now, withdrawn).uptime == api(now).uptime


def test_an_incident_over_several_days_is_no_quiet_day() -> None:
    found = seen(at(60), incident("1 investigating api=major_outage", "50 resolved"))

    assert [(day.date.day, len(day.began), len(day.ongoing)) for day in found.past_days[:4]] == [
        (3, 0, 1),
        (2, 0, 1),
        (1, 1, 0),
        (30, 0, 0),
    ]


def test_what_is_open_is_in_the_order_of_its_severity_also_where_only_an_impact_is_stated() -> None:
    slow = incident("2 investigating api=degraded_performance", title="Slow")
    down = incident("1 investigating", impact="critical", title="Down")

    assert [str(found.title) for found in seen(at(3), slow, down).open] == ["Down", "Slow"]


def test_the_bar_has_ninety_days_and_today_last() -> None:
    days = api(at(30), incident("1 investigating api=major_outage", "3 resolved")).days

    assert (len(days), days[0].date, days[-1].date) == (90, date(2026, 9, 4), date(2026, 12, 2))
    assert [(day.date.day, day.status, day.worst_duration) for day in days[-2:]] == [
        (1, ComponentStatus.MAJOR_OUTAGE, timedelta(hours=2)),
        (2, ComponentStatus.OPERATIONAL, timedelta()),
    ]


def test_days_before_the_record_begins_are_no_data() -> None:
    part = api(at(0), since=date(2026, 11, 30))

    assert [day.status for day in part.days[-3:]] == [None, ComponentStatus.OPERATIONAL, ComponentStatus.OPERATIONAL]
    assert [uptime.month for uptime in part.uptime] == [date(2026, 12, 1), date(2026, 11, 1)]
    assert (part.uptime[0].share, part.uptime[1].share) == (None, 1.0)


def test_without_since_the_months_say_at_least_what_the_bar_says() -> None:
    quiet, hit = api(at(0)), api(at(0), incident("0 investigating api=major_outage"))
    months = [date(2026, 12, 1), date(2026, 11, 1), date(2026, 10, 1), date(2026, 9, 1)]

    assert {day.status for day in quiet.days} == {ComponentStatus.OPERATIONAL}
    assert quiet.days[0].date == date(2026, 9, 3)
    assert [uptime.month for uptime in quiet.uptime] == [uptime.month for uptime in hit.uptime] == months
    assert [uptime.share for uptime in hit.uptime[1:]] == [1.0, 1.0, 1.0]


def test_a_component_of_the_future_has_no_record_at_all() -> None:
    part = api(at(0), since=date(2027, 1, 1))

    assert part.status is ComponentStatus.UNKNOWN
    assert {day.status for day in part.days} == {None}
    assert (part.bar_uptime, part.uptime) == (None, ())


@pytest.mark.parametrize(
    ("state", "lost"),
    [("major_outage", 1.0), ("partial_outage", 0.3), ("degraded_performance", 0), ("under_maintenance", 0)],
)
def test_uptime_counts_each_state_with_its_weight(state: str, lost: float) -> None:
    part = api(DAY + timedelta(days=62), incident(f"0 investigating api={state}", "31 resolved"))

    assert part.uptime[1].month == date(2027, 1, 1)
    assert part.uptime[2].share == pytest.approx(1 - 31 * lost / (31 * 24))


def test_overlapping_outages_count_once() -> None:
    one, two = (
        incident("0 investigating api=major_outage", "10 resolved"),
        incident("5 investigating api=major_outage", "12 resolved"),
    )
    part = api(DAY + timedelta(days=31), one, two)

    assert part.uptime[1].outage_durations[ComponentStatus.MAJOR_OUTAGE] == timedelta(hours=12)


def test_a_time_nothing_is_known_of_is_neither_up_nor_down() -> None:
    part = api(
        DAY + timedelta(days=2),
        incident("0 investigating api=unknown", "24 resolved"),
        incident("36 investigating api=major_outage", "42 resolved"),
        since=date(2026, 12, 1),
    )

    assert part.uptime[0].share == pytest.approx(1 - 6 / 24)
    assert part.bar_uptime == pytest.approx(1 - 6 / 24)


def test_a_month_with_a_change_of_clocks_is_as_long_as_it_is() -> None:
    """March 2026 has 743 hours in Paris, October 745."""
    begin = datetime(2026, 3, 28, 23, tzinfo=UTC)  # midnight of the 29th, when clocks go forward
    found = incident("0 investigating api=major_outage", "23 resolved")
    moved = replace(found, updates=tuple(replace(update, at=begin + (update.at - DAY)) for update in found.updates))
    part = api(datetime(2026, 5, 1, tzinfo=UTC), moved, zone=PARIS)
    march = next(month for month in part.uptime if month.month == date(2026, 3, 1))
    days = {day.date: day for day in part.days}

    assert march.share == pytest.approx(1 - 23 / 743)
    assert days[date(2026, 3, 29)].worst_duration == timedelta(hours=23)
    assert days[date(2026, 3, 30)].status is ComponentStatus.OPERATIONAL


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Pago_Pago", 30), ("UTC", 1), ("Pacific/Kiritimati", 1)])
def test_an_incident_stands_under_the_day_of_the_sites_zone(zone: str, day: int) -> None:
    found = seen(at(30), incident("1 investigating api=major_outage", "2 resolved"), zone=ZoneInfo(zone))

    assert [past.date.day for past in found.past_days if past.began] == [day]


moments = st.integers(0, 40).map(at)
statuses = st.sampled_from([status for status in ComponentStatus if status is not ComponentStatus.OPERATIONAL])


@given(st.lists(st.tuples(moments, moments, statuses), max_size=8), st.integers(0, 45).map(at))
def test_at_every_moment_the_worst_of_all_spans_shows(
    made: list[tuple[datetime, datetime, ComponentStatus]], now: datetime
) -> None:
    cause = incident("0 investigating api=major_outage")
    spans = [(Span("api", min(a, b), max(a, b), status), cause) for a, b, status in made if a != b and min(a, b) <= now]
    periods = list(uptime.worst_periods(spans, now))

    for hour in range(46):
        moment = at(hour + 0.5)
        running = [span.status for span, _ in spans if span.begin <= moment and moment < min(span.end or now, now)]
        shown = [period.status for period in periods if period.begin <= moment < period.end]
        assert shown == ([max(running)] if running else [])


def in_month(*months: tuple[int, int]) -> list[date]:
    return [date(year, month, 1) for year, month in months]


@given(st.lists(incidents(), max_size=5), st.integers(-2000, 2000), st.sampled_from([UTC, PARIS]))
def test_an_incident_is_in_each_month_in_which_it_lasted(found: list[Incident], hours: int, zone: tzinfo) -> None:
    then = seen(at(hours), *found, zone=zone)

    assert list(then.by_month) == sorted(then.by_month, reverse=True)
    assert sum(len(then.began_in(month)) for month in then.by_month) == len(then.incidents)
    for listed in then.by_month.values():
        assert list(listed) == [one for one in then.incidents if one in listed]
    for one in then.incidents:
        months = [month for month, listed in then.by_month.items() if one in listed]
        end = one.start if one.withdrawn else one.end or at(hours)
        assert min(months) == one.start.astimezone(zone).date().replace(day=1)
        assert one in then.began_in(min(months))
        assert all(midnight(month, zone) <= end for month in months if month != min(months))
        assert next_month(max(months)) > (end - timedelta.resolution).astimezone(zone).date()


def test_an_incident_of_many_years_is_in_its_first_month_and_the_last_ones() -> None:
    typo = incident("1 investigating", started="1971-05-01T00:00:00Z")
    months = list(seen(at(1), typo).by_month)

    assert len(months) == summary.MAX_MONTHS
    assert months[0] == DAY.date()
    assert months[-2:] == in_month((2017, 2), (1971, 5))


def test_work_planned_for_many_years_is_in_the_next_months() -> None:
    planned = incident(
        "1 scheduled", kind="maintenance", scheduled="{from: 2026-12-30T00:00:00Z, until: 2990-01-01T00:00:00Z}"
    )
    months = list(seen(at(1), planned).by_month)

    assert len(months) == summary.MAX_MONTHS
    assert months[-2:] == in_month((2027, 1), (2026, 12))
