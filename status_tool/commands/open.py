"""status open: a new incident."""

from __future__ import annotations

import click

from status_tool import clock, incident_file, incidents_dir, project, typed
from status_tool.incident import Impact, Incident, Update, UpdateStatus


@click.command(name="open")
@click.argument("title")
@typed.component_option
@typed.message_option
@typed.next_option
@click.option("--impact", type=click.Choice([word.value for word in Impact]), help="If not what the components say.")
@click.option("--started", metavar="TIME", help="When it began, if not now: -20m, 13:58.")
@typed.at_option
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
    given = typed.past_time(at, "--at", here)
    posted = given or here.now
    began = typed.past_time(started, "--started", here)
    if began and began > posted:
        raise click.UsageError(f"--started: {clock.iso(began)} is after the first update ({clock.iso(posted)}).")
    states = typed.components(components, here)
    typed.promise(following, posted, here)  # a mistake in it is told before the editor opens
    name = typed.title(title)
    with typed.message(message, f"Open: {name}") as words:
        here = here.at_present()
        posted = given or here.now
        promised = typed.asked_promise(following, posted, here)
        update = Update(posted, UpdateStatus.INVESTIGATING, words, states, promised)
        incident = Incident(
            id=f"{began or posted:%Y-%m-%d}-{incident_file.slug(str(name))}",
            title=name,
            updates=(update,),
            started=began,
            stated_impact=Impact(impact) if impact else None,
        )
        path = incidents_dir.write_new(here.settings, incident)
    opened = incidents_dir.read(here.settings, path.stem)
    typed.say(
        f"Opened {typed.quoted(opened.title)}: {opened.last.status}, "
        f"impact {opened.impact if opened.is_impact_known else 'not known yet'}.",
        f"Wrote {here.shown(path)}",
    )
    if not states and not opened.is_impact_known:
        typed.say("No component is named, so the page says that we are looking into a problem.")
    typed.say(*here.promises(opened, opened.last))
    typed.say(
        "",
        *typed.next_steps(here, opened, "Open"),
        f'Then:        status update {here.short_id(opened.file_id)} -m "What you know now."',
    )
