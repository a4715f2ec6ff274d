"""A channel on which only a person may speak: one without an interface, as Yubo, or a telephone."""

from __future__ import annotations

from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt


def send(delivery: Delivery) -> Receipt:
    return Receipt(Outcome.UNSENT, detail="a person speaks here by hand")
