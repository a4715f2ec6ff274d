"""Planned work as responders and readers live through it: nothing turns green that somebody said is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sites
from sites import Said, status

from status_tool.outputs import pages, status_json, status_txt
from status_tool.system import clock

BEFORE, DURING, AFTER = "2026-11-23T10:00:00Z", "2026-11-24T11:00:00Z", "2026-11-24T12:10:00Z"
ID = "2026-11-24-switch-swap"
Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`status ARGS` at a time, in a site with work announced for 24 November, 10:00 to 12:00."""
    site = sites.make(tmp_path / "s", {"2026-11-20-slow-website.yml": sites.RESOLVED})

    def command(at: str, *args: str) -> Said:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(clock.parse_time(at).timestamp())))
        return status(site, *args)

    window = ("--from", "2026-11-24T10:00Z", "--until", "2h", "-c", "api")
    assert command(BEFORE, "schedule", "Switch swap", *window, "-m", "Short blip.").code == 0
    return command


def seen(run: Run, at: str) -> list[tuple[str, str]]:
    """What is open or running, with its status."""
    found = json.loads(run(at, "list", "--json").out)
    return [(incident["id"], incident["status"]) for incident in found["open"] + found["running"]]


def headline(folder: Path, at: str) -> str:
    """The first line of the page for curl."""
    return text_of(folder, at).splitlines()[0]


def text_of(folder: Path, at: str) -> str:
    return status_txt.status(sites.context_at(folder / "s", at)).decode()


def test_what_broke_during_the_work_stays_broken_after_its_window(run: Run, tmp_path: Path) -> None:
    said = run(DURING, "update", "switch", "-m", "The new switch broke everything.", "-c", "api=major_outage")
    assert "Switch swap is in_progress now." in said.out
    assert "It does not end by the clock." in said.out

    assert seen(run, AFTER) == [(ID, "in_progress")]
    assert headline(tmp_path, AFTER) == "Example Status: Major outage"
    assert "the planned end was 12:00 UTC" in run(AFTER, "overdue").out


def test_what_broke_and_still_says_scheduled_stays_broken_too(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "s" / "incidents" / f"{ID}.md"
    more = f"- at: {DURING}\n  status: scheduled\n  components: {{api: major_outage}}\n  message: It broke.\n---\n"
    file.write_text(file.read_text().removesuffix("---\n") + more)

    assert headline(tmp_path, AFTER) == "Example Status: Major outage"


def test_a_word_after_the_window_says_that_the_work_goes_on(run: Run, tmp_path: Path) -> None:
    said = run(AFTER, "update", "switch", "-m", "It takes longer than planned.")
    assert "Switch swap is in_progress now." in said.out

    later = "2026-11-24T12:20:00Z"
    assert seen(run, later) == [(ID, "in_progress")]
    assert headline(tmp_path, later) == "Example Status: Maintenance in progress"
    assert run(later, "resolve", "-m", "Done.").out.startswith("Switch swap is completed after 2 h 20 min.")


def test_a_note_during_the_window_lets_it_end_by_the_clock(run: Run, tmp_path: Path) -> None:
    said = run(DURING, "update", "-m", "Half done.")
    assert "It ends by the clock at 12:00 UTC." in said.out

    assert headline(tmp_path, AFTER) == "Example Status: All systems operational"


def test_commands_without_a_name_never_speak_of_what_is_only_planned(run: Run, tmp_path: Path) -> None:
    planned = (tmp_path / "s" / "incidents" / f"{ID}.md").read_text()
    assert run(BEFORE, "open", "API errors", "-c", "api=major_outage", "-m", "Looking.").code == 0
    assert run("2026-11-23T10:01:00Z", "update", "-m", "Found.").code == 0
    assert run("2026-11-23T10:02:00Z", "resolve", "-m", "Fixed, with a tyop.").code == 0
    said = run("2026-11-23T10:03:00Z", "resolve", "-m", "Error rates are back.")
    assert (said.code, "To update planned maintenance, name it:\n  2026-11-24-switch-swap" in said.err) == (1, True)
    assert "of API errors" in run("2026-11-23T10:04:00Z", "amend", "-m", "Fixed.").out

    assert (tmp_path / "s" / "incidents" / f"{ID}.md").read_text() == planned


def test_amend_without_a_name_corrects_what_was_said_last(run: Run) -> None:
    run(BEFORE, "open", "Slow reports", "-m", "Reports are slow.")
    run("2026-11-23T10:01:00Z", "open", "API errors", "-m", "Looking.")
    run("2026-11-23T10:02:00Z", "resolve", "api-errors", "-m", "Back.")
    run("2026-11-23T10:03:00Z", "amend", "-m", "API is back.")

    assert "Reports are slow." in run(AFTER, "show", "slow-reports").out
    assert "API is back." in run(AFTER, "show", "api-errors").out


def test_work_called_off_after_it_began_is_told_with_what_it_broke(run: Run, tmp_path: Path) -> None:
    run(DURING, "update", "-m", "It broke.", "-c", "api=major_outage")
    run("2026-11-24T11:30:00Z", "update", "--status", "cancelled", "-m", "Rolled back.")
    assert headline(tmp_path, AFTER) == "Example Status: All systems operational"
    home = pages.home(sites.context_at(tmp_path / "s", AFTER)).body
    today = home[home.index("<h3>24 November 2026</h3>") :].partition("<h3>23 November")[0]

    assert "Switch swap" in today
    assert "10:00</time>–<time" in today and "11:30 UTC" in today
    assert "<title>24 November 2026: Major outage, 30 min</title>" in home


def test_a_broken_promise_about_planned_work_is_named(run: Run, tmp_path: Path) -> None:
    run(BEFORE, "update", "switch", "-m", "Exact hour to follow.", "--next", "3h")
    late = "2026-11-23T14:00:00Z"
    said = run(late, "overdue")

    assert (said.code, "the next update was promised by 13:00 UTC" in said.out) == (1, True)
    context = sites.context_at(tmp_path / "s", late)
    assert "Overdue: the next update was promised by 23 November 2026, 13:00 UTC" in text_of(tmp_path, late)
    assert json.loads(status_json.status(context))["planned"][0]["next"] == "2026-11-23T13:00:00Z"
    assert 'class="st-promise st-late"' in pages.home(context).body


def test_the_last_word_promises_no_other(run: Run) -> None:
    run(BEFORE, "open", "API errors", "-m", "Looking.")
    said = run(DURING, "update", "api-errors", "--status", "resolved", "--next", "30m", "-m", "Done.")

    assert (said.code, '"resolved" ends it, so no update follows. Leave out --next.' in said.err) == (2, True)


def test_running_work_says_until_when(run: Run, tmp_path: Path) -> None:
    document = json.loads(status_json.status(sites.context_at(tmp_path / "s", DURING)))

    assert "In progress, Maintenance, 24 November 2026, 10:00–12:00 UTC" in text_of(tmp_path, DURING)
    assert document["open"][0]["until"] == "2026-11-24T12:00:00Z"


def test_a_file_with_the_name_of_a_window_is_a_mistake(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "s" / "incidents"
    run(
        BEFORE,
        "schedule",
        "Weekly",
        "--from",
        "2026-11-25T02:00Z",
        "--until",
        "1h",
        "--repeat",
        "FREQ=WEEKLY",
        "-m",
        "x",
    )
    (folder / "2026-11-25-weekly-20261202t0200z.yml").write_text(sites.RESOLVED)
    said = run(BEFORE, "check")

    assert (said.code, said.err) == (
        1,
        "incidents/2026-11-25-weekly-20261202t0200z.yml: this name is reserved for a window of the "
        'recurring maintenance "2026-11-25-weekly".\nRename the file.\n',
    )


@pytest.fixture
def weekly(run: Run) -> Run:
    """With work every Wednesday, of which the first window is announced."""
    window = ("--from", "2026-11-25T02:00Z", "--until", "1h", "--repeat", "FREQ=WEEKLY;COUNT=4", "-c", "website")
    assert run(BEFORE, "schedule", "Weekly", *window, "-m", "Every Wednesday.").code == 0
    return run


def planned(run: Run, at: str) -> dict[str, str]:
    """The windows of the weekly work, by their days, with their status."""
    found = json.loads(run(at, "list", "--json", "--all").out)
    each = [incident for section in found.values() for incident in section if "weekly-" in incident["id"]]
    return {incident["id"][-10:-6]: incident["status"] for incident in each}


DURING_WEEKLY = "2026-11-25T02:30:00Z"


def test_a_window_further_ahead_is_called_off_and_no_other(weekly: Run) -> None:
    said = weekly(DURING_WEEKLY, "update", "weekly-20261209t0200z", "--status", "cancelled", "-m", "Holiday.")

    assert said.code == 0, said.err
    assert planned(weekly, DURING_WEEKLY) == {"1125": "in_progress", "1202": "scheduled", "1209": "cancelled"}


def test_a_window_that_was_called_off_and_is_on_again_has_its_components_again(weekly: Run, tmp_path: Path) -> None:
    window = "weekly-20261209t0200z"
    weekly(DURING_WEEKLY, "update", window, "--status", "cancelled", "-m", "Holiday.")
    said = weekly("2026-11-25T02:31:00Z", "update", window, "--status", "scheduled", "-m", "It takes place.")

    assert said.out.splitlines()[1] == "Components as before it was cancelled: website under_maintenance."
    assert planned(weekly, DURING_WEEKLY)["1209"] == "scheduled"
    assert (
        (tmp_path / "s" / "incidents" / "2026-11-25-weekly.md")
        .read_text()
        .endswith(
            "  status: scheduled\n  components: {website: under_maintenance}\n  window: 2026-12-09T02:00:00Z\n"
            "  message: |\n    It takes place.\n---\n"
        )
    )


@pytest.mark.parametrize("command", ["update", "resolve", "amend", "show"])
@pytest.mark.parametrize("window", ["20261210t0200z", "20301211t0200z", "20261125t0201z"])
def test_a_window_that_does_not_exist_is_nobodys(command: str, window: str, weekly: Run, tmp_path: Path) -> None:
    file = tmp_path / "s" / "incidents" / "2026-11-25-weekly.md"
    before = file.read_text()
    words = [] if command == "show" else ["-m", "x"]
    said = weekly(DURING_WEEKLY, command, f"2026-11-25-weekly-{window}", *words)

    assert said.code == 1
    assert "has no window that begins at" in said.err and "The nearest window: " in said.err
    assert file.read_text() == before


def test_amend_corrects_what_was_said_of_the_window_it_names(weekly: Run, tmp_path: Path) -> None:
    weekly(DURING_WEEKLY, "update", "weekly-20261202t0200z", "--status", "cancelled", "-m", "No wrok.")
    weekly("2026-11-25T02:31:00Z", "update", "weekly-20261125t0200z", "-m", "Half done.")
    said = weekly("2026-11-25T02:40:00Z", "amend", "2026-11-25-weekly-20261202t0200z", "-m", "No work.")
    assert said.code == 0, said.err
    text = (tmp_path / "s" / "incidents" / "2026-11-25-weekly.md").read_text()

    assert ("No work." in text, "No wrok." in text, "Half done." in text) == (True, False, True)
    nothing = weekly("2026-11-25T02:41:00Z", "amend", "2026-11-25-weekly-20261209t0200z", "-m", "x")
    assert (nothing.code, "2026-11-25-weekly-20261209t0200z has no update yet." in nothing.err) == (1, True)


def test_work_that_the_clock_has_ended_is_not_made_longer_by_mistake(run: Run, tmp_path: Path) -> None:
    said = run(AFTER, "resolve", "switch", "-m", "Done.")

    assert (said.code, "ended by the clock (12:00 UTC)." in said.err) == (1, True)
    assert run(AFTER, "resolve", "switch", "--at", "12:05", "-m", "Done.").out.startswith(
        "Switch swap is completed after 2 h 5 min."
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("window: 2026-11-26T12:00:00Z", "no window of the recurrence rule contains 2026-11-26T12:00:00Z."),
        ("window: 2030-01-01T02:00:00Z", "no window of the recurrence rule contains 2030-01-01T02:00:00Z."),
        ("window: 2026-11-18T02:30:00Z", "no window of the recurrence rule contains 2026-11-18T02:30:00Z."),
    ],
)
def test_a_window_must_be_one_of_the_rule(line: str, said: str, weekly: Run, tmp_path: Path) -> None:
    file = tmp_path / "s" / "incidents" / "2026-11-25-weekly.md"
    more = f"- at: {BEFORE.replace('10:00', '10:05')}\n  status: cancelled\n  {line}\n  message: x\n---\n"
    file.write_text(file.read_text().removesuffix("---\n") + more)
    found = weekly(DURING, "check")

    assert (found.code, f"incidents/2026-11-25-weekly.md: {said}" in found.err) == (1, True)


def test_a_post_mortem_that_nobody_would_see_is_refused(weekly: Run, tmp_path: Path) -> None:
    file = tmp_path / "s" / "incidents" / "2026-11-25-weekly.md"
    file.write_text(file.read_text() + "## What happened\n")
    said = weekly(BEFORE, "check")

    assert (said.code, "recurring maintenance has no post-mortem." in said.err) == (1, True)
