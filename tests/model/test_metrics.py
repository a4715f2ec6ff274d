"""How well people were kept informed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sites
from hypothesis import given
from hypothesis import strategies as st
from strategies import incidents

from incidents import DAY, at, incident, work
from status_tool.model import metrics
from status_tool.model.incident import Incident
from status_tool.model.metrics import Metrics, YearMetrics
from status_tool.settings import settings
from status_tool.settings.settings import Settings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings.load(sites.make(tmp_path_factory.mktemp("site") / "s") / "mkdocs.yml")


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def promising(found: Incident, *promised: float | None) -> Incident:
    pairs = zip(found.updates, promised, strict=True)
    return replace(found, updates=tuple(replace(update, next=when and at(when)) for update, when in pairs))


@pytest.mark.parametrize(
    ("found", "hour", "said"),
    [
        (incident("1 investigating", "4 identified", "5 resolved"), 9, Metrics(hours(4), None, hours(3), 0, 0)),
        (
            incident("1 investigating", "5 resolved", started=f"{DAY:%Y-%m-%dT%H:%M:%SZ}"),
            9,
            Metrics(hours(5), hours(1), hours(4), 0, 0),
        ),
        (incident("1 investigating", "2 identified"), 9, Metrics(hours(8), None, hours(7), 0, 0)),
        (incident("1 resolved"), 9, Metrics(hours(0), None, hours(0), 0, 0)),
        (incident("1 investigating", "2 resolved", "8 resolved"), 9, Metrics(hours(1), None, hours(1), 0, 0)),
        (
            incident("1 investigating", "6 resolved", ended=f"{at(3):%Y-%m-%dT%H:%M:%SZ}"),
            9,
            Metrics(hours(2), None, hours(2), 0, 0),
        ),
        (
            promising(incident("1 investigating", "2 identified", "4 resolved"), 2, 3, None),
            9,
            Metrics(hours(3), None, hours(2), 2, 1),
        ),
        (promising(incident("1 investigating"), 3), 2, Metrics(hours(1), None, hours(1), 0, 0)),
        (promising(incident("1 investigating"), 3), 3, Metrics(hours(2), None, hours(2), 1, 0)),
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
    assert metrics.of_year(each, maintenance=1) == YearMetrics(3, 1, hours(5 + 4 + 1), hours(2), hours(4), 1, 1)


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
