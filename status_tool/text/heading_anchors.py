"""Which ids the headings of a post-mortem have, and which heading the fragment of a link means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import unquote

PREFIX = "pm-"
"""The beginning of every id, so that none is an id that something else on the page has."""


class Heading(NamedTuple):
    """A heading: its Markdown, and its text without markup."""

    source: str
    text: str


def ids(headings: Iterable[Heading]) -> list[str]:
    """The id of each heading: `pm-what-happened`, and `pm-what-happened-2` for the next one of that name."""
    found: list[str] = []
    numbers: dict[str, int] = {}
    for heading in headings:
        base = PREFIX + (_words(heading.source) or "section")
        id = base
        while id in numbers:
            numbers[base] += 1
            id = f"{base}-{numbers[base]}"
        numbers[id] = 1
        found.append(id)
    return found


def find(fragment: str, headings: Sequence[Heading]) -> str:
    """The id of the heading that `fragment`, from the address of a link, means; empty if it means none.

    It is an id, or the fragment by which forges know the heading (`#cause--effect`, and `#cause-1` for the second
    one of that name), or the words of the heading with anything between them.
    """
    wanted, known = unicodedata.normalize("NFC", unquote(fragment)), ids(headings)
    if wanted in known:
        return wanted
    for names in (_forge_names(headings), [_words(heading.text) for heading in headings]):
        for shown in (forge_name(wanted), _words(wanted)):
            if shown and shown in names:
                return known[names.index(shown)]
    return ""


def _words(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")


def forge_name(text: str) -> str:
    """The fragment of a heading on GitHub and its like: `what-we-do`, `cause--effect`."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", unicodedata.normalize("NFC", text).strip().lower()))


def _forge_names(headings: Iterable[Heading]) -> list[str]:
    names: list[str] = []
    counts: dict[str, int] = {}
    for heading in headings:
        name = forge_name(heading.text)
        number = counts.get(name, 0)
        counts[name] = number + 1
        names.append(f"{name}-{number}" if number else name)
    return names
