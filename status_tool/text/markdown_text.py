"""How Markdown becomes safe HTML, or plain text.

The only user of markdown-it-py and nh3. Raw HTML is shown as text. Only links to web pages, mail addresses and
telephone numbers are kept. An image becomes a link, so that a page loads nothing from another site.
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


_POSTMORTEM_PARSER = _parser()
# In a message, "[API]: down" is text. A parser with link definitions would hide it.
_MESSAGE_PARSER = _parser().disable("reference")

_TAGS = set(
    "a blockquote br code dd del dl dt em h2 h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul".split()
)
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href", "title"}, "ol": {"start"}, "code": {"class"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer",
)
_WITHOUT_ADDRESS = re.compile(r'<a( title="[^"]*")? rel="noopener noreferrer">')
"""A link whose address the cleaner removed; `rel` is only valid beside an address."""
# Texts that can be Markdown anywhere, and characters that can be Markdown at the start of a line.
_MARKS = (*"\\`*_[]<>&~|", "//", "mailto:", " \n", "\t\n")
_LINE_MARK = re.compile(r"\n[ \t#+\-=0-9]")


def _is_plain(text: str) -> bool:
    """Whether `text` consists of paragraphs without any markup, as most messages do."""
    lines = f"\n{text}\n"
    return not any(map(lines.__contains__, _MARKS)) and not _LINE_MARK.search(lines)


@lru_cache(maxsize=20_000)
def html(text: str, top: int = 4) -> str:
    """`text` as HTML; its first heading becomes `<h{top}>`, and no heading skips a level.

    With `top` below 4, `text` is a post-mortem: its headings get ids, and link definitions work.
    """
    if _is_plain(text):
        return "".join(f"<p>{paragraph}</p>\n" for paragraph in re.split(r"\n{2,}", text.strip("\n")) if paragraph)
    return full_html(text, top)


def full_html(text: str, top: int = 4) -> str:
    """As `html`, but always with the Markdown parser, even when `text` has no markup."""
    parser = _POSTMORTEM_PARSER if top < 4 else _MESSAGE_PARSER
    tokens = parser.parse(text)
    anchors: dict[str, int] = {}
    enclosing: list[str] = []
    for token, next_token in zip_longest(tokens, tokens[1:]):
        if token.type == "heading_open":
            enclosing = [*(tag for tag in enclosing if tag < token.tag), token.tag]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(len(enclosing) + top - 1, 6)}"
        if token.type == "heading_open" and next_token is not None and top < 4:
            token.attrSet("id", _anchor(next_token.content, anchors))
        for child in token.children or ():
            _replace_image(child)
    return _WITHOUT_ADDRESS.sub(r"<a\1>", _CLEANER.clean(parser.renderer.render(tokens, parser.options, {})))


def _replace_image(token: Token) -> None:
    """Changes the token of an image into a link whose text is the alternative text. Other tokens stay as they are."""
    if token.type != "image":
        return
    address = str(token.attrGet("src") or "")
    link_text = "".join(child.content for child in token.children or ()) or address
    token.type, token.tag, token.nesting, token.attrs, token.children = "html_inline", "", 0, {}, None
    token.content = f'<a href="{_escape(address)}">{_escape(link_text)}</a>'


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _anchor(heading: str, anchors: dict[str, int]) -> str:
    """`pm-what-happened`: an id that is not in `anchors`, and is added. The prefix avoids other ids of the page.

    `anchors` are the ids so far, each with the highest number that was put after it.
    """
    base = "pm-" + (re.sub(r"[^\w]+", "-", heading.lower()).strip("-") or "section")
    anchor = base
    while anchor in anchors:
        anchors[base] += 1
        anchor = f"{base}-{anchors[base]}"
    anchors[anchor] = 1
    return anchor


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """`text` without markup: a link becomes its text and, in parentheses, its URL; items keep their dash or number."""
    if _is_plain(text):
        return text.strip("\n")
    lines: list[str] = []
    bullets: list[str] = []
    for token in _MESSAGE_PARSER.parse(text):
        if token.type.endswith("_list_open"):
            bullets.append("- " if token.type == "bullet_list_open" else "")
        elif token.type.endswith("_list_close"):
            bullets.pop()
        elif token.type == "list_item_open":
            lines.append("  " * (len(bullets) - 1) + (bullets[-1] or f"{token.info}. "))
        elif token.type == "inline":
            inline_text = _plain_inline(token.children or [])
            if lines and lines[-1].endswith(("- ", ". ")) and not lines[-1].strip("-. 0123456789"):
                lines[-1] += inline_text
            else:
                lines.append(inline_text)
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip("\n"))
        elif token.type in ("paragraph_close", "heading_close", "tr_close") and not bullets:
            lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _plain_inline(tokens: list[Token]) -> str:
    text, address = "", ""
    link_start = 0
    for token in tokens:
        if token.type == "link_open":
            address, link_start = str(token.attrGet("href") or ""), len(text)
        elif token.type == "link_close":
            if address not in (text[link_start:], f"mailto:{text[link_start:]}"):
                text += f" ({address})"
        elif token.type in ("softbreak", "hardbreak"):
            text += "\n"
        elif token.type == "image":
            text += f"{token.content} ({token.attrGet('src')})".strip()
        else:
            text += token.content
    return text
