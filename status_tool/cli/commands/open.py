"""status open: opens a new incident."""

from __future__ import annotations

from dataclasses import replace

import click

from status_tool.cli import already_open, options, pushing, templating, terminal
from status_tool.cli.commands import update
from status_tool.incident_files import changes, file_names, store
from status_tool.model.component import ComponentStatus, Impact
from status_tool.model.incident import Incident
from status_tool.model.update import Kind, Update, UpdateStatus
from status_tool.project import open_reports, posting, project


@click.command(name="open")
@click.argument("title", required=False)
@options.component_option
@options.message_option
@templating.template_options
@options.next_option
@click.option(
    "--impact",
    metavar=f"[{'|'.join(Impact)}]",
    shell_complete=lambda context, parameter, typed: [value for value in Impact if value.startswith(typed)],
    help="The impact, if not the one derived from the components.",
)
@click.option("--started", metavar="TIME", help="When the incident began, if before the first update: -20m, 13:58.")
@options.at_option
@options.draft_option
@options.drill_option
@pushing.push_option
@click.option("--anyway", is_flag=True, help="Open it although an incident on the same component is open already.")
@click.pass_context
def command(
    context: click.Context,
    title: str | None,
    components: tuple[str, ...],
    message: str | None,
    template: str | None,
    blanks: tuple[str, ...],
    next_update: str | None,
    impact: str | None,
    started: str | None,
    at: str | None,
    anyway: bool,
    is_draft: bool,
    is_drill: bool,
    pushes: bool | None,
) -> None:
    """Open an incident: write a new incident file with a first update.

    On a terminal, with nothing else, it asks step by step, and shows what readers will see before it writes.

    If one is open already on the same component, or with the same title, you are asked whether you mean
    that one; where nobody can answer, the exit code is 1.

    Example: status open "API errors" -c api=major_outage -m "We are looking into it." --next 30m
    Example: status open --template outage -c api=major_outage
    """
    if title is None and template is None:
        others = (value for name, value in context.params.items() if name not in ("pushes", "is_draft"))
        if terminal.can_ask() and not any(others):
            _ask(context, pushes, is_draft)
            return
        raise click.MissingParameter(ctx=context, param_hint="'TITLE'", param_type="argument")
    site = project.load()
    words = templating.chosen(site, template, blanks)
    status = UpdateStatus.INVESTIGATING
    if words:
        words.refuse_except(Kind.INCIDENT, *(each for each in Kind.INCIDENT.statuses if not each.ends))
        status = words.template.status or status
    mistakes, stated_at = options.Mistakes(), None
    states: dict[str, ComponentStatus] = {}
    with mistakes.collected():
        stated_at = options.past_time(at, "--at", site)
    with mistakes.collected():
        started_at = options.past_time(started, "--started", site)
    with mistakes.collected():
        states = {**(words.states if words else {}), **options.components(components, site)}
        options.refuse_retired(states, site, stated_at or site.now)
    with mistakes.collected():
        if title is not None:
            options.title(title)
    with mistakes.collected():
        stated_impact = options.impact(impact) or (words.template.impact if words else None)
    with mistakes.collected():  # reports an error in --next before the editor opens
        options.promise(next_update, max(stated_at or site.now, site.now), site)
    mistakes.refuse()
    posted_at = stated_at or site.now
    if started_at and started_at > posted_at:
        started_shown, posted_shown = (options.day_and_time(at, site) for at in (started_at, posted_at))
        raise click.UsageError(f"--started: {started_shown} is after the first update ({posted_shown}).")
    if words:
        words = words.completed(templating.affected(states), title=title is None, message=message is None)
    title_text = templating.title(words, title)
    report = already_open.report(
        str(title_text), states, words.options if words else [], next=next_update, at=at, impact=impact, started=started
    )

    def as_update(incident: Incident, text: str | None) -> None:
        shared = {"components": components, "next_update": next_update, "at": at, "pushes": pushes}
        shared |= templating.arguments(words)
        context.invoke(update.command, incident=incident.id, message=text, **shared)
        terminal.say("", f"Not used in the update: {report.unused()}.")

    asked = open_reports.same(site, title_text, report.affected, posted_at) if terminal.can_ask() and not anyway else []
    if meant := already_open.choose(site, asked, report, message):
        as_update(meant, message)
        return
    with templating.message(words, message, f"Open: {title_text}") as message_at:
        site = site.at_present()
        posted_at = stated_at or site.now
        meanwhile = [] if anyway else open_reports.same(site, title_text, report.affected, posted_at, asked)
        typed = None if words and message is None else str(message_at(None))
        if meant := already_open.choose(site, meanwhile, report, typed):
            as_update(meant, typed)
            return
        posted = posting.posted_at(posted_at, site.now)
        first_update = Update(posted_at, status, title_text, states, posted=posted)  # with its message below
        incident = Incident(
            id=file_names.new_id(str(title_text), started_at or posted_at, site.settings.timezone),
            title=title_text,
            updates=(first_update,),
            started=started_at,
            stated_impact=stated_impact,
            draft=is_draft,
            drill=is_drill,
        )
        rhythm = posting.rhythm_of(site, incident.impact_at(posted_at))
        promised_at = templating.promise(words, next_update, max(posted_at, site.now), site, rhythm)
        message_text = message_at(promised_at)
        incident = replace(incident, updates=(replace(first_update, message=message_text, next=promised_at),))
        posting.refuse_dead_links(site, incident, message_text)
        path = changes.write_new(site.settings, incident, site.latest)
    opened = store.read(site.settings, path.stem)
    impact, verb = opened.impact_at(posted_at), "Drafted" if is_draft else "Opened"
    terminal.say(
        f"{verb} {terminal.bold(opened.title)}: {opened.last.status}, impact {impact or 'not known yet'}.",
        f"Wrote {site.shown(path)}",
    )
    if not states and impact is None:
        terminal.say("No component is given, so the page shows only that there is a problem.")
    if is_drill:
        terminal.say("It is a drill: only the site of a drill shows it.")
    if is_draft:
        terminal.say("It is a draft: no reader sees it.")
        pushing.finish(site, pushes, f"To publish:  status publish {site.short_id(opened.file_id)}")
        return
    terminal.say(*site.promise_lines(opened, opened.last))
    pushing.finish(
        site,
        pushes,
        f'Then:        status update {site.short_id(opened.file_id)} -m "What you know now."',
    )


def _ask(context: click.Context, pushes: bool | None, is_draft: bool) -> None:
    """Opens or updates an incident with the answers of a person, and prints the command that does the same."""
    from status_tool.cli import open_answers, open_dialogue  # every other use of this command starts without them

    site = project.load()
    answers = open_dialogue.ask(site, open_answers.Answers(pushes=pushes, is_draft=is_draft))
    same = ("", "The same in one command:", f"  {answers.command}")
    try:
        context.invoke(update.command if answers.meant else command, **answers.arguments)
    except BaseException as error:
        if not answers.is_written(site):
            answers.keep(error)
            raise
        terminal.say(*same)  # it could not be pushed
        raise
    terminal.say(*same)
