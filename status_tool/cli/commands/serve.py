"""status serve: the site on this machine, live."""

from __future__ import annotations

import gc
import signal
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import click

from status_tool.cli import options, terminal
from status_tool.errors import StatusError
from status_tool.project import project
from status_tool.settings import settings


@click.command(name="serve")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@options.now_option
def command(port: int, now: str | None) -> None:
    """Serve the site on this machine, live.

    It rebuilds, and reloads the browser, when a file changes. A mistake in a
    file is shown as the page until it is mended.

    Example: status serve --now 2021-10-04T20:00:00Z
    """
    from status_tool.cli import progress  # loads watchdog
    from status_tool.pipeline import build as builds
    from status_tool.pipeline import live_server

    gc.enable()  # this one goes on; but what a build makes is freed without the collector, which only slows it
    gc.set_threshold(1_000_000, 5, 5)
    file = settings.here()
    if now is not None:
        options.time(now, "--now", project.load())  # a mistake in it is told before anything is built

    def build(folder: Path, address: str) -> Iterable[Path]:
        here = project.load().built_at(folder, address)
        moment = options.time(now, "--now", here)
        watch = progress.Stopwatch()
        about = moment or here.now
        builds.build(here.settings, partial(here.as_of, moment), about, watch, kept=folder.with_name("kept"))
        return here.settings.sources

    def report(error: StatusError | None) -> None:
        if error is None:
            click.echo("Built.", err=True)
        else:
            click.echo(f"{error}\nNot built; the page shows this until it is mended.", err=True)

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stopped service leaves nothing behind either
    with tempfile.TemporaryDirectory(prefix="status-serve-") as place:
        folder = Path(place, "site")
        folder.mkdir()
        try:
            live_server.run(
                build, file, folder, port, report, lambda address: terminal.say(f"Serving {address}  (Ctrl-C stops)")
            )
        except KeyboardInterrupt:
            terminal.say("", "Stopped.")
