"""A web server on this machine with a certificate of its own, made for the test."""

from __future__ import annotations

import contextlib
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Answers = Callable[[str, str], tuple[int, dict[str, str], bytes]]
"""`(host, path)` -> the status, the headers and the body."""


class Authority:
    """An authority in `folder`, which signs certificates; `file` is its own, for SSL_CERT_FILE."""

    def __init__(self, folder: Path, name: str = "Example Authority") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.file, self._key = folder, folder / "ca.pem", folder / "ca.key"
        _openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650",
            "-keyout", self._key, "-out", self.file, "-subj", f"/O={name}/CN={name}",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
        )  # fmt: skip

    def certificate(self, *hosts: str, days: int = 90) -> Path:
        """A certificate for `hosts` that ends in `days`, which may be past, with its key in the same file."""
        stem = self.folder / f"{hosts[0]}-{days}"
        request, key, file = (stem.with_suffix(suffix) for suffix in (".csr", ".key", ".pem"))
        _openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", request,
            "-subj", f"/CN={hosts[0]}",
        )  # fmt: skip
        names = stem.with_suffix(".ext")
        names.write_text(f"subjectAltName={','.join(f'DNS:{host}' for host in hosts)}\n")
        _openssl(
            "x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self._key, "-CAcreateserial",
            "-days", days, "-extfile", names, "-out", file,
        )  # fmt: skip
        file.write_text(file.read_text() + key.read_text())
        return file


def _openssl(*args: object) -> None:
    subprocess.run(["openssl", *map(str, args)], check=True, capture_output=True)


@contextlib.contextmanager
def serving(answers: Answers, certificate: Path | None = None) -> Iterator[int]:
    """The port of a server that answers by TLS with `certificate`, or without it by HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answers(self.headers["Host"], self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: object) -> None:
            """A client that refuses the certificate is no error of the test."""

    server = Server(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
