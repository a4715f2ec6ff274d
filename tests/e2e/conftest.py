"""The demo in a real browser: as it is published, a replay, and in an ordinary build of the day after."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sites as small_sites
from browsing import ARGUMENTS, Live, build, served
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
MID_OUTAGE, DAY_AFTER = "2021-10-04T20:00:00Z", "2021-10-05T12:00:00Z"


EVIL = """\
title: "Zebra <img src=x onerror=document.title='ran'> <script>document.title='ran'</script>"
updates:
- at: 2026-11-23T13:00:00Z
  status: investigating
  components: {api: major_outage}
  message: "Zebra <svg onload=document.title='ran'> [x](javascript:document.title='ran')"
"""


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address below which `outage/`, `after/` and `evil/` lie."""
    root = tmp_path_factory.mktemp("sites")
    build(ROOT / "mkdocs.yml", MID_OUTAGE, root / "outage", is_replay=True)
    build(ROOT / "mkdocs.yml", DAY_AFTER, root / "after")
    evil = small_sites.make(root / "source", {"2026-11-23-evil.yml": EVIL})
    build(evil / "mkdocs.yml", small_sites.NOW, root / "evil")
    with served(root) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """A small site that a test builds, serves and changes."""
    found = Live(tmp_path / "s")
    yield found
    found.down()
