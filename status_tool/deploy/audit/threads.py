"""How questions are asked at the same time, by threads that keep no interrupted process waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

_AT_ONCE = threading.BoundedSemaphore(16)
Result = TypeVar("Result")


class Task(Generic[Result]):
    """A call that runs in a thread of its own.

    The thread is a daemon: those of concurrent.futures would let an interrupted process wait for every server that
    does not answer.
    """

    def __init__(self, call: Callable[..., Result], *args: object) -> None:
        self._results: list[Result] = []
        self._errors: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(call, args), daemon=True)
        self._thread.start()

    def _run(self, call: Callable[..., Result], args: Iterable[object]) -> None:
        with _AT_ONCE:
            try:
                self._results.append(call(*args))
            except BaseException as error:
                self._errors.append(error)

    def result(self) -> Result:
        """What the call returned; or raises what it raised. Waits for it."""
        self._thread.join()
        for error in self._errors:
            raise error
        return self._results[0]
