"""The demo in a real browser: built once for two moments, served from this machine."""

from __future__ import annotations

import contextlib
import functools
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import sites as small_sites
from playwright.sync_api import Browser, sync_playwright

from status_tool import build as builds
from status_tool import clock
from status_tool.project import Project
from status_tool.settings import load
from status_tool.stopwatch import Stopwatch

ROOT = Path(__file__).parents[2]
MID_OUTAGE, DAY_AFTER = "2021-10-04T20:00:00Z", "2021-10-05T12:00:00Z"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


EVIL = """\
title: "Zebra <img src=x onerror=document.title='ran'> <script>document.title='ran'</script>"
updates:
- at: 2026-11-23T13:00:00Z
  status: investigating
  components: {api: major_outage}
  message: "Zebra <svg onload=document.title='ran'> [x](javascript:document.title='ran')"
"""


class _Quiet(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        del self.headers["If-Modified-Since"]  # counts in seconds, and some tests build faster
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


def build(file: Path, now: str, target: Path) -> Path:
    moment = clock.parse_time(now)
    found = load(file)
    here = Project(found, moment).built_at(target, found.site_url)
    builds.build(here.settings, functools.partial(here.as_of, moment), moment, Stopwatch())
    return target


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address below which `outage/`, `after/` and `evil/` lie."""
    root = tmp_path_factory.mktemp("sites")
    build(ROOT / "mkdocs.yml", MID_OUTAGE, root / "outage")
    build(ROOT / "mkdocs.yml", DAY_AFTER, root / "after")
    evil = small_sites.make(root / "source", {"2026-11-23-evil.yml": EVIL})
    build(evil / "mkdocs.yml", small_sites.NOW, root / "evil")
    with served(root) as address:
        yield address


@contextlib.contextmanager
def served(root: Path) -> Iterator[str]:
    """The address below which the files in `root` lie."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield started
        started.close()
