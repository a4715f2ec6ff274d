"""status kit: ready-made words for channels on which a person speaks, and the emergency plan on paper."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from status_tool.cli import terminal
from status_tool.errors import StatusError, one_of
from status_tool.project import project
from status_tool.project.project import Project
from status_tool.system import clock

if TYPE_CHECKING:
    from status_tool.notify.notice import Notice
    from status_tool.render.context import RenderContext


@click.command(name="kit")
@click.argument("incident", required=False)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to (default: status-kit in your home folder).",
)
@click.option("--mark-sent", "channel", metavar="NAME", help="Note that it is said on this channel, by hand.")
@click.option("--plan", "makes_plan", is_flag=True, help="The emergency plan on paper instead.")
@click.option(
    "--contacts",
    type=click.Path(dir_okay=False, path_type=Path),
    help="For the plan: whom to call, a CSV file outside the repository.",
)
def command(
    incident: str | None, output: Path | None, channel: str | None, makes_plan: bool, contacts: Path | None
) -> None:
    """Make the words of the newest update for people: to read aloud, to copy, to print.

    The folder gets kit.html with the text for each place, cut and counted, a script of 20 and of 60 seconds and a
    press statement; kit.txt with the same; and poster.html for the door. Nothing is sent. --mark-sent notes in
    the ledger that a person has said it. --plan makes plan.html: who decides, who calls whom, what to type.

    Example: status kit api --mark-sent yubo
    """
    site = project.load()
    if contacts and not makes_plan:
        raise click.UsageError("--contacts is for the plan. Write status kit --plan --contacts FILE.")
    if makes_plan:
        if incident or channel:
            raise click.UsageError("--plan is about no incident and no channel. Leave them out.")
        _plan(site, output or _default(), contacts)
    elif channel:
        _mark_sent(site, incident, channel)
    else:
        _kit(site, incident, output or _default())


def _default() -> Path:
    try:
        return Path.home() / "status-kit"
    except RuntimeError:
        raise StatusError("there is no home folder.", hint="Name a folder: --output DIR") from None


def _kit(site: Project, wanted: str | None, folder: Path) -> None:
    from status_tool.notify import kit, qr_code

    notice, context = _newest(site, wanted)
    made = kit.make(notice, context.templates)
    code = _markup(qr_code.svg(context.settings.site_url))
    values = {"notice": notice, "kit": made, "code": code}
    printed = context.language.date_time(clock.now())
    address = context.settings.site_url.removeprefix("https://").removeprefix("http://").rstrip("/")
    render = context.templates.render
    files = {
        "kit.html": render("notify/kit.html", **values),
        "kit.txt": render("notify/kit.txt", **values).rstrip("\n") + "\n",
        "poster.html": render("notify/poster.html", **values, printed=printed, address=address),
    }
    _write(folder, files)
    terminal.say(
        f"{terminal.bold(notice.label)}: {notice.title}, in {folder}:",
        "  kit.html     to copy from, and to print",
        "  kit.txt      the same as text",
        "  poster.html  for the door",
        "",
        made.short,
        "",
        "When somebody has said it: status kit --mark-sent CHANNEL",
    )


def _newest(site: Project, wanted: str | None) -> tuple[Notice, RenderContext]:
    """The newest word of an incident that readers can see, and the context in which it is written."""
    from status_tool.notify import notices
    from status_tool.render.context import SiteContext

    if not site.settings.site_url:
        hint = "Write the address of the page, for example: site_url: https://status.example.org/"
        raise StatusError("site_url is missing, and every text has a link.", site.shown(site.settings.file), hint=hint)
    chosen = site.choose(wanted)
    if chosen.draft:
        raise StatusError(f"{chosen.id} is a draft, which nobody sees.", hint="Publish it first: status publish")
    published = [incident for incident in site.incidents() if not incident.draft]
    now = site.summary_time(published)
    context = SiteContext.of(site.settings).with_incidents(published, now, is_drill=chosen.drill)
    if chosen.withdrawn:
        return notices.withdrawal(context, chosen), context
    return notices.update(context, chosen, chosen.last), context


def _plan(site: Project, folder: Path, contacts_file: Path | None) -> None:
    from status_tool.notify import plan, qr_code
    from status_tool.render.context import SiteContext

    settings = site.settings
    contacts: tuple[plan.Contact, ...] = ()
    if contacts_file:
        plan.refuse_inside(settings, contacts_file)
        plan.refuse_inside(settings, folder)
        contacts = plan.read(contacts_file)
    component = next((component.id for component in settings.components if not component.retired), "COMPONENT")
    page = SiteContext.of(settings).templates.render(
        "notify/plan.html",
        settings=settings,
        contacts=contacts,
        channels=[channel for channel in settings.channels if not channel.is_drill],
        component=component,
        made=f"{site.now.astimezone(settings.timezone):%Y-%m-%d}",
        code=_markup(qr_code.svg(settings.site_url)) if settings.site_url else "",
    )
    _write(folder, {"plan.html": page})
    terminal.say(f"The plan: {folder / 'plan.html'}", "Print it, and keep it where you find it without a computer.")
    if not contacts_file:
        terminal.say("Its tables are empty, to fill in by hand; or: status kit --plan --contacts ~/contacts.csv")
    for gap in plan.missing(contacts) if contacts else ():
        click.echo(f"Note: {gap}.", err=True)


def _mark_sent(site: Project, wanted: str | None, name: str) -> None:
    from status_tool.notify import marking
    from status_tool.notify.ledger_store import LedgerStore, Unreachable

    channels = {channel.name: channel for channel in site.settings.channels}
    if name not in channels:
        hint = one_of(name, channels) if channels else "Add it: channels: [{name: yubo, kind: person, mode: manual}]"
        raise StatusError(f'there is no channel "{name}".', hint=hint)
    notice, _ = _newest(site, wanted)
    store = LedgerStore(site.settings.folder)
    count = marking.mark(site, store, channels[name], notice.incident)
    if not count:
        terminal.say(f"It was noted already that {notice.incident} is said on {name}.")
        return
    terminal.say(f"Noted: {notice.label}, {notice.title} is said on {name}.")
    try:
        store.publish()
    except Unreachable as error:
        click.echo(
            f"The note is kept here only. To bring it to others: status ledger --push\nGit said: {error}", err=True
        )


def _markup(text: str) -> object:
    from markupsafe import Markup

    return Markup(text)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Each file whole or not at all."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            new = folder / f".{name}.new"
            new.write_text(text, "utf-8")
            new.replace(folder / name)
    except OSError as error:
        hint = "Name another folder: --output DIR"
        raise StatusError(f"cannot be written: {error.strerror}.", error.filename or folder, hint=hint) from None
