"""What was published long after its time is warned of, from git itself."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import sites
from sites import status

from status_tool.system import clock

ID = "2026-11-10-first"
NOW = clock.parse_time("2026-11-20T12:00:00Z")
HEAD = "---\ntitle: First\nupdates:\n"
OPENED = "- at: 2026-11-10T10:00:00Z\n  status: investigating\n  message: Hello\n"
RESOLVED = "- at: 2026-11-10T12:00:00Z\n  status: resolved\n  message: Done\n"
REPORT = "## What happened\n\nIt broke.\n"
IN_TIME = "2026-11-10T10:01:00Z", "2026-11-10T12:01:00Z"
HINT = "Feeds date it by its time, so it is no news for many readers. Write when readers could see it, as "


@pytest.fixture
def site(tmp_path: Path) -> Path:
    made = sites.make(tmp_path / "s", {"2026-11-01-other.yml": sites.WORK.replace("2026-11-20T09", "2026-11-20T11")})
    (made / ".git").rmdir()
    git(made, "init", "-q", "-b", "main", at=IN_TIME[0])
    commit(made, "2026-11-20T11:00:00Z")
    return made


def git(folder: Path, *args: str, at: str) -> None:
    who = {f"GIT_{role}_{key}": "x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    when = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at, "GIT_CONFIG_GLOBAL": "/nowhere/gitconfig"}
    subprocess.run(["git", *args], cwd=folder, check=True, env={**os.environ, **who, **when}, capture_output=True)


def commit(folder: Path, at: str) -> None:
    git(folder, "add", "-A", at=at)
    git(folder, "commit", "-q", "-m", "x", at=at)


def write(site: Path, text: str, at: str = "") -> None:
    """Writes the incident, and commits it at the time `at`."""
    (site / "incidents" / f"{ID}.md").write_text(text)
    if at:
        commit(site, at)


def post(site: Path, *, report: str = "", reviewed: str = "") -> None:
    """Publishes both updates in time; then writes the post-mortem, without a commit."""
    write(site, f"{HEAD}{OPENED}---\n", IN_TIME[0])
    write(site, f"{HEAD}{OPENED}{RESOLVED}---\n", IN_TIME[1])
    if report:
        head = HEAD.replace("updates", f"reviewed: {reviewed}\nupdates") if reviewed else HEAD
        write(site, f"{head}{OPENED}{RESOLVED}---\n{report}")


def warned(site: Path) -> list[str]:
    said = status(site, "check", now=NOW)
    assert said.code == 0, said.err
    return [line.removeprefix(f"Warning: incidents/{ID}.md:") for line in said.err.splitlines()]


def test_what_was_published_in_time_is_no_warning(site: Path) -> None:
    post(site)

    assert warned(site) == []
    assert status(site, "check", now=NOW).out == "Checked 2 incident files: no errors.\nNext: status build\n"


def test_an_update_that_was_committed_late_is_warned_of(site: Path) -> None:
    write(site, f"{HEAD}{OPENED}---\n", IN_TIME[0])
    write(site, f"{HEAD}{OPENED}{RESOLVED}---\n", "2026-11-12T12:00:00Z")

    assert warned(site) == [
        "7: the update of 2026-11-10T12:00:00Z was published at 2026-11-12T12:00:00Z, 2 d after its time, "
        "2026-11-10T12:00:00Z.",
        f"{HINT}posted: 2026-11-12T12:00:00Z",
    ]
    (warning,) = json.loads(status(site, "check", "--json", now=NOW).out)["warnings"]
    assert (warning["path"], warning["line"]) == (f"incidents/{ID}.md", 7)


def test_an_incident_that_was_committed_late_is_one_warning(site: Path) -> None:
    write(site, f"{HEAD}{OPENED}{RESOLVED}---\n", "2026-11-12T12:00:00Z")

    (what, _) = warned(site)
    assert what.startswith("4: the update of 2026-11-10T10:00:00Z (and 1 more) was published at 2026-11-12T12:00:00Z,")


def test_a_post_mortem_is_warned_of_beside_updates_that_are_late_too(site: Path) -> None:
    write(site, f"{HEAD}{OPENED}{RESOLVED}---\n{REPORT}", "2026-11-12T12:00:00Z")

    hints = [line for line in warned(site) if line.startswith(HINT)]
    assert hints == [f"{HINT}{key}: 2026-11-12T12:00:00Z" for key in ("posted", "reviewed")]


def test_what_is_not_committed_yet_is_warned_of_before(site: Path) -> None:
    write(site, f"{HEAD}{OPENED}---\n")

    assert warned(site) == [
        "4: the update of 2026-11-10T10:00:00Z is not published yet, 10 d 2 h after its time, 2026-11-10T10:00:00Z.",
        f"{HINT}posted: 2026-11-20T12:00:00Z",
    ]


@pytest.mark.parametrize(
    ("line", "lines"),
    [("posted: 2026-11-12T11:30:00Z", 0), ("posted: 2026-11-11T12:00:00Z", 2), ("edited: 2026-11-12T11:00:00Z", 2)],
)
def test_what_says_when_it_was_published_is_no_warning(line: str, lines: int, site: Path) -> None:
    write(site, f"{HEAD}{OPENED.replace('  status', f'  {line}{chr(10)}  status')}---\n", "2026-11-12T12:00:00Z")

    assert len(warned(site)) == lines


def test_a_draft_is_published_when_it_is_none_any_more(site: Path) -> None:
    write(site, HEAD.replace("updates", "draft: true\nupdates") + f"{OPENED}---\n", IN_TIME[0])
    assert warned(site) == []
    write(site, f"{HEAD}{OPENED}---\n", "2026-11-12T12:00:00Z")

    assert "was published at 2026-11-12T12:00:00Z" in warned(site)[0]


def test_a_file_in_another_format_has_what_was_published_before(site: Path) -> None:
    post(site)
    (site / "incidents" / f"{ID}.md").rename(site / "incidents" / f"{ID}.yml")
    (site / "incidents" / f"{ID}.yml").write_text(f"{HEAD}{OPENED}{RESOLVED}".removeprefix("---\n"))
    commit(site, "2026-11-14T12:00:00Z")

    assert warned(site) == []


def test_what_is_much_older_than_its_commit_was_entered_later(site: Path) -> None:
    write(site, f"{HEAD}{OPENED}{RESOLVED}---\n{REPORT}".replace("2026-11", "2021-10"), "2026-11-12T12:00:00Z")

    assert warned(site) == []


def test_a_post_mortem_that_came_later_is_warned_of(site: Path) -> None:
    post(site, report=REPORT)
    assert warned(site) == [
        " the post-mortem is not published yet, 10 d after its time, 2026-11-10T12:00:00Z.",
        f"{HINT}reviewed: 2026-11-20T12:00:00Z",
    ]
    commit(site, "2026-11-14T12:00:00Z")

    assert warned(site) == [
        " the post-mortem was published at 2026-11-14T12:00:00Z, 4 d after its time, 2026-11-10T12:00:00Z.",
        f"{HINT}reviewed: 2026-11-14T12:00:00Z",
    ]


def test_a_post_mortem_below_an_old_incident_is_warned_of_too(site: Path) -> None:
    old = f"{HEAD}{OPENED}{RESOLVED}---\n".replace("2026-11", "2026-05")
    write(site, old, "2026-05-10T12:00:00Z")
    write(site, old + REPORT, "2026-11-14T12:00:00Z")

    assert "the post-mortem was published at 2026-11-14T12:00:00Z" in warned(site)[0]


def test_a_post_mortem_that_says_when_it_was_published_is_no_warning(site: Path) -> None:
    post(site, report=REPORT, reviewed="2026-11-14T11:00:00Z")
    commit(site, "2026-11-14T12:00:00Z")

    assert warned(site) == []


def test_without_git_a_post_mortem_must_say_when_it_was_published(tmp_path: Path) -> None:
    made = sites.make(tmp_path / "s", {f"{ID}.md": f"{HEAD}{OPENED}{RESOLVED}---\n{REPORT}"})
    said = status(made, "check", now=NOW)

    assert said.err.startswith(
        f'Warning: incidents/{ID}.md: "reviewed" is missing, so feeds date the post-mortem by the last update, '
        "2026-11-10T12:00:00Z.\nWrite when it was published, for example: reviewed: 2026-11-20T12:00:00Z\n"
    )
    assert "whether anything was published late (the files are in no git repository)" in said.out


def test_a_commit_of_the_future_shows_nothing(site: Path) -> None:
    write(site, f"{HEAD}{OPENED}---\n", "2026-11-30T00:00:00Z")

    assert warned(site) == []
    reason = "a commit is later than the clock of this machine"
    assert f"Not checked: whether anything was published late ({reason})." in status(site, "check", now=NOW).out
