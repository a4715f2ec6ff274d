"""A command as a process: what it loads and prints, and how it ends when the terminal or the disk fails it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, EPOCH, status

from status_tool.cli.main import COMMANDS
from status_tool.project import project

OPEN = {"2026-11-23-api-errors.md": API_ERRORS}


HEAVY = ("mkdocs", "jinja2", "feedgen", "lxml", "babel", "markdown_it", "nh3", "watchdog", "http.client", "ssl", "dns")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_has_an_example(name: str, tmp_path: Path) -> None:
    said = status(tmp_path, name, "--help")

    assert said.code == 0
    assert "Example: status " in " ".join(said.out.split())


@pytest.mark.parametrize(
    "args",
    [
        ["open", "x", "-m", "y"],
        ["update", "-m", "y"],
        ["resolve", "-m", "y"],
        ["reschedule", "--until", "3h", "-m", "y"],
        ["list"],
        [],
        ["check"],
    ],
)
def test_a_command_in_an_outage_loads_nothing_it_does_not_need(args: list[str], tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {**OPEN, "2026-12-01-work.yml": sites.WORK})
    program = (
        f"import sys; from status_tool.cli.main import run; run({args!r})\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    env = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    done = subprocess.run([sys.executable, "-c", program], cwd=site, env=env, capture_output=True, text=True)

    assert done.stderr == "[]\n"


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


@pytest.mark.slow
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


NOT_WRITTEN = (
    "incidents/2026-11-23-api-errors.md: cannot be written: File too large.\n"
    "Nothing was changed. Check the free disk space and the folder's permissions, then run the command again.\n"
)


@pytest.mark.parametrize(
    ("args", "limit", "said"),
    [
        (["init", "new"], 300, ".github/workflows/incident-new.yml: cannot be written: File too large."),
        (["update", "api", "-m", "We are looking. " * 50], 300, NOT_WRITTEN),
        (
            ["open", "API errors", "--anyway", "-m", "We are looking. " * 50],
            300,
            NOT_WRITTEN.replace("errors", "errors-2"),
        ),
        (["build"], 20_000, "MkDocs could not build the site: File too large."),
    ],
)
def test_a_full_disk_is_told_and_leaves_everything_as_it_was(
    args: list[str], limit: int, said: str, tmp_path: Path
) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    before, files = sorted(tmp_path.rglob("*")), sites.snapshot(tmp_path)
    done = sites.on_a_full_disk(limit, args, site)

    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr
    assert (sorted(tmp_path.rglob("*")), sites.snapshot(tmp_path)) == (before, files)


def test_kill_9_in_the_middle_of_a_write_leaves_the_file(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    program = (
        "import os, signal; os.fsync = lambda h: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from status_tool.cli.main import run; run(['update', '-m', 'x'])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=site, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH})

    assert done.returncode == -signal.SIGKILL
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == API_ERRORS
    assert status(site, "check").code == 0


@pytest.mark.slow
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

    kept, _, said = done.stderr.partition(b"\n")
    assert (done.returncode, said) == (1, b"Standard input is not UTF-8 text.\nConvert it: iconv -t UTF-8\n")
    assert Path(kept.split()[-1].decode().rstrip(".")).read_bytes() == b"St\xf6rung"
    assert shell(site, "status update -m $'St\\xf6rung'").returncode == 1
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == API_ERRORS


def test_a_poor_locale_mangles_nothing(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    done = shell(site, "status open 'Größe 🚒' -m 'Größe 🚒'", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")

    assert done.returncode == 0
    assert "title: Größe 🚒\n" in sites.incident_text(site, "2026-11-23-grosse.md")


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


def test_a_folder_that_is_gone_is_one_message(tmp_path: Path) -> None:
    done = shell(tmp_path, "mkdir x && cd x && rmdir ../x && status list")

    assert b"the working directory no longer exists." in done.stderr
    assert done.returncode == 1


def test_python_runs_the_program_as_a_module(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "status_tool", "lst"], cwd=tmp_path, capture_output=True, text=True)

    assert (done.returncode, 'No command "lst". Did you mean "list"?' in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("status update -m - <&-", 1),
        pytest.param("status update <&-", 2, marks=pytest.mark.slow),
        pytest.param("status open <&-", 2, marks=pytest.mark.slow),
        ("status --help > /dev/full", 1),
        pytest.param("status manual > /dev/full", 1, marks=pytest.mark.slow),
        pytest.param("status list > /dev/full 2> /dev/full", 1, marks=pytest.mark.slow),
        pytest.param("status nonsense 2> /dev/full", 2, marks=pytest.mark.slow),
        pytest.param("status check --nonsense >&- 2>&-", 2, marks=pytest.mark.slow),
        ("status build --site-dir $(printf '%0300d' 1)", 1),
    ],
)
def test_a_closed_or_full_stream_and_a_name_too_long_are_no_bugs(command: str, code: int, tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    before = sites.snapshot(site)
    done = shell(site, command)

    assert (done.returncode, b"bug" in done.stderr, b"Traceback" in done.stderr) == (code, False, False)
    assert sites.snapshot(site) == before


def test_a_wrong_word_on_the_command_line_turns_nothing_around(tmp_path: Path) -> None:
    said = status(sites.make(tmp_path / "s"), "open", "x", "-c", "ap\u202ei=down\x1b[2J", "-m", "x")

    assert said.code == 2
    assert ("ap\\u202ei" in said.err, "\u202e" in said.err, "\x1b[2J" in said.err) == (True, False, False)
