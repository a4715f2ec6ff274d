"""The words that pages, feeds, the calendar and the plain text have in common."""

from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path

import pytest

from incidents import at, incident, work
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Incident
from status_tool.render import icons, phrases
from status_tool.render.language import Language

HELPED = incident("1 investigating", who="{en: Some, fr: Certains}", contact="Call us.")


def test_only_the_help_that_was_written_has_a_label() -> None:
    texts = phrases.help_texts(Language("fr", UTC), HELPED)

    assert [(label, text.in_language("fr")[1]) for label, text in texts] == [
        ("Qui est touché", "Certains"),
        ("Où trouver de l’aide", "Call us."),
    ]
    assert phrases.help_texts(Language("en", UTC), work("0 scheduled")) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (work("0 scheduled"), "Maintenance"),
        (work("0 scheduled", "3 in_progress api=major_outage"), "Maintenance"),
        (incident("1 investigating api=partial_outage"), "Major impact"),
        (incident("1 investigating"), "Impact not known yet"),
        (incident("1 investigating", "2 resolved"), "Impact not stated"),
        (incident("1 investigating api=major_outage", "2 identified api=degraded_performance"), "Minor impact"),
        (incident("1 investigating api=major_outage", "2 resolved"), "Critical impact"),
        (incident("1 investigating api=major_outage", "2 monitoring api=operational"), "No impact now"),
        (incident("1 investigating api=major_outage", "2 identified api=operational"), "Impact not known yet"),
        (incident("1 monitoring api=operational", impact="major"), "Major impact"),
        (incident("1 investigating", impact="none"), "No impact"),
    ],
)
def test_an_incident_is_called_by_its_impact_and_maintenance_by_its_name(found: Incident, said: str) -> None:
    assert phrases.impact(Language("en", UTC), found, at(3)) == said


@pytest.mark.parametrize(("hour", "said"), [(4.9, "Next update by "), (5, "Overdue: the next update was promised by ")])
def test_a_promise_is_overdue_from_its_time_on(hour: float, said: str) -> None:
    assert phrases.promise(Language("en", UTC), at(5), at(hour)) == f"{said}1 December 2026, 05:00 UTC"


def test_the_script_knows_every_status_and_which_is_worse() -> None:
    script = (Path(__file__).parents[2] / "site_templates" / "assets" / "status.js").read_text("utf-8")
    (ranks,) = re.findall(r"const ranks = \[(.*?)\]", script)

    assert re.findall(r'"(\w+)"', ranks) == [status.value for status in ComponentStatus]


def test_every_status_has_a_label_and_a_shape() -> None:
    assert set(phrases.COMPONENT_STATUS) == set(icons.SHAPES) == set(ComponentStatus)
