"""A repository that makes git unite incident files is warned of, wherever it says so; no other one is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, status

from status_tool.project import union_merges

ID = "2026-11-23-api-errors"
WHAT = "git unites two versions of an incident file line by line, which fuses two updates into one without a word"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site in a folder of its repository, with an incident and an update in a file of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    made = sites.make(tmp_path / "top" / "site", {f"{ID}.md": API_ERRORS})
    (made / ".git").rmdir()
    subprocess.run(["git", "init", "-q", str(tmp_path / "top")], check=True)
    (made / "incidents" / ID).mkdir()
    (made / "incidents" / ID / "20261123T140000Z.md").write_text("---\nstatus: identified\n---\nFound it.\n")
    return made


def warnings(site: Path) -> list[str]:
    said = status(site, "check")
    assert said.code == 0, said.err
    return [line.removeprefix("Warning: ") for line in said.err.splitlines() if not line.startswith("Not checked")]


@pytest.mark.parametrize(
    ("file", "text", "line", "hint"),
    [
        ("../.gitattributes", "# all\n*.md text merge=union\n", 2, "/site/incidents/** !merge"),
        ("../.gitattributes", "*.md merge=union\nsite/** -merge\n", 0, ""),
        (
            "../.gitattributes",
            "/site/incidents/* merge=union\nsite/docs/* merge=union\n",
            1,
            "/site/incidents/** !merge",
        ),
        ("../.gitattributes", "site/**/*.md merge=union\n", 1, "/site/incidents/** !merge"),
        ("../.gitattributes", "[attr]log text merge=union\n*.md log\n", 2, "/site/incidents/** !merge"),
        ("../.git/info/attributes", "*.md merge=union\n", 1, "/site/incidents/** !merge"),
        ("../../config/git/attributes", "*.md merge=union\n", 1, "/site/incidents/** !merge"),
        (".gitattributes", "docs/** merge=union\n*.txt merge=union\nCHANGELOG.md merge=union\n", 0, ""),
        ("incidents/.gitattributes", "2026-*.md merge=union\n", 1, "* !merge"),
        (f"incidents/{ID}/.gitattributes", "*Z.md merge=union\n", 1, "* !merge"),
        ("incidents/.gitattributes", "*.yml merge=union\n", 0, ""),
        ("incidents/.gitattributes", "*.md merge=text\n", 0, ""),
    ],
)
def test_the_line_that_unites_is_named(file: str, text: str, line: int, hint: str, site: Path) -> None:
    path = Path(os.path.normpath(site / file))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    said = warnings(site)

    if not line:
        assert said == []
        return
    shown = os.path.relpath(path, site) if path.is_relative_to(site) else str(path)
    assert said == [
        f'{shown}:{line}: {WHAT}: "{text.splitlines()[line - 1]}".',
        f"Remove it from that line, or write below it: {hint}",
    ]
    with path.open("a") as attributes:
        attributes.write(f"{hint}\n")
    assert warnings(site) == []


def test_a_driver_of_another_name_and_the_default_are_named_too(site: Path) -> None:
    subprocess.run(["git", "config", "merge.default", "both"], cwd=site, check=True)
    assert warnings(site) == []
    subprocess.run(["git", "config", "merge.both.driver", "git merge-file --union %A %O %B"], cwd=site, check=True)
    assert warnings(site) == [
        f"incidents: {WHAT} (merge.default).",
        "Unset it: git config --unset merge.default (with --global, if it is your own setting).",
    ]
    (site / ".gitattributes").write_text("*.md merge=both\n")
    assert f'.gitattributes:1: {WHAT}: "*.md merge=both".' in warnings(site)


def test_without_a_repository_nothing_is_merged(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {f"{ID}.md": API_ERRORS})
    assert union_merges.WHAT not in status(site, "check").out


def test_an_error_leaves_it_unchecked(site: Path) -> None:
    (site / "incidents" / "x.txt").write_text("x")
    assert union_merges.WHAT in status(site, "check", "--json").out
