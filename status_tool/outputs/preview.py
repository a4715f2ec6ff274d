"""What readers will see of an incident's last update, on its page, in the feeds and as an SMS: Markdown for a forge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from status_tool.model.incident import Incident
from status_tool.outputs import feeds
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.text import plain_text, sms

MAX_SMS = 320
"""The largest number of characters of the text that is measured as an SMS."""


def markdown(context: RenderContext, incident: Incident) -> str:
    """The preview. Words that people wrote are quoted or in code, so that a forge shows them and runs nothing."""
    language, update = context.language, incident.last
    entry = feeds.incident(context, incident).entries[0]
    url = context.settings.incident_url(incident.id)
    lines = [
        f"### {_code(incident.title.in_language(language.code)[1])}",
        "",
        *_page(context, incident),
        "",
        *_quoted(str(plain_text.plain(update.message.in_language(language.code)[1], context.links(incident)))),
        "",
    ]
    for code, text in update.message.other_translations(language.code):
        lines += [f"In `{code or context.settings.language}`:", "", *_quoted(text), ""]
    length = sms.measure(short(context, incident))
    lines += [
        f"**Feed entry:** {_code(entry.title)}, dated {entry.updated:%Y-%m-%d %H:%M} UTC",
        "",
        f"**As an SMS:** {length}{_others(length)}",
        "",
        *_quoted(short(context, incident)),
        "",
        f"**Address:** {url}",
    ]
    return "\n".join(lines) + "\n"


def short(context: RenderContext, incident: Incident) -> str:
    """The last update in the words of an SMS: what, its status, the beginning of the message, the address."""
    language = context.language
    title = incident.title.in_language(language.code)[1]
    head = f"{context.settings.site_name}: {title} ({phrases.update_label(language, incident.last)}). "
    url = context.settings.incident_url(incident.id)
    room = max(MAX_SMS - len(head) - len(url) - 1, 20)
    message = incident.last.message.in_language(language.code)[1]
    return f"{head}{plain_text.one_line(message, room, context.links(incident))} {url}"


def _page(context: RenderContext, incident: Incident) -> Iterator[str]:
    language, update = context.language, incident.last
    label = phrases.update_label(language, update)
    yield f"**Page:** {label}, {phrases.impact(language, incident, context.now)}"
    for id, status in incident.shown_changes(update).items():
        name = context.settings.component_names.get(id, id)
        yield f"- {_code(name)}: {phrases.component_status(language, status)}"
    promised = context.settings.promised(incident, update)
    if promised and not update.status.ends:
        yield f"- {phrases.promise(language, promised, context.now)}"


def _others(length: sms.SmsLength) -> str:
    """Which characters make an SMS more than twice as expensive."""
    if length.is_gsm7:
        return ""
    return f" (because of {' '.join(map(_code, length.others[:10]))})"


def _code(text: str) -> str:
    """`text` as code in Markdown."""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _quoted(text: str) -> list[str]:
    """`text` as a block of code: nothing in it is read as Markdown."""
    fence = "`" * max(3, max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    return [f"{fence}text", *text.splitlines(), fence]
