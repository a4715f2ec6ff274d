"""How a command ends when it is asked to stop, or when its terminal is closed: as with Ctrl-C, so that it cleans up."""

from __future__ import annotations

import signal
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
