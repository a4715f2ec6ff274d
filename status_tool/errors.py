"""How a user's mistake travels: where it is, what is wrong, and how to put it right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

# What would move the cursor, colour the terminal or turn the text around.
_HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


_QUOTED = re.compile(r'"[^"]*"')
_LONGEST = 160
"""Characters of a quoted value that are shown."""


def _on_one_line(quoted: re.Match[str]) -> str:
    """A quoted value as a message shows it: on one line, and cut in the middle where it is long."""
    value = quoted[0][1:-1].replace("\n", "\\n")
    return f'"{value}"' if len(value) <= _LONGEST else f'"{value[: _LONGEST - 20]}…{value[-19:]}"'


def visible(text: str) -> str:
    """`text` with the characters that control a terminal written as escapes, such as `\\x1b`."""
    return _HIDDEN.sub(lambda match: ascii(match[0])[1:-1], text)


@dataclass(frozen=True)
class Problem:
    """One mistake. It is shown as `path:line: what`, with the hint (how to put it right) on the next line."""

    what: str
    path: str = ""
    line: int | None = None
    hint: str = ""

    def __post_init__(self) -> None:
        for name in ("what", "path", "hint"):
            object.__setattr__(self, name, visible(getattr(self, name)))
        object.__setattr__(self, "what", _QUOTED.sub(_on_one_line, self.what))
        object.__setattr__(self, "path", self.path.replace("\n", "\\n"))

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}" if self.path and self.line else self.path

    def __str__(self) -> str:
        first = f"{self.where}: {self.what}" if self.where else self.what
        return f"{first}\n{self.hint}" if self.hint else first


@dataclass(frozen=True)
class Unchecked:
    """What a check could not look at, so that it is neither right nor wrong.

    `whether published words changed`, `this clone has only a part of the history`, and how to make the check possible,
    which is empty when that is up to the owner.
    """

    what: str
    reason: str
    hint: str = ""

    def __post_init__(self) -> None:
        for name in ("what", "reason", "hint"):
            object.__setattr__(self, name, visible(getattr(self, name)))

    def __str__(self) -> str:
        return "\n".join(filter(None, [f"{self.what}: {self.reason}.", self.hint]))


class StatusError(Exception):
    """One or more mistakes that the user can correct."""

    def __init__(self, what: str, path: object = "", line: int | None = None, hint: str = "") -> None:
        self.problems: tuple[Problem, ...] = (Problem(what, str(path), line, hint),)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> StatusError:
        error = cls("")
        error.problems = tuple(problems)
        return error

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


Synonyms = Mapping[str, Iterable[str]]
"""Known word -> other words that people write for it."""


def nearest(word: str, words: Iterable[str], synonyms: Synonyms = MappingProxyType({})) -> str:
    """The one of `words` that is most likely meant by `word`: by its case or hyphens, as a synonym, or mistyped.

    Empty when none is close.
    """
    import difflib  # only a mistake needs it, and every command starts without it

    known = {_plain(word): word for word in words}
    others = {_plain(other): word for word in known.values() for other in synonyms.get(word, ())}
    typed = _plain(word)
    for meant, similarity in ((known, 0.6), ({**others, **known}, 0.8)):
        close = [typed] if typed in meant else difflib.get_close_matches(typed, meant, n=1, cutoff=similarity)
        if close:
            return meant[close[0]]
    return ""


def _plain(word: str) -> str:
    """`Degraded Performance` and `degraded-performance` as `degraded_performance`."""
    return re.sub(r"[\s_-]+", "_", word.strip().casefold())


def did_you_mean(word: str, words: Iterable[str], synonyms: Synonyms = MappingProxyType({})) -> str:
    """`Did you mean "api"?` when `word` is close to one of `words`, else an empty text."""
    meant = nearest(word, words, synonyms)
    return f'Did you mean "{meant}"?' if meant else ""


def one_of(word: str, words: Iterable[str], synonyms: Synonyms = MappingProxyType({})) -> str:
    """The remedy for a word that is none of `words`: the nearest one first, then all of them."""
    words = list(words)
    return " ".join(filter(None, [did_you_mean(word, words, synonyms), f"Use one of: {', '.join(words)}."]))
