"""The live site: rebuilt at every change, showing mistakes as the page, and never gone."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import sites

from status_tool.pipeline import live_server

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-u", "-c", "from status_tool.cli.main import main; main()", "serve"]
LONGEST = 20
"""Seconds after which something that should have happened has not."""


class Served:
    def __init__(self, site: Path, process: subprocess.Popen[str], address: str) -> None:
        self.site, self.process, self.address = site, process, address

    def get(self, path: str = "") -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def until(self, words: str, path: str = "") -> int:
        """Asks for `path` until `words` stand there; the status it came with."""
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            status, html = self.get(path)
            if words in html:
                return status
            time.sleep(0.05)
        raise AssertionError(f"{words!r} never came")


@contextlib.contextmanager
def serving(site: Path, *args: str) -> Iterator[Served]:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *args],
        cwd=site,
        env={**os.environ, "SOURCE_DATE_EPOCH": sites.EPOCH},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if found := re.search(r"Serving (http\S+)", line):
                yield Served(site, process, found[1])
                return
        raise AssertionError(f"it never served: {said}")
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    files = {"2026-11-20-slow-website.yml": sites.RESOLVED}
    with serving(sites.make(tmp_path_factory.mktemp("serve") / "s", files)) as found:
        yield found


def test_it_answers_with_the_site(served: Served) -> None:
    status, html = served.get()

    assert (status, "All systems operational</h1>" in html) == (200, True)
    assert served.get("history/2026-11")[0] == 200
    assert served.get("no/such/page/")[0] == 404
    assert served.get("feed.atom")[1].startswith("<?xml")


def test_a_new_incident_shows(served: Served) -> None:
    path = served.site / "incidents" / "2026-11-23-api-errors.md"
    path.write_text(sites.API_ERRORS)
    assert served.until("Major outage</h1>") == 200
    path.unlink()
    assert served.until("All systems operational</h1>") == 200


def test_a_changed_page_template_and_setting_show(served: Served) -> None:
    (served.site / "docs" / "about.md").write_text("# About\n\nRewritten.\n")
    assert served.until("Rewritten.", "about/") == 200
    (served.site / "site_templates" / "pages").mkdir(parents=True)
    served.until("All systems operational</h1>")
    (served.site / "site_templates" / "pages" / "_foot.html").write_text("<p>Call us.</p>")
    served.until("Call us.")
    settings = served.site / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("name: Website", "name: Shop"))
    assert served.until(">Shop</a>") == 200


def test_a_broken_file_is_the_page_until_it_is_mended(served: Served) -> None:
    path = served.site / "incidents" / "2026-11-23-broken.yml"
    path.write_text(sites.RESOLVED.replace("investigating", "<looking>"))

    assert served.until("unknown status &quot;&lt;looking&gt;&quot;.") == 500
    assert "incidents/2026-11-23-broken.yml:5" in served.get("history/")[1]
    path.write_text(sites.RESOLVED)
    assert served.until("All systems operational</h1>") == 200


def test_a_folder_that_was_away_is_watched_again(served: Served) -> None:
    folder = served.site / "incidents"
    folder.rename(served.site / "away")
    assert served.until("there is no such folder") == 500
    shutil.copytree(served.site / "away", folder)
    served.until("Slow website")
    (folder / "2026-11-23-api-errors.md").write_text(sites.API_ERRORS)
    assert served.until("Major outage</h1>") == 200


def test_what_was_written_while_the_first_build_of_a_folder_ran_is_built_too(tmp_path: Path) -> None:
    happened = threading.Event()
    watch = live_server._Watch(tmp_path / "mkdocs.yml", happened)
    try:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "late.md").write_text("WriteResult after the build had read the folder.")
        watch.look_at([tmp_path / "elsewhere"])
        assert happened.is_set()
        assert not watch.refresh()  # nothing new, so one more build is enough
    finally:
        watch.stop()


def test_an_open_page_hears_of_a_change(served: Served) -> None:
    with urllib.request.urlopen(served.address + ".reload", timeout=LONGEST) as events:
        first = events.readline()
        (served.site / "docs" / "about.md").write_text(f"# About\n\n{time.monotonic()}\n")
        events.readline()
        second = events.readline()

    assert first.startswith(b"data: ")
    assert second.startswith(b"data: ")
    assert first != second


def test_it_begins_with_a_broken_file_too(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-broken.yml": "title: ["})
    with serving(site) as found:
        assert found.until("could not be built") == 500
        (site / "incidents" / "2026-11-23-broken.yml").write_text(sites.RESOLVED)
        assert found.until("All systems operational</h1>") == 200


def test_it_shows_another_time(tmp_path: Path) -> None:
    with serving(sites.make(tmp_path / "s"), "--now", "2026-11-20T11:00Z") as found:
        assert "Degraded performance</h1>" in found.get()[1]


def test_a_taken_port_is_one_message(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--port", str(port)],
            cwd=sites.make(tmp_path / "s"),
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )

    assert done.returncode == 1
    assert (
        done.stderr
        == f"port {port} cannot be used: Address already in use.\nTake another: status serve --port {port + 1}\n"
    )


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_asked_and_leaves_nothing(sent: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    os.environ["TMPDIR"] = str(tmp_path / "tmp")
    try:
        with serving(sites.make(tmp_path / "s")) as found:
            found.process.send_signal(sent)
            assert found.process.wait(LONGEST) == 0
    finally:
        del os.environ["TMPDIR"]

    assert list((tmp_path / "tmp").iterdir()) == []
