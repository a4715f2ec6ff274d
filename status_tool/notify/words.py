"""The words of one message, and how much a channel takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A message as a channel says it: plain text, addresses in full."""

    text: str
    """Ends without a line break."""
    subject: str
    """One line."""
    language: str
    """BCP 47."""
    is_cut: bool = False
    """Whether something of the update is only on the page."""


@dataclass(frozen=True)
class Limit:
    """How much a channel takes: at most `most` of what `measure` counts."""

    most: int
    measure: Callable[[str], int]
    unit: str
    """What is counted, in the plural, for people: `characters`."""
