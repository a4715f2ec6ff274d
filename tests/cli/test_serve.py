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
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sites

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-u", "-c", "from status_tool.cli.main import main; main()", "serve"]
LONGEST = 20
"""Seconds after which something that should have happened has not."""


def as_on_a_terminal() -> None:
    """A suite that runs in the background, or under nohup, ignores both, and so would what it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


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
def serving(site: Path, *args: str, under: str = "env") -> Iterator[Served]:
    process = subprocess.Popen(
        [under, *COMMAND, "--port", "0", *args],
        cwd=site,
        env={**os.environ, "SOURCE_DATE_EPOCH": sites.EPOCH},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=as_on_a_terminal,
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


def test_a_change_behind_a_link_shows(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-20-slow-website.yml": sites.RESOLVED})
    (site / "incidents").rename(tmp_path / "real")
    (site / "incidents").symlink_to(tmp_path / "real")
    with serving(site) as found:
        path = tmp_path / "real" / "2026-11-20-slow-website.yml"
        path.write_text(sites.RESOLVED.replace("Slow website", "Slow shop"))
        found.until("Slow shop")


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


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of the processes that a test starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    return tmp_path / "tmp"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_when_asked_and_leaves_nothing(sent: signal.Signals, tmp_path: Path, temporary: Path) -> None:
    with serving(sites.make(tmp_path / "s")) as found:
        found.process.send_signal(sent)
        assert found.process.wait(LONGEST) == 0

    assert list(temporary.iterdir()) == []


def test_it_leaves_nothing_when_its_terminal_is_closed_while_it_builds_again(tmp_path: Path, temporary: Path) -> None:
    with serving(sites.make(tmp_path / "s")) as found:
        (found.site / "docs" / "about.md").write_text("# About\n\nRewritten.\n")
        wait_for(temporary, "status-build-*")
        found.process.send_signal(signal.SIGHUP)
        assert found.process.wait(LONGEST) == 0

    assert list(temporary.iterdir()) == []


def close_terminal(process: subprocess.Popen[bytes]) -> int:
    for _ in range(2):  # the shell sends it, and so does the system, each to all processes of the terminal
        os.killpg(process.pid, signal.SIGHUP)
    return signal.SIGHUP


def kill(process: subprocess.Popen[bytes]) -> int:
    process.terminate()
    return signal.SIGTERM


@pytest.mark.parametrize("command", ["serve", "build"])
@pytest.mark.parametrize("stop", [close_terminal, kill])
def test_a_first_build_that_is_stopped_leaves_nothing(
    command: str, stop: Callable[[subprocess.Popen[bytes]], int], tmp_path: Path, temporary: Path
) -> None:
    process = subprocess.Popen(
        [*COMMAND[:-1], command, *(["--port", "0"] if command == "serve" else [])],
        cwd=sites.make(tmp_path / "s"),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=as_on_a_terminal,
    )
    wait_for(temporary, "status-build-*")
    number = stop(process)
    assert process.wait(LONGEST) == (0 if command == "serve" else 128 + number)
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "s" / "site").exists()


def wait_for(folder: Path, pattern: str) -> None:
    end = time.monotonic() + LONGEST
    while not list(folder.glob(pattern)):
        assert time.monotonic() < end, f"{pattern} never came"
        time.sleep(0.01)


def test_in_the_background_it_goes_on_when_the_terminal_is_closed(tmp_path: Path) -> None:
    with serving(sites.make(tmp_path / "s"), under="nohup") as found:
        found.process.send_signal(signal.SIGHUP)
        assert found.get()[0] == 200
        assert found.process.poll() is None
