"""status amend: the last update's text corrected."""

from __future__ import annotations

import click

from status_tool.cli import editor, options, pushing, terminal
from status_tool.errors import StatusError, one_of
from status_tool.incident_files import amend, changes, store
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update
from status_tool.project import posting, project
from status_tool.project.project import Project


@click.command(name="amend")
@options.incident_argument
@options.message_option
@click.option("--language", metavar="CODE", help="Which text of a message in several languages, if not the site's: fr.")
@pushing.push_option
def command(incident: str | None, message: str | None, language: str | None, pushes: bool | None) -> None:
    """Correct the text of the last update. Readers see that it was edited, and when.

    Of a message in several languages, one text is corrected; the others are named.

    INCIDENT is its id, or a part of its id or title that fits no other; left out, it is the one that was updated last.

    Example: status amend api-errors -m "Error rates are back to normal in the EU."
    """
    site = project.load()
    chosen = _last_updated(site) if incident is None else site.choose(incident)
    posting.refuse_withdrawn(site, chosen)
    before = store.read(site.settings, chosen.file_id)
    amended = _last_of_window(before, chosen) if incident and chosen.id == incident else before.last
    code = _language(amended.message, language, site)
    heading = f"Amend: {before.title}{f' ({code})' if code else ''}"
    with editor.message(message, heading, amended.message.translations[code]) as words:
        site = site.at_present()
        edited = max(site.now, amended.at)
        posting.refuse_dead_links(site, before, words)

        def correct(current: Incident, text: str, path: str) -> str:
            posting.refuse_withdrawn(site, current)
            _refuse_unseen(current, before, amended, path, f"Look at it: status show {site.short_id(before.id)}")
            if path.endswith(store.path_of(site.settings, before.id).name):
                return amend.amend(text, path, str(words), edited, code, amended.at)
            return amend.amend_file(text, path, str(words), edited, current.kind)

        corrected = (amended.at, code)
        after = changes.change(site.settings, before.id, correct, site.latest, message_of=corrected)
    terminal.say(
        f"Corrected the update of {site.time(amended.at)} of {terminal.bold(after.title)}. "
        f"Readers see that it was edited at {site.time(edited)}.",
        f"Wrote {site.shown(store.message_file(site.settings, after.id, *corrected))}",
        *_unchanged(amended.message, code, incident or site.short_id(after.id)),
        f"The text before: {_in_one_line(amended.message.translations[code])}",
    )
    pushing.finish(site, pushes)


def _refuse_unseen(current: Incident, before: Incident, amended: Update, path: str, hint: str) -> None:
    """StatusError when others have written what the person who corrects `amended` has not seen."""
    if current.last.at != before.last.at:
        raise StatusError("another update was posted meanwhile, so nothing was changed.", path, hint=hint)
    if all(update.message != amended.message for update in current.updates if update.at == amended.at):
        what = "somebody else has changed this text meanwhile, so nothing was changed."
        raise StatusError(what, path, hint=f"{hint}\nThen put your words and theirs together, and amend again.")


def _in_one_line(text: str) -> str:
    """`text` as a line of the terminal shows it, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:199]}…"


def _language(text: Text, typed: str | None, site: Project) -> str:
    """The key in `text.translations` of the text to correct: `typed`, else the site's own language.

    StatusError when there is none, and when it is not clear which of several is meant.
    """
    codes, own = list(text.translations), site.settings.language
    by_name = {code or own: code for code in codes}  # a text without a language is in the site's own
    if typed:
        if typed in by_name:
            return by_name[typed]
        what = f'This message has no text in the language "{typed}".'
        raise StatusError(what, hint=one_of(typed, by_name))
    related = [code for code in codes if code.split("-")[0] == own.split("-")[0]]
    for name in (own, own.split("-")[0], *related[:1], *(codes if len(codes) == 1 else ())):
        if name in by_name:
            return by_name[name]
    what = f"This message has texts in several languages, {', '.join(codes)}, and none in that of the site, {own}."
    raise StatusError(what, hint=f"Name the one to correct: --language {codes[0]}")


def _unchanged(text: Text, code: str, name: str) -> list[str]:
    """Which texts of the message were not corrected, and how to correct one."""
    others = [other for other in text.translations if other != code]
    if not others:
        return []
    return [
        f"Only its text in {code} was corrected. Unchanged: {', '.join(others)}.",
        f"To correct it too: status amend {name} --language {others[0]}",
    ]


def _last_of_window(series: Incident, window: Incident) -> Update:
    """The last update of one window of recurring maintenance, as it stands in the file of the series."""
    update = next((update for update in series.updates if update == window.last), None)
    if update is None:
        raise StatusError(f"{window.id} has no update yet.", hint=f"To post one: status update {window.id}")
    return update


def _last_updated(site: Project) -> Incident:
    latest = site.now + store.CLOCK_TOLERANCE
    updated = [incident for incident in site.published() if incident.last.at <= latest]
    if not updated:
        raise StatusError("No update has been posted yet.", hint='To open an incident: status open "What is wrong"')
    return max(updated, key=lambda incident: (incident.last.at, incident.id))
