"""What the module of a channel is given: the words for one recipient, and what it needs to send them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from status_tool.model.channel import Channel
from status_tool.notify.notice import Notice
from status_tool.notify.words import Words
from status_tool.system.web import Web


@dataclass(frozen=True)
class Delivery:
    """One message to one recipient."""

    channel: Channel
    secrets: Mapping[str, str]
    """The values of the channel's environment variables, by attribute: `token_env` -> the token."""
    recipient: str
    """One of `to_env`, or `to`; empty where the channel itself is the place."""
    notice: Notice
    words: Words
    root: str
    """`Receipt.id` of the first message about the incident here, in this language; empty if this is it."""
    parent: str
    """`Receipt.id` of the last message about it here."""
    web: Web
    seconds: float
    """How long this attempt may take."""

    @cached_property
    def key(self) -> str:
        """32 hexadecimal digits: the same for each attempt of this message to this recipient, of no other."""
        parts = (self.notice.key, self.channel.name, self.recipient)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
