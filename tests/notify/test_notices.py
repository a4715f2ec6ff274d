"""What is said of an update is about the incident as it stood then, whatever came later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sites
import strategies
from hypothesis import given

from status_tool.incident_files import parser
from status_tool.model.component import Impact
from status_tool.model.incident import Incident
from status_tool.model.update import Kind, Update
from status_tool.notify import notices
from status_tool.notify.notice import Notice
from status_tool.render import context as contexts
from status_tool.render.context import RenderContext, SiteContext
from status_tool.system import clock

ROOT = Path(__file__).parents[2]
NOW = "2026-12-31T00:00:00Z"
OUTAGE = """\
title: "API *errors*"
started: 2026-11-23T13:00:00Z
ended: 2026-11-23T16:30:00Z
updates:
- at: 2026-11-23T13:10:00Z
  status: investigating
  components: {api: partial_outage}
  next: 2026-11-23T13:40:00Z
  message: |
    We are *looking* into it,
    see [the page](https://example.org/x).
- at: 2026-11-23T14:00:00Z
  posted: 2026-11-23T14:12:00Z
  status: identified
  components: {api: major_outage, website: degraded_performance}
  message: {en: Found., fr: Trouvé.}
- {at: 2026-11-23T15:00:00Z, status: monitoring, components: {api: operational}, message: Better.}
- {at: 2026-11-23T16:00:00Z, status: resolved, message: Fine., edited: 2026-11-24T09:00:00Z}
"""
WITHDRAWN = f"{OUTAGE}withdrawn: 2026-11-25T10:00:00Z\nreason: It was a test of ours.\n"
WORK = """\
title: Database upgrade
kind: maintenance
scheduled: {from: 2026-12-01T02:00:00Z, until: 2026-12-01T04:00:00Z}
updates:
- {at: 2026-11-20T09:00:00Z, status: scheduled, components: {api: under_maintenance}, message: Reads keep working.}
- at: 2026-11-21T09:00:00Z
  status: scheduled
  scheduled: {from: 2026-12-03T02:00:00Z, until: 2026-12-03T04:00:00Z}
  message: Two days later.
- {at: 2026-12-03T02:00:00Z, status: in_progress, message: We begin.}
- {at: 2026-12-03T03:00:00Z, status: completed, message: Done.}
"""
CANCELLED = WORK.partition("- {at: 2026-12-03T02")[0] + (
    "- {at: 2026-11-22T09:00:00Z, status: cancelled, message: Not now.}\n"
)
WEEKLY = """\
title: Weekly work
kind: maintenance
scheduled: {from: 2026-12-01T02:00:00Z, until: 2026-12-01T04:00:00Z, repeat: FREQ=WEEKLY;COUNT=8}
updates:
- {at: 2026-11-20T09:00:00Z, status: scheduled, components: {api: under_maintenance}, message: Each Tuesday.}
- {at: 2026-11-30T09:00:00Z, status: cancelled, window: 2026-12-01T02:00:00Z, message: Not this time.}
- {at: 2026-12-07T09:00:00Z, status: cancelled, window: 2026-12-08T02:00:00Z, message: Nor this time.}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> RenderContext:
    folder = sites.make(tmp_path_factory.mktemp("site"), {"x.yml": OUTAGE, "w.yml": WORK, "weekly.yml": WEEKLY})
    return sites.context_at(folder, NOW)


@pytest.fixture(scope="module")
def of_update(site: RenderContext) -> Callable[[Incident, Update], Notice]:
    """A function, as hypothesis prints what a test is given."""
    return lambda incident, update: notices.update(site, incident, update)


def said(site: RenderContext, text: str, **changes: Any) -> list[Notice]:
    """The notice of each update of the incident with that text."""
    incident = replace(parser.parse(text, "2026-11-23-x.yml"), **changes)
    return [notices.update(site, incident, update) for update in incident.updates]


def in_language(site: RenderContext, code: str) -> RenderContext:
    return replace(site, site=SiteContext.of(replace(site.settings, language=code)))


def test_a_notice_has_everything_that_is_known_then(site: RenderContext) -> None:
    first = said(site, OUTAGE)[0]

    assert first == Notice(
        incident="2026-11-23-x",
        update="2026-11-23T13:10:00Z",
        at=clock.parse_time("2026-11-23T13:10:00Z"),
        language="en",
        is_rtl=False,
        site="Example Status",
        label="Investigating",
        title="API *errors*",
        since="since 23 November 2026, 13:00 UTC",
        next="Next update by 23 November 2026, 13:40 UTC",
        message="We are looking into it, see the page (https://example.org/x).",
        components="API: Partial outage",
        impact="Major impact",
        url="https://status.example.org/incidents/2026-11-23-x/#u-20261123T131000Z",
        status="investigating",
        kind="incident",
        level=Impact.MAJOR,
        affected=("api",),
        is_first=True,
        has_ended=False,
        is_drill=False,
    )
    assert first.key == "2026-11-23-x/2026-11-23T13:10:00Z/en"


def test_each_notice_is_about_the_incident_as_of_its_update(site: RenderContext) -> None:
    rows = [(one.label, one.since, one.level, one.affected, one.is_first, one.has_ended) for one in said(site, OUTAGE)]
    since, ended = "since 23 November 2026, 13:00 UTC", "23 November 2026, 13:00–16:00 UTC"

    assert rows == [
        ("Investigating", since, Impact.MAJOR, ("api",), True, False),
        ("Identified", since, Impact.CRITICAL, ("api", "website"), False, False),
        ("Monitoring", since, Impact.MINOR, ("api", "website"), False, False),
        ("Resolved", ended, Impact.CRITICAL, ("api", "website"), False, True),
    ]


def test_an_update_says_of_components_what_it_changes(site: RenderContext) -> None:
    assert [one.components for one in said(site, OUTAGE)] == [
        "API: Partial outage",
        "API: Major outage, Website: Degraded performance",
        "API: Operational",
        "",
    ]


def test_only_what_is_promised_is_said_and_a_past_promise_as_it_was_made(site: RenderContext) -> None:
    assert [one.next for one in said(site, OUTAGE)] == ["Next update by 23 November 2026, 13:40 UTC", "", "", ""]


def test_what_was_posted_late_says_so(site: RenderContext) -> None:
    assert said(site, OUTAGE)[1].message == "As of 23 November 2026, 14:00 UTC, posted 12 min later.\n\nFound."


def test_of_two_updates_that_were_published_together_one_is_the_first(site: RenderContext) -> None:
    text = OUTAGE.replace("  next: 2026-11-23T13:40:00Z\n", "  posted: 2026-11-23T14:12:00Z\n")

    assert [one.is_first for one in said(site, text)] == [True, False, False, False]


@given(strategies.incidents(kinds=[Kind.INCIDENT]))
def test_what_comes_later_changes_nothing_of_what_was_said(
    of_update: Callable[[Incident, Update], Notice], incident: Incident
) -> None:
    """Except for corrected words, which the files do not have in two forms."""
    incident = replace(incident, updates=tuple(replace(update, edited=None) for update in incident.updates))
    for update in incident.updates:
        before = replace(incident.as_of(update.published_at) or incident, source=incident.source)

        assert of_update(before, update) == of_update(incident, update)


@given(strategies.incidents())
def test_every_text_but_the_message_is_one_line_and_none_turns_others(
    of_update: Callable[[Incident, Update], Notice], incident: Incident
) -> None:
    for update in incident.updates:
        found = of_update(incident, update)
        lines = (found.site, found.label, found.title, found.since, found.next, found.components, found.impact)

        assert not any("\n" in line or line != line.strip(" ") for line in lines)
        assert not {"\0", "\x1b", "\r", "\u202e", "\u2066", "\u200f"} & set(found.message + "".join(lines))


def test_a_withdrawal_gives_the_reason(site: RenderContext) -> None:
    found = notices.withdrawal(site, parser.parse(WITHDRAWN, "2026-11-23-x.yml"))

    assert (found.key, found.label) == ("2026-11-23-x/withdrawn/2026-11-25T10:00:00Z/en", "Withdrawn")
    assert (found.message, found.status, found.impact) == ("It was a test of ours.", "withdrawn", "No impact")
    assert found.url == "https://status.example.org/incidents/2026-11-23-x/#withdrawn"
    assert (found.next, found.components, found.level) == ("", "", Impact.NONE)
    assert (found.is_first, found.has_ended, found.affected) == (False, True, ("api", "website"))


def test_a_correction_says_that_it_is_one(site: RenderContext) -> None:
    incident = parser.parse(OUTAGE, "2026-11-23-x.yml")
    plain, found = notices.update(site, incident, incident.last), notices.correction(site, incident, incident.last)

    assert found.key == "2026-11-23-x/2026-11-23T16:00:00Z/edited/2026-11-24T09:00:00Z/en"
    assert (found.label, found.at) == ("Corrected: Resolved", clock.parse_time("2026-11-24T09:00:00Z"))
    assert replace(found, update=plain.update, at=plain.at, label=plain.label) == plain


def test_a_correction_of_the_first_word_is_not_the_first(site: RenderContext) -> None:
    incident = parser.parse(OUTAGE, "2026-11-23-x.yml")
    corrected = replace(incident.first, edited=clock.parse_time("2026-11-23T13:20:00Z"))

    assert not notices.correction(
        site, replace(incident, updates=(corrected, *incident.updates[1:])), corrected
    ).is_first


def test_a_drill_is_marked_before_anything_else(site: RenderContext) -> None:
    drill = replace(parser.parse(WITHDRAWN, "2026-11-23-x.yml"), drill=True)
    labels = [
        notices.update(site, drill, drill.first).label,
        notices.correction(site, drill, drill.last).label,
        notices.withdrawal(site, drill).label,
    ]

    assert labels == ["Drill: Investigating", "Drill: Corrected: Resolved", "Drill: Withdrawn"]
    assert notices.update(site, drill, drill.first).is_drill


def test_maintenance_says_for_when_it_is_planned(site: RenderContext) -> None:
    found = said(site, WORK)

    assert [(one.label, one.since, one.has_ended) for one in found] == [
        ("Scheduled", "1 December 2026, 02:00–04:00 UTC", False),
        ("Rescheduled", "3 December 2026, 02:00–04:00 UTC", False),
        ("In progress", "3 December 2026, 02:00–04:00 UTC", False),
        ("Completed", "3 December 2026, 02:00–03:00 UTC", True),
    ]
    moved = "Moved from 1 December 2026, 02:00–04:00 UTC to 3 December 2026, 02:00–04:00 UTC.\n\nTwo days later."
    assert found[1].message == moved
    assert {(one.kind, one.impact) for one in found} == {("maintenance", "Maintenance")}


def test_cancelled_maintenance_says_for_when_it_was_planned(site: RenderContext) -> None:
    last = said(site, CANCELLED)[-1]

    assert (last.label, last.since, last.has_ended) == ("Cancelled", "3 December 2026, 02:00–04:00 UTC", True)


def test_a_cancelled_window_names_the_one_that_was_next_then(tmp_path: Path) -> None:
    folder = sites.make(tmp_path, {"weekly.yml": WEEKLY})
    now, later = (
        cancelled(sites.context_at(folder, time)) for time in ("2026-11-30T10:00:00Z", "2026-12-07T10:00:00Z")
    )

    assert now == later
    assert "The next one: 8 December 2026, 02:00–04:00 UTC." in now.message


def cancelled(site: RenderContext) -> Notice:
    """What is said of the window of 1 December."""
    window = next(found for found in site.summary.incidents if found.start == datetime(2026, 12, 1, 2, tzinfo=UTC))
    return notices.update(site, window, window.last)


def test_another_language_has_its_own_words_or_those_of_the_site(site: RenderContext) -> None:
    french = in_language(site, "fr")
    first, second, *_ = said(french, OUTAGE)

    assert (second.language, second.label) == ("fr", "Cause identifiée")
    assert second.message.endswith("\n\nTrouvé.")
    assert (first.message, first.title) == (
        "We are looking into it, see the page (https://example.org/x).",
        "API *errors*",
    )
    assert first.since == "depuis le 23 novembre 2026, 13:00 UTC"
    assert first.next == "Prochaine nouvelle au plus tard le 23 novembre 2026, 13:40 UTC"
    assert first.components == "API\u00a0: Panne partielle"
    assert first.key == "2026-11-23-x/2026-11-23T13:10:00Z/fr"


def test_a_language_without_phrases_has_english_ones_and_its_own_dates(site: RenderContext) -> None:
    first = said(in_language(site, "ar"), OUTAGE)[0]

    assert (first.language, first.is_rtl, first.label) == ("ar", True, "Investigating")
    assert "نوفمبر" in first.since


def test_the_demo_speaks_of_each_of_its_updates() -> None:
    demo = contexts.make(sites.context_at(ROOT, "2021-10-06T00:00:00Z").settings, [], clock.parse_time(NOW))
    (path,) = (ROOT / "incidents").glob("*facebook*")
    incident = parser.parse(path.read_text("utf-8"), path.name)
    found = [notices.update(demo, incident, update) for update in incident.updates]

    assert [one.has_ended for one in found] == [False, False, False, False, True]
    assert found[0].message == (
        "“We’re aware that some people are having trouble accessing our apps and products. We’re working to get "
        "things back to normal as quickly as possible, and we apologize for any inconvenience.”\n\n"
        "— Andy Stone, spokesman"
    )
    assert found[-1].since == "4 October 2021, 15:39–22:33 UTC"
