"""status serve: runs a local server that rebuilds the site when a file changes."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import click

from status_tool.cli import options, terminal
from status_tool.errors import StatusError
from status_tool.project import project
from status_tool.settings import kept_audit, settings
from status_tool.system import temporary


@click.command(name="serve")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port of the server; 0 selects a free one.",
)
@options.now_option
def command(port: int, now: str | None) -> None:
    """Serve the site on this machine.

    When a file changes, the site is built again and the browser reloads the page. An
    error in a file is shown in the browser until it is corrected.

    Example: status serve --now 2021-10-04T20:00:00Z
    """
    from status_tool.cli import progress
    from status_tool.pipeline import build as builds
    from status_tool.pipeline import live_server  # imports watchdog

    gc.enable()  # a server runs for long; a build makes little garbage, so the collector runs rarely
    gc.set_threshold(1_000_000, 5, 5)
    settings_file = settings.find_from_working_directory()
    builds.refuse_missing_program()  # this error cannot be corrected in a source file
    if now is not None:
        options.time(now, "--now", project.load())  # reports an error in --now before the first build

    def build(folder: Path, address: str) -> Iterable[Path]:
        site = project.load().built_at(folder, address)
        as_of = options.time(now, "--now", site)
        stopwatch = progress.Stopwatch()
        expected_now = as_of or site.now
        builds.build(
            site.settings,
            partial(site.as_of, as_of),
            expected_now,
            stopwatch,
            cache_folder=folder.with_name("kept"),
            is_replay=as_of is not None,
        )
        audit = kept_audit.file(site.settings)
        return [*site.settings.sources, audit, *(path for path, _ in site.settings.configuration.files)]

    def report(error: StatusError | None) -> None:
        said = f"{error}\nThe site was not built. The browser shows this error until it is corrected."
        with contextlib.suppress(OSError):  # the terminal may be closed
            click.echo(said if error else "Built.", err=True)

    with temporary.folder("status-serve-") as parent:
        folder = parent / "site"
        folder.mkdir()
        try:
            live_server.run(
                build,
                settings_file,
                folder,
                port,
                report,
                lambda address: terminal.say(f"Serving {address}  (Ctrl-C stops)"),
            )
        except KeyboardInterrupt:
            terminal.say("", "Stopped.")
