"""What readers will see of an update that is not written yet, as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime

from status_tool.model.incident import Incident
from status_tool.render import phrases
from status_tool.render.language import Language
from status_tool.settings.settings import Settings
from status_tool.text import plain_text
from status_tool.text.plain_text import Line


def lines(settings: Settings, incident: Incident, now: datetime, width: int) -> list[str]:
    """The title, the status, the components, the last message in each of its languages, and the promise.

    They are in the language of the site, and at most `width` columns wide, except for longer words.
    """
    language = Language(settings.language, settings.timezone)
    status = phrases.update_status(language, incident.last.status)
    head = [incident.title.in_language(language.code)[1], f"{status}, {phrases.impact(language, incident, now)}"]
    head += _components(settings, language, incident)
    promised_at = settings.promised(incident, incident.last)
    foot = [phrases.promise(language, promised_at, now)] if promised_at else []
    blocks = [_wrapped(head, width), *_messages(incident, width), _wrapped(foot, width)]
    return [line for block in blocks if block for line in ("", *block)][1:]


def _components(settings: Settings, language: Language, incident: Incident) -> Iterator[str]:
    for id, state in incident.last.components.items():
        yield language.labelled(settings.component_names.get(id, id), phrases.component_status(language, state))


def _messages(incident: Incident, width: int) -> Iterator[list[str]]:
    translations = incident.last.message.translations
    for code, text in translations.items():
        label = [f"[{code}]"] if len(translations) > 1 else []
        shown = plain_text.lines(text, max_length=len(text) + 1)
        yield [*label, *(wrapped for line in shown for wrapped in _with_gap(line, width))]


def _with_gap(line: Line, width: int) -> list[str]:
    return [*([line.gap] if line.gap is not None else []), *line.wrapped(width)]


def _wrapped(texts: list[str], width: int) -> list[str]:
    return [line for text in texts for line in textwrap.wrap(text, width, break_long_words=False)]
