"""Sites built, served from this machine and opened in a browser."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import sites as small_sites
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from status_tool.cli.progress import Stopwatch
from status_tool.pipeline import build as builds
from status_tool.project.project import Project
from status_tool.settings.settings import load
from status_tool.system import clock

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "window.ran=1"
HOSTILE = [
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f'"><script>{RUN}</script>',
    f"'><img src=x onerror={RUN}>",
    f"<img src=x onerror={RUN}>",
    f"<svg/onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    f"<a href=javascript:{RUN} autofocus onfocus={RUN}>x</a>",
    f"[x](javascript:{RUN})",
    f"[x](JaVaScRiPt&colon;{RUN})",
    f"[x](\tjavascript:{RUN})",
    f"[x](data:text/html,<script>{RUN}</script>)",
    f"[x](vbscript:{RUN})",
    f'![x](x" onerror="{RUN})',
    f"![x](javascript:{RUN})",
    f"<javascript:{RUN}>",
    f'[x](https://example.org/ "\\" onmouseover=\\"{RUN}")',
    f"`<script>{RUN}</script>`",
    f"Seen <!--><script>{RUN}</script>-->",
    f"<style>@import 'javascript:{RUN}'</style>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<base href='javascript:{RUN}//'>",
    f"<object data='javascript:{RUN}'></object>",
    "{{ 7*7 }}{% include '/etc/passwd' %}${7*7}#{7*7}",
    f"%3Cscript%3E{RUN}%3C/script%3E &lt;script&gt;{RUN}&lt;/script&gt;",
    f"]]><script>{RUN}</script><![CDATA[",
    f"\u200f<script>{RUN}</script>\u200e" + "\u0301" * 20,
    f"</title><script>{RUN}</script></textarea></style></noscript>",
]


class _Quiet(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        del self.headers["If-Modified-Since"]  # counts in seconds, and some tests build faster
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # a browser opens more connections at once than the 5 that fit in otherwise


def build(file: Path, now: str, target: Path, *, is_replay: bool = False) -> Path:
    moment = clock.parse_time(now)
    found = load(file)
    here = Project(found, moment).built_at(target, found.site_url)
    builds.build(here.settings, functools.partial(here.as_of, moment), moment, Stopwatch(), is_replay=is_replay)
    return target


@contextlib.contextmanager
def served(root: Path) -> Iterator[str]:
    """The address below which the files in `root` lie."""
    server = _Server(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


class Live:
    """A site on this machine that can be built anew, and go down."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, 0
        self.server = self._started(0)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"

    def _started(self, port: int) -> ThreadingHTTPServer:
        live = self

        class Quiet(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                del self.headers["If-Modified-Since"]  # counts in seconds, and these tests build faster
                super().do_GET()

            def log_message(self, format: str, *args: object) -> None:
                live.asked += 1

        handler = functools.partial(Quiet, directory=str(self.folder / "site"))
        server = _Server(("127.0.0.1", port), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def make(
        self,
        incidents: dict[str, str],
        now: str = small_sites.NOW,
        more: str = "",
        language: str = "en",
        *,
        is_replay: bool = False,
    ) -> None:
        settings = small_sites.SETTINGS.replace("    components:", f"{more}    components:")
        small_sites.make(self.folder, incidents, url=self.url, language=language, settings=settings)
        self.build(now, is_replay=is_replay)

    def build(self, now: str, *, is_replay: bool = False) -> None:
        build(self.folder / "mkdocs.yml", now, self.folder / "site", is_replay=is_replay)

    def write(self, name: str, text: str) -> None:
        (self.folder / "incidents" / name).write_text(text)

    def down(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def up(self) -> None:
        self.server = self._started(self.server.server_address[1])


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": STANDARDS, "resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']}: {node['html'][:150]} {node['failureSummary'][:300]}" for each in found for node in each["nodes"]
    ]
