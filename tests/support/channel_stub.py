"""A service on this machine that takes messages, and answers as a script says."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    """By names in lower case."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What the service does with a request, after it has read it."""

    code: int = 200
    body: object = b""
    """Bytes, or what becomes JSON."""
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    """Seconds before the answer."""
    resets: bool = False
    """Breaks the connection instead of an answer."""
    trickles: str = ""
    """`headers` or `content`: from there on, one byte at a time, for a minute."""


@dataclass
class Service:
    """The requests it got, and how it answers the next ones; the last reply is repeated."""

    replies: list[Reply | Callable[[Request], Reply]] = field(default_factory=lambda: [Reply()])
    requests: list[Request] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, request: Request) -> Reply:
        with self.lock:
            self.requests.append(request)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return reply(request) if callable(reply) else reply


@contextlib.contextmanager
def serving(*replies: Reply | Callable[[Request], Reply]) -> Iterator[Service]:
    service = Service(list(replies) or [Reply()])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # it holds what follows the headers back for 40 ms

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = service.next(Request(self.command, self.path, headers, body))
            time.sleep(reply.pause)
            if reply.resets:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                os.close(self.connection.detach())  # its own close would wait for the files that are made of it
                return
            content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.code)
            for name, value in {"Content-Length": str(len(content)), **reply.headers}.items():
                self.send_header(name, value)
            if reply.trickles == "headers":
                self.flush_headers()
                self.trickle(b"X-Long: " + b"x" * 6_000)
            self.end_headers()
            if reply.trickles:
                self.trickle(content)
            self.wfile.write(content)

        def trickle(self, content: bytes) -> None:
            for place in range(len(content)):
                self.wfile.write(content[place : place + 1])
                self.wfile.flush()
                time.sleep(0.01)

        do_GET = do_POST = do_PUT = answer

        def log_message(self, *args: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *args: object) -> None:
            """Who has waited long enough is no error of the test."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
    service.url = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def slamming() -> Iterator[str]:
    """The address of a service that takes a connection and breaks it, whatever is asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def slam() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    connection.close()

        threading.Thread(target=slam, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            server.shutdown(socket.SHUT_RDWR)


def nobody() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/"
