"""How well people were kept informed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import sites
from hypothesis import given
from hypothesis import strategies as st
from strategies import incidents

from incidents import DAY, at, incident, work
from status_tool.model import metrics
from status_tool.model.incident import Incident
from status_tool.model.metrics import Metrics, Period, YearMetrics
from status_tool.model.update import Kind
from status_tool.settings import settings
from status_tool.settings.settings import Settings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings.load(sites.make(tmp_path_factory.mktemp("site") / "s") / "mkdocs.yml")


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def figures(
    begin: float, end: float, first_update: float | None, gap: float, promises: int = 0, kept: int = 0
) -> Metrics:
    return Metrics(
        Period(at(begin), at(end)), None if first_update is None else hours(first_update), hours(gap), promises, kept
    )


def promising(found: Incident, *promised: float | None) -> Incident:
    pairs = zip(found.updates, promised, strict=True)
    return replace(found, updates=tuple(replace(update, next=when and at(when)) for update, when in pairs))


@pytest.mark.parametrize(
    ("found", "hour", "said"),
    [
        (incident("1 investigating", "4 identified", "5 resolved"), 9, figures(1, 5, None, 3)),
        (
            incident("1 investigating", "5 resolved", started=f"{DAY:%Y-%m-%dT%H:%M:%SZ}"),
            9,
            figures(0, 5, 1, 4),
        ),
        (incident("1 investigating", "2 identified"), 9, figures(1, 9, None, 7)),
        (incident("1 resolved"), 9, figures(1, 1, None, 0)),
        (incident("1 investigating", "2 resolved", "8 resolved"), 9, figures(1, 2, None, 1)),
        (
            incident("1 investigating", "6 resolved", ended=f"{at(3):%Y-%m-%dT%H:%M:%SZ}"),
            9,
            figures(1, 3, None, 2),
        ),
        (
            promising(incident("1 investigating", "2 identified", "4 resolved"), 2, 3, None),
            9,
            figures(1, 4, None, 2, 2, 1),
        ),
        (promising(incident("1 investigating"), 3), 2, figures(1, 2, None, 1)),
        (promising(incident("1 investigating"), 3), 3, figures(1, 3, None, 2, 1, 0)),
    ],
)
def test_the_figures_of_an_incident(found: Incident, hour: float, said: Metrics, site: Settings) -> None:
    assert metrics.of_incident(found, site.promise, at(hour)) == said


def test_a_year_sums_its_incidents_and_counts_planned_work_beside_them(site: Settings) -> None:
    found = [
        incident("1 investigating", "5 resolved", started=f"{DAY:%Y-%m-%dT%H:%M:%SZ}"),
        incident("3 investigating", "4 resolved", started=f"{DAY:%Y-%m-%dT%H:%M:%SZ}"),
        promising(incident("1 investigating", "2 resolved"), 2, None),
        work("0 scheduled api=under_maintenance"),
    ]

    each = metrics.of_all(found, site.promise, at(9))
    assert metrics.of_year(each, maintenance=1) == YearMetrics(3, 1, hours(5), hours(2), hours(4), 1, 1)


def test_a_period_has_its_part_of_an_incident_and_every_promise_is_in_one(site: Settings) -> None:
    found = promising(
        incident("2 investigating", "3 identified", "9 resolved", started=f"{at(1):%Y-%m-%dT%H:%M:%SZ}"), 3, 4, None
    )
    parts = [metrics.of_incident(found, None, at(20), Period(at(begin), at(begin + 3))) for begin in (0, 3, 6, 9)]

    assert parts == [
        figures(1, 3, 1, 1, 1, 1),
        figures(3, 6, None, 3, 1, 0),
        figures(6, 9, None, 3),
        figures(9, 9, None, 0),
    ]


@given(st.lists(incidents(kinds=[Kind.INCIDENT]), min_size=1, max_size=4), st.integers(0, 1000))
def test_no_sum_exceeds_its_period_and_the_periods_together_have_every_promise(
    found: list[Incident], later: int
) -> None:
    now = max(incident.last_event_at for incident in found) + timedelta(hours=later)
    edges = [datetime(2026, month, 1, tzinfo=UTC) for month in range(9, 13)] + [datetime(2029, 1, 1, tzinfo=UTC)]
    periods = [Period(begin, end) for begin, end in pairwise(edges)]
    parts = [metrics.of_year(metrics.of_all(found, hours(1), now, period), 0) for period in periods]
    whole = metrics.of_year(metrics.of_all(found, hours(1), now), 0)

    assert all(part.duration <= end - begin for part, (begin, end) in zip(parts, periods, strict=True))
    assert all(part.longest_gap <= end - begin for part, (begin, end) in zip(parts, periods, strict=True))
    assert sum((part.duration for part in parts), timedelta()) == whole.duration
    assert [sum(part[n] for part in parts) for n in (5, 6)] == list(whole[5:])


def test_a_year_of_planned_work_alone_had_no_failure(site: Settings) -> None:
    none = timedelta()
    each = metrics.of_all([work("0 scheduled")], site.promise, at(9))

    assert metrics.of_year(each, maintenance=1) == YearMetrics(0, 1, none, None, none, 0, 0)


@given(incidents(), st.integers(0, 1000))
def test_no_figure_is_ever_negative(found: Incident, later: int) -> None:
    now = found.last.at + timedelta(hours=later)
    told = metrics.of_incident(found, SITE.promise, now)

    assert min(told.duration, told.time_to_first_update or timedelta(), told.longest_gap) >= timedelta()
    assert 0 <= told.promises_kept <= told.promises <= len(found.updates)


class _Unpromising:
    promise = None

    def promised(self, incident: Incident, update: object) -> datetime | None:
        return getattr(update, "next", None)


SITE: Settings = _Unpromising()  # type: ignore[assignment]
