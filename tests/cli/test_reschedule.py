"""Planned work that moves: said once, in an update, and shown everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sites
from sites import Said, status

from status_tool.outputs import feeds, pages, status_json, status_txt, statuspage_api
from status_tool.render.context import RenderContext
from status_tool.system import clock

ID = "2026-12-01-upgrade"
BEFORE, SAID, DURING = "2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z", "2026-12-01T02:30:00Z"
Run = Callable[..., Said]


def runner(folder: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> Run:
    """`status ARGS` at a time, in a site in Paris with work announced for 1 December, 03:00 to 05:00."""
    settings = sites.SETTINGS.replace("- status:\n", "- status:\n    timezone: Europe/Paris\n")
    site = sites.make(folder / "s", settings=settings)

    def command(at: str, *args: str) -> Said:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", sites.epoch(clock.parse_time(at)))
        return status(site, *args)

    window = ("--from", "2026-12-01T02:00Z", "--until", "2h", "-c", "api", *more)
    assert command(BEFORE, "schedule", "Upgrade", *window, "-m", "Reads keep working.").code == 0
    return command


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(tmp_path, monkeypatch)


@pytest.fixture
def weekly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(tmp_path, monkeypatch, "--repeat", "FREQ=WEEKLY;COUNT=4")


def text(folder: Path) -> str:
    return sites.incident_text(folder / "s", f"{ID}.md")


def at(folder: Path, now: str) -> RenderContext:
    return sites.context_at(folder / "s", now)


def test_a_move_is_an_update_of_its_own_below_the_others(run: Run, tmp_path: Path) -> None:
    before = text(tmp_path)
    said = run(SAID, "reschedule", "upgrade", "--from", "2026-12-03T06:00", "--until", "4h", "-m", "Two days later.")

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[:2] == [
        "Moved Upgrade from 2026-12-01 03:00 CET until 2026-12-01 05:00 CET "
        "to 2026-12-03 06:00 CET until 2026-12-03 10:00 CET.",
        f"Wrote incidents/{ID}.md",
    ]
    assert text(tmp_path) == before.removesuffix("---\n") + (
        "- at: 2026-11-21T10:00:00Z\n"
        "  status: scheduled\n"
        "  scheduled:\n"
        "    from: 2026-12-03T05:00:00Z\n"
        "    until: 2026-12-03T09:00:00Z\n"
        "  message: |\n"
        "    Two days later.\n"
        "---\n"
    )
    assert "  moved from 2026-12-01 03:00 CET until" in run(SAID, "show", "upgrade").out
    assert run(SAID, "check").code == 0


def test_every_output_has_the_new_window_and_says_which_was_the_old_one(run: Run, tmp_path: Path) -> None:
    run(SAID, "reschedule", "--from", "2026-12-03T06:00", "-m", "Two days later.")
    context = at(tmp_path, SAID)
    moved = "Moved from 1 December 2026, 03:00–05:00 CET to 3 December 2026, 06:00–08:00 CET"
    (work,) = context.summary.planned
    entries = feeds.site(context).entries
    (api,) = (
        json.loads(make())["scheduled_maintenances"]
        for path, make in statuspage_api.documents(context)
        if path.endswith("upcoming.json")
    )

    assert moved in pages.home(context).body
    assert moved in pages.incident(context, work).body
    assert (entries[0].title, moved in entries[0].content) == ("Rescheduled: Upgrade", True)
    announced = next(entry for entry in entries if entry.title == "Scheduled: Upgrade")
    assert "Planned: 1 December 2026, 03:00–05:00 CET" in announced.content  # as it was said then
    assert feeds.site(context).updated == clock.parse_time(SAID)
    text = " ".join(status_txt.status(context).decode().split())
    assert f"Planned: 3 December 2026, 06:00–08:00 CET {moved}" in text
    (planned,) = json.loads(status_json.status(context))["planned"]
    assert (planned["from"], planned["until"]) == ("2026-12-03T05:00:00Z", "2026-12-03T07:00:00Z")
    assert api[0]["scheduled_for"] == "2026-12-03T06:00:00.000+01:00"
    assert api[0]["incident_updates"][0]["body"] == f"Two days later.\n\n{moved}"
    (listed,) = json.loads(run(SAID, "list", "--json").out)["planned"]
    assert listed["scheduled"] == {"from": "2026-12-03T05:00:00Z", "until": "2026-12-03T07:00:00Z"}
    assert [update["scheduled"] for update in listed["updates"]] == [None, listed["scheduled"]]
    assert [transition["at"] for transition in context.transitions] == ["2026-12-03T05:00:00Z", "2026-12-03T07:00:00Z"]


def test_before_it_was_said_the_old_window_holds(run: Run, tmp_path: Path) -> None:
    run(SAID, "reschedule", "--from", "2026-12-03T06:00", "-m", "Two days later.")
    (work,) = at(tmp_path, BEFORE).summary.planned

    assert work.start == clock.parse_time("2026-12-01T02:00:00Z")
    assert at(tmp_path, DURING).summary.status == "operational"


def test_a_site_in_french_says_it_in_french(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "s" / "mkdocs.yml"
    config.write_text(config.read_text().replace("language: en", "language: fr"))
    run(SAID, "reschedule", "--from", "2026-12-03T06:00", "-m", "Deux jours plus tard.")

    assert (
        "Déplacé\u00a0: initialement 1er décembre 2026, 03:00–05:00 CET, désormais 3 décembre 2026, 06:00–08:00 CET"
        in pages.home(at(tmp_path, SAID)).body
    )


def test_work_under_way_gets_more_time(run: Run, tmp_path: Path) -> None:
    run(DURING, "update", "-m", "We began.", "--status", "in_progress")
    run(SAID, "schedule", "Other work", "--from", "2026-12-05T02:00Z", "--until", "1h", "-m", "x")
    said = run("2026-12-01T03:30:00Z", "reschedule", "--until", "+1h", "-m", "It takes longer.")

    assert said.out.splitlines()[0] == "Moved Upgrade from 03:00 CET until 05:00 CET to 03:00 CET until 05:30 CET."
    context = at(tmp_path, "2026-12-01T04:15:00Z")
    assert [(found.id, found.last.status) for found in context.summary.running] == [(ID, "in_progress")]
    assert "Planned until 1 December 2026, 05:30 CET instead of 1 December 2026, 05:00 CET" in pages.home(context).body
    assert run("2026-12-01T04:15:00Z", "overdue").code == 0
    assert at(tmp_path, "2026-12-01T04:30:00Z").summary.status == "operational"


def test_work_that_nobody_has_begun_moves_although_the_clock_began_it(run: Run, tmp_path: Path) -> None:
    assert run(DURING, "reschedule", "upgrade", "--from", "2026-12-03T06:00", "-m", "Not tonight.").code == 0

    assert (at(tmp_path, "2026-12-01T02:29:00Z").summary.status, at(tmp_path, DURING).summary.status) == (
        "under_maintenance",
        "operational",
    )


@pytest.mark.parametrize(
    ("now", "before", "args", "code", "said"),
    [
        (SAID, (), ("upgrade",), 2, "No new time is given. Write --from, --until or both."),
        (SAID, (), ("upgrade", "--from", "2026-11-01T00:00"), 1, "--from: 2026-10-31T23:00:00Z is in the past."),
        (SAID, (), ("upgrade", "--until", "2026-11-01T00:00"), 1, "is not after the beginning (2026-12-01T02:00:00Z)."),
        (SAID, (), ("upgrade", "--until", "2h"), 1, "is planned from 2026-12-01 03:00 CET until 2026-12-01 05:00 CET"),
        (SAID, (), ("upgrade", "--until", "9999d"), 0, ""),
        (SAID, (), ("upgrade", "--from", "soon"), 2, '--from: "soon" is not a time'),
        (DURING, (), ("upgrade", "--until", "10m"), 1, "--until: 2026-12-01T02:10:00Z is in the past."),
        ("2026-12-01T05:00:00Z", (), ("upgrade", "--until", "+1h"), 1, f"{ID} ended by the clock (05:00 CET)."),
        (DURING, ("update", "-m", "x"), ("upgrade", "--from", "+1h"), 1, "has begun (03:30 CET), so only its end can"),
        (DURING, ("resolve", "-m", "x"), ("upgrade", "--until", "+1h"), 1, f"{ID} is already completed"),
        (SAID, ("withdraw", "upgrade", "-m", "x"), ("upgrade", "--from", "+1h"), 1, f"{ID} was withdrawn"),
        (SAID, ("update", "upgrade", "-m", "x", "--status", "cancelled"), ("--from", "+1h"), 1, "No work is planned."),
        (
            SAID,
            ("update", "upgrade", "-m", "x", "--status", "cancelled"),
            ("upgrade", "--from", "+1h"),
            1,
            "To reopen it: status update upgrade --status scheduled",
        ),
        (SAID, (), ("slow-website", "--from", "+1h"), 1, "is an incident: only planned work has a window."),
        (SAID, ("withdraw", "upgrade", "-m", "x"), ("--from", "+1h"), 1, "No work is planned."),
    ],
)
def test_what_cannot_move_is_refused_and_nothing_is_written(
    now: str, before: tuple[str, ...], args: tuple[str, ...], code: int, said: str, run: Run, tmp_path: Path
) -> None:
    if before:
        assert run(now, *before).code == 0
    old = sites.snapshot(tmp_path / "s" / "incidents")
    found = run(now, "reschedule", *args, "-m", "Moved.")

    assert (found.code, said in found.err) == (code, True), found.err
    assert (sites.snapshot(tmp_path / "s" / "incidents") == old) is bool(code)


def test_the_announcement_of_a_rule_says_how_to_cancel_one_window(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {})
    window = ("--from", "2026-12-01T02:00Z", "--until", "2h", "--repeat", "FREQ=WEEKLY")
    said = status(site, "schedule", "Upgrade", *window, "-m", "x")
    command = next(line for line in said.out.splitlines() if line.startswith("To cancel:"))

    assert command == f'To cancel:   status update {ID}-20261201t0200z --status cancelled -m "Why."'
    assert status(site, *command.partition("status ")[2].replace('"', "").split()).code == 0


def test_one_window_of_a_rule_moves_and_the_rule_stays(weekly: Run, tmp_path: Path) -> None:
    second = f"{ID}-20261208t0200z"
    said = weekly(SAID, "reschedule", second, "--from", "2026-12-10T03:00", "-m", "A holiday.")

    assert said.out.splitlines()[2] == "Only this window moved; the others stay as their rule says."
    assert "  window: 2026-12-08T02:00:00Z\n  scheduled:\n    from: 2026-12-10T02:00:00Z\n" in text(tmp_path)
    again = weekly("2026-12-10T02:10:00Z", "update", second, "-m", "Half done.")
    assert "is in_progress now." in again.out
    assert "--until +1h" in again.out
    context = at(tmp_path, "2026-12-10T02:20:00Z")
    assert [found.id for found in context.summary.running] == [second]
    assert [found.id for found in context.summary.planned] == [f"{ID}-20261215t0200z"]


def test_readers_learn_which_window_of_a_rule_is_cancelled_and_when_the_next_is(weekly: Run, tmp_path: Path) -> None:
    said = weekly(SAID, "update", f"{ID}-20261201t0200z", "--status", "cancelled", "-m", "A holiday.")

    assert "Only this window is cancelled; its rule goes on. The next one: 2026-12-08 03:00 CET" in said.out
    note = (
        "Only the window 1 December 2026, 03:00–05:00 CET is cancelled; the series goes on. "
        "The next one: 8 December 2026, 03:00–05:00 CET."
    )
    context = at(tmp_path, SAID)
    (cancelled,) = context.summary.cancelled
    assert [found.id for found in context.summary.planned] == [f"{ID}-20261208t0200z"]
    assert note in pages.home(context).body
    assert note in pages.incident(context, cancelled).body
    assert note in next(entry for entry in feeds.site(context).entries if entry.title == "Cancelled: Upgrade").content
    assert " ".join(note.split()) in " ".join(status_txt.status(context).decode().split())


def test_readers_learn_that_the_last_window_of_a_rule_is_cancelled(weekly: Run, tmp_path: Path) -> None:
    said = weekly(SAID, "update", f"{ID}-20261222t0200z", "--status", "cancelled", "-m", "A holiday.")

    assert "Only this window is cancelled. No later one is planned." in said.out
    note = "Only the window 22 December 2026, 03:00–05:00 CET is cancelled. No later one is planned."
    assert note in pages.home(at(tmp_path, SAID)).body


def test_cancelled_work_is_on_the_home_page_until_its_time_is_over(run: Run, tmp_path: Path) -> None:
    run(SAID, "update", "upgrade", "--status", "cancelled", "-m", "Not needed.")
    last, over = at(tmp_path, "2026-12-01T03:59:59Z"), at(tmp_path, "2026-12-01T04:00:00Z")

    shown = pages.home(last).body
    assert "Cancelled</span>" in shown[shown.index("Planned maintenance") :]
    assert "Planned maintenance" not in pages.home(over).body
    (listed,) = json.loads(status_json.status(last))["cancelled"]
    assert (listed["from"], listed["until"], listed["cancelled"]) == (
        "2026-12-01T02:00:00Z",
        "2026-12-01T04:00:00Z",
        SAID,
    )
    assert "Cancelled: Upgrade" in status_txt.status(last).decode()
    assert json.loads(status_json.status(over))["cancelled"] == []


def test_a_window_cannot_move_onto_another_of_its_rule(weekly: Run, tmp_path: Path) -> None:
    second = f"{ID}-20261208t0200z"
    before = text(tmp_path)
    for begin in ("2026-12-15T03:00", "2026-12-15T04:30", "2026-12-22T02:30", "2026-12-01T03:00"):
        said = weekly(SAID, "reschedule", second, "--from", begin, "-m", "A holiday.")

        assert (said.code, text(tmp_path)) == (1, before)
        assert "takes place in that time" in said.err
    assert "cancel this one: status update" in said.err
    assert weekly(SAID, "reschedule", second, "--from", "2026-12-29T03:00", "-m", "A holiday.").code == 0
    third = f"{ID}-20261215t0200z"
    assert "takes place in that time" in weekly(SAID, "reschedule", third, "--from", "2026-12-29T03:00", "-m", "x").err
    assert weekly(SAID, "reschedule", third, "--from", "2026-12-08T03:00", "-m", "Its place is free.").code == 0


def test_work_of_a_rule_that_has_begun_may_last_into_its_next_window(weekly: Run) -> None:
    first = f"{ID}-20261201t0200z"
    early = weekly(SAID, "reschedule", first, "--until", "200h", "-m", "It takes long.")
    assert (early.code, "takes place in that time" in early.err) == (1, True)

    assert weekly(DURING, "reschedule", first, "--until", "200h", "-m", "It takes long.").code == 0
    assert weekly(DURING, "check").code == 0


MOVE = """\
- at: {at}
  status: scheduled
  window: {window}
  scheduled: {{from: {begin}, until: {until}}}
  message: Moved.
"""


def move(at: str, day: int, begin: str, until: str) -> str:
    return MOVE.format(
        at=at, window=f"2026-12-{day:02}T02:00:00Z", begin=f"2026-12-{begin}Z", until=f"2026-12-{until}Z"
    )


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        ([move(SAID, 1, "08T02:00:00", "08T04:00:00")], ("20261201t0200z", "20261208t0200z")),
        ([move(SAID, 15, "08T03:30:00", "08T05:00:00")], ("20261215t0200z", "20261208t0200z")),
        ([move(SAID, 1, "08T04:00:00", "08T06:00:00")], None),
        (
            [
                move(SAID, 1, "04T02:00:00", "04T04:00:00"),
                move("2026-11-22T10:00:00Z", 8, "04T03:00:00", "04T05:00:00"),
            ],
            ("20261208t0200z", "20261201t0200z"),
        ),
        (
            [
                move(SAID, 1, "08T02:00:00", "08T04:00:00"),
                move("2026-11-22T10:00:00Z", 8, "09T02:00:00", "09T04:00:00"),
            ],
            None,
        ),
        (
            [
                f"- {{at: {SAID}, status: cancelled, window: 2026-12-08T02:00:00Z, message: Not then.}}\n",
                move("2026-11-22T10:00:00Z", 1, "08T02:00:00", "08T04:00:00"),
            ],
            None,
        ),
    ],
)
def test_a_file_that_moves_a_window_onto_another_of_its_rule_is_refused(
    weekly: Run, tmp_path: Path, moves: list[str], said: tuple[str, str] | None
) -> None:
    file = tmp_path / "s" / "incidents" / f"{ID}.md"
    file.write_text(text(tmp_path).removesuffix("---\n") + "".join(moves) + "---\n")
    found = weekly("2026-11-22T11:00:00Z", "check")

    assert found.code == (1 if said else 0), found.err
    if said:
        moved, other = (f"{ID}-{window}" for window in said)
        assert f"incidents/{ID}.md: the update of" in found.err
        assert f"moves the window {moved} into the time of {other}." in found.err
        assert "Give it another time; or cancel it by an update with status: cancelled, window: 2026-12-" in found.err
