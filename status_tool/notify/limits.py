"""How long a message may be on each kind of channel, in the unit that is counted there."""

from __future__ import annotations

import re

from status_tool.notify.words import Limit
from status_tool.text import sms_text

_TOKEN = re.compile(r"https?://\S+", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?>https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d{1,5})?)(?>(?:/[\w\-.~%+=#&/:]*[\w\-=#/])?)(?=$|[\s?.,;:!)])",
    re.IGNORECASE | re.ASCII,
)
"""An address of which anybody knows where it ends."""
_MASTODON_ADDRESS = 23
"""As many characters as Mastodon counts for any address."""


def characters(most: int) -> Limit:
    """Code points; where a service counts what a reader sees as one, that is never more."""
    return Limit(most, len, "characters")


def utf_16_units(most: int) -> Limit:
    return Limit(most, lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2, "characters")


def octets(most: int) -> Limit:
    return Limit(most, lambda text: len(text.encode("utf-8", "surrogatepass")), "bytes")


def mastodon(most: int = 500) -> Limit:
    """Characters, of which every address counts for 23: https://docs.joinmastodon.org/user/posting/#links.

    Where only Mastodon knows at which character an address ends, it counts in full as well, so that never less is
    counted than there.
    """
    return Limit(most, lambda text: len(_TOKEN.sub(_as_on_mastodon, text)), "characters")


def _as_on_mastodon(found: re.Match[str]) -> str:
    """As many characters as an address counts, then what follows it."""
    address = _ADDRESS.match(found[0])
    before = found.string[found.start() - 1 : found.start()]
    is_known = address and (not before.strip() or before in "(“«")
    rest = found[0][address.end() :] if address and is_known else found[0]
    return "x" * _MASTODON_ADDRESS + rest


def x(most: int = 280) -> Limit:
    """X's weights: 1 for a Latin letter, 2 for one of most other scripts and for a symbol, 23 for an address.

    See https://docs.x.com/fundamentals/counting-characters; a composed emoji counts as its parts here, which is more.
    """
    return Limit(most, lambda text: sum(map(_weight_on_x, _TOKEN.sub(_as_on_mastodon, text))), "characters")


def _weight_on_x(character: str) -> int:
    return 1 if any(first <= ord(character) <= last for first, last in _LIGHT_ON_X) else 2


_LIGHT_ON_X = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def sms(most: int = 2) -> Limit:
    """The messages that an SMS is charged as."""
    return Limit(most, sms_text.segments, "SMS")


def spoken(most: int) -> Limit:
    """Words that are read aloud: about 150 in a minute."""
    return Limit(most, lambda text: len(text.split()), "words")


UNLIMITED = characters(1_000_000)
