"""Where the tags of an HTML text are, so that attributes and texts can be inserted without other changes."""

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
    """Name in lower case -> value with resolved character references; empty for an attribute without a value."""
    begin: int
    end: int

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


def tags(html: str) -> list[Tag]:
    """Every start tag of `html`, in order; the text of comments and scripts contains none."""
    return _TagParser(html).tags


def with_attribute(html: str, tags: Iterable[Tag], attribute: str) -> str:
    """`html` with `attribute`, such as `tabindex="0"`, added at the end of each of `tags`."""
    return inserted(html, ((tag.end - (2 if html[tag.end - 2] == "/" else 1), f" {attribute}") for tag in tags))


def inserted(html: str, texts: Iterable[tuple[int, str]]) -> str:
    """`html` with each `(offset, text)` inserted; offsets are those in the unchanged `html`."""
    parts, copied = [], 0
    for offset, text in sorted(texts):
        parts += [html[copied:offset], text]
        copied = offset
    return "".join([*parts, html[copied:]])


class _TagParser(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.tags: list[Tag] = []
        self.line_offsets = [0, *(line.end() for line in re.finditer("\n", html))]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        begin = self.line_offsets[line - 1] + column
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append(Tag(tag, attributes, begin, begin + len(self.get_starttag_text() or "")))
