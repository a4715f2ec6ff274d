"""Where an address ends that is typed without any markup: before the text that follows it without a space.

Chinese, Japanese, Korean and Thai text follows an address directly, and so do punctuation that is not ASCII, an emoji
and the `~~` after struck words. Letters of scripts with spaces between words (é, Cyrillic, Arabic) are part of it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_START = re.compile(r"https?://|mailto:", re.IGNORECASE)
_LABEL = re.compile(r"[^\s.:/?#]+")
# Scripts without spaces between words, and Hangul, whose particles follow a word directly; with their punctuation.
_UNSPACED = re.compile(
    "[\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u1b00-\u1b7f\u2e80-\ua4cf\ua960-\ua9ff"
    "\uaa60-\uaa7f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe6f\uff00-\uffef\U0001b000-\U0001b2ff\U00020000-\U0003ffff]"
)
_ENDING_CATEGORIES = ("P", "So", "Cf")
"""Of characters that are not ASCII: punctuation, emojis, and what is invisible."""
_JOINERS = "\u200c\u200d"
"""Invisible parts of words in Persian and in Indic scripts."""


def separated(text: str) -> str:
    """`text` with a space in the place of each character that ends a bare address. No other character moves.

    `詳細はhttps://example.org/aをご覧` becomes `詳細はhttps://example.org/a ご覧`.
    """
    if text.isascii() and "~~" not in text:
        return text
    characters = list(text)
    end = 0
    for start in _START.finditer(text):
        begin = _end_of_labels(text, start.end())
        if begin > end:  # else it is in another address, and ends with it
            end = _end(text, begin)
            if end < len(text) and not text[end].isspace():
                characters[end] = " "
    return "".join(characters)


def at_start(text: str) -> str:
    """The bare address with which `text` begins, if there is one. What follows it without a space is left out.

    `https://example.org/aをご覧` becomes `https://example.org/a`.
    """
    start = _START.match(text)
    return text[: _end(text, _end_of_labels(text, start.end()))] if start else text


def _end(text: str, begin: int) -> int:
    """The index of the first character from `begin` on that no bare address contains."""
    return next((index for index in range(begin, len(text)) if _ends_at(text, index)), len(text))


def _ends_at(text: str, index: int) -> bool:
    return text[index].isspace() or _ends_address(text[index]) or text.startswith("~~", index)


@lru_cache(maxsize=4096)
def _ends_address(character: str) -> bool:
    if character.isascii() or character in _JOINERS:
        return False
    return bool(_UNSPACED.match(character)) or unicodedata.category(character).startswith(_ENDING_CATEGORIES)


def _end_of_labels(text: str, begin: int) -> int:
    """Where the last label in an unspaced script ends, of the host that begins at `begin`: `https://例え.テスト/`.

    A word in such a script is a label with a dot or a slash after it, or after another such label. If there is none,
    `begin` is returned: `https://example.orgをご覧` has no such label.
    """
    end = position = begin
    while label := _LABEL.match(text, position):
        following = text[label.end() : label.end() + 1]
        if all(map(_is_unspaced_letter, label[0])):
            if end == begin and following not in (".", "/"):
                break
            end = label.end()
        if following != ".":
            break
        position = label.end() + 1
    return end


def _is_unspaced_letter(character: str) -> bool:
    return bool(_UNSPACED.match(character)) and not unicodedata.category(character).startswith("P")
