"""How a text is written in Markdown so that readers see that text, whatever it contains.

Only what would mean something is escaped, so that the source stays readable. A bare address stays a link.
"""

from __future__ import annotations

import re
from itertools import pairwise

_ADDRESS = re.compile(r"https?://[^\s<>]+")
# A backslash before any of these is not shown (https://spec.commonmark.org/0.31.2/#backslash-escapes). An underscore
# within a word, one tilde and most ampersands mean nothing.
_ACTIVE = re.compile(r"[\\`*\[\]<|{}]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|&(?=#?\w+;)")
_AT_LINE_START = re.compile(r"[#>]|[-+](?=[\s+-]|$)|=(?=[\s=]|$)|:(?=-)")
_NUMBER = re.compile(r"\A(\d{1,9})([.)])(?=\s|$)")
# A line such as `status: resolved` could be taken for a part of the record around the text.
_KEY = re.compile(r"\A((?:-\s+)*[\"']?\w+[\"']?\s*):(?=\s|$)")
# Footnotes are found in text, where a backslash is gone: `[^1]`. A word joiner has no width and allows no line break.
_JOINER = "\u2060"
_BEFORE_BLOCK = re.compile(r"[\s>*+#-]*(?:\d{1,9}[.)]\s+)?")
"""What a line can have before the text that a block begins with."""


def escaped(text: str, before: str = "") -> str:
    """`text` as Markdown, behind `before` on its line. Its lines stay lines, its paragraphs paragraphs."""
    lines = [line.strip() for line in text.split("\n")]
    if before.lstrip().startswith(("|", "#")):  # a row of a table or a heading is one line
        lines = [" ".join(filter(None, lines))]
    starts = [bool(_BEFORE_BLOCK.fullmatch(before)), *[True] * (len(lines) - 1)]
    joints = ["\\\n" if line and following else "\n" for line, following in pairwise(lines)]
    written = [_line(line, start, joint) for line, start, joint in zip(lines, starts, [*joints, ""], strict=True)]
    return "".join(part for pair in zip(written, [*joints, ""], strict=True) for part in pair)


def _line(line: str, at_start: bool, joint: str) -> str:
    parts, end = [], 0
    for address in _ADDRESS.finditer(line):
        following = (line + joint)[address.end() : address.end() + 1]
        parts += [_prose(line[end : address.start()]), _address(address[0], following)]
        end = address.end()
    escaped = "".join([*parts, _prose(line[end:])])
    if not at_start:
        return escaped
    if _AT_LINE_START.match(escaped):
        return f"\\{escaped}"
    return _KEY.sub(r"\1\\:", _NUMBER.sub(r"\1\\\2", escaped, count=1), count=1)


def _prose(text: str) -> str:
    return _ACTIVE.sub(r"\\\g<0>", text).replace("[^", f"[{_JOINER}^")


def _address(address: str, following: str) -> str:
    """The address as Markdown: in angle brackets where a part of it, or what follows, would mean something else."""
    return f"<{address}>" if following.strip() or _ACTIVE.search(address) else address
