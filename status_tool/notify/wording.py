"""The words of a notice for one channel: ours or the site's templates, cut to what the channel takes.

It is cut in this order, and no further than needed: the message from its end, then the whole message; what it says of
components, which may make room for some of the message again; the end of the title, the name of the site, the title.
What the update is, since when, until when the next one comes, and the link survive, as long as the channel takes these;
then what it is and the link; at last, with the address of the page or of the site instead.

Names with `@` or `#` stay as they were written: whether they would call somebody is for each channel's module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from status_tool.errors import StatusError
from status_tool.notify.limits import characters
from status_tool.notify.notice import Notice
from status_tool.notify.words import Limit, Words
from status_tool.render.templates import Templates
from status_tool.text import sms_text
from status_tool.text.shortened import shortened

FORMS = ("mail", "post", "sms", "subject", "press", "speech")
"""The templates in `site_templates/notify`, without `.txt`."""
LONGEST_SUBJECT = 120
_LEAST = 24
"""The number of characters of a message or a title below which what is left of it says nothing."""
Render = Callable[[Notice], str]
Fits = Callable[[str], bool]


def words(notice: Notice, limit: Limit, templates: Templates, form: str) -> Words:
    """The words of `notice` in one of `FORMS`; StatusError when a template of the site has a mistake."""
    text, is_cut = _fitting(notice, limit, templates, form)
    if not text:
        hint = "Write what is said, and the link: {{ notice.url }}"
        raise StatusError("this template says nothing.", f"site_templates/notify/{form}.txt", hint=hint)
    subject, _ = _fitting(notice, characters(LONGEST_SUBJECT), templates, "subject")
    return Words(text, subject, notice.language, is_cut)


def _fitting(notice: Notice, limit: Limit, templates: Templates, form: str) -> tuple[str, bool]:
    """The longest text that fits, and whether something is missing in it. If none does, it is the shortest."""

    def fits(text: str) -> bool:
        return limit.measure(text) <= limit.most

    def render(shorter: Notice) -> str:
        return _tidy(templates.render(f"notify/{form}.txt", notice=shorter), form)

    whole = render(notice)
    if fits(whole):
        return whole, False
    text = ""
    for text in chain(_shorter(notice, render, fits), _shortest(notice, form)):
        if fits(text):
            break
    return text, True


def _tidy(text: str, form: str) -> str:
    """`text` without blanks at the ends of lines, and with one blank line where parts are left out."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    joined = re.sub(r"\n{3,}", "\n\n", lines).strip()
    if form == "subject":
        return re.sub("[ \n]+", " ", joined)
    return sms_text.transliterated(joined) if form == "sms" else joined


def _shorter(notice: Notice, render: Render, fits: Fits) -> Iterator[str]:
    """`notice` with less and less of it."""
    for components in dict.fromkeys((notice.components, "")):
        yield _with_message(replace(notice, components=components), render, fits)
    bare = replace(notice, message="", components="")
    for site in dict.fromkeys((notice.site, "")):
        yield from _with_title(replace(bare, site=site), render, fits)
    yield render(replace(bare, site="", title=""))


def _with_message(notice: Notice, render: Render, fits: Fits) -> str:
    """`notice` with as much of its message as fits, maybe nothing."""
    message = _longest(notice.message, lambda text: fits(render(replace(notice, message=text))))
    return render(replace(notice, message=message))


def _with_title(notice: Notice, render: Render, fits: Fits) -> Iterator[str]:
    """`notice` with as much of its title as fits, if that says something."""
    title = _longest(notice.title, lambda text: fits(render(replace(notice, title=text))))
    if title:
        yield render(replace(notice, title=title))


def _longest(text: str, fits: Fits) -> str:
    """As much of `text` as fits; empty when not even a little does.

    Short ones are tried first, so that a text of any length costs little more than what fits of it.
    """
    if fits(text):
        return text
    low, high = 0, _LEAST
    while high < len(text) and fits(shortened(text, high)):
        low, high = high, high * 2
    high = min(high, len(text))
    while low and high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(shortened(text, middle)) else (low, middle)
    return shortened(text, low) if low else ""


def _shortest(notice: Notice, form: str) -> Iterator[str]:
    """What is left when nothing else fits: the label with an address, which is shorter each time; no part of one."""
    if form == "subject":
        yield notice.label
        return
    site = f"{notice.url.rpartition('/incidents/')[0]}/"
    for address in (notice.url, notice.url.partition("#")[0], site):
        yield _tidy(f"{notice.label}\n{address}", form)
    yield _tidy(site, form)
