"""What is said late is news when it is said, and holds from the time that it is about."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sites
from sites import Said, status

from status_tool.incident_files import parser
from status_tool.model import metrics, overdue
from status_tool.model.incident import Incident
from status_tool.outputs import calendar, feeds, pages, replay, status_json, status_txt, statuspage_api
from status_tool.render.context import RenderContext
from status_tool.system import clock

FILE = "2026-11-23-payments-down.md"
ID = FILE.removesuffix(".md")
EARLIER, BETWEEN, AT, SAID = (f"2026-11-23T{time}Z" for time in ("13:58:00", "13:55:00", "13:48:00", "14:00:00"))
NOTE = "As of 23 November 2026, 13:48 UTC, posted 12 min later"
Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`status ARGS` at a time, in a site with an incident of 13:58; at 14:00, one was opened with --at -12m."""
    site = sites.make(tmp_path / "s", {})

    def command(at: str, *args: str) -> Said:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", sites.epoch(clock.parse_time(at)))
        return status(site, *args)

    command(EARLIER, "open", "First thing", "-c", "website=partial_outage", "-m", "A")
    assert command(SAID, "open", "Payments down", "-c", "api=major_outage", "-m", "B", "--at", "-12m").code == 0
    return command


def at(folder: Path, now: str) -> RenderContext:
    return sites.context_at(folder / "s", now)


def test_the_file_has_both_times(run: Run, tmp_path: Path) -> None:
    assert f"- at: {AT}\n  posted: {SAID}\n  status" in sites.incident_text(tmp_path / "s", FILE)
    assert "posted" not in sites.incident_text(tmp_path / "s", "2026-11-23-first-thing.md")
    assert "13:48 UTC  investigating, posted 14:00 UTC" in run(SAID, "show", "payments").out


@pytest.mark.parametrize(
    "args",
    [("update", "-m", "C", "--status", "identified"), ("resolve", "-m", "C"), ("update", "-m", "C", "--next", "1h")],
)
def test_every_command_that_takes_a_time_writes_both(args: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    assert run("2026-11-23T14:30:00Z", args[0], "payments", *args[1:], "--at", "14:10").code == 0
    text = sites.incident_text(tmp_path / "s", FILE)

    assert "- at: 2026-11-23T14:10:00Z\n  posted: 2026-11-23T14:30:00Z\n" in text
    assert ("next: 2026-11-23T15:30:00Z" in text) is ("--next" in args)  # an hour from when it is said


def test_planned_work_that_is_announced_late_says_so(run: Run, tmp_path: Path) -> None:
    run(SAID, "schedule", "Work", "--from", "+2d", "--until", "1h", "-m", "x", "--at", "-1h")
    run("2026-11-23T15:00:00Z", "reschedule", "work", "--until", "2h", "-m", "x", "--at", "-30m")
    text = sites.incident_text(tmp_path / "s", "2026-11-25-work.md")

    assert f"- at: 2026-11-23T13:00:00Z\n  posted: {SAID}\n" in text
    assert "- at: 2026-11-23T14:30:00Z\n  posted: 2026-11-23T15:00:00Z\n" in text
    assert b"LAST-MODIFIED:20261123T150000Z" in calendar.maintenance(at(tmp_path, "2026-11-23T15:00:00Z"))


def test_it_is_the_newest_entry_of_the_feeds_and_keeps_its_id(run: Run, tmp_path: Path) -> None:
    feed = feeds.site(at(tmp_path, SAID))
    newest = feed.entries[0]

    assert (feed.updated, newest.published, newest.updated) == (clock.parse_time(SAID),) * 3
    assert (newest.id, newest.title) == (feeds.entry_id(ID, clock.parse_time(AT)), "Investigating: Payments down")
    assert newest.url.endswith("#u-20261123T134800Z")
    assert NOTE in newest.content
    assert f"<updated>{SAID[:-1]}+00:00</updated>".encode() in feeds.atom(feed, "https://status.example.org/", "x")


def test_readers_see_that_it_was_posted_later(run: Run, tmp_path: Path) -> None:
    context = at(tmp_path, SAID)
    incident = next(found for found in context.summary.open if found.id == ID)

    assert incident.start == clock.parse_time(AT)  # so it counts from then
    assert NOTE in " ".join(status_txt.status(context).decode().split())
    assert NOTE in pages.home(context).body
    assert NOTE in pages.incident(context, incident).body


def test_programs_have_both_times(run: Run, tmp_path: Path) -> None:
    context = at(tmp_path, SAID)
    documents = {path: json.loads(make()) for path, make in statuspage_api.documents(context)}
    incident = next(
        found
        for found in documents["api/v2/incidents/unresolved.json"]["incidents"]
        if found["name"] == "Payments down"
    )
    update = incident["incident_updates"][0]

    assert {update["created_at"], update["updated_at"], incident["created_at"], incident["updated_at"]} == {
        "2026-11-23T14:00:00.000Z"
    }
    assert {update["display_at"], incident["started_at"]} == {"2026-11-23T13:48:00.000Z"}
    document = json.loads(status_json.status(context))
    assert [found["updated"] for found in document["open"] if found["id"] == ID] == [SAID]
    assert document["content"] == SAID
    (listed,) = (found for found in json.loads(run(SAID, "list", "--json").out)["open"] if found["id"] == ID)
    assert [(update["at"], update["posted"]) for update in listed["updates"]] == [(AT, SAID)]


def test_a_withdrawal_that_is_said_late_is_news_too(run: Run, tmp_path: Path) -> None:
    run("2026-11-23T14:20:00Z", "open", "Another", "-m", "x", "--anyway")
    assert run("2026-11-23T14:30:00Z", "withdraw", "payments", "-m", "It worked.", "--at", "-20m").code == 0
    feed = feeds.site(at(tmp_path, "2026-11-23T14:30:00Z"))

    assert feed.updated == feed.entries[0].published == clock.parse_time("2026-11-23T14:30:00Z")
    assert feed.entries[0].title == "Withdrawn: Payments down"
    assert ID in [found.id for found in at(tmp_path, "2026-11-23T14:20:00Z").summary.open]  # as readers saw it


def test_before_it_was_said_nobody_knew(run: Run, tmp_path: Path) -> None:
    assert [found.id for found in at(tmp_path, BETWEEN).summary.incidents] == []
    assert [found.id for found in at(tmp_path, EARLIER).summary.open] == ["2026-11-23-first-thing"]


def test_an_update_that_was_put_between_others_later_is_left_out_of_what_was_seen_before() -> None:
    found = parsed(
        "{at: 2026-11-23T13:00:00Z, status: investigating, message: a}",
        "{at: 2026-11-23T13:10:00Z, posted: 2026-11-23T15:00:00Z, status: identified, message: b}",
        "{at: 2026-11-23T13:20:00Z, status: monitoring, message: c}",
    )
    then = found.as_of(clock.parse_time("2026-11-23T13:30:00Z"))

    assert then and [update.status for update in then.updates] == ["investigating", "monitoring"]
    assert found.as_of(clock.parse_time("2026-11-23T15:00:00Z")) == found


def parsed(*updates: str, **keys: str) -> Incident:
    head = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return parser.parse(f"title: x\n{head}updates:\n" + "".join(f"- {update}\n" for update in updates), f"{ID}.yml")


LATE = "{at: 2026-11-23T13:48:00Z, posted: 2026-11-23T14:00:00Z, status: investigating, next: 20m, message: m}"
ANSWER = "{at: 2026-11-23T14:10:00Z, posted: 2026-11-23T14:21:00Z, status: monitoring, message: m}"


@pytest.mark.parametrize("keys", [{}, {"started": AT}])
def test_the_figures_go_by_what_readers_could_see(keys: dict[str, str]) -> None:
    found = metrics.of_incident(parsed(LATE, ANSWER, **keys), None, clock.parse_time("2026-11-23T14:30:00Z"))

    assert found.time_to_first_update == timedelta(minutes=12)
    assert (found.longest_gap, found.promises, found.promises_kept) == (timedelta(minutes=21), 1, 0)


def test_a_promise_by_default_counts_from_when_it_was_said(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "s" / "mkdocs.yml"
    config.write_text(config.read_text().replace("- status:\n", "- status:\n    promise: 30m\n"))
    summary = at(tmp_path, "2026-11-23T14:29:59Z").summary

    late = overdue.find(summary, timedelta(minutes=30), timedelta(hours=3))
    assert [lapse.incident.id for lapse in late] == ["2026-11-23-first-thing"]
    quiet = overdue.find(at(tmp_path, "2026-11-23T16:59:00Z").summary, None, timedelta(hours=3))
    assert [lapse.incident.id for lapse in quiet] == ["2026-11-23-first-thing"]


def test_a_step_of_a_replay_shows_the_update_that_it_is_about(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "s" / "incidents" / FILE
    file.write_text(file.read_text().replace("title", "replay: true\ntitle", 1))
    context = at(tmp_path, SAID)
    found = replay.of_incident(context, context.replays[ID])

    assert found
    (page,) = (pages.step(context, step) for step in found.steps)
    assert "Payments down" in page.body
