"""Names that were written as text and would call somebody: `@babel/core` in an incident is a package, and a person."""

from __future__ import annotations

import re

_MENTION = re.compile(r"(?<![=/\w])@(?=\w)")
"""As Mastodon and Telegram find them: not in an address of the web or of mail."""


def without(text: str) -> str:
    """The same text, as long, with `＠` (U+FF20) before such a name: it is read alike, and calls nobody."""
    return _MENTION.sub("＠", text)
