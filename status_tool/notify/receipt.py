"""What a channel answered when it was given a message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    DELIVERED = "delivered"
    """It is where people read it."""
    ACCEPTED = "accepted"
    """A service took it, and carries it on."""
    REJECTED = "rejected"
    """It was refused, and would be refused again."""
    UNKNOWN = "unknown"
    """It was written to the service, which did not say what became of it."""
    UNSENT = "unsent"
    """Nothing was sent, and a later attempt may succeed: no connection, or too many messages."""


@dataclass(frozen=True)
class Receipt:
    """What became of one message to one recipient. No text of it holds a secret or contact data."""

    outcome: Outcome
    id: str = ""
    """By which the channel knows the message; a reply needs it."""
    url: str = ""
    """Where the message can be read."""
    detail: str = ""
    """What the channel said, in one line; empty when all is well."""
    retry_after: float | None = None
    """The seconds after which the channel wants to be asked again."""

    @property
    def is_said(self) -> bool:
        return self.outcome in (Outcome.DELIVERED, Outcome.ACCEPTED)
