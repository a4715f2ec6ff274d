"""How Markdown becomes safe HTML.

The only user of nh3. Raw HTML is shown as text. Only links to web pages, mail addresses and telephone numbers are kept.
An image becomes a link, so that a page loads nothing from another site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape

import nh3

from status_tool.text import directions, footnotes, heading_anchors, markdown_tokens
from status_tool.text.heading_anchors import Heading
from status_tool.text.markdown_tokens import Token
from status_tool.text.relative_links import NO_LINKS, Links

_TAGS = set(
    "a blockquote br code dd del dl dt em h2 h3 h4 h5 h6 hr li ol p pre s span strong sup table tbody td th thead tr ul"
    "".split()
)
_SCHEMES = {"http", "https", "mailto", "tel"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={
        "a": {"href", "title"},
        "ol": {"start"},
        "li": {"class"},
        "code": {"class"},
        "span": {"class", "role", "aria-label"},
        **{tag: {"id"} for tag in ("h2", "h3", "h4", "h5", "h6", "sup")},
    },
    url_schemes=_SCHEMES,
    link_rel="noopener noreferrer",
)
# Texts that can be Markdown anywhere, and characters that can be Markdown at the start of a line.
_MARKS = (*"\\`*_[]<>&~|", "//", "mailto:", " \n", "\t\n")
_LINE_MARK = re.compile(r"\n[ \t#+\-=0-9]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_TASK = re.compile(r"\[([ xX])\](?=\s)")
TASKS = ("to do", "done")
"""What the box of a task is called that is open, or done."""
_NO_LINK = re.compile(r'<a rel="noopener noreferrer">(.*?)</a>', re.DOTALL)
"""A link whose address the cleaner has refused, such as that of a host `1.2.3.4.5`: its text stays."""


def is_plain(text: str) -> bool:
    """Whether `text` consists of paragraphs without any markup or marks of direction, as most messages do."""
    lines = f"\n{text}\n"
    has_marks = any(map(lines.__contains__, _MARKS)) or directions.has_marks(text)
    return not has_marks and not _LINE_MARK.search(lines)


def html(text: str, top: int = 4, links: Links = NO_LINKS, tasks: tuple[str, str] = TASKS) -> str:
    """`text` as HTML; its first heading becomes `<h{top}>`, and no heading skips a level.

    With `top` below 4, `text` is a post-mortem: its headings get ids, and link definitions work. `tasks` are the names
    of the boxes of open and of finished tasks.
    """
    if links.addresses:
        return full_html(text, top, links, tasks)
    return _cached(text, top, links.page if top < 4 else "", tasks)


@lru_cache(maxsize=20_000)
def _cached(text: str, top: int, page: str, tasks: tuple[str, str]) -> str:
    if is_plain(text):
        return "".join(f"<p>{paragraph}</p>\n" for paragraph in re.split(r"\n{2,}", text.strip("\n")) if paragraph)
    return full_html(text, top, Links(page), tasks)


def full_html(text: str, top: int = 4, links: Links = NO_LINKS, tasks: tuple[str, str] = TASKS) -> str:
    """As `html`, but always with the Markdown parser, even when `text` has no markup."""
    is_postmortem = top < 4
    tokens = markdown_tokens.parse(text, is_postmortem=is_postmortem)
    headings = markdown_tokens.headings(tokens) if is_postmortem else []
    ids = iter(heading_anchors.ids(headings))
    enclosing: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            enclosing = [*(tag for tag in enclosing if tag < token.tag), token.tag]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(len(enclosing) + top - 1, 6)}"
        if token.type == "heading_open" and is_postmortem:
            token.attrSet("id", next(ids))
    for token in tokens:
        if token.children:
            token.children = list(_resolved(_without_images(token.children), links, headings))
    _draw_tasks(tokens, tasks)
    footnotes.mark(tokens, links.page if is_postmortem else None)
    return _NO_LINK.sub(r"\1", _CLEANER.clean(markdown_tokens.render(tokens)))


@lru_cache(maxsize=1000)
def headings_of(postmortem: str) -> tuple[Heading, ...]:
    """The headings of a post-mortem, to which links can lead."""
    return tuple(markdown_tokens.headings(markdown_tokens.parse(postmortem, is_postmortem=True)))


def _without_images(tokens: Sequence[Token]) -> Iterator[Token]:
    """Inline tokens with a link in the place of each image. In a link it is its text, and the link comes after it."""
    is_in_link = False
    later: list[Token] = []
    for token in tokens:
        is_in_link = (is_in_link or token.type == "link_open") and token.type != "link_close"
        if token.type != "image":
            yield token
            yield from later if not is_in_link else ()
            later = later if is_in_link else []
            continue
        address = str(token.attrGet("src") or "")
        text = markdown_tokens.text_of(token.children or ())
        if is_in_link:
            yield _text(text or address)
            later += [_text(" "), *_link(address, "", token)]
        else:
            yield from _link(address, text, token)


def _link(address: str, text: str, image: Token) -> list[Token]:
    """A link in the place of `image`; without a `text`, it shows its address, as a bare address does."""
    title = image.attrGet("title")
    attributes: dict[str, str | int | float] = {"href": address, **({"title": title} if title else {})}
    opening = Token("link_open", "a", 1, attrs=attributes, markup="" if text else "autolink")
    return [opening, _text(text or address), Token("link_close", "a", -1)]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _resolved(tokens: Iterable[Token], links: Links, headings: Sequence[Heading]) -> Iterator[Token]:
    """Inline tokens with the addresses that links have on the page. A link that leads nowhere is text."""
    after = None
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrGet("href") or "")
            target = _target(address, links, headings)
            if target:
                token.attrSet("href", target)
            else:
                after = "" if target is None or token.markup else f" ({_with_title(address, token)})"
                continue
        if token.type == "link_close" and after is not None:
            token, after = _text(after), None
        yield token


def _with_title(address: str, link: Token) -> str:
    title = link.attrGet("title")
    return f'{address} "{title}"' if title else address


def _target(address: str, links: Links, headings: Sequence[Heading]) -> str | None:
    """The address of a link on the page: empty if it leads nowhere, None if the site does not have the target yet."""
    if scheme := _SCHEME.match(address):
        return address if scheme[1].lower() in _SCHEMES else ""
    if address in links.addresses:
        return links.addresses[address]
    anchor = heading_anchors.find(address[1:], headings) if address.startswith("#") else ""
    return f"{links.page}#{anchor}" if anchor else ""


def _draw_tasks(tokens: Sequence[Token], names: tuple[str, str]) -> None:
    """Changes `[ ]` and `[x]` at the beginning of list items into boxes."""
    for item, _, block in zip(tokens, tokens[1:], tokens[2:], strict=False):
        first = next(iter(block.children or ()), None)
        if item.type != "list_item_open" or first is None or first.type != "text":
            continue
        if task := _TASK.match(first.content):
            is_done = task[1] != " "
            name, box = escape(names[is_done]), "☑" if is_done else "☐"
            content = f'<span class="st-task" role="img" aria-label="{name}">{box}</span>'
            first.content = first.content[task.end() :]
            block.children = [Token("html_inline", "", 0, content=content), *(block.children or ())]
            item.attrSet("class", "st-task-item")
