"""How a connection to a server is made."""

from __future__ import annotations

import socket
from collections.abc import Sequence

MAX_TRIED = 3
"""How many addresses of a host are tried."""


def dial(addresses: Sequence[str], port: int, seconds: float) -> socket.socket:
    """A connection to the first of `addresses` that answers; OSError of the last one when none does."""
    tried = addresses[:MAX_TRIED]
    for address in tried[:-1]:
        try:
            return socket.create_connection((address, port), seconds / len(tried))
        except OSError:
            continue
    return socket.create_connection((tried[-1], port), seconds / len(tried))
