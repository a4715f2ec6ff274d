"""What `/status.txt` says, the page for `curl`: the status, open incidents and planned maintenance as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from status_tool.model.component import OPERATIONAL
from status_tool.model.incident import Incident
from status_tool.model.update import Text
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.text import plain_text
from status_tool.text.plain_text import Line
from status_tool.text.relative_links import Links

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
    head += _wrapped(_("Drill: nothing of this is happening.")) if context.is_drill else []
    head += _wrapped(language.labelled(name, phrases.headline(language, summary)))
    head += _wrapped(_("As of %(time)s") % {"time": language.date_time(context.now)})
    foot = [context.site_url, *(f"{_('Also at')} {mirror}" for mirror in context.settings.mirrors)]
    blocks = [*_incidents(context), *_components(context), *_announcement(context)]
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
        lines = [Line(phrases.planned(context.language, window)), *_notes(context, incident)]
        lines += _promise(context, incident)
        lines.append(Line(context.settings.incident_url(incident.id)))
        yield [*_wrapped(_title(context, incident)), *_indented(lines)]
    for incident in context.summary.cancelled:
        window = phrases.extent(context.language, incident.extent_at(context.now))
        lines = [Line(phrases.planned(context.language, window)), *_notes(context, incident)]
        lines.append(Line(context.settings.incident_url(incident.id)))
        word = phrases.update_status(context.language, incident.last.status)
        yield [*_wrapped(context.language.labelled(word, _title(context, incident))), *_indented(lines)]
    for incident in context.summary.withdrawn:
        yield _withdrawn(context, incident)


def _withdrawn(context: RenderContext, incident: Incident) -> list[str]:
    lines: list[Line] = [Line(context.settings.incident_url(incident.id))]
    if incident.withdrawn and incident.reason:
        time = context.language.date_time(incident.withdrawn)
        lines = [*_labelled(context, context.links(incident), time, incident.reason), *lines]
    return [*_wrapped(_line(phrases.withdrawn_title(context.language, incident))), *_indented(lines)]


def _open(context: RenderContext, incident: Incident) -> list[str]:
    language, last, links = context.language, incident.last, context.links(incident)
    status = phrases.update_status(language, incident.status_at(context.now))
    impact = phrases.impact(language, incident, context.now)
    lines: list[Line] = [Line(f"{status}, {impact}, {phrases.extent(language, incident.extent_at(context.now))}")]
    lines += [*_labelled(context, links, language.date_time(last.at), last.message), *_notes(context, incident)]
    lines += _promise(context, incident)
    for label, text in phrases.help_texts(language, incident):
        lines += _labelled(context, links, label, text)
    lines.append(Line(context.settings.incident_url(incident.id)))
    return [*_wrapped(_title(context, incident)), *_indented(lines)]


def _notes(context: RenderContext, incident: Incident) -> list[Line]:
    return [Line(note) for note in context.notes(incident, incident.last)]


def _promise(context: RenderContext, incident: Incident) -> list[Line]:
    promised = context.promise(incident, incident.last)
    return [Line(phrases.promise(context.language, promised, context.now))] if promised else []


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


def _announcement(context: RenderContext) -> Iterator[list[str]]:
    if context.announcement:
        label = context.language.gettext(phrases.ANNOUNCEMENT)
        links = context.announcement_links(context.announcement)
        lines = _labelled(context, links, label, context.announcement.text)
        yield [wrapped for line in lines for wrapped in line.wrapped(WIDTH)]


def _title(context: RenderContext, incident: Incident) -> str:
    return _line(incident.title.in_language(context.language.code)[1])


def _labelled(context: RenderContext, links: Links, label: str, text: Text) -> list[Line]:
    """The lines of `text`, with the label before them; on the first one, if that is a paragraph."""
    source = text.in_language(context.language.code)[1]
    lines = plain_text.lines(source, MAX_MESSAGE_LENGTH, links)
    if lines and lines[0].is_paragraph:
        return [Line(context.language.labelled(label, lines[0].text)), *lines[1:]]
    return [Line(context.language.labelled(label, "").rstrip()), *lines]


def _line(text: str) -> str:
    return " ".join(text.split())


def _indented(lines: Iterable[Line]) -> list[str]:
    return [wrapped for line in lines for wrapped in line.wrapped(WIDTH, "  ")]


def _wrapped(text: str) -> list[str]:
    return Line(text).wrapped(WIDTH)
