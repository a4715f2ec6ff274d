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

    assert (done.returncode, f"Your text is kept in {kept}." in done.stderr) == (1, True), done.stderr
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
