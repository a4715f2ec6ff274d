"""How a text in two directions stays within its line: it turns around nothing that stands beside it.

https://www.unicode.org/reports/tr9/#Explicit_Directional_Formatting_Characters
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

EMBEDDINGS, OVERRIDES, ISOLATES = "\u202a\u202b", "\u202d\u202e", "\u2066\u2067\u2068"
END, END_OF_ISOLATE = "\u202c", "\u2069"
_ALL = frozenset(EMBEDDINGS + OVERRIDES + ISOLATES + END + END_OF_ISOLATE)


def has_marks(text: str) -> bool:
    """Whether `text` has a character that turns what follows it, or ends that."""
    return not (text.isascii() or text.isprintable()) and not _ALL.isdisjoint(text)


def contained(parts: Sequence[str]) -> list[str]:
    """The consecutive parts of a line, without overrides; what begins in them ends in them, and nothing else ends."""
    if not any(map(has_marks, parts)):
        return list(parts)
    open_marks: list[str] = []
    kept = ["".join(_kept(part, open_marks)) for part in parts]
    kept[-1] += "".join(map(_end_of, reversed(open_marks)))
    return kept


def _kept(part: str, open_marks: list[str]) -> Iterator[str]:
    for character in part:
        if character in OVERRIDES:
            continue
        if character in EMBEDDINGS or character in ISOLATES:
            open_marks.append(character)
        elif character == END:
            if not open_marks or open_marks[-1] in ISOLATES:
                continue
            open_marks.pop()
        elif character == END_OF_ISOLATE:
            if not any(mark in ISOLATES for mark in open_marks):
                continue
            while open_marks.pop() not in ISOLATES:  # the end of an isolate ends the embeddings in it
                pass
        yield character


def _end_of(mark: str) -> str:
    return END_OF_ISOLATE if mark in ISOLATES else END
