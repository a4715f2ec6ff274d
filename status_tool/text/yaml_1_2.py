"""What YAML 1.2 reads and libyaml does not: characters escaped as two halves, as JSON has them, and U+0085 in a line.

libyaml implements YAML 1.1. It gets a text of the same length in which both are replaced, so that every offset and line
stays right; the values it finds get back what was written.
"""

from __future__ import annotations

import re

_LINE_SEPARATORS = "\x85\u2028\u2029"
"""Line ends in YAML 1.1, but not in YAML 1.2 (https://yaml.org/spec/1.2.2/#54-line-break-characters)."""
_HAS_SEPARATOR = re.compile(f"[{_LINE_SEPARATORS}]")
_STAND_INS = [chr(code) for code in range(0xFDD0, 0xFDF0)]
"""Noncharacters of Unicode, which no text should contain."""
_HALF = "[dD][89a-fA-F][0-9a-fA-F]{2}"
# Each also matches every other escape, so that in `\\ud83d` the backslash is escaped, and nothing is a half.
_HALVES = re.compile(rf"\\(?:(u{_HALF})|.)", re.DOTALL)
_PAIRS = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|.)", re.DOTALL)
_HIDDEN = r"\ufffd"
"""What replaces an escaped half: an escape of the same length."""
_HIDDEN_OR_HALF = re.compile(rf"\\(?:(ufffd|u{_HALF})|.)", re.DOTALL)


def separators(text: str) -> dict[int, str]:
    """Stand-ins for the line separators of YAML 1.1 in `text`, for `str.translate`; empty when it has none."""
    if text.isascii() or not _HAS_SEPARATOR.search(text):
        return {}
    unused = [stand_in for stand_in in _STAND_INS if stand_in not in text]
    return {ord(separator): stand_in for separator, stand_in in zip(_LINE_SEPARATORS, unused, strict=False)}


def has_half(text: str) -> bool:
    """Whether `text` may contain an escaped half of a character, such as `\\ud83d`."""
    return "\\ud" in text or "\\uD" in text


def without_halves(text: str) -> str:
    """`text`, in the same length, with each escaped half of a character replaced."""
    return _HALVES.sub(lambda match: _HIDDEN if match[1] else match[0], text)


def joined(quoted: str) -> str:
    """A text in double quotes with each `\\ud83d\\udd25` as `\\U0001f525`, which libyaml reads."""
    return _PAIRS.sub(lambda match: rf"\U{_code(match[1], match[2]):08x}" if match[1] else match[0], quoted)


def _code(high: str, low: str) -> int:
    """The code point of two surrogates (https://www.unicode.org/versions/latest/, definition D91)."""
    return 0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00)


def lone_half(quoted: str) -> tuple[int, str] | None:
    """`(offset, escape)` of the first half without its other half in a text in double quotes; None without one."""
    for match in _PAIRS.finditer(quoted):
        if not match[1] and (half := _HALVES.match(quoted, match.start())) and half[1]:
            return match.start(), half[0]
    return None


def restored(value: str, raw: str) -> str:
    """The value of a scalar that has no escapes, with what `without_halves` replaced; `raw` is its text in the file."""
    written = [match[0] for match in _HIDDEN_OR_HALF.finditer(raw) if match[1]]
    parts = value.split(_HIDDEN)
    originals = written[
        len(written) - len(parts) + 1 :
    ]  # a comment above a block scalar is in `raw`, but not in `value`
    return "".join(part + original for part, original in zip(parts, [*originals, ""], strict=True))
