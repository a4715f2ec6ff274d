"""A page with embed.js in it and, at another port, the status site that it asks; and what the page shows."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Page, expect

from status_tool.system import clock

PAGE = """\
<!doctype html>
<html lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Example Shop</title>
<link rel="icon" href="data:,">{head}</head>
<body><main><h1>Example Shop</h1><p>Everything for the <a href="/garden">garden</a>.</p><p id="here">Status</p></main>
</body>
</html>
"""

Response = tuple[int, dict[str, str], bytes]
"""HTTP status, headers, body."""


class Servers:
    """Both servers, with the page and the answer that a test gives them."""

    def __init__(self, script: bytes) -> None:
        self.script = script
        self.product, self.status = _address(self._product_response), _address(self._status_response)
        self.reset()

    def reset(self) -> None:
        self.page, self.policy = "", ""
        self.body, self.http_status = b"", 200
        """Of the answer to a request for status.json."""
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.requests: list[dict[str, str]] = []
        """The headers of each request for status.json."""

    def write_page(self, script: str | None = "", *, lang: str = "en", head: str = "", policy: str = "") -> None:
        """A page with `head` and, unless it is None, the script with those attributes.

        `{status}` in a text becomes the address of the status site.
        """
        if script is not None:
            head += f'<script src="{{status}}embed.js" {script} defer></script>'
        page = PAGE.format(lang=lang, head=head)
        self.page, self.policy = (text.replace("{status}", self.status) for text in (page, policy))

    def answer(self, document: Any) -> None:
        """The body of status.json from now on: a document, or any text."""
        if isinstance(document, dict):
            document = json.dumps(document, default=clock.iso)
        self.body = document.replace("{status}", self.status).encode()

    def _product_response(self, path: str, headers: dict[str, str]) -> Response:
        policy = {"Content-Security-Policy": self.policy} if self.policy else {}
        return 200, {"Content-Type": "text/html; charset=utf-8", **policy}, self.page.encode()

    def _status_response(self, path: str, headers: dict[str, str]) -> Response:
        if path.partition("?")[0].endswith("/embed.js"):
            return 200, {"Content-Type": "text/javascript"}, self.script
        self.requests.append(headers)
        self.may_answer.wait(30)
        return self.http_status, {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}, self.body


def _address(response: Callable[[str, dict[str, str]], Response]) -> str:
    """The address of a new server with those responses to path and headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, headers, body = response(self.path, dict(self.headers))
            self.send_response(code)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}/"


def open_page(page: Page, servers: Servers) -> None:
    with answered(page):
        page.goto(servers.product)


def pass_time(page: Page, seconds: float = 61, asks: bool = True) -> None:
    """After a minute embed.js asks again, which `asks` says."""
    with answered(page) if asks else contextlib.nullcontext():
        page.clock.fast_forward(round(seconds * 1000))


@contextlib.contextmanager
def answered(page: Page, event: Any = "requestfinished") -> Iterator[None]:
    """Waits for the answer to a request that embed.js makes meanwhile, and until the answer can be shown."""
    with page.expect_event(event, lambda request: request.url.endswith("/status.json")):
        yield
    for _ in range(3):
        page.clock.run_for(500)


def expect_shown(page: Page, texts: list[str]) -> None:
    """Each visible piece of text that embed.js put on the page."""
    visible = page.locator("status-embed [role=status] > div > :is(b, a):visible")
    expect(visible).to_have_text(texts, use_inner_text=True)


def expect_nothing(page: Page) -> None:
    assert page.locator("status-embed").count() == 0
