"""Markdown as HTML that is safe to show, or as plain text.

The only user of markdown-it-py and nh3. Raw HTML is shown as text, only links to web pages, mail addresses and
telephone numbers work, and an image becomes a link: a page loads nothing from another site.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["linkify", "table", "strikethrough"])
    if parser.linkify is not None:
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False}).add("//", None)
    return parser


_LONG = _parser()
# In a message "[API]: down" is text. As the definition of a link it would not be shown.
_PARSER = _parser().disable("reference")

_TAGS = set(
    "a blockquote br code dd del dl dt em h2 h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul".split()
)
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href", "title"}, "ol": {"start"}, "code": {"class"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer",
)
# Characters that can be Markdown anywhere in a text, and those that can at the beginning of a line.
_MARKS = (*"\\`*_[]<>&~|", "//", "mailto:", " \n", "\t\n")
_LINE_MARK = re.compile(r"\n[ \t#+\-=0-9]")


def _is_plain(text: str) -> bool:
    """Whether `text` consists of paragraphs without any markup, as most messages do."""
    lines = f"\n{text}\n"
    return not any(map(lines.__contains__, _MARKS)) and not _LINE_MARK.search(lines)


@lru_cache(maxsize=20_000)
def html(text: str, top: int = 4) -> str:
    """`text` as HTML; its largest heading becomes `<h{top}>`.

    With `top` below 4 it is a post-mortem: headings have ids, and definitions of links work.
    """
    if _is_plain(text):
        return "".join(f"<p>{part}</p>\n" for part in re.split(r"\n{2,}", text.strip("\n")) if part)
    return full_html(text, top)


def full_html(text: str, top: int = 4) -> str:
    """As `html`, but always with the Markdown parser, also where `text` has no markup."""
    parser = _LONG if top < 4 else _PARSER
    tokens = parser.parse(text)
    seen: set[str] = set()
    for token, inner in zip_longest(tokens, tokens[1:]):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + top - 1, 6)}"
        if token.type == "heading_open" and inner is not None and top < 4:
            token.attrSet("id", _anchor(inner.content, seen))
        for child in token.children or ():
            _as_link(child)
    return _CLEANER.clean(parser.renderer.render(tokens, parser.options, {}))


def _as_link(token: Token) -> None:
    """Changes the token of an image into a link with its alternative text."""
    if token.type != "image":
        return
    address = str(token.attrGet("src") or "")
    words = "".join(child.content for child in token.children or ()) or address
    token.type, token.tag, token.nesting, token.attrs, token.children = "html_inline", "", 0, {}, None
    token.content = f'<a href="{_escape(address)}">{_escape(words)}</a>'


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _anchor(heading: str, seen: set[str]) -> str:
    """`pm-what-happened`: a unique id, with a prefix so that no heading takes an id of the page."""
    base = "pm-" + (re.sub(r"[^\w]+", "-", heading.lower()).strip("-") or "section")
    anchor, number = base, 1
    while anchor in seen:
        number += 1
        anchor = f"{base}-{number}"
    seen.add(anchor)
    return anchor


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """`text` without markup: a link becomes its text and its address, an item of a list keeps its dash or number."""
    if _is_plain(text):
        return text.strip("\n")
    lines: list[str] = []
    bullets: list[str] = []
    for token in _PARSER.parse(text):
        if token.type.endswith("_list_open"):
            bullets.append("- " if token.type == "bullet_list_open" else "")
        elif token.type.endswith("_list_close"):
            bullets.pop()
        elif token.type == "list_item_open":
            lines.append("  " * (len(bullets) - 1) + (bullets[-1] or f"{token.info}. "))
        elif token.type == "inline":
            words = _plain_inline(token.children or [])
            if lines and lines[-1].endswith(("- ", ". ")) and not lines[-1].strip("-. 0123456789"):
                lines[-1] += words
            else:
                lines.append(words)
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip("\n"))
        elif token.type in ("paragraph_close", "heading_close", "tr_close") and not bullets:
            lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _plain_inline(tokens: list[Token]) -> str:
    words, address = "", ""
    link_start = 0
    for token in tokens:
        if token.type == "link_open":
            address, link_start = str(token.attrGet("href") or ""), len(words)
        elif token.type == "link_close":
            if address not in (words[link_start:], f"mailto:{words[link_start:]}"):
                words += f" ({address})"
        elif token.type in ("softbreak", "hardbreak"):
            words += "\n"
        elif token.type == "image":
            words += f"{token.content} ({token.attrGet('src')})".strip()
        else:
            words += token.content
    return words
