"""status build: the site, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import click

from status_tool import project, typed


@click.command(name="build")
@click.option("--site-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to; mkdocs.yml says else.")
@typed.now_option
def command(site_dir: Path | None, now: str | None) -> None:
    """Build the site. When anything is wrong, the site that is there stays as it is.

    Example: status build --site-dir /srv/status
    """
    begun = perf_counter()
    here = project.load()
    if site_dir:
        here = here.built_at(site_dir, here.settings.site_url)
    incidents, moment = here.as_of(typed.time(now, "--now", here))
    from status_tool import mkdocs_plugin  # MkDocs loads only when a site is built

    built = mkdocs_plugin.build(here.settings, incidents, moment)
    for warning in built.warnings:
        click.echo(f"MkDocs: {warning}", err=True)
    written = built.written
    typed.say(
        f"Built {written.files} files ({written.size / 1e6:.1f} MB) into {here.shown(here.settings.site)} "
        f"in {perf_counter() - begun:.1f} s: {written.changed} written, {written.removed} removed.",
    )
    if now:
        typed.say(f"It shows the state of {here.time(moment)}, and nothing later.")
    typed.say("Look at it: status serve")
