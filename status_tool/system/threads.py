"""How things are done at the same time, by threads that keep no interrupted process waiting."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Task(Generic[Result]):
    """A call that runs in a thread of its own; with a `gate`, when that lets it through.

    The thread is a daemon: those of concurrent.futures would let an interrupted process wait for every server that
    does not answer.
    """

    def __init__(self, call: Callable[..., Result], *args: object, gate: threading.Semaphore | None = None) -> None:
        self._results: list[Result] = []
        self._errors: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(call, args, gate), daemon=True)
        self._thread.start()

    def _run(self, call: Callable[..., Result], args: Iterable[object], gate: threading.Semaphore | None) -> None:
        if gate:
            gate.acquire()
        try:
            self._results.append(call(*args))
        except BaseException as error:
            self._errors.append(error)
        finally:
            if gate:
                gate.release()

    def wait(self, seconds: float) -> None:
        """Waits for it for so long."""
        self._thread.join(seconds)

    def result(self) -> Result:
        """What the call returned; or raises what it raised. Waits for it."""
        self._thread.join()
        for error in self._errors:
            raise error
        return self._results[0]


def run_all(call: Callable[[Item], Result], items: Iterable[Item], at_once: int) -> list[Result]:
    """`call` of each item, in their order; `at_once` of them at the same time. Raises the first error of any."""
    todo = deque(enumerate(items))
    results: dict[int, Result] = {}

    def work() -> None:
        while todo:
            try:
                number, item = todo.popleft()
            except IndexError:  # another thread took the last one
                return
            try:
                results[number] = call(item)
            except BaseException:
                todo.clear()
                raise

    wait_for([Task(work) for _ in range(min(at_once, len(todo)))])
    return [results[number] for number in sorted(results)]


def wait_for(tasks: Sequence[Task[None]]) -> None:
    """Raises what one of them raised; when this thread is interrupted, they do not matter any more."""
    for task in tasks:
        task.result()
