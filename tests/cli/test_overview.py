"""`status` alone says what is open and due, never more than it knows, and what to type."""

from __future__ import annotations

from pathlib import Path

import pytest
import repository
import sites
from sites import API_ERRORS, RESOLVED, Said, status, work

PROMISED = API_ERRORS.replace("  message:", "  next: 90m\n  message:")
LATE = API_ERRORS.replace("  message:", "  next: 30m\n  message:")
RUNNING = work("2026-11-23T13:30:00Z", "2026-11-23T15:00:00Z", "website")
SOON = work("2026-11-24T02:00:00Z", "2026-11-24T04:00:00Z")
LATER = work("2026-12-01T02:00:00Z", "2026-12-01T04:00:00Z")


def shown(folder: Path, incidents: dict[str, str]) -> Said:
    return status(sites.make(folder / "s", incidents))


def test_what_is_open_planned_and_due_is_listed_with_the_commands_of_the_moment(tmp_path: Path) -> None:
    incidents = {
        "2026-11-23-api-errors.md": PROMISED,
        "2026-11-23-cables.yml": RUNNING,
        "2026-11-24-upgrade.yml": SOON,
        "2026-12-01-move.yml": LATER,
        "2026-11-20-slow.yml": RESOLVED,
        "2026-11-23-idea.md": API_ERRORS.replace("title: API errors", "title: Idea\ndraft: true"),
    }
    said = shown(tmp_path, incidents)

    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "Example Status, 14:05 UTC\n"
        "\nOpen\n"
        "  api-errors  API errors\n"
        "    investigating, impact critical, since 13:00 UTC (1 h 5 min)\n"
        "    next update promised by 14:30 UTC, in 25 min\n"
        "  cables  Database upgrade\n"
        "    in_progress, maintenance, 13:30 UTC until 15:00 UTC\n"
        "\nPlanned\n"
        "  upgrade  Database upgrade\n"
        "    2026-11-24 02:00 UTC until 2026-11-24 04:00 UTC: begins in 11 h 55 min\n"
        "\n1 more planned, later than 24 h from now: status list\n"
        "\nDrafts, which readers do not see\n"
        "  idea  Idea\n"
        "\nNow\n"
        '  status update api-errors -m "What you know now."\n'
        '  status resolve api-errors -m "What was done."\n'
        "  status publish idea\n"
        "  status open          (asks step by step)\n"
        "  status --help\n"
    )


def test_what_is_late_comes_first(tmp_path: Path) -> None:
    late = LATE.replace("api:", "website:")
    said = shown(tmp_path, {"2026-11-23-api-errors.md": API_ERRORS, "2026-11-23-web.md": late})

    assert "    overdue: the next update was promised by 13:30 UTC, 35 min ago\n" in said.out
    assert "    no next update is promised\n" in said.out
    assert said.out.partition("\nNow\n")[2].startswith("  status update web -m ")


@pytest.mark.parametrize("broken", ["title: x\n", "<<<<<<< a\n=======\n>>>>>>> b\n", "\xff"])
def test_a_file_with_an_error_is_never_passed_over(broken: str, tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": API_ERRORS})
    (site / "incidents" / "broken.md").write_bytes(broken.encode("latin-1"))
    alone = sites.make(tmp_path / "alone", {})
    (alone / "incidents" / "broken.md").write_bytes(broken.encode("latin-1"))

    for folder in (site, alone):
        said = status(folder)
        assert said.code == 0
        assert "1 incident file has an error, so something may be missing here: status check\n" in said.out
        assert "Nothing is open" not in said.out
    assert "api-errors" in status(site).out


def test_nothing_open_is_said_of_the_files_only(tmp_path: Path) -> None:
    said = shown(tmp_path, {"2026-11-20-slow.yml": RESOLVED})

    assert "Nothing is open or planned, as far as the files here say.\n" in said.out


def test_files_that_are_gone_are_no_good_news(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {})
    (site / "incidents").rmdir()

    assert "Nothing is open" not in status(site).out


def test_where_there_is_no_site_the_help_says_how_to_make_one(tmp_path: Path) -> None:
    said = status(tmp_path)

    assert said.code == 0
    assert said.out.startswith("Usage: status [OPTIONS] [COMMAND] [ARGS]...\n")
    assert said.out.endswith("\nThere is no status site here. To make one: status init my-status\n")


def test_settings_with_a_mistake_are_named(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", settings=sites.SETTINGS.replace("renewed_by", "renewed"))
    said = status(site)

    assert (said.code, said.out) == (1, "")
    assert 'unknown key "renewed"' in said.err


def test_what_is_not_pushed_is_counted(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": API_ERRORS})
    repository.create(site)
    repository.git(tmp_path, "clone", "-q", "--bare", str(site), "remote.git")
    repository.git(site, "remote", "add", "origin", str(tmp_path / "remote.git"))
    repository.git(site, "fetch", "-q")
    repository.git(site, "branch", "-q", "--set-upstream-to=origin/main")
    assert "Not published" not in status(site).out
    status(site, "update", "-m", "One.")
    repository.commit(site)
    status(site, "update", "-m", "Two.")

    assert "\nNot published\n  1 changed file in incidents\n  1 commit not pushed\n" in status(site).out
    assert "\n  status push\n" in status(site).out
