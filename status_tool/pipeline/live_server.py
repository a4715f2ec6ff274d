"""How the site is served on this machine, rebuilt when a source file changes, and reloaded in the browser.

The only user of watchdog.
"""

from __future__ import annotations

import contextlib
import html
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

from status_tool.errors import StatusError
from status_tool.pipeline import watched_places

HOST = "127.0.0.1"
EVENTS = "/.reload"
PAUSE = 0.05
"""Seconds without a change before a build starts, because an editor saves a file in several steps."""

_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
}
SCRIPT = "/.reload.js"
_TAG = '<script src="%s" data-version="%s"></script>'
_CODE = b"""const known = document.currentScript.dataset.version
new EventSource("%s").onmessage = (event) => { if (event.data !== known) location.reload() }
"""


class Live:
    """What the server returns: the files in `folder`, or the error of the last build. `version` counts builds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.error: StatusError | None = None
        self.version = 0
        self.changed = threading.Condition()

    def publish(self, error: StatusError | None) -> None:
        """Sets the result of a build (None: no error), and makes every open page reload."""
        with self.changed:
            self.error = error
            self.version += 1
            self.changed.notify_all()

    def wait(self, known: int, seconds: float) -> int:
        """Waits until the version differs from `known`, for at most `seconds`. Returns the version."""
        with self.changed:
            self.changed.wait_for(lambda: self.version != known, seconds)
            return self.version


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **_TYPES}  # noqa: RUF012
    live: Live

    def do_GET(self) -> None:
        try:
            if urlsplit(self.path).path == EVENTS:
                self._events()
            elif urlsplit(self.path).path == SCRIPT:
                self._send(200, "text/javascript", _CODE % EVENTS.encode(), 0)
            else:
                self._answer()
        except (BrokenPipeError, ConnectionResetError):
            pass  # the browser closed the connection

    do_HEAD = do_GET

    def _events(self) -> None:
        """Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        known = -1
        while self.command == "GET":
            version = self.live.wait(known, seconds=10)
            self.wfile.write(b": keep alive\n\n" if version == known else f"data: {version}\n\n".encode())
            self.wfile.flush()
            known = version

    def _answer(self) -> None:
        version, error = self.live.version, self.live.error
        path = Path(self.translate_path(self.path))
        if error is not None and path.suffix in ("", ".html"):
            self._send(500, "text/html; charset=utf-8", _error_page(error), version)
            return
        if path.is_dir():
            address = urlsplit(self.path).path
            if not address.endswith("/"):
                self.send_response(302)
                self.send_header("Location", "/" + address.lstrip("/") + "/")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path /= "index.html"
        status = 200
        if not path.is_file():
            path, status = self.live.folder / "404.html", 404
        content = path.read_bytes() if path.is_file() else b"Not found."
        self._send(status, self.guess_type(str(path)), content, version)

    def _send(self, status: int, kind: str, content: bytes, version: int) -> None:
        if kind.startswith("text/html"):
            script = (_TAG % (SCRIPT, version)).encode()
            before, tag, after = content.rpartition(b"</body>")
            content = before + script + tag + after
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass  # requests are not logged


def _error_page(error: StatusError) -> bytes:
    items = "".join(
        f"<li><p><b>{html.escape(problem.where)}</b></p><p>{html.escape(problem.what)}</p>"
        f"<pre>{html.escape(problem.hint)}</pre></li>"
        for problem in error.problems
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not built</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:3rem auto;padding:0 1rem}}
p{{margin:.2rem 0}}li{{margin:0 0 1.5rem}}pre{{white-space:pre-wrap;margin:0;opacity:.8}}</style></head>
<body><h1>The site could not be built</h1>
<p>The published site is unchanged. This page reloads by itself when the errors are corrected.</p>
<ol>{items}</ol></body></html>""".encode()


class _Changes(FileSystemEventHandler):
    """Sets the event `changed` when a file for which `is_relevant` is true was written, moved or removed."""

    def __init__(self, changed: threading.Event, is_relevant: Callable[[Path], bool]) -> None:
        self.changed, self.is_relevant = changed, is_relevant

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in ("created", "modified", "moved", "deleted", "closed"):
            return  # a file was only read
        if event.is_directory and event.event_type == "modified":
            return  # a file in it was created or removed, which is reported by another event
        paths = [Path(str(path)) for path in (event.src_path, event.dest_path) if path]
        if any(self.is_relevant(path) for path in paths):
            self.changed.set()


def _is_source(name: str) -> bool:
    """Whether a file with this name is a source file, and not a temporary file of an editor."""
    return not name.startswith((".", "#")) and not name.endswith("~")


def run(
    build: Callable[[Path, str], Iterable[Path]],
    file: Path,
    folder: Path,
    port: int,
    report: Callable[[StatusError | None], None],
    ready: Callable[[str], None],
) -> None:
    """Serves `folder` until KeyboardInterrupt. Calls `ready` once, with the address, after the first build."""
    with opened(build, file, folder, port, report) as server:
        ready(address_of(server))
        server.serve_forever(poll_interval=0.2)


def address_of(server: ThreadingHTTPServer) -> str:
    """The address of the home page, such as `http://127.0.0.1:8000/`."""
    return f"http://{HOST}:{server.server_address[1]}/"


@contextlib.contextmanager
def opened(
    build: Callable[[Path, str], Iterable[Path]],
    file: Path,
    folder: Path,
    port: int,
    report: Callable[[StatusError | None], None],
) -> Iterator[ThreadingHTTPServer]:
    """A server of `folder` on `port`, after the first build; it rebuilds after every change until it is closed.

    `build(folder, address)` builds the site and returns its source folders and files; it runs again when these or
    `file` change. `report` is called after each build with its error, or None. Raises StatusError when the port cannot
    be used.
    """
    live = Live(folder)
    server = _server(port, live)
    address = address_of(server)
    changed = threading.Event()
    watcher = _Watcher(file, changed)
    stopping = threading.Event()

    def rebuild() -> None:
        error: StatusError | None = None
        watcher.refresh()
        try:
            watcher.watch(build(folder, address))
        except StatusError as mistake:
            error = mistake
        except Exception as bug:  # the server keeps running, and the page shows the error
            error = StatusError(f"this is a bug in status: {type(bug).__name__}: {bug}", hint="Please report it.")
        live.publish(error)
        report(error)

    def keep_building() -> None:
        while not stopping.is_set():
            changed.wait()
            while changed.is_set():  # until no file changes for a moment
                changed.clear()
                stopping.wait(PAUSE)
            if not stopping.is_set():
                rebuild()

    builder = threading.Thread(target=keep_building, daemon=True)
    try:
        rebuild()
        builder.start()
        yield server
    finally:
        stopping.set()
        changed.set()
        if builder.is_alive():  # or it would write into a folder that is removed
            builder.join()
        watcher.stop()
        server.server_close()


def _server(port: int, live: Live) -> ThreadingHTTPServer:
    class Handler(_Handler):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, directory=str(live.folder), **kwargs)  # type: ignore[arg-type]

    Handler.live = live
    try:
        server = ThreadingHTTPServer((HOST, port), Handler)
    except OSError as error:
        raise StatusError(
            f"port {port} cannot be used: {error.strerror}.", hint=f"Use another port: status serve --port {port + 1}"
        ) from None
    server.daemon_threads = True
    return server


class _Watcher:
    """Watches `mkdocs.yml` and the sources of the last build, through links."""

    def __init__(self, file: Path, changed: threading.Event) -> None:
        self.changed, self.file = changed, file
        self.sources: tuple[Path, ...] = (
            file.parent / "incidents",
            file.parent / "docs",
            file.parent / "site_templates",
        )
        self.names: dict[Path, frozenset[str]] = {}
        """Folder -> the names in it that matter, of the folders that are not watched as a whole."""
        self.watched: dict[tuple[Path, bool, int], ObservedWatch] = {}
        """Folder, whether it is watched as a whole, and its inode."""
        try:
            self.observer: BaseObserver = Observer()
            self.observer.start()
        except OSError:  # the system allows no more watches
            self._poll()
        self.refresh()

    def _poll(self) -> None:
        """Looks at the files again and again, where the system reports no changes."""
        self.observer = PollingObserver()
        self.observer.start()
        self.watched = {}

    def watch(self, sources: Iterable[Path]) -> None:
        """Watches `sources`, the folders and files of the last build.

        A new one may have changed during that build, so the site is then built again.
        """
        self.sources = tuple(sources)
        if self.refresh():
            self.changed.set()

    def refresh(self) -> bool:
        """Watches what exists now. Returns whether a folder was not watched before.

        A folder that was removed and created again has another inode, so it is watched anew.
        """
        places = watched_places.of([self.file, *self.sources])
        self.names = places.entries
        folders = [*((tree, True) for tree in places.trees), *((folder, False) for folder in places.entries)]
        wanted = {(folder, whole, inode) for folder, whole in folders if (inode := _inode(folder)) is not None}
        for gone in self.watched.keys() - wanted:
            self.observer.unschedule(self.watched.pop(gone))
        new = wanted - self.watched.keys()
        try:
            for folder, whole, inode in new:
                self._schedule(folder, whole, inode)
        except OSError:
            if isinstance(self.observer, PollingObserver):
                raise
            self.observer.stop()
            self._poll()
            return self.refresh()
        return not new.isdisjoint(self.watched)

    def _schedule(self, folder: Path, whole: bool, inode: int) -> None:
        def is_relevant(path: Path) -> bool:
            return _is_source(path.name) if whole else path.name in self.names.get(folder, ())

        with contextlib.suppress(FileNotFoundError, PermissionError):  # what cannot be read, the build names
            changes = _Changes(self.changed, is_relevant)
            self.watched[folder, whole, inode] = self.observer.schedule(changes, str(folder), recursive=whole)

    def stop(self) -> None:
        self.observer.stop()
        self.observer.join()


def _inode(folder: Path) -> int | None:
    """The inode of a folder; None when it does not exist."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_ino if stat.S_ISDIR(status.st_mode) else None
