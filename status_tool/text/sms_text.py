"""What an SMS is charged as: the alphabet it needs (3GPP TS 23.038), and how many messages that makes.

A single character outside the 7-bit alphabet cuts a message from 160 to 70 characters, so those that have a near one
inside are replaced.
"""

from __future__ import annotations

import re
import unicodedata

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The characters that take one place of seven bits."""
EXTENSION = frozenset("\f^{}\\[~]|€")
"""Those that take two."""
ONE_7, MANY_7 = 160, 153
"""The places in a single message, and in each of several."""
ONE_16, MANY_16 = 70, 67
"""The same for UCS-2, in units of 16 bits."""
_NEAR = str.maketrans(
    {
        **dict.fromkeys("’‘‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009\u2007\u2002\u2003\t", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0e\ufe0f", ""),
        "…": "...",
        "•": "-",
        "·": "-",
        "→": "->",
        "←": "<-",
        "×": "x",
        "Œ": "OE",
        "œ": "oe",
        "©": "(c)",
        "®": "(R)",
        "™": "(TM)",
        "½": "1/2",
        "‰": "o/oo",
        "ı": "i",
        "Ł": "L",
        "ł": "l",
        "Đ": "D",
        "đ": "d",
        "Þ": "Th",
        "þ": "th",
        "Ð": "D",
        "ð": "d",
    }
)


def is_7_bit(text: str) -> bool:
    return all(character in GSM_7 or character in EXTENSION for character in text)


def segments(text: str) -> int:
    """How many messages `text` is charged as, as it is; none when it is empty."""
    if is_7_bit(text):
        sizes = [1 + (character in EXTENSION) for character in text]
        return _packed(sizes, ONE_7, MANY_7)
    return _packed([len(character.encode("utf-16-le")) // 2 for character in text], ONE_16, MANY_16)


def _packed(sizes: list[int], one: int, many: int) -> int:
    """How many messages characters of these sizes fill; a character is not torn apart."""
    if sum(sizes) <= one:
        return int(bool(sizes))
    count, used = 1, 0
    for size in sizes:
        if used + size > many:
            count, used = count + 1, 0
        used += size
    return count


def transliterated(text: str) -> str:
    """`text` in the 7-bit alphabet; as it is when it has letters of a script that this alphabet does not have.

    Letters lose the accents that it does not have, punctuation becomes the plain one, emoji are left out.
    """
    composed = unicodedata.normalize("NFC", text)
    near = "".join(_near(character) for character in composed)
    return re.sub(r"(?<=\S) {2,}(?=\S)", " ", near) if is_7_bit(near) else composed


def _near(character: str) -> str:
    """The nearest of the 7-bit alphabet; itself when it is a letter of another script; empty for a symbol."""
    if character in GSM_7 or character in EXTENSION:
        return character
    near = character.translate(_NEAR)
    if near != character:
        return near
    plain = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    plain = plain.translate(_NEAR)
    if plain and is_7_bit(plain) and (plain.isascii() or character.isascii()):
        return plain
    return character if unicodedata.category(character)[0] in "LNM" else ""
