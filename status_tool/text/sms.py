"""How long a text is as an SMS: its characters, its alphabet, and the number of messages that are paid for.

The alphabet is that of 3GPP TS 23.038, 6.2.1: the default alphabet and its extension, whose characters count twice. A
text with any other character is sent as UCS-2. Of a text in several messages, each has six octets for its header.
"""

from __future__ import annotations

from typing import NamedTuple

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""Two septets each: an escape, and the character."""
ALPHABET = BASIC | EXTENDED
_GSM_SINGLE, _GSM_PART = 160, 153
_UCS2_SINGLE, _UCS2_PART = 70, 67


class SmsLength(NamedTuple):
    """The length of a text as an SMS."""

    units: int
    """Septets of GSM-7, or UTF-16 code units of UCS-2."""
    is_gsm7: bool
    parts: int
    """How many messages it needs; 0 for an empty text."""
    others: str
    """The characters that make it UCS-2, each once, in the order of the text."""

    def __str__(self) -> str:
        alphabet = "GSM-7" if self.is_gsm7 else "UCS-2"
        return f"{self.units} characters in {alphabet}, {self.parts} SMS"


def measure(text: str) -> SmsLength:
    """The length of `text`. No character of two units is divided between two messages."""
    others = "".join(dict.fromkeys(character for character in text if character not in ALPHABET))
    if others:
        sizes = [2 if ord(character) > 0xFFFF else 1 for character in text]
        single, part = _UCS2_SINGLE, _UCS2_PART
    else:
        sizes = [2 if character in EXTENDED else 1 for character in text]
        single, part = _GSM_SINGLE, _GSM_PART
    units = sum(sizes)
    parts = _parts(sizes, part) if units > single else int(units > 0)
    return SmsLength(units, not others, parts, others)


def _parts(sizes: list[int], room: int) -> int:
    parts, used = 1, 0
    for size in sizes:
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return parts
