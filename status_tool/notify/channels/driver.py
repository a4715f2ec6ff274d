"""What the program knows of a kind of channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from status_tool.model.channel import Channel
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Receipt
from status_tool.notify.words import Limit


@dataclass(frozen=True)
class Driver:
    """How a kind of channel is spoken to."""

    send: Callable[[Delivery], Receipt]
    form: str
    """The template of its words: one of `wording.FORMS`."""
    limit: Callable[[Channel], Limit]
    how: str
    """How the channel recognises a repeat, or that it does not, for the manual: a sentence."""
    recognises: Callable[[Channel], timedelta] = lambda channel: timedelta()
    """For how long a repeat does no harm, so that what may have been sent is sent again without asking."""
