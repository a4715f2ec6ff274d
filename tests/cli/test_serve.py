"""`status serve` as a process of its own: real builds at every change, mistakes shown as the page, a clean end."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import sites

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
    assert process.stdout is not None
    try:
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
        process.stdout.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    files = {"2026-11-20-slow-website.yml": sites.RESOLVED}
    with serving(sites.make(tmp_path_factory.mktemp("serve") / "s", files)) as found:
        yield found


def test_it_answers_with_the_site(served: Served) -> None:
    status, html = served.get()

    assert (status, "All systems operational</h1>" in html, "data-replay" in html) == (200, True, False)
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


def test_it_shows_another_time_and_says_so(tmp_path: Path) -> None:
    with serving(sites.make(tmp_path / "s"), "--now", "2026-11-20T11:00Z") as found:
        html = found.get()[1]

        assert "Degraded performance</h1>" in html
        assert re.search(r"data-replay.*\s.*Replay: as of <time[^>]*>20 November 2026, 11:00 UTC", html)
        assert found.get("status.txt")[1].startswith("Replay: as of 20 November 2026, 11:00 UTC\n")


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
        == f"port {port} cannot be used: Address already in use.\nUse another port: status serve --port {port + 1}\n"
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
