"""How a plain text is cut: behind a sentence or a word, never within an address or a character."""

from __future__ import annotations

import re
import unicodedata

_ADDRESS = re.compile("https?://|mailto:", re.IGNORECASE)
"""How an address begins; it ends before a blank."""
_SCHEME = len("https://")
_END_OF_SENTENCE = re.compile(r"[.!?…؟]+[\"”’»)\]]*(?=\s)|[。！？]+[」』”]*|(?=\n)")
_ENDINGS = tuple(f"{end}{quote}" for end in ".!?…。！？" for quote in ("", *'"”»」』') if end != "." or quote)
"""How a sentence ends where a word is cut off behind it."""
_STRUCK = "~~"
ELLIPSIS = "…"
_JOINER = "\u200d"
_LONGEST = 32
"""More code points are no character that anybody writes."""


def shortened(text: str, most: int) -> str:
    """`text`, or its begin with `…`, in at most `most` code points; empty where no word of it has room.

    It ends behind the last sentence, if that is in the second half of what has room; else behind a word; within a word
    only where that is long, as in a script without spaces. Words that were struck out stay so.
    """
    if len(text) <= most:
        return text
    begin = text[: max(most - len(ELLIPSIS), 0)]
    kept = _with_ellipsis(text, begin)
    while len(kept) > most:  # the tildes need room
        begin = begin[:-1]
        kept = _with_ellipsis(text, begin)
    return kept


def _with_ellipsis(text: str, begin: str) -> str:
    words = sentence = _sentences(text, begin)
    if not sentence:
        words = _words(text, begin).rstrip()
    last = words[max(words.rfind(" "), words.rfind("\n")) + 1 :]
    is_address = bool(_ADDRESS.search(last))
    if not sentence and not is_address:
        words = words.rstrip(" \n,;:.([“«~-–—")
    if not words:
        return ""
    ellipsis = f" {ELLIPSIS}" if sentence or is_address or words.endswith(_ENDINGS) else ELLIPSIS
    return f"{words}{ellipsis}{_STRUCK if words.count(_STRUCK) % 2 else ''}"


def _sentences(text: str, begin: str) -> str:
    """The sentences of `begin` that are whole, if they are at least half of it; otherwise empty."""
    half, room = len(begin) // 2, len(begin) - 1  # a space comes before the ellipsis
    ends = [
        found.end() for found in _END_OF_SENTENCE.finditer(text, half, len(begin) + 1) if half < found.end() <= room
    ]
    end = next((end for end in reversed(ends) if not _is_in_address(text, end)), 0)
    return text[:end].rstrip()


def _words(text: str, begin: str) -> str:
    """The words of `begin` that are whole."""
    end = len(begin)
    if text[end].isspace():
        return begin
    space = max(begin.rfind(" "), begin.rfind("\n"))
    if _is_in_address(text, end) or space >= end // 2:
        return begin[: space + 1]
    return text[: _boundary(text, end)]


def _is_in_address(text: str, index: int) -> bool:
    """Whether an address stands on both sides of `index`."""
    if index == len(text) or text[index].isspace():
        return False
    start = max(text.rfind(" ", 0, index), text.rfind("\n", 0, index)) + 1
    found = _ADDRESS.search(text, start, index + _SCHEME)
    return found is not None and found.start() < index


def _boundary(text: str, index: int) -> int:
    """The last place up to `index` at which no character is divided: no emoji, no flag, no letter from its marks.

    Never fewer than the rules of https://www.unicode.org/reports/tr29/ say; only Hangul in single letters may be cut.
    """
    for place in range(index, max(index - _LONGEST, 0), -1):
        if not _continues(text[place]) and text[place - 1] != _JOINER and not _is_in_flag(text, place):
            return place
    return index


def _continues(character: str) -> bool:
    """Whether it belongs to the character before it: a mark, a joiner, a selector, or a colour of skin."""
    return (
        character == _JOINER
        or unicodedata.category(character) in ("Mn", "Mc", "Me", "Sk")
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _is_in_flag(text: str, place: int) -> bool:
    """Whether the two letters of a flag stand around `place`."""
    begin = place
    while begin and "\U0001f1e6" <= text[begin - 1] <= "\U0001f1ff" and place - begin < _LONGEST:
        begin -= 1
    return (place - begin) % 2 == 1 and "\U0001f1e6" <= text[place] <= "\U0001f1ff"
