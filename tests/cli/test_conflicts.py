"""A conflict of git keeps a site from being published, wherever it is, and is told once."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
import repository
import sites
from sites import API_ERRORS, status

NAME = "incidents/2026-11-23-api-errors.md"
SETTINGS = "INHERIT: base.yml\nsite_name: Example Status\n"
BASE = sites.SETTINGS.format(url="https://status.example.org/", language="en").replace(
    "false", "false, custom_dir: theme"
)
HERE = "HERE\n"
"""Where both sides change a line."""
PLACES = {
    "post-mortem": (NAME, f"{API_ERRORS}\nWhat happened:\n{HERE}"),
    "text below a bar": (NAME, API_ERRORS.replace("    We are looking into it.\n", HERE)),
    "text in quotes": (
        NAME,
        API_ERRORS.replace("|\n    We are looking into it.\n", f'"We see errors\n{HERE}    today."\n'),
    ),
    "between updates": (NAME, API_ERRORS.replace("updates:\n", f"updates:\n{HERE}")),
    "first line": (NAME, HERE + API_ERRORS),
    "file of a record alone": ("incidents/2026-11-20-x.yml", sites.RESOLVED + HERE),
    "settings": ("mkdocs.yml", SETTINGS + HERE),
    "inherited settings": ("base.yml", f"{BASE}{HERE}"),
    "page": ("docs/about.md", f"# About\n{HERE}"),
    "asset": ("docs/assets/own.css", HERE),
    "template": ("site_templates/pages/home.html", HERE),
    "phrase": ("site_templates/locales/en.po", HERE),
    "part of the theme": ("theme/main.html", '{% extends "base.html" %}\n' + HERE),
}


def conflicted(folder: Path, place: str) -> tuple[Path, str, str]:
    """A site in which git failed to merge two changes of a file; the path of the file, and its text before both."""
    path, text = PLACES[place]
    site = sites.make(folder / "s", {"2026-11-23-api-errors.md": API_ERRORS})
    (site / "base.yml").write_text(BASE)
    (site / "mkdocs.yml").write_text(SETTINGS)
    (site / "theme").mkdir()
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    before, ours, theirs = (text.replace(HERE, line) for line in ("", "    mine\n", "    yours\n"))
    (site / path).write_text(before)
    repository.create(site)
    repository.diverge(site, path, ours, theirs)
    repository.git(site, "merge", "other", code=1)
    return site, path, before


@pytest.mark.parametrize("place", PLACES)
def test_check_refuses_a_conflict_in_any_file_of_the_site(place: str, tmp_path: Path) -> None:
    site, path, _ = conflicted(tmp_path, place)
    line = (site / path).read_text().splitlines().index("<<<<<<< HEAD") + 1
    said = status(site, "check")

    assert (said.code, said.out) == (1, "")
    assert said.err == (
        f'{path}:{line}: an unresolved conflict of git: line {line + 1} is from "HEAD", '
        f'line {line + 3} is from "other".\n'
        f"{_of_an_incident(site) if path.startswith('incidents/') else ''}"
        f"Keep the right lines, often those of both, and delete the marker lines. Then: git add {path}\n"
        f'Or keep the whole file of "HEAD": git checkout --ours -- {path}\n'
        f'or of "other": git checkout --theirs -- {path}. Then: git add {path}\n'
        "If it is a text about conflict markers, indent it.\n"
    )


def _of_an_incident(site: Path) -> str:
    ours, theirs = (repository.git(site, "rev-parse", "--short", name).strip() for name in ("HEAD", "MERGE_HEAD"))
    return (
        f'Written by x (commit {ours}, 2026-11-23 14:05: "x")\nand by x (commit {theirs}, 2026-11-23 14:05: "x").\n'
        "To unite what both sides say: status merge\n"
    )


@pytest.mark.parametrize("command", [["update", "api", "-m", "x"], ["resolve", "api", "-m", "x"], ["amend", "-m", "x"]])
@pytest.mark.parametrize("place", ["text in quotes", "post-mortem", "settings"])
def test_a_command_changes_nothing_in_a_site_with_a_conflict(command: list[str], place: str, tmp_path: Path) -> None:
    site, path, _ = conflicted(tmp_path, place)
    before = sites.snapshot(site)
    said = status(site, *command)

    assert (said.code, said.err.startswith(f"{path}:")) == (1, True)
    assert said.err.count("an unresolved conflict of git") == 1
    assert sites.snapshot(site) == before


@pytest.mark.parametrize("side", ["--ours", "--theirs"])
def test_the_commands_in_the_hint_settle_the_conflict(side: str, tmp_path: Path) -> None:
    site, path, _ = conflicted(tmp_path, "post-mortem")
    hint = status(site, "check").err
    for part in (f"git checkout {side} -- {path}", f"git add {path}"):
        assert part in hint
        repository.git(site, *shlex.split(part)[1:])

    assert repository.git(site, "diff", "--name-only", "--diff-filter=U") == ""
    assert status(site, "check").code == 0


def test_a_conflict_is_found_in_a_file_that_an_earlier_run_has_read(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": API_ERRORS})
    assert status(site, "check").code == 0
    (site / NAME).write_text(API_ERRORS + "<<<<<<< HEAD\n")

    assert f"{NAME}:10: a conflict marker of git is left over" in status(site, "check").err


def test_every_file_with_a_conflict_is_named_once(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": API_ERRORS + "<<<<<<< HEAD\n>>>>>>> other\n"})
    (site / "docs" / "about.md").write_text(">>>>>>> other\n>>>>>>> other\n")
    problems = json.loads(status(site, "check", "--json").out)["problems"]

    assert [(problem["path"], problem["line"]) for problem in problems] == [("docs/about.md", 1), (NAME, 10)]


def test_a_binary_file_is_no_page_with_a_conflict(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    (site / "docs" / "photo.jpg").write_bytes(b"\xff\xd8\x00\n<<<<<<< HEAD\n")
    (site / "docs" / ".#gone.md").symlink_to("nowhere")

    assert status(site, "check").code == 0


@pytest.mark.slow
@pytest.mark.parametrize("place", ["page", "text in quotes", "part of the theme"])
def test_a_build_refuses_a_conflict_and_leaves_the_last_site(place: str, tmp_path: Path) -> None:
    site, path, text = conflicted(tmp_path, place)
    conflict = (site / path).read_text()
    (site / path).write_text(text)
    assert status(site, "build").code == 0
    before = sites.snapshot(site / "site")
    (site / path).write_text(conflict)
    said = status(site, "build")

    assert (said.code, said.err.count("\n"), said.err.startswith(f"{path}:")) == (
        1,
        5 + 3 * path.startswith("incidents/"),  # who wrote what, and that they can be united
        True,
    ), said.err
    assert sites.snapshot(site / "site") == before
