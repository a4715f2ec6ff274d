"""The commands as a responder meets them: what is asked, what is written, what is said."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, EPOCH, RESOLVED, Said, status

from status_tool.cli import main
from status_tool.errors import Problem
from status_tool.project import project
from status_tool.settings import settings
from status_tool.system import clock

OPEN = {"2026-11-23-api-errors.md": API_ERRORS}


def test_open_writes_a_file_and_says_what_comes_next(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    said = status(site, "open", "API errors", "-c", "api=major_outage", "-m", "We are on it.", "--next", "30m")

    assert said == Said(
        0,
        "Opened API errors: investigating, impact critical.\n"
        "Wrote incidents/2026-11-23-api-errors.md\n"
        "Readers are promised the next update by 14:35 UTC.\n"
        "\n"
        "See it:      status serve\n"
        "Publish it:  status push\n"
        'Then:        status update api-errors -m "What you know now."\n',
        "",
    )
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == (
        "---\n"
        "title: API errors\n"
        "updates:\n"
        "- at: 2026-11-23T14:05:00Z\n"
        "  status: investigating\n"
        "  components: {api: major_outage}\n"
        "  next: 2026-11-23T14:35:00Z\n"
        "  message: |\n"
        "    We are on it.\n"
        "---\n"
    )


def test_update_adds_below_and_changes_nothing_above(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    said = status(site, "update", "-m", "Found it.", "--status", "identified", "-c", "api=partial_outage")

    assert said.out.splitlines()[0] == "API errors is identified now. Wrote incidents/2026-11-23-api-errors.md"
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == API_ERRORS.removesuffix("---\n") + (
        "- at: 2026-11-23T14:05:00Z\n"
        "  status: identified\n"
        "  components: {api: partial_outage}\n"
        "  message: |\n"
        "    Found it.\n"
        "---\n"
    )


def test_an_update_without_a_status_keeps_the_one_there_is(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    status(site, "update", "-m", "One.", "--status", "identified")
    status(site, "update", "-m", "Two.")

    shown = json.loads(status(site, "show", "api", "--json").out)
    assert [(update["at"], update["status"], update["message"]) for update in shown["updates"][1:]] == [
        ("2026-11-23T14:05:00Z", "identified", "One."),
        ("2026-11-23T14:05:01Z", "identified", "Two."),
    ]


TWO_BROKEN = API_ERRORS.removesuffix("---\n") + (
    "- {at: 2026-11-23T13:30:00Z, status: identified, components: {website: degraded_performance}, message: b}\n"
    "- {at: 2026-11-23T14:00:00Z, status: resolved, message: c}\n---\n"
)


@pytest.mark.parametrize(
    ("args", "written", "lines"),
    [
        (
            ["--status", "investigating"],
            "components: {api: major_outage, website: degraded_performance}",
            "Components as before it was resolved: api major_outage, website degraded_performance.\n"
            'To change one: status update api-errors -c api=operational -m "What you know now."\n',
        ),
        (
            ["--status", "monitoring", "-c", "api=partial_outage"],
            "components: {api: partial_outage}",
            "Before it was resolved: website degraded_performance. You did not name these, so they are operational "
            'now.\nTo change one: status update api-errors -c website=degraded_performance -m "What you know now."\n',
        ),
        (
            ["--status", "monitoring", "-c", "api=partial_outage", "-c", "website=operational"],
            "components: {api: partial_outage, website: operational}",
            "",
        ),
    ],
)
def test_reopening_keeps_or_names_what_the_end_reset(args: list[str], written: str, lines: str, tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": TWO_BROKEN})
    said = status(site, "update", "api", "-m", "Again.", *args)

    assert (said.code, said.err) == (0, "")
    assert said.out.partition("See it:")[0].split("\n", 1)[1] == lines + "\n"
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == TWO_BROKEN.removesuffix("---\n") + (
        f"- at: 2026-11-23T14:05:00Z\n  status: {args[1]}\n  {written}\n  message: |\n    Again.\n---\n"
    )


def test_reopening_what_had_recovered_says_that_all_is_operational(tmp_path: Path) -> None:
    recovered = API_ERRORS.removesuffix("---\n") + (
        "- {at: 2026-11-23T13:30:00Z, status: monitoring, components: {api: operational}, message: b}\n"
        "- {at: 2026-11-23T14:00:00Z, status: resolved, message: c}\n---\n"
    )
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": recovered})

    assert status(site, "update", "api", "-m", "Again.", "--status", "investigating").out.splitlines()[1:3] == [
        "Every component was operational before it was resolved, and still is.",
        'To change one: status update api-errors -c api=major_outage -m "What you know now."',
    ]
    assert (
        status(site, "show", "api").out.splitlines()[1]
        == "investigating, impact not known, since 13:00 UTC (1 h 5 min)"
    )


def test_resolve_says_how_long_it_took(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)

    assert status(site, "resolve", "-m", "Fixed.").out.splitlines()[0] == (
        "API errors is resolved after 1 h 5 min. Wrote incidents/2026-11-23-api-errors.md"
    )


def test_schedule_announces_work_and_resolve_completes_it(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {})
    said = status(site, "schedule", "DB: upgrade", "--from", "+1h", "--until", "2h", "-c", "api", "-m", "Reads work.")

    assert said.out.splitlines()[:2] == [
        "Scheduled DB: upgrade from 15:05 UTC until 17:05 UTC (2 h).",
        "Wrote incidents/2026-11-23-db-upgrade.md",
    ]
    assert sites.incident_text(site, "2026-11-23-db-upgrade.md") == (
        "---\n"
        "title: 'DB: upgrade'\n"
        "kind: maintenance\n"
        "scheduled:\n"
        "  from: 2026-11-23T15:05:00Z\n"
        "  until: 2026-11-23T17:05:00Z\n"
        "updates:\n"
        "- at: 2026-11-23T14:05:00Z\n"
        "  status: scheduled\n"
        "  components: {api: under_maintenance}\n"
        "  message: |\n"
        "    Reads work.\n"
        "---\n"
    )
    unnamed = status(site, "resolve", "-m", "Done early.")
    assert "To update planned maintenance, name it:\n  2026-11-23-db-upgrade" in unnamed.err
    assert status(site, "resolve", "db-up", "-m", "Done early.").out.startswith("DB: upgrade is completed")


def test_a_message_comes_from_standard_input(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    status(site, "update", "-m", "-", stdin="From\r\na pipe\x07.\r\n")

    assert json.loads(status(site, "show", "--json").out)["updates"][-1]["message"] == "From\na pipe."


def test_a_second_incident_of_the_same_name_gets_a_file_of_its_own(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    said = status(site, "open", "API errors", "-m", "Again.", "--anyway")

    assert said.out.splitlines()[1] == "Wrote incidents/2026-11-23-api-errors-2.md"
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == API_ERRORS


def test_a_pasted_title_becomes_one_line(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {})
    status(site, "open", 'The "API"\n is: <down> 🚒', "-m", "x")

    assert json.loads(status(site, "list", "--json").out)["open"][0]["title"] == 'The "API" is: <down> 🚒'


def test_the_day_of_an_id_is_the_day_on_the_pages(tmp_path: Path) -> None:
    in_auckland = sites.SETTINGS + "    timezone: Pacific/Auckland\n"
    site = sites.make(tmp_path / "s", settings=in_auckland)
    status(site, "open", "登录错误", "-m", "x")
    status(site, "open", "Slow", "-m", "x", "--at", "2026-11-22T10:30Z")
    status(site, "schedule", "Work", "--from", "2026-12-01T20:00Z", "--until", "2h", "-m", "x")

    names = {path.stem for path in (site / "incidents").glob("*.md")}
    assert names == {"2026-11-24-deng-lu-cuo-wu", "2026-11-22-slow", "2026-12-02-work"}
    assert status(site, "show", "登录").out.startswith("登录错误\n")


def test_list_tells_open_planned_and_past_apart(tmp_path: Path) -> None:
    planned = API_ERRORS.replace(
        "title: API errors",
        "title: Upgrade\nkind: maintenance\nscheduled: {from: 2026-12-01T02:00Z, until: 2026-12-01T04:00Z}",
    ).replace("investigating", "scheduled")
    files = {**OPEN, "2026-11-20-slow-website.yml": RESOLVED, "2026-12-01-upgrade.md": planned}
    site = sites.make(tmp_path / "s", files)

    assert status(site, "list").out == (
        "Open\n"
        "  2026-11-23-api-errors  investigating critical     since 13:00 UTC (1 h 5 min)\n"
        "                         API errors\n"
        "\n"
        "Planned\n"
        "  2026-12-01-upgrade  scheduled     maintenance  2026-12-01 02:00 UTC until 2026-12-01 04:00 UTC\n"
        "                      Upgrade\n"
        "\n"
        "Past\n"
        "  2026-11-20-slow-website  resolved      minor        2026-11-20 09:30 UTC, 2 h 30 min\n"
        "                           Slow website\n"
        "\n"
        'Next: status update api-errors -m "What you know now."\n'
    )


def test_show_tells_the_newest_first(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")

    assert status(site, "show", "slow").out == (
        "Slow website\n"
        "resolved, impact minor, 2026-11-20 09:30 UTC, 2 h 30 min\n"
        "\n"
        "2026-11-20 12:00 UTC  resolved\n"
        "  Pages load quickly again.\n"
        "\n"
        "2026-11-20 10:00 UTC  investigating\n"
        "  website: degraded_performance\n"
        "  Pages load *slowly*.\n"
        "\n"
        "File: incidents/2026-11-20-slow-website.yml\n"
        "Page: https://status.example.org/incidents/2026-11-20-slow-website/\n"
    )


def test_check_names_every_mistake_of_every_file(tmp_path: Path) -> None:
    broken = {"a.yml": RESOLVED.replace("resolved", "fixed"), "b.md": "# no front matter\n", "notes.txt": "x"}
    site = sites.make(tmp_path / "s", broken)
    said = status(site, "check")

    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "incidents/notes.txt: this is not an incident file, so it would not be published.\n"
        "End its name in .md or .yml or .yaml, or move it elsewhere.\n"
        'incidents/a.yml:9: unknown status "fixed".\n'
        'Did you mean "resolved"? Use one of: investigating, identified, monitoring, resolved.\n'
        "incidents/b.md:1: the front matter is missing.\n"
        'Write "---" on the first line, then the record, then another line "---".\n'
        "3 problems.\n"
    )
    as_json = status(site, "check", "--json")
    assert (as_json.code, as_json.err) == (1, "")
    assert [problem["line"] for problem in json.loads(as_json.out)["problems"]] == [None, 9, 1]


def test_check_of_a_sound_site_says_so(tmp_path: Path) -> None:
    said = status(sites.make(tmp_path / "s"), "check")

    assert said == Said(
        0,
        "Checked 1 incident file: no errors found. "
        "Not checked: whether published words changed (the files are in no git repository); "
        "whether anything was published late (the files are in no git repository).\nNext: status build\n",
        "",
    )


def test_check_warns_of_pages_that_nothing_builds_again(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", settings=sites.SETTINGS.replace("    renewed_by: cron on host-2\n", ""))
    said, document = status(site, "check"), json.loads(status(site, "check", "--json").out)

    assert (said.code, said.err.startswith("Warning: mkdocs.yml: nothing is known to build the site again")) == (
        0,
        True,
    )
    assert said.out.startswith("Checked 1 incident file: no errors, 1 warning found. Not checked: ")
    assert (document["ok"], [warning["path"] for warning in document["warnings"]]) == (True, ["mkdocs.yml"])


@pytest.mark.slow
def test_build_says_until_when_readers_can_rely_on_its_pages(tmp_path: Path) -> None:
    daily = sites.WORK.replace("2026-12-01T04:00:00Z", "2026-12-01T04:00:00Z, repeat: FREQ=DAILY")
    site = sites.make(tmp_path / "s", {"2026-12-01-upgrade.yml": daily})
    settings = site / "mkdocs.yml"
    text = settings.read_text()

    def said(**changed: str) -> list[str]:
        settings.write_text(
            text.replace("renewed_by: cron on host-2", "\n    ".join(f"{k}: {v}" for k, v in changed.items()))
        )
        built = status(site, "build")
        assert (built.code, built.err) == (0, "")
        return built.out.splitlines()[1:]

    seen = "Look at it: status serve"
    assert said(renewed_by="Cron on host-2") == [
        "Readers can rely on its pages until 2026-11-24 14:05 UTC (stale_after: 1 d).",
        "Cron on host-2 builds them again.",
        seen,
    ]
    again = "Build again before then; a schedule can do that: status manual deploying"
    assert said(stale_after="90m") == [
        "Readers can rely on its pages until 15:35 UTC (stale_after: 1 h 30 min).",
        again,
        seen,
    ]
    assert said(stale_after="30d") == [
        "Readers can rely on its pages until 2026-12-08 02:00 UTC "
        "(they do not list later windows of maintenance; stale_after: 30 d).",
        again,
        seen,
    ]
    assert "rely" not in status(site, "build", "--now", sites.NOW).out


WRONG = [
    (
        ["open", "x", "-m", "y", "-c", "apii=major_outage"],
        2,
        'Unknown component "apii". Did you mean -c api=major_outage?',
    ),
    (["open", "x", "-m", "y", "-c", "Website=slow"], 2, "Did you mean -c website=degraded_performance?"),
    (["open", "x", "-m", "y", "--impact", "high"], 2, 'Unknown impact "high". Did you mean "major"? Use one of: none,'),
    (["open", "x", "-m", "y", "--impact", ""], 2, 'Unknown impact "".'),
    (["open", "x", "-m", "y", "-c", "api,website=down"], 2, "mean -c api=major_outage -c website=major_outage?"),
    (["open", "x", "-m", "y", "-c", "api: down"], 2, "Did you mean -c api=major_outage?"),
    (["schedule", "x", "-m", "y", "--from", "+1h", "--until", "1h", "-c", "API"], 2, 'Did you mean "api"?'),
    (
        ["open", "x", "-m", "y", "-c", "api=down"],
        2,
        'unknown status "down". Did you mean -c api=major_outage? Use one of: operational',
    ),
    (["open", "x", "-m", "y", "-c", "api=Partial Outage"], 2, "Did you mean -c api=partial_outage?"),
    (["open", "x", "-m", "y", "-c", "api"], 2, "-c api: the status is missing."),
    (["open", "x", "-m", "y", "--at", "+2h"], 2, "in the future. To announce planned maintenance: status schedule."),
    (["open", "x", "-m", "y", "--started", "soon"], 2, '--started: "soon" is not a time.'),
    (["open", "x", "-m", "y", "--at", "-2h", "--started", "-1h"], 2, "is after the first update"),
    (["open", "x", "-m", "y", "--next", "2020-01-01T00:00Z"], 2, "is not after this update"),
    (["open", "x", "-m", "y", "--next", "-5m"], 2, "is not after this update. Write --next 30m.\n"),
    (["open", "x", "-m", "y", "--next", "9:05"], 2, "or with the day, --next 2026-11-24T09:05."),
    (["open", " \n", "-m", "y"], 2, "The title is empty."),
    (["open", "x", "-m", "  "], 2, "The message is empty."),
    (["open", "x", "-m", "\u200b"], 2, "The message is empty."),
    (["open", "\u200b", "-m", "x"], 2, "The title is empty."),
    (["open", "x", "-m", "y", "-c", "api=operational", "-c", "api=major_outage"], 2, '"api" is given twice.'),
    (["update", "-m", "y", "--status", "resolved", "-c", "api=major_outage"], 2, "Leave out -c for: api."),
    (["update", "", "-m", "y"], 1, "The name of the incident is empty."),
    (
        ["open", "x", "-m", "y", "--at", "23:50"],
        2,
        "Monday 23 November 2026, 23:50 UTC is in the future. For yesterday: --at 2026-11-22T23:50\n",
    ),
    (["schedule", "x", "-m", "y", "--from", "2999-12-31T23:00Z", "--until", "9999d"], 2, "--until: "),
    (["open", "x"], 2, "No message."),
    (["open"], 2, "Missing argument 'TITLE'"),
    (["update", "api-eror", "-m", "y"], 1, 'No incident matches "api-eror".\nDid you mean "2026-11-23-api-errors"?'),
    (["update", "2026", "-m", "y"], 1, "Type the whole id of the one you mean:\n  2026-11-20-slow-website  (Slow"),
    (["update", "api", "-m", "y", "--status", "fixed"], 2, 'Unknown status "fixed". Did you mean "resolved"?'),
    (["update", "api", "-m", "y", "--status", "Resolved"], 2, 'Did you mean "resolved"?'),
    (["update", "slow", "-m", "y"], 1, "To reopen it: status update slow-website --status investigating"),
    (["update", "api", "-m", "y", "--at", "12:00"], 1, "has an update at 13:00 UTC, after 12:00 UTC."),
    (["resolve", "slow", "-m", "y"], 1, "2026-11-20-slow-website is already resolved (2026-11-20 12:00 UTC)."),
    (["schedule", "x", "--from", "+1h", "--until", "+30m", "-m", "y"], 2, "is not after --from"),
    (["schedule", "x", "--from", "-3h", "--until", "1h", "-m", "y"], 2, "is in the past."),
    (["build", "--now", "later"], 2, '--now: "later" is not a time.'),
    (["bild"], 2, 'No command "bild". Did you mean "build"?'),
    (["list", "--jsn"], 2, "No such option"),
    (["init", "."], 1, "already exists, so nothing was written."),
]


@pytest.mark.parametrize(("args", "code", "message"), WRONG, ids=[" ".join(case[0]) for case in WRONG])
def test_a_mistake_is_one_message_and_changes_nothing(args: list[str], code: int, message: str, tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {**OPEN, "2026-11-20-slow-website.yml": RESOLVED})
    before = sites.snapshot(site)
    said = status(site, *args)

    assert (said.code, said.out) == (code, "")
    assert message in said.err
    assert "Traceback" not in said.err
    assert sites.snapshot(site) == before


def test_every_mistake_of_a_command_line_is_said_at_once(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    components = ["-c", "api=degraded", "-c", "websit=ok"]
    said = status(site, "update", "-m", "x", "--status", "done", *components, "--at", "noon", "--next", "soon")

    assert [line.partition(" Use ")[0].partition(" Known")[0] for line in said.err.splitlines()[-5:]] == [
        'Error: Unknown status "done". Did you mean "resolved"?',
        '-c api=degraded: unknown status "degraded". Did you mean -c api=degraded_performance?',
        'Unknown component "websit". Did you mean -c website=operational?',
        '--at: "noon" is not a time. Write -5m, 16:07 or 2026-11-23T14:05:00Z.',
        '--next: "soon" is not a time. Write 30m, 16:07 or 2026-11-23T14:05:00Z.',
    ]


@pytest.mark.parametrize(
    ("begin", "until", "window", "line"),
    [
        ("03:00", "2h", ("2026-11-24T02:00:00Z", "2026-11-24T04:00:00Z"), "Tuesday 24 November 2026, 03:00 CET."),
        ("15:01", "01:00", ("2026-11-23T14:01:00Z", "2026-11-24T00:00:00Z"), ""),
        ("23:00", "2:00", ("2026-11-23T22:00:00Z", "2026-11-24T01:00:00Z"), ""),
        ("2026-12-01T23:00", "02:00", ("2026-12-01T22:00:00Z", "2026-12-02T01:00:00Z"), ""),
    ],
)
def test_a_time_of_day_that_is_past_is_that_of_the_next_day(
    begin: str, until: str, window: tuple[str, str], line: str, tmp_path: Path
) -> None:
    site = sites.make(tmp_path / "s", {}, settings=sites.SETTINGS + "    timezone: Europe/Paris\n")
    said = status(site, "schedule", "Work", "--from", begin, "--until", until, "-m", "x")
    scheduled = json.loads(status(site, "show", "work", "--json").out)["scheduled"]

    assert (scheduled["from"], scheduled["until"]) == window
    assert ("past today" in said.out, line in said.out) == (bool(line), True)


def test_a_promise_after_midnight_is_that_of_the_next_day(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    said = status(site, "update", "-m", "x", "--next", "00:10")

    assert "Readers are promised the next update by 2026-11-24 00:10 UTC." in said.out


def test_with_nothing_open_the_first_step_is_named(tmp_path: Path) -> None:
    assert status(sites.make(tmp_path / "s"), "resolve", "-m", "y").err == (
        'No incident is open.\nTo open one: status open "What is wrong" -m "What you know."\n'
    )


def test_with_two_open_they_are_named(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {**OPEN, "2026-11-23-login.md": API_ERRORS.replace("API errors", "Login fails")})

    assert status(site, "update", "-m", "y").err == (
        "2 incidents are open.\n"
        "Name one of them:\n"
        "  2026-11-23-api-errors  (API errors)\n"
        "  2026-11-23-login  (Login fails)\n"
    )


def test_a_broken_file_hinders_nobody_who_names_another(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {**OPEN, "2026-11-22-broken.yml": "title: ["})

    assert status(site, "update", "api", "-m", "Still on it.").code == 0
    assert "Name the incident, or correct the file." in status(site, "update", "-m", "x").err


def test_outside_a_site_the_way_to_one_is_named(tmp_path: Path) -> None:
    said = status(tmp_path, "list")

    assert said.code == 1
    assert said.err.endswith("Change to the folder of your status site, or create a site: status init my-status\n")


def test_a_clock_far_behind_the_last_update_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(EPOCH) - 86400))
    said = status(site, "update", "-m", "x")

    assert said.code == 1
    assert "Set this machine's clock, or give the time: --at 2026-11-23T13:01:00Z" in said.err


def test_list_and_overdue_name_what_was_not_kept(tmp_path: Path) -> None:
    late = API_ERRORS.replace("  message", "  next: 30m\n  message")
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": late})
    said = status(site, "overdue")

    assert said == Said(
        1,
        "  2026-11-23-api-errors: the next update was promised by 13:30 UTC, 35 min ago\n\n"
        'Next: status update api-errors -m "What you know."\n',
        "",
    )
    assert "Overdue\n  2026-11-23-api-errors: the next update was promised" in status(site, "list").out
    assert json.loads(status(site, "overdue", "--json").out) == [
        {"id": "2026-11-23-api-errors", "kind": "overdue", "since": "2026-11-23T13:30:00Z"}
    ]
    status(site, "resolve", "-m", "Done.")
    assert status(site, "overdue") == Said(0, "No update is late, and every open incident has a recent update.\n", "")
    assert "Overdue" not in status(site, "list").out


def test_what_is_accepted_a_little_ahead_of_the_clock_is_shown(tmp_path: Path) -> None:
    ahead = API_ERRORS.replace("13:00:00", "14:09:00")
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": ahead})

    shown, now = project.Project(settings.load(site / "mkdocs.yml"), clock.parse_time(sites.NOW)).as_of(None)
    assert ([incident.id for incident in shown], now) == (["2026-11-23-api-errors"], shown[0].last.at)
    assert status(site, "list").out.startswith("Open\n  2026-11-23-api-errors")


def test_commands_one_after_the_other_are_all_on_the_page(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {})
    status(site, "open", "Q", "-c", "api=major_outage", "-m", "a")
    for words in ("b", "c", "d"):
        status(site, "update", "-m", words)
    status(site, "resolve", "-m", "e")

    assert "Nothing is open" in status(site, "list").out


def test_a_broken_file_that_keeps_the_site_from_being_built_is_named(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {**OPEN, "2026-01-01-broken.yml": "title: ["})
    said = status(site, "update", "api", "-m", "x")

    assert said.code == 0
    assert (
        "The site cannot be built because of an error in incidents/2026-01-01-broken.yml:2. To see it: status check\n"
        in said.out
    )


def test_schema_has_the_components_of_the_site_around_it(tmp_path: Path) -> None:
    inside = status(sites.make(tmp_path / "s"), "schema")
    outside = status(tmp_path, "schema")

    assert (inside.code, outside.code) == (0, 0)
    assert '"website"' in inside.out
    assert '"website"' not in outside.out
    assert json.loads(outside.out)["type"] == "object"


def test_amend_with_nothing_said_names_the_first_step(tmp_path: Path) -> None:
    assert status(sites.make(tmp_path / "s", {}), "amend", "-m", "x").err == (
        'No update has been posted yet.\nTo open an incident: status open "What is wrong"\n'
    )


def test_on_windows_one_message_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    assert main.run(["list"]) == 1
    assert capsys.readouterr().err == (
        "status does not run on Windows.\nUse Linux or macOS; on Windows, run it in WSL.\n"
    )


def test_list_and_show_say_of_a_clock_that_is_ahead_what_the_page_says(tmp_path: Path) -> None:
    ahead = sites.API_ERRORS.replace("2026-11-23T13:00:00Z", "2026-11-23T14:09:00Z")
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": ahead})

    assert "investigating critical " in status(site, "list").out
    assert "investigating, impact critical" in status(site, "show", "api").out
    assert "  api: major_outage\n" in status(site, "show", "api").out
    assert "investigating, impact critical" in status(site).out


def test_a_clock_that_is_ahead_counts_for_other_incidents_and_planned_work_too(tmp_path: Path) -> None:
    ahead = sites.API_ERRORS.replace("2026-11-23T13:00:00Z", "2026-11-23T14:09:00Z")
    work = """\
title: Switch swap
kind: maintenance
scheduled: {from: 2026-11-23T14:07:00Z, until: 2026-11-23T16:00:00Z}
updates:
- {at: 2026-11-23T12:00:00Z, status: scheduled, message: A swap.}
"""
    late = """\
title: Late
updates:
- {at: 2026-11-23T13:40:00Z, status: investigating, next: 2026-11-23T14:06:00Z, message: Slow.}
"""
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": ahead, "switch.yml": work, "late.yml": late})

    assert "Running\n  switch  in_progress" in status(site, "list").out
    assert "in_progress, maintenance" in status(site, "show", "switch").out
    assert "promised by 14:06 UTC, 3 min ago" in status(site, "overdue").out


def test_one_long_id_does_not_push_the_others_off_the_terminal(tmp_path: Path) -> None:
    long = f"2026-11-20-{'x' * 60}"
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": API_ERRORS, f"{long}.yml": RESOLVED})
    lines = status(site, "list").out.splitlines()

    assert max(len(line) for line in lines if long not in line) <= 100
    assert any(line.startswith(f"  {long}  resolved") for line in lines)


def test_a_quoted_value_is_on_one_line_and_cut_where_it_is_long() -> None:
    problem = Problem(f'unknown timezone "{"z" * 500}\n".', "a\nb.md")

    assert (problem.path, "\n" in problem.what, len(problem.what) < 200) == ("a\\nb.md", False, True)
