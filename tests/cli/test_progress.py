"""How a build goes, as whoever waits for it sees it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
import sites
from sites import status

from status_tool.cli import progress
from status_tool.cli.progress import Stopwatch


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, terminal: io.StringIO, long: float) -> str:
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "DELAY", long)
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    watch = Stopwatch()
    with watch.step("Pages"):
        watch.progress(50, 200)
    return terminal.getvalue()


def test_a_long_build_says_how_far_it_is_and_leaves_no_line_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), long=0.0) == "\r\x1b[KPages …\r\x1b[KPages … 25 %\r\x1b[K"


def test_a_short_one_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), long=60.0) == ""


def test_a_log_gets_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO(), long=0.0) == ""


@pytest.mark.slow
def test_profile_and_verbose_say_where_the_time_went_and_what_was_left_out(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    first, second = (status(site, "build", "-v", "--profile").out for _ in range(2))

    assert "  MkDocs ran: its settings, pages, templates or theme are new or have changed, or" in first
    assert "  MkDocs did not run: its settings, pages and theme are the same.\n" in second
    steps = ("Loading the program", "Incident files", "Summary", "Templates", "Frame and own pages (MkDocs)")
    for step in (*steps, "Pages, feeds and documents", "Everything else"):
        assert f"  {step:<32}" in second
    assert second.count(" %\n") == len(steps) + 2
