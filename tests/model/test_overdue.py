"""Broken promises and forgotten incidents."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sites
from hypothesis import given
from strategies import incidents

from incidents import DAY, at, incident, work
from status_tool.model import overdue, summary
from status_tool.model.component import Component
from status_tool.model.incident import Incident
from status_tool.settings import settings
from status_tool.settings.settings import Settings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings.load(sites.make(tmp_path_factory.mktemp("site") / "s") / "mkdocs.yml")


def lapsed(now: datetime, site: Settings, *found: Incident) -> list[tuple[str, float]]:
    seen = summary.at(now, found, site.components, site.timezone)
    return [
        (lapse.kind.value, (lapse.since - DAY) / timedelta(hours=1))
        for lapse in overdue.find(seen, site.promise, site.quiet_after)
    ]


def promising(hour: float) -> Incident:
    made = incident("1 investigating api=major_outage")
    return replace(made, updates=(replace(made.first, next=at(hour)),))


@pytest.mark.parametrize(
    ("found", "hour", "said"),
    [
        (promising(2), 1.9, []),
        (promising(2), 2, [("overdue", 2)]),
        (promising(2), 60, [("overdue", 2)]),
        (incident("1 investigating"), 24.9, []),
        (incident("1 investigating"), 25, [("quiet", 25)]),
        (incident("1 investigating", "20 identified"), 30, []),
        (incident("1 investigating", "2 resolved"), 60, []),
        (work("-60 scheduled api=under_maintenance"), 3, []),
        (work("-60 scheduled api=under_maintenance"), 60, []),
        (work("0 scheduled", "5 in_progress"), 6, [("overrun", 4)]),
        (work("0 scheduled", "3 in_progress api=major_outage"), 3.5, []),
        (work("0 scheduled", "3 in_progress api=major_outage"), 4, [("overrun", 4)]),
    ],
)
def test_each_lapse_has_its_hour(found: Incident, hour: float, said: list[tuple[str, float]], site: Settings) -> None:
    assert lapsed(at(hour), site, found) == said


def test_a_promise_of_the_settings_lapses_too(site: Settings) -> None:
    usual = replace(site, promise=timedelta(minutes=30))

    assert lapsed(at(2), usual, incident("1 investigating")) == [("overdue", 1.5)]


def test_a_draft_promises_nothing(site: Settings) -> None:
    assert lapsed(at(99), site, incident("1 investigating", draft="true")) == []


@given(incidents())
def test_no_component_is_ever_left_degraded_with_nothing_open(found: Incident) -> None:
    end = max([*(update.at for update in found.updates), found.start, found.end or found.start])
    for now in (end, end + timedelta(days=400)):
        seen = summary.at(now, [found], [Component(id, id) for id in found.affected], DAY.tzinfo)
        left = [part for part in seen.components if part.status.value != "operational"]
        assert not left or seen.open or seen.running
