"""Whether a text in Markdown shows anything to a reader."""

from __future__ import annotations

import re

from status_tool.text import yaml_text

_PARAGRAPH = re.compile(r"\s*[^\W_]")
"""A text that begins with a letter or a digit begins with a paragraph, or with a list that shows its numbers."""


def shows_nothing(text: str) -> bool:
    """Whether a page has no visible character for `text`: an empty heading or code block, or an invisible character."""
    if _PARAGRAPH.match(text) and not yaml_text.is_blank(text):
        return False
    from status_tool.text import plain_text  # the parser of Markdown takes longer to load than most commands run

    return yaml_text.is_blank(plain_text.plain(text).replace(">", ""))  # the marks of an empty quotation
