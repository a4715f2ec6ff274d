"""What `/voice.xml` and `/voice.txt` say: the status in a few sentences, for a telephone number that reads them aloud.

The first is TwiML (https://www.twilio.com/docs/voice/twiml/say), which other telephone services read, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from status_tool.model.incident import Incident
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.text import plain_text

MAX_WORDS = 150
"""About a minute."""
MAX_MESSAGE = 240
"""The largest number of characters of a message."""
_ADDRESS = re.compile(r"\(?https?://(?:www\.)?([^/\s()]+)\S*")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(context: RenderContext) -> bytes:
    """`/voice.txt`: a sentence on each line."""
    return ("\n".join(sentences(context)) + "\n").encode("utf-8")


def twiml(context: RenderContext) -> bytes:
    """`/voice.xml`: the same, to be read aloud in the language of the site."""
    tag = context.language.territory_tag_of(context.language.phrase_language).replace("_", "-")
    said = escape(_NOT_IN_XML.sub("", " ".join(sentences(context))))
    document = f"<Response>\n  <Say language={quoteattr(tag)}>{said}</Say>\n</Response>\n"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}'.encode()


def sentences(context: RenderContext) -> list[str]:
    """Of when they are, what the status is, what is open and planned, and until when that can be relied on.

    What does not fit into `MAX_WORDS` is counted; each sentence stays true as time passes.
    """
    _, language, summary = context.language.gettext, context.language, context.summary
    time = _("As of %(time)s") % {"time": language.date_time(context.now)}
    head = [_sentence(context.marked(context.settings.site_name))]
    head += [_sentence(_("Drill: nothing of this is happening."))] if context.is_drill else []
    head.append(_sentence(language.labelled(time, phrases.headline(language, summary))))
    foot = [
        _sentence(
            _("This is out of date after %(time)s") % {"time": language.date_time(context.now + context.stale_after)}
        )
    ]
    if host := re.sub(r"^https?://(?:www\.)?|/.*", "", context.site_url):
        foot.append(_sentence(_("The page with everything is %(address)s") % {"address": host}))
    blocks = [" ".join(_incident(context, incident)) for incident in (*summary.open, *summary.running)]
    blocks += [" ".join(_planned(context, incident)) for incident in summary.planned]
    for count in range(len(blocks), -1, -1):
        omitted = len(blocks) - count
        more = [_sentence(_("%(n)d more on the page") % {"n": omitted})] if omitted else []
        found = [*head, *blocks[:count], *more, *foot]
        if sum(len(sentence.split()) for sentence in found) <= MAX_WORDS:
            break
    return found


def _incident(context: RenderContext, incident: Incident) -> Iterator[str]:
    language, last = context.language, incident.last
    title = incident.title.in_language(language.code)[1]
    status = phrases.update_status(language, incident.status_at(context.now))
    yield _sentence(language.labelled(title, f"{status}, {phrases.extent(language, incident.extent_at(context.now))}"))
    message = last.message.in_language(language.code)[1]
    yield _sentence(plain_text.one_line(message, MAX_MESSAGE, context.links(incident)))
    if promised := context.promise(incident, last):
        yield _sentence(phrases.promise(language, promised, context.now))


def _planned(context: RenderContext, incident: Incident) -> Iterator[str]:
    window = phrases.extent(context.language, incident.extent_at(context.now))
    title = incident.title.in_language(context.language.code)[1]
    yield _sentence(context.language.labelled(title, phrases.planned(context.language, window)))


def _sentence(text: str) -> str:
    """`text` as it can be read aloud: addresses by their names, and a full stop at its end."""
    spoken = re.sub(r"[ \t\n]+", " ", _ADDRESS.sub(r"\1", text)).strip()
    return spoken if spoken.endswith((".", "!", "?", "…", "。")) else f"{spoken}."
