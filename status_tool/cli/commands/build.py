"""status build: builds the site; when there is an error, the last site stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import click

from status_tool.cli import options, progress, terminal
from status_tool.project import project
from status_tool.project.project import Project
from status_tool.system import clock

_HEARTBEAT = "Build again before then; a schedule can do that: status manual deploying"


@click.command(name="build")
@click.option(
    "--site-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Output folder (default: site_dir in mkdocs.yml).",
)
@options.now_option
@click.option("-v", "--verbose", is_flag=True, help="Print which steps and files were reused, and why.")
@click.option("--profile", is_flag=True, help="Print the time of each step.")
def command(site_dir: Path | None, now: str | None, verbose: bool, profile: bool) -> None:
    """Build the site. When there is an error, the last site stays unchanged.

    Example: status build --site-dir /srv/status
    """
    stopwatch = progress.Stopwatch()
    site = project.load()
    if site_dir:
        site = site.built_at(site_dir, site.settings.site_url)
    as_of = options.time(now, "--now", site)
    with stopwatch.step("Loading the program"):
        from status_tool.pipeline import build

    result = build.build(
        site.settings, partial(site.as_of, as_of), as_of or site.now, stopwatch, is_replay=as_of is not None
    )
    for warning in result.warnings:
        click.echo(warning, err=True)
    written = result.written
    terminal.say(
        f"Built {written.files} files ({written.size / 1e6:.1f} MB) into {site.shown(site.settings.site)} "
        f"in {stopwatch.seconds:.1f} s: {written.changed} written, {written.removed} removed.",
    )
    if now:
        terminal.say(f"It is a replay as of {site.time(result.now)}; every page and document of it says so.")
    else:
        terminal.say(*_expiry(site, result.now, result.stale_after))
    if verbose:
        terminal.say(*(f"  {note}" for note in stopwatch.notes))
    if profile:
        terminal.say(*stopwatch.table())
    terminal.say("Look at it: status serve")


def _expiry(site: Project, now: datetime, stale_after: timedelta) -> list[str]:
    """Until when readers can rely on the pages, why not longer, and what builds them again."""
    configured = site.settings.stale_after
    reason = f"stale_after: {clock.short(configured)}"
    if stale_after < configured:
        reason = f"they do not list later windows of maintenance; {reason}"
    renewed = f"{site.settings.renewed_by} builds them again." if site.settings.renewed_by else _HEARTBEAT
    return [f"Readers can rely on its pages until {site.time(now + stale_after)} ({reason}).", renewed]
