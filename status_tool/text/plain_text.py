"""How Markdown becomes plain text that says what the page says.

Struck words keep their tildes, a row of a table is a line, quoted lines begin with `>`, and a link has its address
after it, in parentheses. What is cut never loses the tildes of the words that are left.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from status_tool.text import markdown_text, markdown_tokens
from status_tool.text.markdown_tokens import Token
from status_tool.text.relative_links import NO_LINKS, Links

# Stand for the tildes before and after struck words, and for a line break that means nothing, until a text is cut.
# They are control characters, which no text of an incident contains.
_STRUCK, _END_OF_STRUCK, _SOFT_BREAK = "\x01", "\x02", "\x03"
_MARKS = re.compile(f"[{_STRUCK}{_END_OF_STRUCK}{_SOFT_BREAK}]")


@dataclass(frozen=True)
class Line:
    """One line of a plain text: a paragraph, an item, a row of a table, or the lines of code."""

    text: str
    first: str = ""
    """What comes before it: `- `, `12. `, `> `."""
    rest: str = ""
    """What comes before the lines after the first, if it is wrapped."""
    marker: str = ""
    """`first` without the marks of a quotation and without indentation."""
    quotes: int = 0
    """The number of quotations around it."""
    joint: str | None = " "
    """What is between it and the line before on a single line; None if it is left out there."""
    gap: str | None = None
    """The blank line before it, with the marks of a quotation; None if there is none."""
    is_prose: bool = True
    """Whether it is a paragraph, a heading or the text of an item; not code, a rule or a row of a table."""

    @property
    def is_paragraph(self) -> bool:
        return self.is_prose and not self.first

    def wrapped(self, width: int, indent: str = "") -> list[str]:
        """It as lines of at most `width` characters; a longer word, such as an address, is not broken."""
        prefix, lines = indent + self.first, []
        for text in self.text.split("\n"):
            lines += textwrap.wrap(
                text,
                width,
                initial_indent=prefix,
                subsequent_indent=indent + self.rest,
                break_long_words=False,
                break_on_hyphens=False,
            )
            prefix = indent + self.rest
        return lines

    def __str__(self) -> str:
        shown = _shown(self.text.replace(_SOFT_BREAK, "\n")).replace("\n", f"\n{self.rest}")
        return f"{self.first}{shown}"


def plain(text: str, links: Links = NO_LINKS, *, is_postmortem: bool = False) -> str:
    """`text` on several lines, broken where the author broke them. Only a post-mortem has link definitions."""
    if links.addresses:
        return _joined(_lines(text, links, is_postmortem))
    return _cached(text, is_postmortem)


def unwrapped(text: str, links: Links = NO_LINKS) -> str:
    """`text` on several lines, each paragraph on one, as a page has it: for readers whose lines have another length."""
    lines = _lines(text, links, is_postmortem=False)
    return _joined(replace(line, text=line.text.replace(_SOFT_BREAK, " ")) for line in lines)


@lru_cache(maxsize=20_000)
def _cached(text: str, is_postmortem: bool) -> str:
    if markdown_text.is_plain(text):
        return text.strip("\n")
    return _joined(_lines(text, NO_LINKS, is_postmortem))


def lines(text: str, max_length: int, links: Links = NO_LINKS) -> list[Line]:
    """The lines of `text`, to be wrapped; what is longer than `max_length` characters together is cut."""
    shown: list[Line] = []
    left = max_length
    for line in _lines(text, links, is_postmortem=False):
        if shown and left < _LEAST:
            shown[-1] = replace(shown[-1], text=shown[-1].text.removesuffix("…").rstrip() + "…")
            break
        whole = line.text.replace(_SOFT_BREAK, " ")
        shown.append(replace(line, text=_cut(whole, left)))
        left -= len(_shown(whole))
        if left < 0:
            break
    return shown


_LEAST = 20
"""The number of characters below which nothing readable is left of a line that is cut."""


def one_line(text: str, max_length: int, links: Links = NO_LINKS) -> str:
    """The first `max_length` characters of `text` on one line, where a quotation is in quotation marks."""
    parts: list[str] = []
    is_quoted = False
    for line in _lines(text, links, is_postmortem=False):
        if line.joint is None:
            continue
        if is_quoted and not line.quotes:
            parts.append("”")
        parts += [line.joint if parts else "", "“" if line.quotes and not is_quoted else "", line.marker, line.text]
        is_quoted = bool(line.quotes)
    whole = "".join([*parts, "”" if is_quoted else ""]).replace(_SOFT_BREAK, " ")
    return _cut(" ".join(whole.split()), max_length)


def _shown(text: str) -> str:
    return text.replace(_STRUCK, "~~").replace(_END_OF_STRUCK, "~~")


def _cut(text: str, max_length: int) -> str:
    """The first `max_length` characters of `text` with its tildes, cut between words; struck words stay struck."""
    if len(_shown(text)) <= max_length:
        return _shown(text)
    begin = text[:max_length]
    while len(_shown(_ended(begin))) > max_length:
        begin = begin[:-1]
    words, space, last = begin.rpartition(" ")
    # A long word is in a script without spaces. But half an address would lead elsewhere.
    if space and (len(last) < max_length // 2 or "://" in last):
        begin = words
    return _shown(_ended(begin))


def _ended(text: str) -> str:
    text = text.rstrip(f" ,;:.{_STRUCK}")
    is_struck = text.count(_STRUCK) > text.count(_END_OF_STRUCK)
    return f"{text}…{_END_OF_STRUCK}" if is_struck else f"{text}…"


def _joined(lines: Iterable[Line]) -> str:
    parts = [f"{line.gap}\n{line}" if line.gap is not None else str(line) for line in lines]
    return "\n".join(parts).strip("\n")


# -- from tokens to lines ------------------------------------------------------------------------


def _lines(text: str, links: Links, is_postmortem: bool) -> list[Line]:
    if markdown_text.is_plain(text):
        paragraphs = [part for part in re.split(r"\n{2,}", text.strip("\n")) if part]
        soft = [part.replace("\n", _SOFT_BREAK) for part in paragraphs]
        return [Line(part, gap="" if number else None) for number, part in enumerate(soft)]
    writer = _Writer(links)
    for token in markdown_tokens.parse(text, is_postmortem=is_postmortem):
        writer.add(token)
    return writer.lines


@dataclass
class _Block:
    """A quotation or an item around the next lines, and what it puts before its first line and the others."""

    first: str
    rest: str
    is_quote: bool = False
    is_begun: bool = False

    def prefix(self) -> str:
        is_begun, self.is_begun = self.is_begun, True
        return self.rest if is_begun else self.first


class _Writer:
    """Writes lines, token by token."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.lines: list[Line] = []
        self.blocks: list[_Block] = []
        self.quotes_before: list[_Block] = []
        """The quotations around the last line."""
        self.has_gap = False
        """Whether a blank line is due before the next line."""
        self.cells: list[str] = []
        self.rows: list[str] = []
        self.follows_table = False

    def add(self, token: Token) -> None:
        match token.type:
            case "blockquote_open":
                self.blocks.append(_Block("> ", "> ", is_quote=True))
            case "list_item_open":
                marker = f"{token.info}{token.markup} " if token.info else "- "
                self.blocks.append(_Block(marker, " " * len(marker)))
            case "list_item_close" | "blockquote_close":
                if not self.blocks[-1].is_begun:
                    self.write("")
                self.blocks.pop()
            case "inline":
                self.add_inline(_inline(token.children or [], self.links))
            case "fence" | "code_block":
                self.write(_MARKS.sub("", token.content.rstrip("\n")), is_prose=False)
            case "hr":
                self.write("---", joint=None, is_prose=False)
            case "td_open" | "th_open":
                self.cells.append("")
            case "tr_close":
                self.add_row()
            case "table_close":
                self.rows, self.follows_table = [], True
        if not self.is_tight(token):
            self.has_gap = True

    def is_tight(self, token: Token) -> bool:
        """Whether the next line follows `token` without a blank line."""
        ends = ("heading_close", "blockquote_close", "table_close", "fence", "code_block", "hr")
        if token.type == "paragraph_close":
            return token.hidden
        if token.type in ("bullet_list_close", "ordered_list_close"):
            return any(not block.is_quote for block in self.blocks)
        return token.type not in ends

    def add_inline(self, text: str) -> None:
        if self.cells:
            self.cells[-1] = text.replace("|", "\\|")
        else:
            self.write(text)

    def add_row(self) -> None:
        """Writes a row; below the first one, which is the head of the table, a line of dashes."""
        cells, self.cells = self.cells, []
        row = " | ".join(cells).strip()
        if not self.rows and not any(cells):
            self.rows.append("")
            return
        self.write(row, joint=(" ", ": ")[len(self.rows)] if len(self.rows) < 2 else "; ", is_prose=False)
        if not self.rows:
            dashes = " | ".join("-" * max(len(_shown(cell)), 3) for cell in cells)
            self.write(dashes, joint=None, is_prose=False)
        self.rows.append(row)

    def write(self, text: str, joint: str | None = " ", *, is_prose: bool = True) -> None:
        quotes = [block for block in self.blocks if block.is_quote]
        shared = sum(block in self.quotes_before for block in quotes)
        marker = "".join(block.first for block in self.blocks if not block.is_quote and not block.is_begun)
        first = "".join(block.prefix() for block in self.blocks)
        rest = "".join(block.rest for block in self.blocks)
        gap = ("> " * shared).rstrip() if self.has_gap and self.lines else None
        if joint == " " and self.lines and self.follows_table:
            joint = "; "
        self.lines.append(Line(text, first, rest, marker, len(quotes), joint, gap, is_prose))
        self.follows_table = False
        self.quotes_before, self.has_gap = quotes, False


def _inline(tokens: Sequence[Token], links: Links) -> str:
    return "".join(_inline_parts(tokens, links))


def _inline_parts(tokens: Sequence[Token], links: Links) -> Iterator[str]:
    text, link = "", None
    for token in tokens:
        part = _MARKS.sub("", token.content)
        match token.type:
            case "link_open":
                text, link = "", token
            case "link_close" if link is not None:
                part, link = _after_link(link, text, links), None
            case "s_open":
                part = _STRUCK
            case "s_close":
                part = _END_OF_STRUCK
            case "softbreak":
                part = _SOFT_BREAK
            case "hardbreak":
                part = "\n"
            case "image":
                part += _after_link(token, part, links)
        text += part
        yield part


def _after_link(token: Token, text: str, links: Links) -> str:
    """` (https://example.org/ "title")`: the address of a link or an image, if `text` is not that address."""
    address = markdown_tokens.address_of(token) or ""
    shown = links.addresses.get(address, address)
    title = token.attrGet("title")
    title_text = f'"{title}"' if title else ""
    if shown is None or token.markup or shown in (text, f"mailto:{text}"):
        shown = ""
    parts = " ".join(filter(None, [shown, title_text]))
    return f" ({parts})".lstrip("" if text else " ") if parts else ""
