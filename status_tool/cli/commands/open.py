"""status open: opens a new incident."""

from __future__ import annotations

import click

from status_tool.cli import editor, options, terminal
from status_tool.incident_files import changes, file_names, store
from status_tool.model.component import Impact
from status_tool.model.incident import Incident
from status_tool.model.update import Update, UpdateStatus
from status_tool.project import project
from status_tool.system import clock


@click.command(name="open")
@click.argument("title")
@options.component_option
@options.message_option
@options.next_option
@click.option(
    "--impact",
    type=click.Choice([impact.value for impact in Impact]),
    help="The impact, if not the one derived from the components.",
)
@click.option("--started", metavar="TIME", help="When the incident began, if before the first update: -20m, 13:58.")
@options.at_option
def command(
    title: str,
    components: tuple[str, ...],
    message: str | None,
    next_update: str | None,
    impact: str | None,
    started: str | None,
    at: str | None,
) -> None:
    """Open an incident: write a new incident file with a first update.

    Example: status open "API errors" -c api=major_outage -m "We are looking into it." --next 30m
    """
    site = project.load()
    mistakes, stated_at = options.Mistakes(), None
    with mistakes.collected():
        stated_at = options.past_time(at, "--at", site)
    with mistakes.collected():
        started_at = options.past_time(started, "--started", site)
    with mistakes.collected():
        states = options.components(components, site)
    with mistakes.collected():
        title_text = options.title(title)
    with mistakes.collected():  # reports an error in --next before the editor opens
        options.promise(next_update, stated_at or site.now, site)
    mistakes.refuse()
    posted_at = stated_at or site.now
    if started_at and started_at > posted_at:
        raise click.UsageError(
            f"--started: {clock.iso(started_at)} is after the first update ({clock.iso(posted_at)})."
        )
    with editor.message(message, f"Open: {title_text}") as message_text:
        site = site.at_present()
        posted_at = stated_at or site.now
        promised_at = options.promise_or_prompt(next_update, posted_at, site)
        update = Update(posted_at, UpdateStatus.INVESTIGATING, message_text, states, promised_at)
        incident = Incident(
            id=file_names.new_id(str(title_text), started_at or posted_at, site.settings.timezone),
            title=title_text,
            updates=(update,),
            started=started_at,
            stated_impact=Impact(impact) if impact else None,
        )
        path = changes.write_new(site.settings, incident)
    opened = store.read(site.settings, path.stem)
    impact = opened.impact_at(posted_at)
    terminal.say(
        f"Opened {terminal.bold(opened.title)}: {opened.last.status}, impact {impact or 'not known yet'}.",
        f"Wrote {site.shown(path)}",
    )
    if not states and impact is None:
        terminal.say("No component is given, so the page shows only that there is a problem.")
    terminal.say(*site.promise_lines(opened, opened.last))
    terminal.say(
        "",
        *terminal.next_steps(site, opened, "Open"),
        f'Then:        status update {site.short_id(opened.file_id)} -m "What you know now."',
    )
