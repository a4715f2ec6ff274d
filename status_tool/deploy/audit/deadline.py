"""How long an audit may still take: every question to a server ends when its time is over."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

from status_tool.deploy.audit.facts import NotKnown


class Deadline:
    """A point in time `seconds` from now, for everything that an audit asks."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self, at_most: float) -> float:
        """The seconds that are left, `at_most` for a single question; NotKnown when none is."""
        left = min(self._end - time.monotonic(), at_most)
        if left <= 0:
            raise NotKnown("the time limit was reached")
        return left

    @contextlib.contextmanager
    def guarding(self, connection: socket.socket, at_most: float) -> Iterator[None]:
        """Ends an exchange over `connection` when the time is over, with TimeoutError.

        A timeout of the socket is not enough: a server may send one byte every second, for ever.
        """
        is_over = threading.Event()
        with connection.dup() as twin:  # TLS takes the descriptor away from `connection`
            timer = threading.Timer(self.remaining(at_most), _shut_down, [twin, is_over])
            timer.daemon = True
            timer.start()
            try:
                yield
            except Exception:
                if is_over.is_set():
                    raise TimeoutError from None
                raise
            finally:
                timer.cancel()
            if is_over.is_set():  # what was read may be a part only
                raise TimeoutError


def _shut_down(connection: socket.socket, is_over: threading.Event) -> None:
    is_over.set()
    with contextlib.suppress(OSError):  # it is closed
        connection.shutdown(socket.SHUT_RDWR)
