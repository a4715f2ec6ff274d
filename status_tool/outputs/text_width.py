"""How wide a text in Verdana is, without the font.

The widths are those of DejaVu Sans, whose Latin, Greek and Cyrillic letters are as wide as those of Verdana. They were
measured in Chromium in ems and rounded to 1/50. The width of an Arabic letter is that in the middle of a word; some are
wider at its end. Accents have no width; a character that is not in the table has the average width.
"""

from __future__ import annotations

import unicodedata

_TABLE = {
    0.22: "י",
    0.26: "ا",
    0.28: "'ijlıłіјון",
    0.30: "IJΙІЈبتثـنىيپی",
    0.32: " ,.·‘’‚",
    0.34: "/:;\\|¦ŀιזلے",
    0.36: "-fſƒ‐‑",
    0.40: "!()[]t¡²³¹ŧנ‹›",
    0.42: "rג",
    0.46: '"هء',
    0.48: "ªºدذعغو",
    0.50: "*_`§¨¯°´¸–†‡ةفق",
    0.52: "szгѕґ“”„رزژ",
    0.54: "?c¿εζзсэєדךץ",
    0.56: "LĳĿŁΓνξלרكکگ",
    0.58: "FkĲĸκςυχвть•במہم",
    0.60: "PvxyÞΡγλπτГРУкухчяҐғқүұצ",
    0.62: "TYaeo«»ßðøŦΤΥδθοТабеођҮҰәөעפ",
    0.64: "$0123456789ESbdghnpqu{}¢£¤¥µ¶þđŋΕΞΣβημρσЅЕЗилрһ€טסףجحخچ",
    0.66: "KΚαφψнпћџңאהחםת",
    0.68: "ABVXZΑΒΔΖΛΧАБВХЧЬцҒҺ",
    0.70: "CRħЄКСЭЯдъҚקש",
    0.74: "NUŊΝИ",
    0.76: "HΗΠΩЏЛНПмҢ",
    0.78: "&DGOQÐØĐΘΟΦΨЂЋДОЦыӘӨ",
    0.82: "wŉطظ",
    0.84: "#+<=>^~¬±×÷ωЪю←→",
    0.86: "MΜМФфصض",
    0.88: "Ы",
    0.90: "жљњسش",
    0.92: "Ħш",
    0.94: "щ",
    0.96: "%¼½¾",
    0.98: "WmÆæ",
    1.00: "@©®—…™",
    1.02: "œ",
    1.04: "Њ№",
    1.06: "ŒШ",
    1.08: "ЖЮ",
    1.10: "ЉЩ",
    1.34: "‰",
}
_WIDTH = {character: width for width, characters in _TABLE.items() for character in characters}
_AVERAGE, _SQUARE, _EMOJI = 0.6, 1.0, 1.25
_TAILED, _TAIL = "بتثپنىيیسشصضفلكک", 0.5
_JOINER, _AS_EMOJI = "\u200d", "\ufe0f"


def em(text: str) -> float:
    """The width of one line of text in ems: `em("API")` is 1.58."""
    text = unicodedata.normalize("NFC", text)
    neighbours = zip(f" {text}", text, f"{text[1:]} ", strict=False)
    return sum(_character_width(character, after) for before, character, after in neighbours if before != _JOINER)


def _character_width(character: str, after: str) -> float:
    if after == _AS_EMOJI:
        return _EMOJI
    if unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf") or "🏻" <= character <= "🏿":
        return 0.0  # an accent, an invisible character, or a skin colour of the previous emoji
    if unicodedata.east_asian_width(character) in "WF":
        return _EMOJI if unicodedata.category(character) == "So" else _SQUARE
    tail = _TAIL if character in _TAILED and not after.isalpha() else 0.0
    return tail + _WIDTH.get(unicodedata.normalize("NFD", character)[0], _AVERAGE)
