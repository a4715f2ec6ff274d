"""What a browser gets from the live server, and at which changes the site is built anew. No MkDocs runs here."""

from __future__ import annotations

import contextlib
import http.client
import queue
import shutil
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from status_tool.errors import Problem, StatusError
from status_tool.pipeline import live_server
from status_tool.system import compare_and_swap

LONGEST = 20
"""Seconds after which a build that should have run has not."""
PAGE = "<!doctype html><title>x</title><body><h1>{}</h1></body>"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


class Site:
    """A project of one folder, and a build that copies the words of its one incident into the home page."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "site"
        self.file, self.incidents = folder / "mkdocs.yml", folder / "incidents"
        self.outcomes: queue.Queue[StatusError | None] = queue.Queue()
        self.building: Callable[[], None] = lambda: None
        self.address, self.first = "", None
        self.sources = [self.incidents]
        self.out.mkdir()
        self.incidents.mkdir()
        self.file.write_text("site_name: x\n")
        self.write("All is well")

    def write(self, words: str) -> None:
        (self.incidents / "a.yml").write_text(words)

    def build(self, out: Path, address: str) -> Iterable[Path]:
        self.building()
        self.address = address
        words = (self.incidents / "a.yml").read_text()
        if words.startswith("wrong"):
            raise StatusError.of(
                [Problem(words, "incidents/a.yml", 3, "Write <b>."), Problem("b.", "incidents/b.yml", 1, "Mend it.")]
            )
        (out / "index.html").write_text(PAGE.format(words))
        return self.sources

    def built(self) -> StatusError | None:
        """Waits for the next build; the mistake that kept it from being done."""
        return self.outcomes.get(timeout=LONGEST)

    def get(self, path: str = "/", method: str = "GET") -> Answer:
        host = self.address.removeprefix("http://").rstrip("/")
        with contextlib.closing(http.client.HTTPConnection(host, timeout=LONGEST)) as connection:
            connection.request(method, path)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read().decode())


@contextlib.contextmanager
def serving(site: Site) -> Iterator[Site]:
    with live_server.opened(site.build, site.file, site.out, 0, site.outcomes.put) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            site.address = live_server.address_of(server)
            site.first = site.built()
            yield site
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serving(Site(tmp_path)) as found:
        yield found


def test_a_page_is_sent_uncached_with_the_script_that_reloads_it(site: Site) -> None:
    answer = site.get()
    expected = '<h1>All is well</h1><script src="/.reload.js" data-version="1"></script></body>'

    assert (answer.status, expected in answer.text) == (200, True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Length"] == str(len(answer.text))
    assert (site.get(method="HEAD").text, site.get("/index.html?x=1").text) == ("", answer.text)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("feed.atom", "application/atom+xml; charset=utf-8"),
        ("feed.rss", "application/rss+xml; charset=utf-8"),
        ("maintenance.ics", "text/calendar; charset=utf-8"),
        ("status.json", "application/json"),
        ("status.css", "text/css"),
    ],
)
def test_a_file_that_is_no_page_is_sent_as_it_is(name: str, kind: str, site: Site) -> None:
    (site.out / name).write_text("as it is </body>")
    answer = site.get(f"/{name}")

    assert (answer.status, answer.headers["Content-Type"], answer.text) == (200, kind, "as it is </body>")


def test_a_folder_without_its_slash_leads_to_its_page(site: Site) -> None:
    (site.out / "about").mkdir()
    (site.out / "about" / "index.html").write_text("<body>About</body>")
    answer = site.get("//about")

    assert (answer.status, answer.headers["Location"]) == (302, "/about/")
    assert site.get("/about/").text.startswith("<body>About<script")


def test_what_is_not_there_is_the_404_page_of_the_site(site: Site) -> None:
    assert (site.get("/no/").status, site.get("/../mkdocs.yml").status) == (404, 404)
    assert site.get("/no/").text.endswith("Not found.")
    (site.out / "404.html").write_text("<body>Nothing here</body>")
    answer = site.get("/no/")

    assert (answer.status, "Nothing here<script" in answer.text) == (404, True)


def test_the_script_listens_to_the_events(site: Site) -> None:
    answer = site.get("/.reload.js")

    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/javascript")
    assert 'new EventSource("/.reload")' in answer.text
    assert site.get("/.reload", method="HEAD").headers["Content-Type"] == "text/event-stream"


def test_an_open_page_hears_of_every_build(site: Site) -> None:
    host = site.address.removeprefix("http://").rstrip("/")
    with contextlib.closing(http.client.HTTPConnection(host, timeout=LONGEST)) as connection:
        connection.request("GET", "/.reload")
        events = connection.getresponse()
        assert (events.readline(), events.readline()) == (b"data: 1\n", b"\n")
        site.write("API errors")
        assert site.built() is None
        assert (events.readline(), events.readline()) == (b"data: 2\n", b"\n")
        site.write("wrong")
        assert site.built() is not None
        assert (events.readline(), events.readline()) == (b"data: 3\n", b"\n")


def test_a_mistake_is_every_page_until_it_is_mended_and_no_other_file(site: Site) -> None:
    (site.out / "feed.atom").write_text("<feed>")
    site.write("wrong <script>")
    assert str(site.built()).startswith("incidents/a.yml:3: wrong <script>")
    answer = site.get("/history/")

    assert (answer.status, answer.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert "<b>incidents/a.yml:3</b></p><p>wrong &lt;script&gt;</p><pre>Write &lt;b&gt;.</pre>" in answer.text
    assert "<b>incidents/b.yml:1</b>" in answer.text
    assert '<script src="/.reload.js" data-version="2"></script></body>' in answer.text
    assert site.get("/feed.atom").text == "<feed>"

    site.write("Fine again")
    assert site.built() is None
    assert "Fine again" in site.get().text


def test_it_begins_with_a_mistake_too(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write("wrong")
    with serving(site):
        assert (str(site.first).startswith("incidents/a.yml:3: wrong"), site.get().status) == (True, 500)


def test_a_bug_of_ours_is_shown_and_the_server_goes_on(site: Site) -> None:
    site.building = lambda: 1 / 0  # type: ignore[assignment, return-value]
    site.write("x")
    assert str(site.built()) == "this is a bug in status: ZeroDivisionError: division by zero\nPlease report it."
    assert "ZeroDivisionError" in site.get().text
    site.building = lambda: None
    site.write("y")
    assert site.built() is None


def test_changed_settings_are_built(site: Site) -> None:
    site.file.write_text("site_name: y\n")

    assert site.built() is None


def test_files_that_editors_and_git_leave_behind_are_no_change(site: Site) -> None:
    for name in (".a.yml.swp", "a.yml~", "#a.yml#"):
        (site.incidents / name).write_text("x")
    (site.folder / "notes.txt").write_text("x")
    (site.incidents / "a.yml").read_text()
    with pytest.raises(queue.Empty):
        site.outcomes.get(timeout=6 * live_server.PAUSE)


def test_a_folder_that_was_away_is_watched_again(site: Site) -> None:
    away = site.folder / "away"
    site.incidents.rename(away)
    assert site.built() is not None
    shutil.copytree(away, site.incidents)
    assert site.built() is None
    site.write("API errors")
    while "API errors" not in site.get().text:  # the copy may have been built in several steps
        site.built()


def test_what_was_written_while_the_first_build_of_a_folder_ran_is_built_too(site: Site) -> None:
    elsewhere = site.folder / "elsewhere"
    elsewhere.mkdir()
    site.sources = [site.incidents, elsewhere]
    site.write("Look elsewhere")

    assert (site.built(), site.built()) == (None, None)  # the second one reads what came before it was watched
    (elsewhere / "b.md").write_text("x")
    assert site.built() is None


def link_to_the_folder(site: Site) -> Path:
    real = site.incidents.rename(site.folder / "real")
    site.incidents.symlink_to("real")
    return real / "a.yml"


def link_through_a_link(site: Site) -> Path:
    """As releases are often deployed: `incidents -> current/incidents`, `current -> release-1`."""
    release = site.folder / "srv" / "release-1"
    release.mkdir(parents=True)
    real = site.incidents.rename(release / "incidents")
    (site.folder / "srv" / "current").symlink_to("release-1")
    site.incidents.symlink_to(site.folder / "srv" / "current" / "incidents")
    return real / "a.yml"


def link_to_the_file(site: Site) -> Path:
    real = (site.incidents / "a.yml").rename(site.folder / "a-real.yml")
    (site.incidents / "a.yml").symlink_to("../a-real.yml")
    return real


def link_in_a_linked_folder(site: Site) -> Path:
    real = link_to_the_folder(site).rename(site.folder / "elsewhere.yml")
    (site.folder / "real" / "a.yml").symlink_to(real)
    return real


@pytest.mark.parametrize("link", [link_to_the_folder, link_through_a_link, link_to_the_file, link_in_a_linked_folder])
def test_a_change_is_seen_through_links(link: Callable[[Site], Path], tmp_path: Path) -> None:
    site = Site(tmp_path)
    real = link(site)
    with serving(site):
        (tmp_path / "new").write_text("API errors")
        (tmp_path / "new").replace(real)  # as editors save
        assert site.built() is None
        assert "API errors" in site.get().text


def test_a_link_that_is_turned_to_another_folder_is_followed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    link_through_a_link(site)
    shutil.copytree(tmp_path / "srv" / "release-1", tmp_path / "srv" / "release-2")
    (tmp_path / "srv" / "release-2" / "incidents" / "a.yml").write_text("Two")
    with serving(site):
        (tmp_path / "srv" / "new").symlink_to("release-2")
        (tmp_path / "srv" / "new").rename(tmp_path / "srv" / "current")
        while "Two" not in site.get().text:
            site.built()
        (tmp_path / "srv" / "release-2" / "incidents" / "a.yml").write_text("Three")
        while "Three" not in site.get().text:
            site.built()


def test_settings_are_watched_through_a_link(tmp_path: Path) -> None:
    site = Site(tmp_path)
    real = site.file.rename(tmp_path / "real.yml")
    site.file.symlink_to("real.yml")
    with serving(site):
        real.write_text("site_name: y\n")
        assert site.built() is None


def test_links_that_lead_in_a_circle_hang_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for name, target in {"self": "self", "above": "..", "root": "/", "one": "two", "two": "one"}.items():
        (site.incidents / name).symlink_to(target)
    with serving(site):
        site.write("API errors")
        assert site.built() is None


def test_nothing_writes_into_the_folder_after_the_end(tmp_path: Path) -> None:
    site = Site(tmp_path)
    begun, go_on = threading.Event(), threading.Event()

    def building() -> None:
        begun.set()
        assert go_on.wait(LONGEST)

    with serving(site):
        site.building = building
        site.write("Later")
        assert begun.wait(LONGEST)
        threading.Timer(0.05, go_on.set).start()
    assert "Later" in (site.out / "index.html").read_text()


def test_a_browser_that_goes_away_is_no_news(site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    (site.out / "big.css").write_bytes(b" " * 5_000_000)
    host, port = site.address.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /big.css HTTP/1.0\r\n\r\n")
        connection.recv(1)

    assert site.get().status == 200
    assert capfd.readouterr() == ("", "")


def test_a_port_in_use_is_one_message(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(StatusError) as refused,
            live_server.opened(site.build, site.file, site.out, port, site.outcomes.put),
        ):
            raise AssertionError("it opened")

    assert str(refused.value) == (
        f"port {port} cannot be used: Address already in use.\nUse another port: status serve --port {port + 1}"
    )
    assert site.outcomes.empty()


def test_nothing_is_built_after_the_server_is_closed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    with serving(site):
        pass
    site.write("Later")
    with pytest.raises(queue.Empty):
        site.outcomes.get(timeout=4 * live_server.PAUSE)


def test_an_update_in_a_file_of_its_own_is_seen_from_the_first_on(site: Site) -> None:
    folder = site.incidents / "a"
    for name in ("20261123T140500Z.md", "20261123T140501Z.md"):
        assert compare_and_swap.create(folder / name, b"---\nstatus: resolved\n---\nIt works.\n")
        assert site.built() is None
    (folder / "20261123T140500Z.md").unlink()
    assert site.built() is None
