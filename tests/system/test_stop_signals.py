"""A signal that asks a process to stop lets it clean up, once and undisturbed; what is ignored stays ignored."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from status_tool.system import stop_signals
from status_tool.system.stop_signals import Stopped

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_the_first_signal_stops_and_the_next_ones_do_not_disturb(number: int, code: int) -> None:
    stop_signals.install()
    with pytest.raises(Stopped) as stopped:
        signal.raise_signal(number)
    signal.raise_signal(signal.SIGHUP)
    signal.raise_signal(signal.SIGTERM)

    assert stopped.value.exit_code == code


def test_what_nohup_ignores_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop_signals.install()
    signal.raise_signal(signal.SIGHUP)
    with stop_signals.held():
        signal.raise_signal(signal.SIGHUP)


@pytest.mark.parametrize(("number", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Stopped)])
def test_a_signal_is_held_until_the_end_of_what_must_be_done(number: int, raised: type[BaseException]) -> None:
    stop_signals.install()
    done = []
    with pytest.raises(raised), stop_signals.held():
        signal.raise_signal(number)
        done.append("cleaned up")

    assert done == ["cleaned up"]
