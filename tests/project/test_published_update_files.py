"""Updates in files of their own, by the history in git: what was removed, changed or late is warned of."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, status

from status_tool.system import clock

WORK = sites.WORK.replace("2026-11-20T09:00:00Z", "2026-11-23T12:59:00Z")
ID, OTHER = "2026-11-23-api-errors", "2026-11-20-upgrade"
OPENED, LATER = "2026-11-23T13:01:00Z", "2026-11-23T14:01:00Z"
NOW = clock.parse_time("2026-11-23T18:00:00Z")
FOUND = "20261123T140000Z.md"
TEXT = "---\nstatus: identified\ncomponents: {api: partial_outage}\n---\nFound it.\n"
ITEM = (
    "- at: 2026-11-23T14:00:00Z\n  status: identified\n  components: {api: partial_outage}\n  message: Found it.\n---\n"
)
MARK = "Add the time of the change, as edited: 2026-11-23T14:52:00Z, or use status amend.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that was published with an incident, later with an update file and its message in French."""
    made = sites.make(tmp_path / "s", {f"{ID}.md": API_ERRORS, f"{OTHER}.yml": WORK})
    (made / ".git").rmdir()
    git(made, "init", "-q", "-b", "main", at=OPENED)
    commit(made, OPENED)
    write(made, FOUND, TEXT)
    write(made, "20261123T140000Z.fr.md", "Trouvé.\n")
    commit(made, LATER)
    return made


def git(folder: Path, *args: str, at: str) -> None:
    who = {f"GIT_{role}_{key}": "x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    when = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at, "GIT_CONFIG_GLOBAL": "/nowhere/gitconfig"}
    subprocess.run(["git", *args], cwd=folder, check=True, env={**os.environ, **who, **when}, capture_output=True)


def commit(folder: Path, at: str) -> None:
    git(folder, "add", "-A", at=at)
    git(folder, "commit", "-q", "-m", "x", at=at)


def write(site: Path, name: str, text: str, id: str = ID) -> None:
    (site / "incidents" / id).mkdir(exist_ok=True)
    (site / "incidents" / id / name).write_text(text)


def own(site: Path) -> Path:
    return site / "incidents" / f"{ID}.md"


def warnings(site: Path) -> str:
    said = status(site, "check", now=NOW)
    assert said.code == 0, said.err
    return said.err


def test_what_is_as_it_was_published_is_no_warning(site: Path) -> None:
    assert warnings(site) == ""
    write(site, "20261123T140000Z.de.md", "Gefunden.\n")  # one more language takes nothing back
    assert warnings(site) == ""
    write(site, FOUND, TEXT.replace("status", "edited: 2026-11-23T17:59:00Z\nstatus").replace("Found", "We found"))
    assert warnings(site) == ""


def test_a_folded_update_is_as_it_was_and_so_is_one_that_got_a_file(site: Path) -> None:
    item = ITEM.replace("message: Found it.", "message: {en: Found it., fr: Trouvé.}")
    own(site).write_text(API_ERRORS.removesuffix("---\n") + item)
    for file in (site / "incidents" / ID).iterdir():
        file.unlink()
    (site / "incidents" / ID).rmdir()
    assert warnings(site) == ""
    commit(site, LATER)
    assert warnings(site) == ""
    own(site).write_text(own(site).read_text().replace("Found", "Lost"))
    assert warnings(site) == (
        f"Warning: incidents/{ID}.md: the update of 2026-11-23T14:00:00Z was published, and changed without "
        f"`edited`.\n{MARK}"
    )
    own(site).write_text(API_ERRORS)
    write(site, FOUND, TEXT)
    write(site, "20261123T140000Z.fr.md", "Trouvé.\n")
    assert warnings(site) == ""


@pytest.mark.slow
def test_a_change_or_a_removal_is_warned_of(site: Path) -> None:
    at = "2026-11-23T14:00:00Z"
    write(site, FOUND, TEXT.replace("partial", "major"))
    assert warnings(site) == (
        f"Warning: incidents/{ID}/{FOUND}: the update of {at} was published, and changed without `edited`.\n{MARK}"
    )
    write(site, FOUND, TEXT)
    write(site, "20261123T140000Z.fr.md", "Perdu.\n")
    french = f"Warning: incidents/{ID}/20261123T140000Z.fr.md: the text in fr of the update of {at} was published, and "
    assert warnings(site) == f"{french}changed without `edited`.\n{MARK}"
    (site / "incidents" / ID / "20261123T140000Z.fr.md").unlink()
    assert "the text in fr" in warnings(site)
    assert "is now missing" in warnings(site)
    (site / "incidents" / ID / FOUND).unlink()
    (site / "incidents" / ID).rmdir()
    assert f"incidents/{ID}/{FOUND}: the update of {at} was published and is now missing.\n" in warnings(site)


@pytest.mark.slow
def test_a_draft_was_never_published(site: Path) -> None:
    draft = API_ERRORS.replace("title", "draft: true\ntitle")
    for name in ("2026-11-22-b.md", "2026-11-22-c.md"):
        (site / "incidents" / name).write_text(draft)
    write(site, FOUND, TEXT, "2026-11-22-b")
    write(site, FOUND, TEXT, "2026-11-22-c")
    commit(site, "2026-11-23T14:02:00Z")
    write(site, FOUND, TEXT.replace("Found", "We found"), "2026-11-22-b")
    (site / "incidents" / "2026-11-22-c.md").write_text(API_ERRORS)
    commit(site, "2026-11-23T17:00:00Z")

    said = warnings(site)
    assert "changed without" not in said
    assert said.count("Warning") == 1
    assert "2026-11-22-c.md:4: the update of 2026-11-23T13:00:00Z (and 1 more) was published at " in said


@pytest.mark.slow
def test_what_was_published_late_is_warned_of_by_its_own_file(site: Path) -> None:
    write(site, "20261123T150000Z.md", TEXT)
    write(site, "20261123T151000Z.md", TEXT.replace("status", "edited: 2026-11-23T15:20:00Z\nstatus"))
    said = warnings(site)
    assert f"incidents/{ID}/20261123T150000Z.md:1: the update of 2026-11-23T15:00:00Z (and 1 more) is not publ" in said
    assert f"incidents/{ID}/20261123T151000Z.md:2: the correction of the update of 2026-11-23T15:10:00Z is not" in said
    commit(site, "2026-11-23T15:01:00Z")
    assert warnings(site) == ""
    write(site, "20261123T120000Z.md", TEXT)
    commit(site, "2026-11-23T15:02:00Z")
    assert (
        f"incidents/{ID}/20261123T120000Z.md:1: the update of 2026-11-23T12:00:00Z was published at 2026"
        in warnings(site)
    )


@pytest.mark.slow
def test_a_moved_window_needs_an_update_that_came_after_it(site: Path) -> None:
    write(site, "20261123T150000Z.md", "---\nstatus: scheduled\n---\nAs planned.\n", OTHER)
    commit(site, "2026-11-23T15:01:00Z")
    file = site / "incidents" / f"{OTHER}.yml"
    file.write_text(WORK.replace("T02:00", "T01:00"))
    assert "the planned window was published, and changed without an update" in warnings(site)
    write(site, "20261123T170000Z.md", "---\nstatus: scheduled\n---\nEarlier.\n", OTHER)
    assert "window" not in warnings(site)


@pytest.mark.slow
def test_a_version_that_cannot_be_read_is_said(site: Path) -> None:
    write(site, "20261123T150000Z.md", "x")
    commit(site, "2026-11-23T15:00:00Z")
    write(site, "20261123T150000Z.md", TEXT)

    said = status(site, "check", now=NOW)
    assert f"1 earlier version of incidents/{ID}/20261123T150000Z.md in git cannot be read" in said.out
