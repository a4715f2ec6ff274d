"""How long a message may be on each kind of channel, in the unit that is counted there."""

from __future__ import annotations

import re

from status_tool.notify.words import Limit
from status_tool.text import sms_text

_ADDRESS = re.compile(r"https?://\S+")
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
    """Characters, of which every address counts for 23."""
    return Limit(most, _mastodon_length, "characters")


def _mastodon_length(text: str) -> int:
    addresses = _ADDRESS.findall(text)
    return len(text) + sum(_MASTODON_ADDRESS - len(address) for address in addresses)


def sms(most: int = 2) -> Limit:
    """The messages that an SMS is charged as."""
    return Limit(most, sms_text.segments, "SMS")


def spoken(most: int) -> Limit:
    """Words that are read aloud: about 150 in a minute."""
    return Limit(most, lambda text: len(text.split()), "words")


UNLIMITED = characters(1_000_000)
