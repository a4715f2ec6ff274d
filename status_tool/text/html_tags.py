"""Where the tags of an HTML text are, so that something can be added to one of them and every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(frozen=True)
class Tag:
    """A start tag. `begin` and `end` are its offsets in the text; `html[begin:end]` is `<code class="x">`."""

    name: str
    """In lower case."""
    attributes: dict[str, str] = field(hash=False)
    """By their names in lower case. Character references are resolved; one without a value has an empty text."""
    begin: int
    end: int

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


def tags(html: str) -> list[Tag]:
    """Every start tag of `html` in its order; what stands in comments and scripts is none."""
    return _Reader(html).found


def with_attribute(html: str, places: Iterable[Tag], attribute: str) -> str:
    """`html` with `attribute`, such as `tabindex="0"`, at the end of each of those tags."""
    return inserted(html, ((tag.end - (2 if html[tag.end - 2] == "/" else 1), f" {attribute}") for tag in places))


def inserted(html: str, texts: Iterable[tuple[int, str]]) -> str:
    """`html` with each text at its offset; offsets are those in `html` as it was."""
    parts, done = [], 0
    for offset, text in sorted(texts):
        parts += [html[done:offset], text]
        done = offset
    return "".join([*parts, html[done:]])


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[Tag] = []
        self.lines = [0, *(line.end() for line in re.finditer("\n", html))]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        begin = self.lines[line - 1] + column
        attributes = {name: value or "" for name, value in attrs}
        self.found.append(Tag(tag, attributes, begin, begin + len(self.get_starttag_text() or "")))
