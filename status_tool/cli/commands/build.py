"""status build: the site, whole or not at all."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from status_tool.cli import options, progress, terminal
from status_tool.project import project


@click.command(name="build")
@click.option("--site-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to; mkdocs.yml says else.")
@options.now_option
@click.option("-v", "--verbose", is_flag=True, help="Say what was left out, and why.")
@click.option("--profile", is_flag=True, help="Say where the time went.")
def command(site_dir: Path | None, now: str | None, verbose: bool, profile: bool) -> None:
    """Build the site. When anything is wrong, the site that is there stays as it is.

    Example: status build --site-dir /srv/status
    """
    watch = progress.Stopwatch()
    here = project.load()
    if site_dir:
        here = here.built_at(site_dir, here.settings.site_url)
    moment = options.time(now, "--now", here)
    with watch.step("Loading the program"):
        from status_tool.pipeline import build

    built = build.build(here.settings, partial(here.as_of, moment), moment or here.now, watch)
    for warning in built.warnings:
        click.echo(f"MkDocs: {warning}", err=True)
    written = built.written
    terminal.say(
        f"Built {written.files} files ({written.size / 1e6:.1f} MB) into {here.shown(here.settings.site)} "
        f"in {watch.seconds:.1f} s: {written.changed} written, {written.removed} removed.",
    )
    if now:
        terminal.say(f"It shows the state of {here.time(built.now)}, and nothing later.")
    if verbose:
        terminal.say(*(f"  {note}" for note in watch.notes))
    if profile:
        terminal.say(*watch.table())
    terminal.say("Look at it: status serve")
