"""Small status sites for tests, and the commands run in them."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import dedent
from typing import IO
from urllib.parse import unquote

from status_tool.cli import main
from status_tool.mkdocs.frames import FRAMES
from status_tool.outputs import frame, plan
from status_tool.outputs.host_pages import HostPages
from status_tool.outputs.writer import File
from status_tool.project.project import Project
from status_tool.render import context
from status_tool.render.context import RenderContext
from status_tool.settings import settings as site_settings
from status_tool.system import clock, disk

NOW = "2026-11-23T14:05:00Z"
EPOCH = "1795442700"
"""`NOW` in Unix seconds."""

SETTINGS = """\
site_name: Example Status
site_url: {url}
theme: {{name: material, font: false, language: {language}}}
plugins:
- search
- status:
    renewed_by: cron on host-2
    components:
    - {{id: api, name: API, group: Platform, description: REST}}
    - {{id: website, name: Website, since: 2026-11-01}}
"""
API_ERRORS = """\
---
title: API errors
updates:
- at: 2026-11-23T13:00:00Z
  status: investigating
  components: {api: major_outage}
  message: |
    We are looking into it.
---
"""
RESOLVED = """\
title: Slow website
started: 2026-11-20T09:30:00Z
updates:
- at: 2026-11-20T10:00:00Z
  status: investigating
  components: {website: degraded_performance}
  message: Pages load *slowly*.
- at: 2026-11-20T12:00:00Z
  status: resolved
  message: Pages load quickly again.
"""


def epoch(time: datetime) -> str:
    """`time` as SOURCE_DATE_EPOCH."""
    return str(int(time.timestamp()))


def work(begin: str, until: str, component: str = "api") -> str:
    """An incident file of maintenance that was announced on 20 November 2026."""
    return f"""\
title: Database upgrade
kind: maintenance
scheduled: {{from: {begin}, until: {until}}}
updates:
- at: 2026-11-20T09:00:00Z
  status: scheduled
  components: {{{component}: under_maintenance}}
  message: Reads keep working.
"""


WORK = work("2026-12-01T02:00:00Z", "2026-12-01T04:00:00Z")


def make(
    folder: Path,
    incidents: dict[str, str] | None = None,
    *,
    url: str = "https://status.example.org/",
    language: str = "en",
    settings: str = SETTINGS,
) -> Path:
    """A site in `folder` with those incident files (name -> text); returns the folder."""
    (folder / "docs").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "docs" / "about.md").write_text("# About\n\nHow we report.\n")
    (folder / "incidents").mkdir()
    (folder / "mkdocs.yml").write_text(settings.format(url=url, language=language))
    found = {"2026-11-20-slow-website.yml": RESOLVED} if incidents is None else incidents
    for name, text in found.items():
        (folder / "incidents" / name).write_bytes(dedent(text).encode("utf-8"))
    return folder


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def status(folder: Path, *args: str, stdin: str = "", typed: str | None = None, now: datetime | None = None) -> Said:
    """Runs `status ARGS` in `folder` as the shell would, its clock standing at `now`, which is `NOW` by default.

    `stdin` comes through a pipe; `typed` comes from a person at a pseudo-terminal.
    """
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = epoch(now) if now else before or EPOCH
    old = sys.stdin
    try:
        with (
            contextlib.ExitStack() as stack,
            inside(folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            pipe = io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
            sys.stdin = pipe if typed is None else stack.enter_context(terminal(typed))
            code = main.run(list(args))
    finally:
        sys.stdin = old
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
    return Said(code, *(_text(stream) for stream in (out, err)))


@contextlib.contextmanager
def terminal(typed: str) -> Iterator[io.TextIOBase]:
    """The standard input of somebody at a terminal who types that, and then Ctrl-D."""
    keyboard, screen = pty.openpty()
    try:
        os.write(keyboard, f"{typed}\x04".encode())
        with open(screen, encoding="utf-8") as opened:
            yield opened
    finally:
        os.close(keyboard)


def editor(folder: Path, script: str) -> dict[str, str]:
    """The environment in which the editor is a shell script; the file to edit is its `$1`."""
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return {"EDITOR": str(path), "VISUAL": str(path)}


def incident_text(folder: Path, name: str) -> str:
    return (folder / "incidents" / name).read_text("utf-8")


def on_a_full_disk(
    limit: int, args: list[str], site: Path, stdin: IO[str] | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """`status ARGS` where no file can grow beyond `limit` bytes."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("status")), *args],
        cwd=site,
        stdin=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, **env},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def context_at(folder: Path, now: str = NOW, *, is_replay: bool = False) -> RenderContext:
    """What all files of the site in `folder` are made of as of `now`, without MkDocs, which takes a second."""
    found = site_settings.load(folder / "mkdocs.yml")
    incidents, moment = Project(found, clock.parse_time(now)).as_of(clock.parse_time(now))
    return context.make(found, incidents, moment, is_replay=is_replay)


def planned(context: RenderContext) -> list[File]:
    """All files of the site for `context`, in frames that contain nothing else."""
    html = f"<title>{frame.TITLE}</title><link rel=canonical href={frame.CANONICAL}></head>{frame.BODY_ELEMENT}"
    host_pages = HostPages("", {path.removesuffix("index.html"): html for path in FRAMES}, {}, (), None, (), ())
    return list(plan.files(context, host_pages))


def files_of(context: RenderContext) -> dict[str, bytes]:
    """Path -> content of the files that are `planned`."""
    return {file.path: file.make() for file in planned(context)}


def snapshot(folder: Path) -> dict[str, bytes]:
    """Everything that stands in `folder`."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def dead_links(folder: Path) -> list[tuple[str, str]]:
    """`(page, address)` of every link in the folder, at the root of its host, that leads to no file of it."""
    pages = [path for path in folder.rglob("*.html") if disk.NEW not in path.parts]
    found = [(page, address) for page in pages for address in re.findall('<a[^>]* href="([^":]*)"', page.read_text())]
    return [
        (page.relative_to(folder).as_posix(), address)
        for page, address in found
        if not _leads_to_a_file(folder, page, unquote(address.partition("#")[0].partition("?")[0]))
    ]


def _leads_to_a_file(folder: Path, page: Path, path: str) -> bool:
    target = folder / path[1:] if path.startswith("/") else page.parent / path
    return not path or target.is_file() or (target / "index.html").is_file()
