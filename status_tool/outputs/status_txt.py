"""What `/status.txt` says, the page for `curl`: the status, open incidents and planned maintenance as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from status_tool.model.component import OPERATIONAL
from status_tool.model.incident import Incident
from status_tool.model.update import Text
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.text import markdown_text

WIDTH = 72
"""The largest number of characters in a line, except for URLs."""
MAX_BYTES = 2048
MAX_MESSAGE_LENGTH = 400
"""The largest number of characters of a message."""


def status(context: RenderContext) -> bytes:
    """`/status.txt`: at most `WIDTH` columns and `MAX_BYTES` bytes; it gives the number of entries that do not fit."""
    _, summary, language = context.language.gettext, context.summary, context.language
    name = _line(context.settings.site_name)
    head = _wrapped(phrases.replay(language, context.now)) if context.is_replay else []
    head += _wrapped(language.labelled(name, phrases.headline(language, summary)))
    head += _wrapped(_("As of %(time)s") % {"time": language.date_time(context.now)})
    foot = [context.site_url, *(f"{_('Also at')} {mirror}" for mirror in context.settings.mirrors)]
    blocks = [*_incidents(context), *_components(context)]
    for count in range(len(blocks), -1, -1):
        omitted = len(blocks) - count
        more = [[_("%(n)d more on the page") % {"n": omitted}]] if omitted else []
        page = "\n\n".join("\n".join(block) for block in [head, *blocks[:count], *more, foot]) + "\n"
        if len(page.encode()) <= MAX_BYTES:
            break
    return page.encode("utf-8")


def _incidents(context: RenderContext) -> Iterator[list[str]]:
    for incident in (*context.summary.open, *context.summary.running):
        yield _open(context, incident)
    for incident in context.summary.planned:
        window = phrases.extent(context.language, incident.extent_at(context.now))
        lines = [phrases.planned(context.language, window)]
        lines += [*_promise(context, incident), context.settings.incident_url(incident.id)]
        yield [*_wrapped(_title(context, incident)), *_indented(lines)]
    for incident in context.summary.cancelled:
        lines = [*context.notes(incident, incident.last), context.settings.incident_url(incident.id)]
        window = phrases.extent(context.language, incident.extent_at(context.now))
        lines.insert(0, phrases.planned(context.language, window))
        word = phrases.update_status(context.language, incident.last.status)
        yield [*_wrapped(context.language.labelled(word, _title(context, incident))), *_indented(lines)]
    for incident in context.summary.withdrawn:
        yield _withdrawn(context, incident)


def _withdrawn(context: RenderContext, incident: Incident) -> list[str]:
    lines = [context.settings.incident_url(incident.id)]
    if incident.withdrawn and incident.reason:
        time, reason = context.language.date_time(incident.withdrawn), _plain_text(context, incident.reason)
        lines.insert(0, context.language.labelled(time, reason))
    return [*_wrapped(_line(phrases.withdrawn_title(context.language, incident))), *_indented(lines)]


def _open(context: RenderContext, incident: Incident) -> list[str]:
    language, last = context.language, incident.last
    status = phrases.update_status(language, incident.status_at(context.now))
    impact = phrases.impact(language, incident, context.now)
    lines = [f"{status}, {impact}, {phrases.extent(language, incident.extent_at(context.now))}"]
    lines.append(language.labelled(language.date_time(last.at), _plain_text(context, last.message)))
    lines += _promise(context, incident)
    texts = phrases.help_texts(language, incident)
    lines += [language.labelled(label, _plain_text(context, text)) for label, text in texts]
    lines.append(context.settings.incident_url(incident.id))
    return [*_wrapped(_title(context, incident)), *_indented(lines)]


def _promise(context: RenderContext, incident: Incident) -> list[str]:
    promised = context.promise(incident, incident.last)
    return [phrases.promise(context.language, promised, context.now)] if promised else []


def _components(context: RenderContext) -> Iterator[list[str]]:
    affected = [component for component in context.summary.components if component.status is not OPERATIONAL]
    if affected:
        yield [
            line
            for component in affected
            for line in _wrapped(
                context.language.labelled(
                    _line(component.component.name), phrases.component_status(context.language, component.status)
                )
            )
        ]


def _title(context: RenderContext, incident: Incident) -> str:
    return _line(incident.title.in_language(context.language.code)[1])


def _plain_text(context: RenderContext, text: Text) -> str:
    plain = _line(markdown_text.plain(text.in_language(context.language.code)[1]))
    return textwrap.shorten(plain, MAX_MESSAGE_LENGTH, placeholder=" …")


def _line(text: str) -> str:
    return " ".join(text.split())


def _indented(lines: Iterable[str]) -> list[str]:
    return [line for text in lines for line in _wrapped(text, indent="  ")]


def _wrapped(text: str, indent: str = "") -> list[str]:
    """Lines of at most `WIDTH` characters; a longer word, such as a URL, is not broken."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
