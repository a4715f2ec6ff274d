"""The page for `curl`: the state, what is open and what is planned, in plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from status_tool.model.incident import OPERATIONAL, Incident, Text
from status_tool.render import phrases
from status_tool.render.context import Edition
from status_tool.text import markdown_text

WIDTH = 72
MOST_BYTES = 2048
MESSAGE = 400
"""Characters of a message; the page has the rest."""


def status(edition: Edition) -> bytes:
    """`/status.txt`: at most 72 columns and 2 KB; what does not fit is counted, with the address that has it."""
    _, summary, language = edition.language.gettext, edition.summary, edition.language
    name = _line(edition.settings.site_name)
    head = _wrapped(language.labelled(name, phrases.headline(language, summary)))
    head += _wrapped(_("As of %(time)s") % {"time": language.when(edition.now)})
    foot = [edition.site_url, *(f"{_('Also at')} {mirror}" for mirror in edition.settings.mirrors)]
    blocks = [*_incidents(edition), *_components(edition)]
    for count in range(len(blocks), -1, -1):
        left = len(blocks) - count
        more = [[_("%(n)d more on the page") % {"n": left}]] if left else []
        told = "\n\n".join("\n".join(block) for block in [head, *blocks[:count], *more, foot]) + "\n"
        if len(told.encode()) <= MOST_BYTES:
            break
    return told.encode("utf-8")


def _incidents(edition: Edition) -> Iterator[list[str]]:
    for incident in (*edition.summary.open, *edition.summary.running):
        yield _open(edition, incident)
    for incident in edition.summary.planned:
        _ = edition.language.gettext
        window = incident.scheduled
        when = edition.language.window(window.begin, window.until) if window else ""
        lines = [_("Planned: %(window)s") % {"window": when}, *_promise(edition, incident)]
        yield [*_wrapped(_title(edition, incident)), *_indented([*lines, edition.settings.incident_url(incident.id)])]


def _open(edition: Edition, incident: Incident) -> list[str]:
    _, language, last = edition.language.gettext, edition.language, incident.last
    status = phrases.update_status(language, incident.status_at(edition.now))
    impact = _("Maintenance") if incident.is_maintenance else phrases.impact(language, incident, edition.now)
    since = _("since %(time)s") % {"time": language.when(incident.start)}
    if incident.is_maintenance and incident.end:
        since = language.window(incident.start, incident.end)
    lines = [f"{status}, {impact}, {since}"]
    lines.append(language.labelled(language.when(last.at), _words(edition, last.message)))
    lines += _promise(edition, incident)
    helps = (
        (_("Who is affected"), incident.who),
        (_("What you can do"), incident.workaround),
        (_("Where to get help"), incident.contact),
    )
    lines += [language.labelled(label, _words(edition, text)) for label, text in helps if text]
    lines.append(edition.settings.incident_url(incident.id))
    return [*_wrapped(_title(edition, incident)), *_indented(lines)]


def _promise(edition: Edition, incident: Incident) -> list[str]:
    promised = edition.promise(incident, incident.last)
    if promised is None:
        return []
    late = promised <= edition.now
    phrase = "Overdue: the next update was promised by %(time)s" if late else "Next update by %(time)s"
    return [edition.language.gettext(phrase) % {"time": edition.language.when(promised)}]


def _components(edition: Edition) -> Iterator[list[str]]:
    parts = [part for part in edition.summary.components if part.status is not OPERATIONAL]
    if parts:
        yield [
            line
            for part in parts
            for line in _wrapped(
                edition.language.labelled(
                    _line(part.component.name), phrases.component_status(edition.language, part.status)
                )
            )
        ]


def _title(edition: Edition, incident: Incident) -> str:
    return _line(incident.title.within(edition.language.code)[1])


def _words(edition: Edition, text: Text) -> str:
    words = _line(markdown_text.plain(text.within(edition.language.code)[1]))
    return textwrap.shorten(words, MESSAGE, placeholder=" …")


def _line(text: str) -> str:
    return " ".join(text.split())


def _indented(lines: Iterable[str]) -> list[str]:
    return [line for text in lines for line in _wrapped(text, indent="  ")]


def _wrapped(text: str, indent: str = "") -> list[str]:
    """Lines of at most `WIDTH` characters; an address stays in one piece."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
