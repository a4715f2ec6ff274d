"""How a Markdown text is parsed: as CommonMark with tables and struck words, without raw HTML.

The only user of markdown-it-py and linkify-it-py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_inline import StateInline, linkify
from markdown_it.token import Token as Token

from status_tool.text import bare_addresses, directions
from status_tool.text.heading_anchors import Heading


class _Linkify(LinkifyIt):  # type: ignore[misc]
    """Finds bare addresses, and ends them where `bare_addresses` says."""

    def match(self, text: str) -> Any:
        return super().match(bare_addresses.separated(text))

    def match_at_start(self, text: str) -> Any:
        return super().match_at_start(bare_addresses.at_start(text))


_LINKIFY = _Linkify(options={"fuzzy_link": False, "fuzzy_email": False}).add("//", None)


_NO_ADDRESS = "javascript:"
"""What `validateLink` refuses."""


class _Markdown(MarkdownIt):
    def normalizeLink(self, url: str) -> str:
        """The address of a link as browsers want it; one that nobody can read becomes none, and the link stays text."""
        try:
            parts = urlsplit(url)
            has_host = parts.scheme not in ("http", "https") or bool(parts.hostname)
            parts.port  # noqa: B018
        except ValueError:  # a bracket without the other, or a port that is no number
            return _NO_ADDRESS
        return super().normalizeLink(url) if has_host else _NO_ADDRESS

    def normalizeLinkText(self, link: str) -> str:
        """How a bare address is shown: decoded, unless the result would not be one address any more."""
        shown = super().normalizeLinkText(link)
        return link if re.search(r"\s", shown) or not _is_legible(shown) else shown


def _is_legible(text: str) -> bool:
    """Whether a reader sees every character of `text`: none that controls, is not assigned, or turns a line around."""
    return all(character.isprintable() for character in text)


# An address has a scheme, or a dot or slash, or is an anchor. In "[API]: down" there is none.
_DEFINITION = re.compile(r"\[(?!\^)(?:[^\[\]\\]|\\.)+\]:\s*(?:<|[^\s:/?#]*[:/.#])", re.DOTALL)


def _reference(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """The rule of link definitions, without lines that are text or footnotes: nothing of them would be shown."""
    begin = state.bMarks[start_line] + state.tShift[start_line]
    return bool(_DEFINITION.match(state.src, begin)) and reference(state, start_line, end_line, silent)


_SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?|ftp)$", re.IGNORECASE)


def _bare_address(state: StateInline, silent: bool) -> bool:
    """The rule of bare addresses, where there is one: it reads all of the text before it, even if there is none."""
    if not state.src.startswith("://", state.pos) or not (scheme := _SCHEME.search(state.pending[-6:])):
        return False
    address = state.src[state.pos - len(scheme[1]) :]
    return bool(_LINKIFY.match_at_start(address)) and linkify(state, silent)


def _parser() -> MarkdownIt:
    parser = _Markdown("commonmark", {"html": False, "linkify": True}).enable(["linkify", "table", "strikethrough"])
    parser.linkify = _LINKIFY
    parser.inline.ruler.at("linkify", _bare_address)
    parser.block.ruler.at("reference", _reference)
    return parser


_POSTMORTEM_PARSER = _parser()
# In a message, "[API]: down" is text. A parser with link definitions would hide it.
_MESSAGE_PARSER = _parser().disable("reference")

_LANGUAGE = re.compile(r"[\w+#./-]*(?:\s*\{.*\}|\s+[\w-]+=.*)?")


def parse(text: str, *, is_postmortem: bool) -> list[Token]:
    """The tokens of `text`; only a post-mortem has link definitions. The caller may change them."""
    tokens = (_POSTMORTEM_PARSER if is_postmortem else _MESSAGE_PARSER).parse(text)
    for token in tokens:
        if token.type == "fence" and not _LANGUAGE.fullmatch(token.info.strip()):
            # Words after the fence would not be shown. ~~~Struck~~~ is such a fence.
            token.content, token.info = f"{token.info.strip()}\n{token.content}", ""
        if token.children:
            _contain(token.children)
    return tokens


def _contain(tokens: Sequence[Token]) -> None:
    """Lets no text turn around what stands beside it, not even by a reference such as `&#x202E;`."""
    for token, content in zip(tokens, directions.contained([token.content for token in tokens]), strict=True):
        token.content = content
        if token.children:  # the text of an image
            _contain(token.children)
        if title := token.attrGet("title"):
            token.attrSet("title", directions.contained([str(title)])[0])


def render(tokens: Sequence[Token]) -> str:
    """The tokens as HTML, which nothing has cleaned yet."""
    return str(_MESSAGE_PARSER.renderer.render(tokens, _MESSAGE_PARSER.options, {}))


def headings(tokens: Sequence[Token]) -> list[Heading]:
    inlines = (after for token, after in pairwise(tokens) if token.type == "heading_open")
    return [Heading(inline.content, text_of(inline.children or ())) for inline in inlines]


def text_of(tokens: Sequence[Token]) -> str:
    """The text of inline tokens, without markup."""
    return "".join(" " if "break" in token.type else token.content for token in tokens)


def inline(tokens: Sequence[Token]) -> Iterator[Token]:
    """Every token within a paragraph, a heading or a cell."""
    return (child for token in tokens for child in token.children or ())


def address_of(token: Token) -> str | None:
    """The address to which an inline token leads, as a link or an image; None if it is neither."""
    name = {"link_open": "href", "image": "src"}.get(token.type)
    return str(token.attrGet(name) or "") if name else None
