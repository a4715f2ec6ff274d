r"""Which named blanks a text has, such as `{region}`, and what it says when they are filled in.

A brace that is meant is written `\{`, as in Markdown. A filled text is never searched for blanks again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

NAME = r"[a-z][a-z0-9_-]{0,39}"
"""What a blank may be called."""
_TOKEN = re.compile(rf"\\(?P<literal>[{{}}])|\\\\|\{{(?P<name>{NAME})\}}|(?P<stray>\{{+)")
HOW_TO_WRITE = "Write a blank as {region}, with small letters, digits, _ and -; and a brace that is meant as \\{."


def names(text: str) -> tuple[str, ...]:
    """The name of each blank of `text`, once, in their order."""
    return tuple(dict.fromkeys(found["name"] for found in _TOKEN.finditer(text) if found["name"]))


def stray_braces(text: str) -> Iterator[int]:
    """Where `text` has a brace that opens no blank: `{{ region }}`, `{% if %}`, `{Region}`; offsets in characters."""
    return (found.start() for found in _TOKEN.finditer(text) if found["stray"])


def fill(text: str, value: Callable[[str, str], str]) -> str:
    """`text` with each blank replaced by `value(name, text of the same line before the blank)`."""

    def replaced(found: re.Match[str]) -> str:
        if found["name"]:
            return value(found["name"], text[text.rfind("\n", 0, found.start()) + 1 : found.start()])
        return str(found["literal"] or found[0])

    return _TOKEN.sub(replaced, text)
