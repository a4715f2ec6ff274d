"""status open: a new incident."""

from __future__ import annotations

import click

from status_tool.cli import editor, options, terminal
from status_tool.incident_files import file_names, store
from status_tool.model.component import Impact
from status_tool.model.incident import Incident, Update, UpdateStatus
from status_tool.project import project
from status_tool.system import clock


@click.command(name="open")
@click.argument("title")
@options.component_option
@options.message_option
@options.next_option
@click.option("--impact", type=click.Choice([word.value for word in Impact]), help="If not what the components say.")
@click.option("--started", metavar="TIME", help="When it began, if not now: -20m, 13:58.")
@options.at_option
def command(
    title: str,
    components: tuple[str, ...],
    message: str | None,
    following: str | None,
    impact: str | None,
    started: str | None,
    at: str | None,
) -> None:
    """Open an incident: readers hear that something is wrong.

    Example: status open "API errors" -c api=major_outage -m "We are looking into it." --next 30m
    """
    here = project.load()
    given = options.past_time(at, "--at", here)
    posted = given or here.now
    began = options.past_time(started, "--started", here)
    if began and began > posted:
        raise click.UsageError(f"--started: {clock.iso(began)} is after the first update ({clock.iso(posted)}).")
    states = options.components(components, here)
    options.promise(following, posted, here)  # a mistake in it is told before the editor opens
    name = options.title(title)
    with editor.message(message, f"Open: {name}") as words:
        here = here.at_present()
        posted = given or here.now
        promised = options.asked_promise(following, posted, here)
        update = Update(posted, UpdateStatus.INVESTIGATING, words, states, promised)
        incident = Incident(
            id=f"{began or posted:%Y-%m-%d}-{file_names.slug(str(name))}",
            title=name,
            updates=(update,),
            started=began,
            stated_impact=Impact(impact) if impact else None,
        )
        path = store.write_new(here.settings, incident)
    opened = store.read(here.settings, path.stem)
    terminal.say(
        f"Opened {terminal.quoted(opened.title)}: {opened.last.status}, "
        f"impact {opened.impact if opened.is_impact_known else 'not known yet'}.",
        f"Wrote {here.shown(path)}",
    )
    if not states and not opened.is_impact_known:
        terminal.say("No component is named, so the page says that we are looking into a problem.")
    terminal.say(*here.promises(opened, opened.last))
    terminal.say(
        "",
        *terminal.next_steps(here, opened, "Open"),
        f'Then:        status update {here.short_id(opened.file_id)} -m "What you know now."',
    )
