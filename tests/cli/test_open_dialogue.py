"""`status open` alone, on a terminal: step by step, nothing before a yes, and nothing that was typed is lost."""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import signal
import sys
import tempfile
import time
from pathlib import Path

import click
import pytest
import sites
from sites import API_ERRORS, Said, status

from status_tool.cli import component_list
from status_tool.model.component import Component

RHYTHM = sites.SETTINGS.replace("    components:", "    rhythm: {{critical: 20m, major: 30m}}\n    components:")
OPEN = {"2026-11-23-api-errors.md": API_ERRORS}
WHOLE = ["Payments fail", "1, web", "1", "degraded", "", "Please pay by *transfer*.", "", "y"]


@pytest.fixture(autouse=True)
def drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the texts that are kept."""
    folder = tmp_path / "drafts"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def make(folder: Path, incidents: dict[str, str] | None = None) -> Path:
    return sites.make(folder / "s", incidents or {}, settings=RHYTHM)


def typed(site: Path, *lines: str) -> Said:
    return status(site, "open", typed="".join(f"{line}\n" for line in lines))


def names(site: Path) -> list[str]:
    return sorted(path.name for path in (site / "incidents").iterdir())


def repeated(said: Said, folder: Path, incidents: dict[str, str] | None = None) -> Path:
    """A new site in which the command was run that `said` prints as the same."""
    args = shlex.split(said.out.partition("The same in one command:\n")[2])
    site = make(folder / "again", incidents)
    assert status(site, *args[1:]).code == 0
    return site


def test_what_readers_will_see_is_shown_before_it_is_written(tmp_path: Path) -> None:
    said = typed(make(tmp_path), *WHOLE)
    shown = said.err.partition("Readers will see:\n\n")[2].partition("\n\nWrite it?")[0]

    assert said.code == 0
    assert shown == (
        "  Payments fail\n  Investigating, Critical impact\n  API: Major outage\n  Website: Degraded performance\n\n"
        "  Please pay by transfer.\n\n  Next update by 23 November 2026, 14:25 UTC"
    )


@pytest.mark.parametrize(
    "lines",
    [
        WHOLE,
        ["-x 'y' $z", "", "", '# not a \\ `comment` "q"', "16:07", "y"],
        ["A & B", "api=unknown", "major", "-5 degrees", "none", "y"],
        ["t", "outage", "api", "1", "Wait, {please}: *x*", "", "45m", "y"],
        ["t", "third-party", "api", "", "cards", "", "minor", "1h", "y"],
        ["API errors", "", "new", "", "x", "", "y"],
        ["Login fails", "api", "3", "1", "It is slow, too.", "", "y"],
    ],
    ids=lambda lines: lines[0],
)
def test_the_same_command_writes_the_same_file(lines: list[str], tmp_path: Path) -> None:
    incidents = OPEN if lines[0] in ("API errors", "Login fails") else {}
    site = make(tmp_path, incidents)
    said = typed(site, *lines)
    again = repeated(said, tmp_path, incidents)

    assert said.code == 0, said.err
    assert sites.snapshot(site / "incidents") == sites.snapshot(again / "incidents")
    assert sites.snapshot(site / "incidents") != {name: text.encode() for name, text in incidents.items()}


def test_wrong_answers_are_asked_again_and_questions_explained(tmp_path: Path) -> None:
    site = make(tmp_path)
    wrong = ["", " ", "Payments fail", "9", "fax", "?", "1", "broken", "down", "2", "huge", ""]
    said = typed(
        site, *wrong, "at: 2026-11-23T14:05:00Z", "See [x](gone.md).", "x", "yesterday", "13:00", "5m", "maybe", "y"
    )

    assert said.code == 0, said.err
    for part in (
        "This needs an answer.",
        '"9": the numbers are 1 to 2.',
        'No component fits "fax".',
        "Examples: 1,3",
        'unknown state "down"',
        'Unknown impact "huge".',
        "gone.md",
        "is not after this update",
        "Type y, p, e, <, n.",
    ):
        assert part in said.err, part


def test_going_back_keeps_the_other_answers(tmp_path: Path) -> None:
    site = make(tmp_path)
    first = ["<", "Payments", "api=major_outage", "", "Wait.", "", "<", "<", "<", "<", "<", "back"]
    said = typed(site, *first, "Payments fail", "", "", "", "", "y")

    assert said.code == 0, said.err
    assert names(site) == ["2026-11-23-payments-fail.md"]
    text = sites.incident_text(site, names(site)[0])
    assert "{api: major_outage}" in text
    assert "    Wait.\n" in text


def test_every_question_can_be_gone_back_from(tmp_path: Path) -> None:
    site = make(tmp_path)
    (site / "site_templates" / "messages").mkdir(parents=True)
    (site / "site_templates" / "messages" / "plain.md").write_text("---\ntitle: Login fails\n---\nPlease wait.\n")
    back = ["t", "plain", "1", "1", "", "none", *["<"] * 5]
    said = typed(site, *back, "", "2", "1", "", "", "y")
    first = said.err.rpartition("What is wrong?")[2]

    assert said.code == 0, said.err
    assert "Enter: the template plain" in first
    assert "{website: major_outage}" in sites.incident_text(site, names(site)[0])
    assert "<: back" in first.partition("Write it?")[2]


@pytest.mark.parametrize(
    ("typed_components", "states"),
    [
        ("", "{api: partial_outage}"),
        ("website", "{api: partial_outage, website: major_outage}"),
        ("api=unknown", "{api: unknown}"),
    ],
)
def test_the_components_of_a_template_are_kept_and_others_added(
    typed_components: str, states: str, tmp_path: Path
) -> None:
    site = make(tmp_path)
    (site / "site_templates" / "messages").mkdir(parents=True)
    (site / "site_templates" / "messages" / "plain.md").write_text(
        "---\ntitle: Login fails\ncomponents: {api: partial_outage}\n---\nPlease wait.\n"
    )
    state = ["1"] if typed_components == "website" else []
    said = typed(site, "t", "plain", typed_components, *state, "", "none", "y")

    assert said.code == 0, said.err
    assert f"components: {states}\n" in sites.incident_text(site, names(site)[0])
    assert said.err.partition("Readers will see:")[2].count("\n  API: ") == 1


@pytest.mark.parametrize("count", range(len(WHOLE)))
def test_whoever_stops_has_written_nothing_and_loses_nothing(count: int, tmp_path: Path, drafts: Path) -> None:
    site = make(tmp_path)
    before = sites.snapshot(site)
    said = typed(site, *WHOLE[:count])
    kept = list(drafts.iterdir())

    assert (said.code, said.out, sites.snapshot(site)) == (130, "", before)
    assert "Nothing was written." in said.err
    assert len(kept) == min(count, 1)
    if count:
        command = said.err.partition("To use it:\n  ")[2].splitlines()[0]
        assert all(word in command for word in ["Payments fail", *["-c api=major_outage"] * (count > 3)])
    if count > 5:
        args, _, file = command.partition(" < ")
        assert status(site, *shlex.split(args)[1:], "--next", "1h", stdin=Path(file).read_text()).code == 0
        assert "    Please pay by *transfer*.\n---" in sites.incident_text(site, names(site)[0])


def test_a_draft_is_asked_for_in_the_same_way(tmp_path: Path) -> None:
    site = make(tmp_path)
    said = status(site, "open", "--draft", typed="".join(f"{line}\n" for line in WHOLE))
    again = repeated(said, tmp_path)

    assert "Readers will see, once it is published:" in said.err
    assert "draft: true\n" in sites.incident_text(site, "2026-11-23-payments-fail.md")
    assert sites.snapshot(site / "incidents") == sites.snapshot(again / "incidents")


def test_a_no_writes_nothing(tmp_path: Path, drafts: Path) -> None:
    site = make(tmp_path)
    said = typed(site, *WHOLE[:-1], "n")

    assert (said.code, names(site), len(list(drafts.iterdir()))) == (1, [], 1)


def test_an_editor_gets_the_words_and_a_broken_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make(tmp_path)
    for name, value in sites.editor(tmp_path, "exit 3").items():
        monkeypatch.setenv(name, value)
    said = typed(site, "x", "", "", "", "By hand.", "", "e", "y")

    assert said.code == 0
    assert said.err.count("ended with the exit code 3") == 2
    for name, value in sites.editor(tmp_path, 'sed -i "1s/.*/Edited &/" "$1"').items():
        monkeypatch.setenv(name, value)
    assert typed(site, "z", "", "", "By hand.", "", "e", "y").code == 0
    assert "    Edited By hand.\n" in sites.incident_text(site, "2026-11-23-z.md")


@pytest.mark.slow
def test_a_full_disk_loses_no_words(tmp_path: Path, drafts: Path) -> None:
    site = make(tmp_path)
    long = "Please pay by transfer. " * 30
    with sites.terminal("".join(f"{line}\n" for line in ["x", "", "", long, "", "y"])) as stdin:
        done = sites.on_a_full_disk(len(long), ["open"], site, stdin, TMPDIR=str(drafts))

    assert (done.returncode, names(site)) == (1, [])
    assert "File too large" in done.stderr
    assert f"Your text:\n{long.strip()}\n" in done.stderr, "no draft fits on it either"


def test_where_nobody_can_answer_the_title_is_missing(tmp_path: Path) -> None:
    said = status(make(tmp_path), "open")

    assert (said.code, said.err.splitlines()[-1]) == (2, "Error: Missing argument 'TITLE'.")
    assert status(make(tmp_path / "2"), "open", "-m", "x", typed="").code == 2, "something else was given"


COMPONENTS = component_list.grouped(
    [
        Component("api", "Public API", "Platform"),
        Component("web", "Website"),
        Component("db-1", "Database 1", "Platform"),
        Component("db-2", "Database 2", "Platform"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("1", ["api"]),
        ("1,4", ["api", "web"]),
        ("2-3", ["db-1", "db-2"]),
        ("1 4 1", ["api", "web"]),
        ("public api, WEBSITE", ["api", "web"]),
        ("platform", ["api", "db-1", "db-2"]),
        ("site", ["web"]),
        ("ＡＰＩ", ["api"]),
        (", ,", []),
    ],
)
def test_components_are_chosen_by_number_name_or_group(typed: str, ids: list[str]) -> None:
    assert [component.id for component in component_list.chosen(typed, COMPONENTS)] == ids


@pytest.mark.parametrize(
    ("typed", "error"), [("0", "1 to 4"), ("3-2", "1 to 4"), ("db", "fits 2"), ("apx", "Did you mean")]
)
def test_a_component_that_is_not_certain_is_named(typed: str, error: str) -> None:
    with pytest.raises(click.UsageError, match=error):
        component_list.chosen(typed, COMPONENTS)


def test_a_list_of_components_has_numbers_and_groups() -> None:
    assert list(component_list.lines(COMPONENTS)) == [
        "Platform", "  1  Public API  (api)", "  2  Database 1  (db-1)", "  3  Database 2  (db-2)",
        "Other", "  4  Website  (web)",
    ]  # fmt: skip


# -- a real terminal -----------------------------------------------------------------------------


class Terminal:
    """`status open` in a pseudo-terminal of its own."""

    def __init__(self, site: Path, drafts: Path, **env: str) -> None:
        self.child, self.screen = pty.fork()
        if not self.child:
            os.chdir(site)
            os.environ.update({"TERM": "xterm", "TMPDIR": str(drafts), "SOURCE_DATE_EPOCH": sites.EPOCH, **env})
            os.execv(Path(sys.executable).with_name("status"), ["status", "open"])
        self.read()

    def read(self, until: str = "> ") -> str:
        """What is shown up to the next question."""
        shown, end = b"", time.monotonic() + 20
        while time.monotonic() < end and not (b"\n" in shown and shown.endswith(until.encode())):
            if select.select([self.screen], [], [], 0.2)[0]:
                try:
                    shown += os.read(self.screen, 65536)
                except OSError:
                    break
        return re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]|\r", "", shown.decode("utf-8", "replace"))

    def type(self, text: str) -> str:
        os.write(self.screen, text.encode())
        return self.read()

    def code(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])


@pytest.mark.slow
@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C"}])
def test_a_closed_terminal_loses_no_words(locale: dict[str, str], tmp_path: Path, drafts: Path) -> None:
    site = make(tmp_path)
    terminal = Terminal(site, drafts, **locale)
    for line in ("Été: لا يعمل\r", "api\r", "1\r", "\r"):
        terminal.type(line)
    terminal.type("\x1b[200~Two lines é\n\nwere pasted.\x1b[201~\r")
    os.close(terminal.screen)
    code = terminal.code()
    (kept,) = drafts.iterdir()

    assert (code, names(site)) == (129, [])
    assert kept.read_text("utf-8").startswith("Two lines é\n\nwere pasted.\n")
    assert "Été: لا يعمل" in kept.read_text("utf-8")


@pytest.mark.slow
def test_a_terminal_that_is_closed_while_the_editor_is_open_loses_no_words(tmp_path: Path, drafts: Path) -> None:
    site = make(tmp_path)
    script = 'echo "Half a sentence" > "$1.new"; cat "$1" >> "$1.new"; mv "$1.new" "$1"; echo "> "; sleep 30'
    terminal = Terminal(site, drafts, **sites.editor(tmp_path, script))
    for line in ("Payments fail\r", "\r", "\r"):
        terminal.type(line)
    os.write(terminal.screen, b"\r")
    terminal.read("> \r\n")
    os.close(terminal.screen)
    code = terminal.code()
    kept = "".join(path.read_text("utf-8") for path in drafts.iterdir())

    assert (code, names(site)) == (129, [])
    assert "Half a sentence\n" in kept
    assert "Payments fail" in kept


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_line_that_was_begun_is_kept_too(stop: signal.Signals, tmp_path: Path, drafts: Path) -> None:
    site = make(tmp_path)
    terminal = Terminal(site, drafts, LC_ALL="C", COLUMNS="20")
    for line in ("x\r", "\r", "\r"):
        terminal.type(line)
    os.write(terminal.screen, "Half a séntence".encode())
    time.sleep(0.3)
    os.kill(terminal.child, stop)
    shown = terminal.read("\0")

    assert "Nothing was written." in shown
    assert (terminal.code(), names(site)) == (130 if stop is signal.SIGINT else 128 + stop, [])
    assert next(drafts.iterdir()).read_text("utf-8").startswith("Half a séntence\n")
