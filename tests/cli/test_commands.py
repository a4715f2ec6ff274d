"""The commands as a responder meets them: what is asked, what is written, what is said."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import pytest
import sites
from sites import API_ERRORS, EPOCH, RESOLVED, Said, status

from status_tool.cli import main
from status_tool.cli.main import COMMANDS
from status_tool.project import project
from status_tool.settings import settings
from status_tool.system import clock

OPEN = {"2026-11-23-api-errors.md": API_ERRORS}
HEAVY = ("mkdocs", "jinja2", "feedgen", "lxml", "babel", "markdown_it", "nh3", "watchdog", "http.client", "ssl")


def text_of(folder: Path, name: str) -> str:
    return (folder / "incidents" / name).read_text("utf-8")


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
        'Publish it:  git add incidents && git commit -m "Open 2026-11-23-api-errors" && git push\n'
        'Then:        status update api-errors -m "What you know now."\n',
        "",
    )
    assert text_of(site, "2026-11-23-api-errors.md") == (
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
    assert text_of(site, "2026-11-23-api-errors.md") == API_ERRORS.removesuffix("---\n") + (
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
    assert text_of(site, "2026-11-23-db-upgrade.md") == (
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
    assert "Planned work is named:\n  2026-11-23-db-upgrade" in status(site, "resolve", "-m", "Done early.").err
    assert status(site, "resolve", "db-up", "-m", "Done early.").out.startswith("DB: upgrade is completed")


def test_a_message_comes_from_standard_input(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    status(site, "update", "-m", "-", stdin="From\r\na pipe\x07.\r\n")

    assert json.loads(status(site, "show", "--json").out)["updates"][-1]["message"] == "From\na pipe."


def test_a_second_incident_of_the_same_name_gets_a_file_of_its_own(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    said = status(site, "open", "API errors", "-m", "Again.")

    assert said.out.splitlines()[1] == "Wrote incidents/2026-11-23-api-errors-2.md"
    assert text_of(site, "2026-11-23-api-errors.md") == API_ERRORS


def test_a_pasted_title_becomes_one_line(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {})
    status(site, "open", 'The "API"\n is: <down> 🚒', "-m", "x")

    assert json.loads(status(site, "list", "--json").out)["open"][0]["title"] == 'The "API" is: <down> 🚒'


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
        "incidents/notes.txt: this is not an incident file, so nothing in it would be published.\n"
        "End its name in .md or .yml or .yaml, or move it elsewhere.\n"
        'incidents/a.yml:9: unknown status "fixed".\n'
        "Use one of: investigating, identified, monitoring, resolved.\n"
        "incidents/b.md:1: the front matter is missing.\n"
        'The first line must be "---", the record follows, then "---".\n'
        "3 problems.\n"
    )
    as_json = status(site, "check", "--json")
    assert (as_json.code, as_json.err) == (1, "")
    assert [problem["line"] for problem in json.loads(as_json.out)["problems"]] == [None, 9, 1]


def test_check_of_a_sound_site_says_so(tmp_path: Path) -> None:
    said = status(sites.make(tmp_path / "s"), "check")

    assert said == Said(0, "1 incident file is in order.\nNext: status build\n", "")


WRONG = [
    (["open", "x", "-m", "y", "-c", "apii=major_outage"], 2, 'Unknown component "apii". Did you mean "api"?'),
    (["open", "x", "-m", "y", "-c", "api=down"], 2, '-c api=down: unknown status "down".'),
    (["open", "x", "-m", "y", "-c", "api"], 2, "-c api: the status is missing."),
    (["open", "x", "-m", "y", "--at", "+2h"], 2, "--at: 2026-11-23T16:05:00Z is in the future."),
    (["open", "x", "-m", "y", "--started", "soon"], 2, '--started: "soon" is not a time.'),
    (["open", "x", "-m", "y", "--at", "-2h", "--started", "-1h"], 2, "is after the first update"),
    (["open", "x", "-m", "y", "--next", "2020-01-01T00:00Z"], 2, "is not after this update"),
    (["open", " \n", "-m", "y"], 2, "The title is empty."),
    (["open", "x", "-m", "  "], 1, "The message is empty, so nothing was changed."),
    (["open", "x", "-m", "\u200b"], 1, "The message is empty, so nothing was changed."),
    (["open", "\u200b", "-m", "x"], 2, "The title is empty."),
    (["open", "x", "-m", "y", "-c", "api=operational", "-c", "api=major_outage"], 2, '"api" is given twice.'),
    (["update", "-m", "y", "--status", "resolved", "-c", "api=major_outage"], 2, "leave out api."),
    (["update", "", "-m", "y"], 1, "The name of the incident is empty."),
    (["open", "x", "-m", "y", "--at", "23:50"], 2, "For yesterday: 2026-11-22T23:50, or -20m."),
    (["update", "-m", "y", "--next", "00:10"], 2, "or with the day, --next 2026-11-24T00:10."),
    (["schedule", "x", "-m", "y", "--from", "2999-12-31T23:00Z", "--until", "9999d"], 2, "--until: "),
    (["open", "x"], 2, "No message."),
    (["open"], 2, "Missing argument 'TITLE'"),
    (["update", "api-eror", "-m", "y"], 1, 'No incident matches "api-eror".\nDid you mean "2026-11-23-api-errors"?'),
    (["update", "2026", "-m", "y"], 1, '"2026" fits 2 incidents: 2026-11-20-slow-website, 2026-11-23-api-errors.'),
    (["update", "api", "-m", "y", "--status", "fixed"], 2, 'Unknown status "fixed".'),
    (["update", "slow", "-m", "y"], 1, "To reopen it: status update slow-website --status investigating"),
    (["update", "api", "-m", "y", "--at", "12:00"], 1, "has an update at 13:00 UTC, after 12:00 UTC."),
    (["resolve", "slow", "-m", "y"], 1, "2026-11-20-slow-website is already resolved (2026-11-20 12:00 UTC)."),
    (["schedule", "x", "--from", "+1h", "--until", "+30m", "-m", "y"], 2, "is not after --from"),
    (["schedule", "x", "--from", "-3h", "--until", "1h", "-m", "y"], 2, "is over."),
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
    assert "Name the incident." in status(site, "update", "-m", "x").err


def test_outside_a_site_the_way_to_one_is_named(tmp_path: Path) -> None:
    said = status(tmp_path, "list")

    assert said.code == 1
    assert said.err.endswith("Go to your status site, or make one: status init my-status\n")


def test_a_clock_far_behind_the_last_update_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(EPOCH) - 86400))
    said = status(site, "update", "-m", "x")

    assert said.code == 1
    assert "Set this machine's clock, or give the time: --at 2026-11-23T13:01:00Z" in said.err


def test_what_was_typed_in_an_editor_survives_a_full_disk(tmp_path: Path) -> None:
    long = API_ERRORS.replace("looking into it", "looking into it" + " with all hands" * 20)
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": long})
    writes = 'printf "Typed with shaking hands.\\n" | cat - "$1" > "$1.new" && mv "$1.new" "$1"'
    with sites.terminal("\n") as stdin:
        done = on_a_full_disk(
            len(long), ["update"], site, stdin, **sites.editor(tmp_path, writes), TMPDIR=str(tmp_path)
        )
    kept = next(tmp_path.glob("status-message-*"))

    assert (done.returncode, f"Your text is kept in {kept}." in done.stderr) == (1, True), done.stderr
    assert "cannot be written: File too large." in done.stderr
    assert kept.read_text().startswith("Typed with shaking hands.\n")
    assert text_of(site, "2026-11-23-api-errors.md") == long


def test_somebody_at_a_terminal_is_asked_for_the_next_update(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    said = status(site, "update", "-m", "One.", typed="soon\n45m\n")

    assert said.code == 0
    assert "--next: " in said.err
    assert "Readers are promised the next update by 14:50 UTC.\n" in said.out
    assert status(site, "update", "-m", "Two.", typed="\n").code == 0
    assert status(site, "update", "-m", "Three.", "--next", "20m", typed="").code == 0
    assert status(site, "resolve", "-m", "Done.", typed="").code == 0
    assert [update["next"] for update in json.loads(status(site, "show", "api", "--json").out)["updates"]] == [
        None,
        "2026-11-23T14:50:00Z",
        None,
        "2026-11-23T14:25:00Z",
        None,
    ]


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


def test_kill_9_in_the_middle_of_a_write_leaves_the_file(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    program = (
        "import os, signal; os.fsync = lambda h: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from status_tool.cli.main import run; run(['update', '-m', 'x'])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=site, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH})

    assert done.returncode == -signal.SIGKILL
    assert text_of(site, "2026-11-23-api-errors.md") == API_ERRORS
    assert status(site, "check").code == 0


def test_six_updates_at_once_are_all_in_the_file(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    program = "import sys; from status_tool.cli.main import run; sys.exit(run(['update', 'api', '-m', sys.argv[1]]))"
    env = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    running = [
        subprocess.Popen([sys.executable, "-c", program, f"word {n}"], cwd=site, env=env, stdout=subprocess.DEVNULL)
        for n in range(6)
    ]

    assert [process.wait(60) for process in running] == [0] * 6
    messages = {update["message"] for update in json.loads(status(site, "show", "--json").out)["updates"]}
    assert messages == {"We are looking into it.", *(f"word {n}" for n in range(6))}


@pytest.mark.parametrize(
    "args", [["open", "x", "-m", "y"], ["update", "-m", "y"], ["resolve", "-m", "y"], ["list"], ["check"]]
)
def test_a_command_in_an_outage_loads_nothing_it_does_not_need(args: list[str], tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    program = (
        f"import sys; from status_tool.cli.main import run; run({args!r})\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    env = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    done = subprocess.run([sys.executable, "-c", program], cwd=site, env=env, capture_output=True, text=True)

    assert done.stderr == "[]\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_has_an_example(name: str, tmp_path: Path) -> None:
    said = status(tmp_path, name, "--help")

    assert said.code == 0
    assert "Example: status " in " ".join(said.out.split())


def completed(site: Path, words: str) -> list[str]:
    env = {
        **os.environ,
        "_STATUS_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    program = "from status_tool.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", program], cwd=site, env=env, capture_output=True, text=True)
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_the_shell_completes_commands_incidents_and_components(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)

    assert completed(site, "status up") == ["update"]
    assert completed(site, "status update api") == ["2026-11-23-api-errors"]
    assert completed(site, "status open x -c w") == ["website="]
    assert completed(site, "status open x -c api=maj") == ["api=major_outage"]


def test_colour_is_for_terminals_that_want_it(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    program = "import sys; from status_tool.cli.main import run; run(['list'])"
    command = ["script", "-qec", f'{sys.executable} -c "{program}"', "/dev/null"]
    env = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "TERM": "xterm"}

    def colours(**more: str) -> bool:
        done = subprocess.run(command, cwd=site, env={**env, **more}, capture_output=True, text=True)
        assert "API errors" in done.stdout
        return "\x1b[" in done.stdout

    assert (colours(), colours(NO_COLOR="1")) == (True, False)
    assert "\x1b[" not in status(site, "list").out


def test_our_own_mistake_is_confessed_and_has_an_exit_code_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "load", lambda: 1 / 0)
    said = status(tmp_path, "list")

    assert said.code == 3
    assert said.err.startswith("This is a bug in status 0.1.0, not your mistake: ZeroDivisionError")


def test_init_makes_a_site_that_the_next_commands_work_in(tmp_path: Path) -> None:
    said = status(tmp_path, "init", "my-status")

    assert said.code == 0
    assert "  cd my-status\n" in said.out
    assert sorted(sites.snapshot(tmp_path / "my-status")) == [
        ".github/workflows/publish.yml",
        ".gitignore",
        "README.md",
        "docs/about.md",
        "incidents/2026-11-23-test-of-this-page.md",
        "mkdocs.yml",
        "requirements.txt",
    ]
    assert status(tmp_path / "my-status", "check").out == "1 incident file is in order.\nNext: status build\n"
    assert "@" not in (tmp_path / "my-status" / "mkdocs.yml").read_text()


def on_a_full_disk(
    limit: int, args: list[str], site: Path, stdin: IO[str] | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """`status ARGS` where no file can grow beyond `limit` bytes."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("status")), *args],
        cwd=site,
        stdin=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, **env},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )


NOT_WRITTEN = (
    "incidents/2026-11-23-api-errors.md: cannot be written: File too large.\n"
    "Nothing was changed. Check the disk's space and the folder's rights, then run the command again.\n"
)


@pytest.mark.parametrize(
    ("args", "limit", "said"),
    [
        (["init", "new"], 300, "new/"),
        (["update", "api", "-m", "We are looking. " * 50], 300, NOT_WRITTEN),
        (["open", "API errors", "-m", "We are looking. " * 50], 300, NOT_WRITTEN.replace("errors", "errors-2")),
        (["build"], 20_000, "MkDocs could not build the site: File too large."),
    ],
)
def test_a_full_disk_is_told_and_leaves_everything_as_it_was(
    args: list[str], limit: int, said: str, tmp_path: Path
) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    before, files = sorted(tmp_path.rglob("*")), sites.snapshot(tmp_path)
    done = on_a_full_disk(limit, args, site)

    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr
    assert (sorted(tmp_path.rglob("*")), sites.snapshot(tmp_path)) == (before, files)


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


def in_editor(site: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Said:
    """`status update` by somebody whose editor does that, and who promises no time."""
    for name, value in sites.editor(site.parent, script).items():
        monkeypatch.setenv(name, value)
    return status(site, "update", typed="\n")


def test_words_typed_below_the_explanation_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    in_editor(site, 'printf "# Heading\nwords\n" >> "$1"', monkeypatch)

    assert json.loads(status(site, "show", "--json").out)["updates"][-1]["message"] == "# Heading\nwords"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('printf "words\n" >> "$1"; exit 3', "Your text is kept in "),
        ('printf "w\\366rds\n" >> "$1"', "Your text is kept in "),
        ('rm "$1"', "The message is empty, so nothing was changed."),
        (":", "The message is empty, so nothing was changed."),
    ],
)
def test_an_editor_that_goes_wrong_loses_nothing(
    script: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    found = in_editor(site, script, monkeypatch)

    assert (found.code, said in found.err, "bug" in found.err) == (1, True, False)
    assert bool(list(tmp_path.glob("status-message-*"))) == ("kept" in said)
    assert text_of(site, "2026-11-23-api-errors.md") == API_ERRORS


def shell(site: Path, line: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", line],
        cwd=site,
        capture_output=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PATH": path, **env},
    )


def test_text_that_is_not_utf_8_is_refused_and_not_mangled(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    done = shell(site, r"printf 'St\xf6rung' | status update -m -")

    assert (done.returncode, done.stderr) == (
        1,
        b"Standard input is not UTF-8 text.\nConvert it: iconv -t UTF-8\n",
    )
    assert shell(site, "status update -m $'St\\xf6rung'").returncode == 1
    assert text_of(site, "2026-11-23-api-errors.md") == API_ERRORS


def test_a_poor_locale_mangles_nothing(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    done = shell(site, "status open 'Größe 🚒' -m 'Größe 🚒'", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")

    assert done.returncode == 0
    assert "title: Größe 🚒\n" in text_of(site, "2026-11-23-groe.md")


def test_a_reader_who_stops_reading_is_no_mistake(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    done = shell(site, "set -o pipefail; status update -m x | head -0; status list | head -0; echo ${PIPESTATUS[0]}")

    assert (done.stdout, done.stderr) == (b"0\n", b"")


def test_a_report_that_cannot_be_printed_says_that_the_work_is_done(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    done = shell(site, "status update -m x > /dev/full")

    assert (done.returncode, done.stderr) == (
        1,
        b"cannot print the report: No space left on device.\n"
        b"The command has done its work; only this report is missing.\n",
    )


def test_a_broken_file_that_keeps_the_site_from_being_built_is_named(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {**OPEN, "2026-01-01-broken.yml": "title: ["})
    said = status(site, "update", "api", "-m", "x")

    assert said.code == 0
    assert "But the site cannot be built yet, because of incidents/2026-01-01-broken.yml:2: status check" in said.out


def test_init_keeps_the_readme_of_a_repository_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Ours.")
    said = status(tmp_path, "init")

    assert said.code == 0
    assert "  README.md already exists and is unchanged\n" in said.out
    assert (tmp_path / "README.md").read_text() == "Ours."


def test_a_folder_that_is_gone_is_one_message(tmp_path: Path) -> None:
    done = shell(tmp_path, "mkdir x && cd x && rmdir ../x && status list")

    assert b"the folder you are in is gone." in done.stderr
    assert done.returncode == 1


def test_on_windows_one_message_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.platform", "win32")

    assert main.run(["list"]) == 1
    assert capsys.readouterr().err == (
        "status does not run on Windows.\nUse Linux or macOS; on Windows, run it in WSL.\n"
    )
