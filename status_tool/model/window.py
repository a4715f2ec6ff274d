"""What the window of planned work is: its begin, its end, and the rule by which it recurs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Window:
    """The planned time of maintenance."""

    begin: datetime
    until: datetime
    repeat: str = ""
    """The recurrence rule (RFC 5545); empty if it does not recur."""
