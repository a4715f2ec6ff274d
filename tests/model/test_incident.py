"""What follows from an incident's updates: its end, its status by the clock, its states, its past."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import incidents

from incidents import DAY, at, incident, work
from status_tool.model.component import ComponentStatus, Impact
from status_tool.model.incident import Incident
from status_tool.model.promises import promised
from status_tool.model.update import Text, Update, UpdateStatus


def spans(found: Incident) -> list[tuple[str, float, float | None, str]]:
    hours = lambda time: (time - DAY) / timedelta(hours=1)  # noqa: E731
    return [
        (span.component, hours(span.begin), hours(span.end) if span.end else None, span.status.value)
        for span in found.spans
    ]


def test_the_statuses_of_a_component_are_ordered_by_how_bad_they_are() -> None:
    assert [status.value for status in sorted(ComponentStatus)] == [
        "operational",
        "under_maintenance",
        "unknown",
        "degraded_performance",
        "partial_outage",
        "major_outage",
    ]
    assert max(ComponentStatus.PARTIAL_OUTAGE, ComponentStatus.MAJOR_OUTAGE) is ComponentStatus.MAJOR_OUTAGE
    assert ComponentStatus.MAJOR_OUTAGE >= ComponentStatus.PARTIAL_OUTAGE


def test_an_update_changes_only_the_components_it_names() -> None:
    found = incident(
        "1 investigating api=major_outage web=partial_outage", "2 identified web=operational", "3 resolved"
    )

    assert spans(found) == [("web", 1, 2, "partial_outage"), ("api", 1, 3, "major_outage")]


def test_the_first_states_hold_from_the_true_beginning_to_the_true_end() -> None:
    found = incident(
        "1 investigating api=major_outage", "5 resolved", started="2026-12-01T00:30:00Z", ended="2026-12-01T04:00:00Z"
    )

    assert spans(found) == [("api", 0.5, 4, "major_outage")]
    assert found.duration == timedelta(hours=3.5)


def test_a_later_update_that_does_not_resolve_reopens() -> None:
    found = incident("1 investigating api=major_outage", "2 resolved", "3 investigating api=partial_outage")

    assert spans(found) == [("api", 1, 2, "major_outage"), ("api", 3, None, "partial_outage")]
    assert found.is_open_at(at(4))
    assert found.end is None


MAJOR, DEGRADED, MAINTENANCE = "major_outage", "degraded_performance", "under_maintenance"


@pytest.mark.parametrize(
    ("found", "states"),
    [
        (incident("1 investigating api=major_outage", "2 resolved", "3 investigating"), {"api": MAJOR}),
        (incident("1 investigating api=major_outage", "2 resolved", "3 monitoring"), {"api": MAJOR}),
        (incident("1 investigating api=major_outage", "2 resolved", "3 resolved", "4 identified"), {"api": MAJOR}),
        (
            incident("1 investigating api=major_outage web=degraded_performance", "2 resolved", "3 investigating"),
            {"api": MAJOR, "web": DEGRADED},
        ),
        (
            incident("1 investigating api=major_outage", "2 monitoring api=operational", "3 resolved", "4 monitoring"),
            {},
        ),
        (
            incident(
                "1 investigating api=major_outage web=major_outage",
                "2 resolved",
                "3 identified web=degraded_performance",
            ),
            {"web": DEGRADED},
        ),
        (
            incident(
                "1 investigating api=major_outage", "2 resolved", "3 investigating api=operational", "4 identified"
            ),
            {},
        ),
        (
            incident(
                "1 investigating api=major_outage", "2 resolved", "3 investigating", "4 resolved", "5 investigating"
            ),
            {"api": MAJOR},
        ),
        (
            incident(
                "1 investigating api=major_outage",
                "2 resolved",
                "3 investigating api=degraded_performance",
                "4 resolved",
                "5 investigating",
            ),
            {"api": DEGRADED},
        ),
        (work("0 scheduled api=under_maintenance", "2.5 completed", "3 in_progress"), {"api": MAINTENANCE}),
        (work("0 scheduled api=under_maintenance", "1 cancelled", "3 in_progress"), {"api": MAINTENANCE}),
        (work("0 scheduled api=under_maintenance", "1 cancelled", "1.5 scheduled"), {"api": MAINTENANCE}),
        (
            work(
                "0 scheduled api=under_maintenance",
                "2.5 in_progress api=major_outage",
                "3 completed",
                "3.1 in_progress",
            ),
            {"api": MAJOR},
        ),
    ],
)
def test_an_update_that_reopens_and_names_no_component_restores_what_the_end_reset(
    found: Incident, states: dict[str, str]
) -> None:
    assert {id: state.value for id, state in found.states_at(at(3.5 if found.is_maintenance else 9)).items()} == states


def test_between_the_end_and_the_reopening_the_components_were_operational() -> None:
    found = incident("1 investigating api=major_outage", "2 resolved", "3 investigating")

    assert spans(found) == [("api", 1, 2, "major_outage"), ("api", 3, None, "major_outage")]
    assert found.shown_changes(found.last) == {"api": ComponentStatus.MAJOR_OUTAGE}
    assert found.shown_changes(found.updates[1]) == {}


@given(incidents(), st.sampled_from([UpdateStatus.INVESTIGATING, UpdateStatus.MONITORING]))
def test_resolved_and_reopened_without_a_word_on_components_no_component_is_better(
    found: Incident, status: UpdateStatus
) -> None:
    last, states = found.last, found.states
    ended = Update(last.at + timedelta(hours=1), UpdateStatus.RESOLVED, last.message)
    reopened = Update(last.at + timedelta(hours=2), status, last.message)
    again = replace(found, updates=(*found.updates, ended, reopened))

    assert last.status.ends or again.states == states


ONCE_WORSE = ("1 investigating api=major_outage web=degraded_performance", "2 identified api=operational")
RECOVERED = ("1 investigating api=major_outage", "2 monitoring api=operational")


@pytest.mark.parametrize(
    ("found", "impact", "components", "severity"),
    [
        (incident(*ONCE_WORSE), Impact.MINOR, ("web",), DEGRADED),
        (incident(*ONCE_WORSE, "2.5 resolved"), Impact.CRITICAL, ("api", "web"), MAJOR),
        (incident(*ONCE_WORSE, impact="major"), Impact.MAJOR, ("web",), DEGRADED),
        (incident(*RECOVERED), Impact.NONE, (), "unknown"),
        (incident(*RECOVERED, impact="critical"), Impact.CRITICAL, (), "unknown"),
        (incident("1 investigating api=major_outage", "2 identified api=operational"), None, (), "unknown"),
        (incident("1 investigating"), None, (), "unknown"),
        (incident("1 investigating", impact="none"), Impact.NONE, (), "unknown"),
        (incident("1 investigating api=unknown"), None, ("api",), "unknown"),
        (incident("1 investigating", "2 resolved"), None, (), "unknown"),
        (work("0 scheduled api=under_maintenance", "3.5 in_progress"), Impact.NONE, ("api",), MAINTENANCE),
        (
            work(
                "0 scheduled api=under_maintenance", "2.2 in_progress api=major_outage", "2.5 verifying api=operational"
            ),
            None,
            (),
            MAINTENANCE,
        ),
    ],
)
def test_while_it_lasts_impact_components_and_colour_are_the_present_ones_and_then_the_worst(
    found: Incident, impact: Impact | None, components: tuple[str, ...], severity: str
) -> None:
    now = at(3)

    assert (found.impact_at(now), found.components_at(now), found.shown_severity_at(now)) == (
        impact,
        components,
        severity,
    )


def test_a_correction_after_the_end_does_not_lengthen_it() -> None:
    assert incident("1 investigating api=major_outage", "2 resolved", "9 resolved").end == at(2)


@pytest.mark.parametrize(
    ("state", "impact"),
    [
        ("operational", Impact.NONE),
        ("unknown", Impact.NONE),
        ("degraded_performance", Impact.MINOR),
        ("partial_outage", Impact.MAJOR),
        ("major_outage", Impact.CRITICAL),
    ],
)
def test_the_impact_follows_from_the_worst_state(state: str, impact: Impact) -> None:
    assert incident("1 investigating api=operational", f"2 identified web={state}").impact is impact


@pytest.mark.parametrize(
    ("updates", "hour", "status", "states"),
    [
        (["0 scheduled api=under_maintenance"], 1, "scheduled", {}),
        (["0 scheduled api=under_maintenance"], 2, "in_progress", {"api": "under_maintenance"}),
        (["0 scheduled api=under_maintenance"], 4, "completed", {}),
        (["0 scheduled api=under_maintenance", "1 in_progress"], 1.5, "in_progress", {"api": "under_maintenance"}),
        (["0 scheduled api=under_maintenance", "2 in_progress"], 5, "completed", {}),
        (["0 scheduled api=under_maintenance", "4.5 in_progress"], 9, "in_progress", {"api": "under_maintenance"}),
        (["0 scheduled api=under_maintenance", "3 verifying"], 3.5, "verifying", {"api": "under_maintenance"}),
        (["0 scheduled api=under_maintenance", "3 completed"], 3.5, "completed", {}),
        (["0 scheduled api=under_maintenance", "1 cancelled"], 3, "cancelled", {}),
        (["0 scheduled api=under_maintenance", "3 cancelled"], 3.5, "cancelled", {}),
        (
            ["0 scheduled api=under_maintenance", "3 in_progress api=major_outage"],
            3.5,
            "in_progress",
            {"api": "major_outage"},
        ),
    ],
)
def test_planned_work_begins_and_ends_by_the_clock_unless_an_update_says_otherwise(
    updates: list[str], hour: float, status: str, states: dict[str, str]
) -> None:
    found = work(*updates)

    assert found.status_at(at(hour)) == status
    assert {id: state.value for id, state in found.states_at(at(hour)).items()} == states


def test_what_is_later_does_not_exist_yet() -> None:
    whole = incident("1 investigating api=major_outage", "3 resolved", ended="2026-12-01T02:00:00Z")
    then = whole.as_of(at(2))

    assert whole.as_of(at(0)) is None
    assert then is not None
    assert (then.last.status, then.end, spans(then)) == (
        UpdateStatus.INVESTIGATING,
        None,
        [("api", 1, None, "major_outage")],
    )
    assert whole.as_of(at(3)) == whole


def test_an_end_that_is_still_to_come_is_not_known_yet() -> None:
    whole = incident("1 investigating api=major_outage", "3 resolved", ended="2026-12-01T05:00:00Z")
    then = whole.as_of(at(4))

    assert then is not None
    assert then.end == at(3)


@given(incidents())
def test_spans_of_a_component_never_overlap_and_never_run_backwards(found: Incident) -> None:
    ends: dict[str, datetime] = {}
    for span in sorted(found.spans, key=lambda span: span.begin):
        assert span.end is None or span.begin < span.end
        assert span.component not in ends or ends[span.component] <= span.begin
        ends[span.component] = span.end or datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("translations", "language", "found"),
    [
        ({"": "Hi"}, "fr", ("", "Hi")),
        ({"en": "Hi", "fr": "Salut"}, "fr", ("fr", "Salut")),
        ({"en": "Hi", "fr": "Salut"}, "fr-CA", ("fr", "Salut")),
        ({"en": "Hi", "fr": "Salut"}, "de", ("en", "Hi")),
        ({"fr": "Salut", "ar": "مرحبا"}, "de", ("fr", "Salut")),
    ],
)
def test_a_text_is_shown_in_the_readers_language_or_the_nearest(
    translations: dict[str, str], language: str, found: tuple[str, str]
) -> None:
    assert Text(translations).in_language(language) == found


WITHDRAWN = {"withdrawn": "2026-12-01T03:00:00Z", "reason": "Our probe was wrong."}


def test_what_is_withdrawn_counts_for_nothing_and_is_over() -> None:
    found = incident("1 investigating api=major_outage", impact="critical", **WITHDRAWN)

    assert (spans(found), found.states, found.impact, found.impact_at(at(2))) == ([], {}, Impact.NONE, Impact.NONE)
    assert (found.end, found.is_open_at(at(3)), found.extent_at(at(4)).length) == (at(3), False, None)
    assert (found.changed_at, found.last_published_at, found.last_event_at) == (at(3),) * 3
    assert promised(found, found.last, timedelta(minutes=30)) is None


def test_before_it_was_withdrawn_it_is_what_it_was() -> None:
    whole = incident("1 investigating api=major_outage", **WITHDRAWN)

    assert whole.as_of(at(2)) == incident("1 investigating api=major_outage")
    assert whole.as_of(at(3)) == whole


@pytest.mark.parametrize(
    ("updates", "withdrawn", "begin", "end"),
    [
        (["0 scheduled"], 1, 2, 4),
        (["0 scheduled", "1.5 in_progress"], 3, 1.5, 3),
        (["0 scheduled"], 9, 2, 4),
        (["0 scheduled", "3 in_progress api=major_outage"], 9, 2, 4),
        (["0 scheduled", "3 completed"], 9, 2, 3),
    ],
)
def test_planned_work_that_is_withdrawn_ends_by_its_planned_end(
    updates: list[str], withdrawn: float, begin: float, end: float
) -> None:
    found = replace(work(*updates), withdrawn=at(withdrawn), reason=Text({"": "Wrong."}))

    assert found.extent_at(at(withdrawn))[:2] == (at(begin), at(end))
    assert not found.is_open_at(at(withdrawn))
    assert found.spans == ()


def test_an_incident_was_written_when_it_last_said_something_new() -> None:
    found = incident("1 investigating", "3 resolved", ended=f"{at(2):%Y-%m-%dT%H:%M:%SZ}")

    assert found.changed_at == at(3)
    assert replace(found, reviewed=at(9)).changed_at == at(9)
    assert replace(found, updates=(replace(found.first, edited=at(5)), found.last)).changed_at == at(5)


@given(incidents(), st.timedeltas(timedelta(days=-9), timedelta(days=30)))
def test_a_status_holds_from_the_begin_of_its_span_until_the_end(found: Incident, after: timedelta) -> None:
    for now in (found.last.at + after, *(update.at for update in found.updates)):
        current = [span for span in found.spans if span.begin <= now and (span.end is None or now < span.end)]
        assert found.states_at(now) == {span.component: span.status for span in current}
