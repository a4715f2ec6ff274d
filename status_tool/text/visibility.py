"""Whether a text in Markdown shows anything to a reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from status_tool.text import yaml_text

if TYPE_CHECKING:
    from status_tool.text.markdown_tokens import Token

_WORDS = re.compile(r"[\s#>*+|!\[(\"'-]*(?:([^\W\d_])|\d+[^\d.)])")
"""A paragraph, heading, quotation, item, cell or link that begins with a letter or a number. `1.` may be empty."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
"""A comment of HTML, which its author wrote for nobody who reads the page."""
_VISIBLE = "x"


def shows_nothing(text: str) -> bool:
    """Whether `text` has nothing for a reader to read on a page.

    It has only empty headings, code blocks, quotations, items and links, lines across the page, invisible characters,
    or comments.
    """
    if (begin := _WORDS.match(text)) and not yaml_text.is_blank(begin[1] or _VISIBLE):
        return False
    from status_tool.text import markdown_tokens  # its libraries take longer to load than most commands run

    words = "\n\n".join(map(_words, markdown_tokens.parse(text, is_postmortem=False)))
    return yaml_text.is_blank(_COMMENT.sub("", words))


def _words(token: Token) -> str:
    """The words of a token, in which any code or image is a letter: neither begins or ends a comment."""
    if token.type in ("fence", "code_block", "code_inline"):
        return "" if yaml_text.is_blank(token.content) else _VISIBLE
    if token.type == "image":
        return _VISIBLE
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "inline":
        return "".join(map(_words, token.children or ()))
    return token.content
