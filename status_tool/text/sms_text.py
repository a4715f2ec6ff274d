"""In which characters a text is sent as an SMS, so that one foreign character does not double its price.

A text in the default alphabet of GSM has 160 characters in a message; with any other character, 70. `sms.measure`
counts.
"""

from __future__ import annotations

import re
import unicodedata

from status_tool.text import romanized, sms
from status_tool.text.sms import ALPHABET

_ADDRESS = re.compile(r"(https?://\S+)", re.IGNORECASE)
_QUOTES = re.compile(r"(?<=«)[ \u00a0\u2009\u202f]+(?=\S)|(?<=\S)[ \u00a0\u2009\u202f]+(?=»)")
"""The blanks that French has in quotation marks, which English ones have not."""
_LEFT_BY_EMOJIS = re.compile(r"(?<=\s) +|^ +| +$", re.MULTILINE)
FOREIGN_SHARE = 0.2
"""The share of letters in other scripts from which on a text stays as it is: spelt in Latin, nobody could read it."""
_NEAREST = {
    **dict.fromkeys("‘’‚‛′´`ʹʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("•·‣▪●", "-"),
    **dict.fromkeys("→⇒➜➔", "->"),
    **dict.fromkeys("←⇐", "<-"),
    **dict.fromkeys("\u2028\u2029\x85", "\n"),
    "\t": " ",
    "×": "x",
    "°": "o",  # n° 4, 20 °C
    "º": "o",
    "©": "(c)",
    "®": "(r)",
    "☎": "Tel.",
    # Capital letters of Greek that GSM has as Latin ones; Δ Φ Γ Λ Ω Π Ψ Σ Θ Ξ are its own.
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
}


def is_7_bit(text: str) -> bool:
    return ALPHABET.issuperset(text)


def segments(text: str) -> int:
    """How many messages `text` is charged as, as it is; none when it is empty."""
    return sms.measure(text).parts


def transliterated(text: str) -> str:
    """`text` in GSM-7, each other character by its nearest; `text` itself where that is not possible or costs more.

    `« Déjà prêt… »` becomes `"Déjà pret..."`: `é` and `à` are in the alphabet. Emojis are left out. Addresses stay. A
    text mostly in another script stays in UCS-2.
    """
    if is_7_bit(text) or _is_foreign(text):
        return text
    parts = _ADDRESS.split(text)
    parts[::2] = [_spelt(part) for part in parts[::2]]
    result = _LEFT_BY_EMOJIS.sub("", "".join(parts))
    return result if is_7_bit(result) and segments(result) <= segments(text) else text


def _is_foreign(text: str) -> bool:
    letters = [letter for letter in _ADDRESS.sub("", text) if unicodedata.category(letter)[0] == "L"]
    foreign = sum(_is_foreign_letter(letter) for letter in letters)
    return foreign > 0 and foreign >= FOREIGN_SHARE * len(letters)


def _is_foreign_letter(letter: str) -> bool:
    """Whether neither it nor what it is composed of is in Latin, or in GSM-7 as the capitals of Greek are."""
    if letter in ALPHABET or letter in _NEAREST:
        return False
    base = unicodedata.normalize("NFKD", letter)[0]
    return not (base in ALPHABET or base in _NEAREST or unicodedata.name(base, "").startswith("LATIN "))


def _spelt(text: str) -> str:
    composed = unicodedata.normalize("NFC", _QUOTES.sub("", text))
    return "".join(character if character in ALPHABET else _nearest(character) for character in composed)


def _nearest(character: str) -> str:
    """One character of another alphabet in GSM-7; empty where nothing of it would be understood."""
    if character in _NEAREST:
        return _NEAREST[character]
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category[0] in "CM":
        return ""  # invisible, or a mark on a letter that stands for itself
    return _base(character) or ("" if category in ("So", "Sk") else _ascii(character))


def _base(character: str) -> str:
    """What it is composed of, in GSM-7: a letter with as many of its marks as it has there, `ü` for `ǖ`; else empty."""
    parts = unicodedata.normalize("NFKD", character)
    ends = range(len(parts), 0, -1) if character.isalpha() else (len(parts),)  # a struck out `=` is no `=`
    for end in ends:
        found = "".join(_NEAREST.get(part, part) for part in unicodedata.normalize("NFC", parts[:end]))
        if is_7_bit(found) and all(map(unicodedata.combining, parts[end:])):
            return found
    return ""


def _ascii(character: str) -> str:
    spelt = romanized.in_ascii(character).replace("`", "'")
    return "".join(part for part in spelt if part in ALPHABET)
