"""How a public address is asked, and what it answers, as a reader without a cache gets it."""

from __future__ import annotations

import contextlib
import io
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError, SSLError

CONNECT_SECONDS = 10.0
"""How long it may take to connect."""
RENEWED_BEFORE = timedelta(days=14)
"""A certificate that lasts 90 days is renewed 30 days before its end; half of that means that it was not."""
AT_ONCE = 16
"""How many requests run at the same time."""
_HOSTS = 20
_GRACE = 0.5
"""Seconds for what still has to be done when the time of a request is over."""
_HEADERS = {
    "Accept-Encoding": "identity",
    "Cache-Control": "no-cache",
    "Pragma": "no-cache",
    "User-Agent": "incident-status",
}


@dataclass(frozen=True)
class Answer:
    """What an address answered; `error` says why there is no answer."""

    code: int = 0
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By names in lower case."""
    error: str = ""
    host: str = ""
    """Who answered, after redirections: `status.example.net`, with the port if there is one."""
    was_sent: bool = True
    """Whether the request may have reached the host; False only if it surely did not."""

    @property
    def media_type(self) -> str:
        """`text/html`, without parameters; empty when the answer does not say."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def failure(self) -> str:
        """Why the file is not there; empty when it is."""
        return self.error or ("" if self.code == 200 else f"the host answers {self.code}")


class _Body(io.RawIOBase):
    """What a request sends after its headers; it knows whether any of it was taken, and may be withdrawn before."""

    def __init__(self, content: bytes) -> None:
        self.length = len(content)
        self._rest = content
        self._lock = threading.Lock()
        self._is_taken = self._is_withdrawn = False

    def read(self, size: int = -1) -> bytes:
        with self._lock:
            if self._is_withdrawn:
                raise TimeoutError
            self._is_taken = True
            chunk, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
            return chunk

    def may_be_sent(self) -> bool:
        """Whether the request may have arrived; after False it never does. Nobody knows of a request without a body."""
        with self._lock:
            self._is_withdrawn = True
            return self._is_taken or not self.length


class Web:
    """Connections that are kept open between requests; may be used by many threads.

    `pause`, `whole`, `form`: the seconds that a pause in an answer, a whole answer, and the answer to a form may take.
    """

    def __init__(self, pause: float = 15.0, whole: float = 30.0, form: float = 5.0) -> None:
        self.pools: dict[str, urllib3.PoolManager] = {}
        self._of_place: dict[str, urllib3.PoolManager] = {}
        self.pause, self.whole, self.form = pause, whole, form

    def get(self, url: str, largest: int) -> Answer:
        """The file at `url`, of which more than `largest` bytes are not read."""
        return self.request("GET", url, largest)

    def post(self, url: str, fields: Mapping[str, str]) -> Answer:
        """The answer to a form with `fields`."""
        return self.request("POST", url, 10_000, fields)

    def request(self, method: str, url: str, largest: int, fields: Mapping[str, str] | None = None) -> Answer:
        begin = time.monotonic()
        try:
            answer = self.pool(url).request(
                method,
                url,
                body=urlencode(fields) if fields else None,
                headers={**_HEADERS, **({"Content-Type": "application/x-www-form-urlencoded"} if fields else {})},
                preload_content=False,
                decode_content=False,
                retries=urllib3.Retry(
                    connect=0,
                    read=1 if method == "GET" else 0,
                    redirect=3,
                    status=0,
                    other=0,
                    respect_retry_after_header=False,
                ),
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=self.form if fields else self.pause),
            )
            content = bytearray()
            while len(content) <= largest and (chunk := answer.read1(65_536)):
                content += chunk
                if time.monotonic() - begin > self.whole:
                    answer.close()
                    return Answer(error=f"the answer takes more than {self.whole:g} s")
            headers = {name.lower(): value for name, value in answer.headers.items()}
            if len(content) > largest:
                answer.close()
            else:
                answer.release_conn()
        except HTTPError as error:
            return Answer(error=_reason(error))
        except (OSError, ValueError) as error:
            return Answer(error=str(error) or type(error).__name__)
        return Answer(
            answer.status, bytes(content), headers, host=urlsplit(answer.geturl() or url).netloc or urlsplit(url).netloc
        )

    def send(
        self, method: str, url: str, content: bytes, headers: Mapping[str, str], seconds: float, largest: int = 100_000
    ) -> Answer:
        """The answer to one request, which is never repeated; of a redirection, that. It takes at most `seconds`.

        Of an answer, no more than `largest` bytes are read.
        """
        body, begun = _Body(content), time.monotonic()
        answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()

        def run() -> None:
            for answer in self._answers(method, url, body, headers, seconds, largest):
                answers.put(answer)

        # A name that is resolved slowly and an answer that comes byte by byte know no limit but the end of a wait.
        threading.Thread(target=run, daemon=True).start()
        found = Answer(error="no answer in time")
        try:
            for _ in ("its status", "its content"):
                found = answers.get(timeout=max(begun + seconds + _GRACE - time.monotonic(), 0.0))
                if found.error:
                    break
        except queue.Empty:
            if not found.code:
                return replace(found, was_sent=body.may_be_sent())
        return found

    def _answers(
        self, method: str, url: str, body: _Body, headers: Mapping[str, str], seconds: float, largest: int
    ) -> Iterator[Answer]:
        """The answer as soon as its status is known, and again with its content; or once, that there is none."""
        end = time.monotonic() + seconds
        try:
            answer = self.pool(url).request(
                method,
                url,
                body=body if body.length else None,
                headers={
                    "User-Agent": _HEADERS["User-Agent"],
                    **headers,
                    **({"Content-Length": str(body.length)} if body.length else {}),
                },
                preload_content=False,
                decode_content=True,
                redirect=False,
                retries=False,
                timeout=urllib3.Timeout(total=seconds),
            )
        except (HTTPError, OSError, ValueError) as error:
            is_unsent = isinstance(error, (NewConnectionError, ConnectTimeoutError, ProxyError)) or (
                isinstance(error, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error)
            )
            yield Answer(error=_reason(error) or type(error).__name__, was_sent=not is_unsent and body.may_be_sent())
            return
        found = Answer(answer.status, headers={name.lower(): value for name, value in answer.headers.items()})
        yield found
        kept = bytearray()
        with contextlib.suppress(HTTPError, OSError, ValueError):  # the status is known: the rest may be cut short
            while len(kept) <= largest and time.monotonic() < end and (chunk := answer.read1(65_536)):
                kept += chunk
        answer.close()
        yield replace(found, content=bytes(kept[:largest]))

    def pool(self, url: str) -> urllib3.PoolManager:
        """The connections for `url`, through the proxy of the environment if there is one."""
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}"
        if place not in self._of_place:  # the environment is read once for each host: that is slower than a request
            proxy = "" if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme, "")
            if proxy not in self.pools:
                self.pools[proxy] = (
                    urllib3.ProxyManager(proxy, num_pools=_HOSTS, maxsize=AT_ONCE)
                    if proxy
                    else urllib3.PoolManager(num_pools=_HOSTS, maxsize=AT_ONCE)
                )
            self._of_place[place] = self.pools[proxy]
        return self._of_place[place]


def unpacked(answer: Answer, largest: int) -> bytes | None:
    """The content as a browser sees it, of a host that compresses though it was asked not to.

    None when it is not compressed in the way that the host says, in one that we cannot read, or larger than `largest`.
    """
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return answer.content
    if encoding not in _WINDOWS:
        return None
    try:
        reader = zlib.decompressobj(_WINDOWS[encoding])
        content = reader.decompress(answer.content, largest)
    except zlib.error:
        return None
    return content if reader.eof else None


_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""Encoding -> the kind of stream, as zlib numbers them."""


def certificate_left(url: str, now: datetime) -> timedelta | None:
    """How long the certificate of an https address is still valid; None for http, or when there is no connection."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), CONNECT_SECONDS) as connection,
            ssl.create_default_context().wrap_socket(connection, server_hostname=parts.hostname) as secure,
        ):
            certificate = secure.getpeercert() or {}
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC) - now
    except (OSError, ValueError, KeyError):
        return None


def _reason(error: BaseException) -> str:
    """What is wrong, in a few words, without the names of a library."""
    while isinstance(getattr(error, "reason", None), BaseException):
        error = error.reason  # type: ignore[attr-defined]
    text = str(error)
    if isinstance(error, urllib3.exceptions.NameResolutionError) or "getaddrinfo" in text:
        return "its name cannot be resolved"
    if "CERTIFICATE_VERIFY_FAILED" in text:
        why = text.partition("CERTIFICATE_VERIFY_FAILED] ")[2].partition(" (_ssl")[0]
        return f"its certificate is not valid: {why.removeprefix('certificate verify failed: ')}"
    if "No host specified" in text or isinstance(
        error, urllib3.exceptions.LocationParseError | urllib3.exceptions.URLSchemeUnknown
    ):
        return "it redirects to something that is no address of the web"
    if isinstance(error, urllib3.exceptions.IncompleteRead) or "IncompleteRead" in text:
        return "the connection broke off in the middle of the answer"
    if isinstance(error, urllib3.exceptions.ProtocolError):
        return (
            "the connection broke off"
            if "onnection" in text and "BadStatus" not in text and "HTTPException" not in text
            else "the answer is not HTTP"
        )
    if "Connection refused" in text:
        return "the connection is refused"
    if isinstance(error, urllib3.exceptions.ConnectTimeoutError | urllib3.exceptions.ReadTimeoutError):
        return "no answer in time"
    if isinstance(error, urllib3.exceptions.MaxRetryError) or "too many redirects" in text:
        return "it redirects in a circle"
    return text.partition(": ")[2] if text.startswith(("<", "HTTP")) and ": " in text else text
