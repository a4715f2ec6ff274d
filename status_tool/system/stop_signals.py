"""How a command ends when it is asked to stop, or when its terminal is closed: as with Ctrl-C, so that it cleans up."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """The process received a signal that asks it to stop."""

    def __init__(self, number: int) -> None:
        self.number = number

    @property
    def exit_code(self) -> int:
        """As a shell shows a process that this signal ended."""
        return 128 + self.number


def install() -> None:
    """Makes SIGTERM and SIGHUP raise Stopped in the main thread; what is ignored, as under nohup, stays ignored."""
    for number in _SIGNALS:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    for each in _SIGNALS:  # both the shell and the system send SIGHUP: the second must not interrupt the cleaning up
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(number)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """A signal that would interrupt the `with` block, also that of Ctrl-C, takes effect when the block has ended."""
    if threading.current_thread() is not threading.main_thread():  # no other one is interrupted
        yield
        return
    received: list[int] = []
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, *_SIGNALS)}
    for number, handler in handlers.items():
        if callable(handler):
            signal.signal(number, lambda number, frame: received.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            if callable(handler):
                signal.signal(number, handler)
        if received:
            signal.raise_signal(received[0])
