"""The words of somebody at a terminal: none of them is lost, whatever the editor or the disk does."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, Said, status

OPEN = {"2026-11-23-api-errors.md": API_ERRORS}


def test_what_was_typed_in_an_editor_survives_a_full_disk(tmp_path: Path) -> None:
    long = API_ERRORS.replace("looking into it", "looking into it" + " with all hands" * 20)
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": long})
    writes = 'printf "Typed with shaking hands.\\n" | cat - "$1" > "$1.new" && mv "$1.new" "$1"'
    with sites.terminal("\n") as stdin:
        done = sites.on_a_full_disk(
            len(long), ["update"], site, stdin, **sites.editor(tmp_path, writes), TMPDIR=str(tmp_path)
        )
    kept = next(tmp_path.glob("status-message-*"))

    assert done.returncode == 1
    assert f"Your text is kept in {kept}. To use it:\n  status update -m - < {kept}\n" in done.stderr
    assert "cannot be written: File too large." in done.stderr
    assert kept.read_text().startswith("Typed with shaking hands.\n")
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == long


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


def in_editor(site: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Said:
    """`status update` by somebody whose editor does that, and who promises no time."""
    for name, value in sites.editor(site.parent, script).items():
        monkeypatch.setenv(name, value)
    return status(site, "update", typed="\n")


def test_words_typed_below_the_explanation_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    in_editor(site, 'printf "# Heading\nwords\n" >> "$1"', monkeypatch)

    assert json.loads(status(site, "show", "--json").out)["updates"][-1]["message"] == "# Heading\nwords"


@pytest.mark.parametrize("command", [["update"], ["amend"], ["open", "Slow"], ["resolve"]])
def test_a_message_that_looks_like_part_of_the_record_is_refused(command: list[str], tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    before = sites.snapshot(site)
    said = status(site, *command, "-m", "Fixed.\nstatus: resolved\nnext: 30m")

    assert (said.code, said.err) == (
        1,
        'The message contains "next: 30m", which looks like part of the record, so nothing was changed.\n'
        "Use the options of the command: see --help. If it is meant as text, put it into fenced code (```).\n",
    )
    assert sites.snapshot(site) == before


def test_a_typed_message_that_looks_like_part_of_the_record_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    said = in_editor(site, 'printf "components: {api: operational}\n" >> "$1"', monkeypatch)

    assert said.code == 1
    assert f"Your text is kept in {next(tmp_path.glob('status-message-*'))}." in said.err
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == API_ERRORS


@pytest.mark.parametrize(
    ("editor", "message"),
    [
        ("no-such-editor", "The editor, no-such-editor (EDITOR), was not found, so nothing was changed.\n"),
        ("/dev/null -w", "The editor, /dev/null -w (EDITOR), cannot be executed, so nothing was changed.\n"),
        ("exit 3; :", "The editor, exit 3; : (EDITOR), ended with the exit code 3, so nothing was changed.\n"),
        ("kill -9 $$; :", "The editor, kill -9 $$; : (EDITOR), was ended by SIGKILL, so nothing was changed.\n"),
        ("true", "The message is empty, so nothing was changed. The editor ended at once.\n"),
    ],
)
def test_an_editor_that_does_not_work_leaves_two_ways_to_go_on(
    editor: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    monkeypatch.setenv("EDITOR", editor)
    monkeypatch.setenv("VISUAL", " ")
    nano = tmp_path / "bin" / "nano"
    nano.parent.mkdir()
    nano.write_text("#!/bin/sh\n")
    nano.chmod(0o755)
    monkeypatch.setenv("PATH", f"{nano.parent}:/bin")
    said = status(site, "update", "api errors", typed="")

    way_on = 'Give the text on the command line: -m "What readers should know."\n'
    assert (said.code, said.out) == (1, "")
    assert message + way_on in said.err
    if editor != "true":
        assert said.err.endswith(way_on + "Or use another editor:\n  EDITOR=nano status update 'api errors'\n")
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == API_ERRORS


@pytest.mark.parametrize("quoted", ['"{}" --wait', "{}"])
def test_an_editor_may_have_options_and_blanks_in_its_path(
    quoted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = sites.make(tmp_path / "a site", OPEN)
    path = sites.editor(tmp_path / "a site", 'for file; do :; done; printf "words\\n" >> "$file"')["EDITOR"]
    monkeypatch.setenv("VISUAL", quoted.format(path))

    assert status(site, "update", typed="\n").code == 0


def test_what_came_through_standard_input_is_kept_when_it_cannot_be_posted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    said = status(site, "update", "-m", "-", "--at", "2020-01-01T00:00Z", stdin="Long words.\n")
    kept = next(tmp_path.glob("status-message-*"))

    again = f"  status update --at 2020-01-01T00:00Z -m - < {kept}\n"
    assert said.err.startswith(f"Your text is kept in {kept}. To use it:\n{again}")
    assert kept.read_text() == "Long words.\n"


def test_a_draft_that_was_kept_can_be_used_by_another_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    in_editor(site, 'printf "words\n" | cat - "$1" > "$1.new"; mv "$1.new" "$1"; exit 1', monkeypatch)
    status(site, "resolve", "-m", "-", stdin=next(tmp_path.glob("status-message-*")).read_text())

    assert json.loads(status(site, "show", "api", "--json").out)["updates"][-1]["message"] == "words"


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
    assert sites.incident_text(site, "2026-11-23-api-errors.md") == API_ERRORS
