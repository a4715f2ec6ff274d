"""Somebody who opens what is open already is asked whether it is the same, or gets the commands to go on."""

from __future__ import annotations

import json
import shlex
import tempfile
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, RESOLVED, status

OPEN = {"2026-11-23-api-errors.md": API_ERRORS, "2026-11-20-slow-website.yml": RESOLVED, "broken.yml": "title: x\n"}
QUESTION = "2026-11-23-api-errors (API errors) is open already on api: investigating, since 13:00 UTC (1 h 5 min).\n"
AGAIN = ["open", "No logins", "-c", "api=partial_outage", "--next", "30m", "-m", "Users' logins fail."]


def names(site: Path) -> list[str]:
    return sorted(path.name for path in (site / "incidents").iterdir())


def test_a_script_gets_the_commands_to_go_on_and_each_of_them_works(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    before = sites.snapshot(site)
    said = status(site, *AGAIN)
    text = """'Users'"'"' logins fail.'"""

    assert (said.code, said.out, sites.snapshot(site)) == (1, "", before)
    assert said.err == (
        f"{QUESTION}"
        "To post this as an update:\n"
        f"  status update 2026-11-23-api-errors -c api=partial_outage --next 30m -m {text}\n"
        "To open another incident:\n"
        f"  status open 'No logins' --anyway -c api=partial_outage --next 30m -m {text}\n"
    )
    commands = [shlex.split(line)[1:] for line in said.err.splitlines() if line.startswith("  status")]
    assert [status(site, *command).code for command in commands] == [0, 0]
    assert names(site) == sorted([*OPEN, "2026-11-23-no-logins.md"])
    assert json.loads(status(site, "show", "api-errors", "--json").out)["updates"][-1]["message"] == AGAIN[-1]


@pytest.mark.parametrize(
    "args",
    [
        ["Slow", "-c", "website=partial_outage"],  # another component
        ["Slow website"],  # the title of one that is resolved
        ["Fine", "-c", "api=operational"],
        ["Earlier", "-c", "api=partial_outage", "--at", "2026-11-20T10:00Z"],
    ],
)
def test_what_is_not_the_same_is_opened_at_once(args: list[str], tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)

    assert status(site, "open", *args, "-m", "x").code == 0


def test_the_first_incident_of_a_site_makes_the_folder(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {})
    (site / "incidents").rmdir()

    assert status(site, *AGAIN).code == 0
    assert names(site) == ["2026-11-23-no-logins.md"]


def test_the_same_title_is_asked_about_too(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    said = status(site, "open", "Api  ERRORS", "--impact", "major", "-m", "x", typed="2\n1\n\n")

    assert said.err.startswith(f"1  {QUESTION.replace('on api', 'with this title')}")
    assert said.out.startswith("API errors is investigating now.")
    assert said.out.endswith('\nNot used in the update: the title "Api ERRORS", --impact major.\n')
    assert names(site) == sorted(OPEN)


def test_somebody_who_wants_another_incident_gets_it(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", OPEN)

    assert status(site, *AGAIN, typed="new\n").out.startswith("Opened No logins:")


def test_what_was_piped_is_in_the_commands_and_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = sites.make(tmp_path / "s", OPEN)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    said = status(site, *AGAIN[:-1], "-", stdin="Two\nlines.\n")
    kept = next(tmp_path.glob("status-message-*"))

    assert said.err.startswith(f"Your text is kept in {kept}.\n{QUESTION}")
    assert "--next 30m -m 'Two\nlines.'\n" in said.err


def test_one_that_was_opened_while_somebody_typed_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = sites.make(tmp_path / "s")
    (tmp_path / "2026-11-23-api-errors.md").write_text(API_ERRORS)
    script = f'cp {tmp_path}/2026-11-23-api-errors.md {site}/incidents; printf "words\\n" >> "$1"'
    for name, value in sites.editor(tmp_path, script).items():
        monkeypatch.setenv(name, value)
    said = status(site, "open", "No logins", "-c", "api=partial_outage", typed="1\n\n")

    assert f"1  {QUESTION}" in said.err
    assert json.loads(status(site, "show", "--json").out)["updates"][-1]["message"] == "words"
