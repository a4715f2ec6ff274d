"""Things that are done at the same time."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.system import threads


@given(st.lists(st.integers()), st.integers(1, 5))
def test_results_are_in_the_order_of_the_items(items: list[int], at_once: int) -> None:
    assert threads.run_all(lambda item: item + 1, items, at_once) == [item + 1 for item in items]


def test_no_more_run_at_once_than_allowed() -> None:
    running, most, lock = 0, 0, threading.Lock()
    meet = threading.Barrier(3)

    def call(item: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        meet.wait(5)
        with lock:
            running -= 1

    threads.run_all(call, range(9), 3)

    assert most == 3


def test_an_error_is_raised_and_nothing_else_begins() -> None:
    begun = []

    def call(item: int) -> None:
        begun.append(item)
        raise ValueError(item)

    with pytest.raises(ValueError, match="0"):
        threads.run_all(call, range(100), 1)

    assert begun == [0]
