"""How a text in any script is spelt in ASCII, for a file's name or an SMS; and how texts are compared that people type.

The only user of anyascii.
"""

from __future__ import annotations

import re
import unicodedata

# Between the syllables of Chinese and Korean, which anyascii writes with a capital: `ZhangHai`, `OLyu`.
_SYLLABLE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Direction marks, zero-width characters, soft hyphens, and the selectors that make a symbol an emoji.
_WITHOUT_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")


def hyphenated(text: str) -> str:
    """`Été à Zürich!` -> `ete-a-zurich`, `API 障害` -> `api-zhang-hai`; only ASCII letters, digits and hyphens.

    Symbols such as `🔥` are left out, except where there is nothing else: `fire`. Empty when nothing has a spelling.
    """
    words = "".join(" " if unicodedata.category(character)[0] == "S" else character for character in text)
    return _spelt(words) or _spelt(text)


def _spelt(text: str) -> str:
    lower = unicodedata.normalize("NFKC", text).lower()
    if not lower.isascii():
        lower = _SYLLABLE.sub("-", in_ascii(lower)).lower()
    without_apostrophes = re.sub(r"['`]", "", lower)
    return re.sub(r"[^a-z0-9]+", "-", without_apostrophes).strip("-")


def in_ascii(text: str) -> str:
    """`text` with each other character by its usual romanization: `Łódź` -> `Lodz`, `Яндекс` -> `Yandeks`."""
    from anyascii import anyascii  # few texts need it, and every command starts without it

    return str(anyascii(text))


def folded(text: str) -> str:
    """`text` in the one form in which texts are compared: without case, width, composition, or doubled blanks."""
    composed = unicodedata.normalize("NFKC", _WITHOUT_WIDTH.sub("", text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", composed).split())
