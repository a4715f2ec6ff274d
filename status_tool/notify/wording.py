"""The words of a notice for one channel: ours or the site's templates, cut to what the channel takes.

It is cut in this order, and no further than needed: the message from its end, then the whole message, what it says of
components, the end of the title, the name of the site, the title. What the update is, since when, until when the next
one comes, and the link survive, as long as the channel takes these.

Names with `@` or `#` stay as they were written: whether they would call somebody is for each channel's module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from status_tool.notify.notice import Notice
from status_tool.notify.words import Limit, Words
from status_tool.render.templates import Templates
from status_tool.text import sms_text

FORMS = ("mail", "post", "sms", "subject", "press", "speech")
"""The templates in `site_templates/notify`, without `.txt`."""
LONGEST_SUBJECT = 120
_LEAST = 24
"""The number of characters of a message or a title below which what is left of it says nothing."""
_ENDS = re.compile(r"[.!?…。！？][”’»\")]?(?=\s)|\n\n")


def words(notice: Notice, limit: Limit, templates: Templates, form: str) -> Words:
    """The words of `notice` in one of `FORMS`; StatusError when a template of the site has a mistake."""

    def render(shortened: Notice) -> str:
        return _rendered(shortened, templates, form)

    text, is_cut = _fitting(notice, limit, render)
    subject = _rendered(notice, templates, "subject").replace("\n", " ")
    return Words(text, _cut(subject, LONGEST_SUBJECT), notice.language, is_cut)


def _rendered(notice: Notice, templates: Templates, form: str) -> str:
    text = templates.render(f"notify/{form}.txt", notice=notice)
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    joined = re.sub(r"\n{3,}", "\n\n", lines).strip()
    return sms_text.transliterated(joined) if form == "sms" else joined


def _fitting(notice: Notice, limit: Limit, render: Callable[[Notice], str]) -> tuple[str, bool]:
    """The longest text that fits, and whether something is missing in it."""
    whole = render(notice)
    if limit.measure(whole) <= limit.most:
        return whole, False
    for shortened, key in _steps(notice):
        if key and (text := _longest(shortened, key, limit, render)):
            return text, True
        if not key and limit.measure(text := render(shortened)) <= limit.most:
            return text, True
    return f"{notice.label} {notice.url}", True


def _steps(notice: Notice) -> Iterator[tuple[Notice, str]]:
    """What is tried, one after the other, and which of its texts is cut as far as needed; empty when none is."""
    yield notice, "message"
    bare = replace(notice, message="")
    yield bare, ""
    bare = replace(bare, components="")
    yield bare, ""
    yield bare, "title"
    bare = replace(bare, site="")
    yield bare, ""
    yield bare, "title"
    yield replace(bare, title=""), ""


def _longest(notice: Notice, key: str, limit: Limit, render: Callable[[Notice], str]) -> str:
    """The text with as much of the notice's `key` as fits; empty when not even a little does."""
    source = notice.message if key == "message" else notice.title

    def at(length: int) -> str:
        cut = _cut(source, length)
        return render(replace(notice, message=cut) if key == "message" else replace(notice, title=cut))

    shortest, longest = _LEAST, min(len(source) - 1, 1_000_000)
    if longest < shortest or limit.measure(at(shortest)) > limit.most:
        return ""
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if limit.measure(at(middle)) <= limit.most:
            shortest = middle
        else:
            longest = middle - 1
    return at(shortest)


def _cut(text: str, length: int) -> str:
    """At most `length` characters of `text` with an ellipsis: up to the end of a sentence, or at least of a word."""
    if len(text) <= length:
        return text
    start = text[: length - 1]
    sentences = [match.end() for match in _ENDS.finditer(text[:length]) if match.end() <= length - 1]
    if sentences and sentences[-1] > length // 2:
        return f"{start[: sentences[-1]].rstrip()} …" if sentences[-1] < length - 1 else f"{start.rstrip()}…"
    gaps = [match.start() for match in re.finditer(r"\s", start)]
    end = gaps[-1] if gaps and gaps[-1] > length // 3 else len(start)
    return f"{start[:end].rstrip()}…"
