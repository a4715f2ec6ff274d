"""How the footnotes of a Markdown text are shown: `down[^1]`, and below it a line `[^1]: The note.`

A note stays where it was written, with its mark, so that none is lost: not one without a mark in the text either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import quote

from status_tool.text.heading_anchors import PREFIX
from status_tool.text.markdown_tokens import Token

_NOTE = re.compile(r"\[\^([^\s\[\]^]+)\]:[ \t]*")
_MARK = re.compile(r"\[\^([^\s\[\]^]+)\]")


def mark(tokens: Sequence[Token], page: str | None) -> None:
    """Changes the marks in `tokens` that have a note into raised marks, and the same mark before each note.

    With `page`, the address of the page that has the text, mark and note are linked to each other.
    """
    blocks = [token for token in tokens if token.children and "[^" in token.content]
    labels = {match[1] for block in blocks for match in _notes(block.children or [])}
    marked: set[str] = set()
    for block in blocks if labels else ():
        block.children = [new for token in _lines(block.children or []) for new in _raised(token, labels, marked, page)]


def _notes(children: Sequence[Token]) -> Iterator[re.Match[str]]:
    for before, token in zip([None, *children], children, strict=False):
        if token.type == "text" and (before is None or before.type == "softbreak"):
            match = _NOTE.match(token.content)
            if match:
                yield match


def _lines(children: list[Token]) -> Iterator[Token]:
    """`children`, where a note is on a line of its own."""
    for token, after in zip(children, [*children[1:], None], strict=True):
        if token.type == "softbreak" and after is not None and after.type == "text" and _NOTE.match(after.content):
            token.type, token.tag = "hardbreak", "br"
        yield token


def _raised(token: Token, labels: set[str], marked: set[str], page: str | None) -> Iterator[Token]:
    """The tokens in the place of `token`; the labels of marks in it are added to `marked`."""
    if token.type != "text":
        yield token
        return
    position = 0
    for match in _MARK.finditer(token.content):
        label = match[1]
        if label not in labels:
            continue
        note = None if match.start() else _NOTE.match(token.content)
        yield _text(token.content[position : match.start()])
        yield _raised_mark(label, page, is_note=note is not None, is_first=label not in marked)
        if note:
            yield _text(" ")
        else:
            marked.add(label)
        position = (note or match).end()
    yield _text(token.content[position:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _raised_mark(label: str, page: str | None, *, is_note: bool, is_first: bool) -> Token:
    shown = escape(label)
    if page is None:
        return Token("html_inline", "", 0, content=f"<sup>{shown}</sup>")
    kind, other = ("note", "mark") if is_note else ("mark", "note")
    id = f' id="{PREFIX}{kind}-{shown}"' if is_note or is_first else ""
    link = f'<a href="{escape(page)}#{PREFIX}{other}-{quote(label)}">{shown}</a>'
    return Token("html_inline", "", 0, content=f"<sup{id}>{link}</sup>")
