"""Sites that are built at once, without MkDocs; and hosts of them that go wrong in chosen ways."""

from __future__ import annotations

import contextlib
import functools
import getpass
import gzip
import json
import mimetypes
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import sites

from status_tool.outputs import writer
from status_tool.outputs.writer import File
from status_tool.system import clock

NOW = clock.parse_time(sites.NOW)
RCLONE = str(Path(sys.executable).with_name("rclone"))
PAGES = {
    "index.html": '<a href="incidents/a/">a</a>',
    "incidents/a/index.html": '<a href="../../">home</a>',
    "style.css": "body {}",
    "feed.atom": "<feed/>",
}


def make(folder: Path, *targets: str, url: str = "https://status.example.org/", more: str = "") -> Path:
    """A site with these targets, each as a line of YAML."""
    lines = "".join(f"    - {target}\n" for target in targets).replace("{", "{{").replace("}", "}}")
    block = f"    targets:\n{lines}" if targets else ""
    return sites.make(
        folder, url=url, settings=sites.SETTINGS.replace("    components:", f"{block}{more}    components:")
    )


def build(site: Path, pages: Mapping[str, str] = PAGES, written: datetime = NOW, *, is_replay: bool = False) -> Path:
    """Writes these pages as a build does, and `status.json`; returns the folder of the built site."""
    state = json.dumps({"written": clock.iso(written), "replay": is_replay})
    files = {**pages, "status.json": state}
    with writer.site_lock(site / "site"):
        contents = {path: functools.partial(bytes, text, "utf-8") for path, text in files.items()}
        writer.write([File(path, make) for path, make in contents.items()], site / "site")
    return site / "site"


@dataclass
class Host:
    """A web server of the files in `folder`, and how it goes wrong."""

    folder: Path
    types: dict[str, str] = field(default_factory=dict)
    """Suffix -> the type it gives."""
    codes: dict[str, int] = field(default_factory=dict)
    """Path -> the code it answers instead of the file."""
    pause: float = 0.0
    """Seconds before each answer."""
    trickle: float = 0.0
    """Seconds between the bytes of an answer."""
    trickles: str = ""
    """The path whose answers trickle; empty: all."""
    certificate: Path | None = None
    """With it, the host speaks TLS as `localhost`."""
    origin: str = "*"
    encoding: str = ""
    """The encoding that it names."""
    packs: bool = False
    """Whether it compresses, by gzip."""
    posts: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


class _Server(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, *args: object) -> None:
        """Who refuses the certificate, or has read enough, is no error of the test."""


@contextlib.contextmanager
def served(host: Host) -> Iterator[Host]:
    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        extensions_map = {".js": "text/javascript", ".atom": "application/atom+xml"}  # noqa: RUF012

        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(host.folder))

        def do_GET(self) -> None:
            time.sleep(host.pause)
            if code := host.codes.get(self.path):
                self.send_response(code)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path = Path(self.translate_path(self.path))
            if host.packs and (path.is_file() or (path / "index.html").is_file()):
                content = gzip.compress((path if path.is_file() else path / "index.html").read_bytes())
                self.send_response(200)
                self.send_header("Content-Type", self.guess_type(path if path.is_file() else path / "index.html"))
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                return
            super().do_GET()

        def copyfile(self, source: Any, outputfile: Any) -> None:
            if not host.trickle or host.trickles not in self.path:
                super().copyfile(source, outputfile)
                return
            with contextlib.suppress(OSError):  # who reads has enough
                while byte := source.read(1):
                    outputfile.write(byte)
                    time.sleep(host.trickle)

        def guess_type(self, path: Any) -> str:
            suffix = Path(str(path)).suffix
            return host.types.get(suffix) or self.extensions_map.get(suffix) or str(mimetypes.guess_type(str(path))[0])

        def end_headers(self) -> None:
            if host.encoding:
                self.send_header("Content-Encoding", host.encoding)
            if host.origin:
                self.send_header("Access-Control-Allow-Origin", host.origin)
            super().end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            host.posts.append(dict(parse_qsl(body)))
            self.send_response(host.codes.get("POST", 204))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            return

    server = _Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    host.url = f"http://127.0.0.1:{server.server_address[1]}/"
    if host.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(host.certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        host.url = f"https://localhost:{server.server_address[1]}/"
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def nginx_serving(folder: Path) -> Iterator[str]:
    """The address of `folder`, served by nginx, which allows scripts of others to read."""
    port, beside = free_port(), folder.parent
    server = f"listen 127.0.0.1:{port}; root {folder}; add_header Access-Control-Allow-Origin *;"
    temporary = "".join(
        f"{kind}_temp_path {beside}/nginx; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (beside / "nginx.conf").write_text(
        f"user {getpass.getuser()}; daemon off; pid {beside}/nginx.pid; error_log {beside}/nginx.log; events {{}}\n"
        f"http {{ include /etc/nginx/mime.types; access_log off; {temporary} server {{ {server} }} }}\n"
    )
    process = subprocess.Popen(["nginx", "-c", str(beside / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int, seconds: float = 10) -> None:
    """Until somebody listens."""
    for _ in range(int(seconds * 20)):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens at port {port}")


@contextlib.contextmanager
def rclone_serving(kind: str, folder: Path) -> Iterator[str]:
    """A server of `folder` by `sftp`, `webdav` or `s3`; yields a path on it, as a target of kind `rclone` has it."""
    port = free_port()
    secrets = {"s3": ["--auth-key", "key,secret"], "webdav": [], "sftp": ["--user", "u", "--pass", "p"]}[kind]
    command = [RCLONE, "serve", kind, str(folder), "--addr", f"127.0.0.1:{port}", *secrets]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        obscured = subprocess.run([RCLONE, "obscure", "p"], capture_output=True, text=True, check=True).stdout.strip()
        yield {
            "sftp": f":sftp,host=127.0.0.1,port={port},user=u,pass={obscured},shell_type=unix:www",
            "webdav": f":webdav,url='http://127.0.0.1:{port}':www",
            "s3": f":s3,provider=Rclone,endpoint='http://127.0.0.1:{port}',access_key_id=key,"
            "secret_access_key=secret,force_path_style=true:www/pages",
        }[kind]
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def moto_serving(programs: Path) -> Iterator[str]:
    """The address of S3 as moto has it, with an empty bucket `www` that everybody may read."""
    port = free_port()
    env = {**os.environ, "MOTO_S3_CUSTOM_ENDPOINTS": "", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    command = [programs / "moto_server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, 60)
        url = f"http://127.0.0.1:{port}/"
        urllib.request.urlopen(urllib.request.Request(f"{url}www", None, {"x-amz-acl": "public-read"}, method="PUT"))
        yield url
    finally:
        process.kill()
        process.wait()


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)
