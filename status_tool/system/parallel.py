"""Work on every processor, by processes that share what their parent knows."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

PIECES = 1_000
"""Into so many pieces work is cut, at the most."""
_NUMBER = 4
"""Bytes of a number in a queue."""


Progress = Callable[[int, int], None]
"""Hears how much is done, of how much."""


def map_shares(
    work: Callable[[Iterator[Item]], Result], items: Sequence[Item], few: int, progress: Progress | None = None
) -> list[Result]:
    """What `work` makes of `items`, of which each processor takes the next whenever it is free.

    So `few` items are done sooner than another process begins. `work` may change nothing in memory that matters to
    the caller. What it raises in a worker is raised here. Where a worker dies without a word, everything is done again.
    """
    count = min(_processors(), len(items) // few)
    if count < 2 or not _may_fork():
        return [work(_watched(items, progress))]
    try:
        queue = _Queue(items, progress)
    except OSError:  # no more files may be open
        return [work(_watched(items, progress))]
    with queue:
        started = (_started(lambda: queue.worked_off(work)) for _ in range(count - 1))
        workers = [worker for worker in started if worker]
        try:
            first = queue.worked_off(work)
        finally:
            outcomes = [worker.outcome() for worker in workers]
    ended = [outcome for outcome in outcomes if outcome is not None]
    if len(ended) < len(workers):
        return [work(_watched(items, progress))]
    return [first, *map(_result_of, ended)]


def _watched(items: Sequence[Item], progress: Progress | None) -> Iterator[Item]:
    for number, item in enumerate(items):
        if progress:
            progress(number, len(items))
        yield item


class WorkerDied(Exception):
    """Another process ended without a word about its work."""


class BackgroundTask(AbstractContextManager["BackgroundTask[Result]"], Generic[Result]):
    """What `work` makes in another process meanwhile; where there can be none, here when it is asked for.

    As a context it leaves no process behind.
    """

    def __init__(self, work: Callable[[], Result]) -> None:
        self.work = work
        self.worker = _started(work) if _may_fork() and _processors() > 1 else None

    def result(self) -> Result:
        """What `work` made; raises what it raised, and WorkerDied when its process did."""
        worker, self.worker = self.worker, None
        if worker is None:
            return self.work()
        outcome = worker.outcome()
        if outcome is None:
            raise WorkerDied
        return _result_of(outcome)

    def __exit__(self, *failed: object) -> None:
        if self.worker:
            self.worker.outcome()


class _Queue(AbstractContextManager["_Queue[Item]"], Generic[Item]):
    """Items of which several processes take the next ones: a pipe with the number at which each piece begins."""

    def __init__(self, items: Sequence[Item], progress: Progress | None) -> None:
        self.items, self.progress, self.parent = items, progress, os.getpid()
        self.step = -(-len(items) // PIECES)
        self.numbers, writing = os.pipe()
        with os.fdopen(writing, "wb") as pipe:
            pipe.writelines(begin.to_bytes(_NUMBER, "big") for begin in range(0, len(items), self.step))

    def worked_off(self, work: Callable[[Iterator[Item]], Result]) -> Result:
        """What `work` makes of the items that nobody else takes. Once it fails, nobody takes any more."""
        try:
            return work(iter(self))
        except BaseException:
            while os.read(self.numbers, PIECES * _NUMBER):
                pass
            raise

    def __iter__(self) -> Iterator[Item]:
        while self._is_wanted() and (number := os.read(self.numbers, _NUMBER)):
            begin = int.from_bytes(number, "big")
            if self.progress and os.getpid() == self.parent:  # its workers are silent
                self.progress(begin, len(self.items))
            yield from self.items[begin : begin + self.step]

    def _is_wanted(self) -> bool:
        """A killed parent's workers end with the piece that they have."""
        return self.parent in (os.getpid(), os.getppid())

    def __exit__(self, *failed: object) -> None:
        os.close(self.numbers)


Outcome = tuple[Result] | Exception
"""What came of some work: its result, or what it raised."""


class _Worker(Generic[Result]):
    """Another process that does `work`, and writes the outcome into a pipe."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self.reading, writing = os.pipe()
        try:
            self.process = os.fork()
        except OSError:
            os.close(self.reading)
            os.close(writing)
            raise
        if self.process:
            os.close(writing)
            return
        code = 1
        try:
            os.close(self.reading)
            try:
                outcome: Outcome[Result] = (work(),)
            except Exception as error:
                outcome = error
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(outcome, pipe, pickle.HIGHEST_PROTOCOL)
            code = 0
        finally:
            os._exit(code)

    def outcome(self) -> Outcome[Result] | None:
        """Waits for the end of the process; None when it died before it had written the outcome."""
        with os.fdopen(self.reading, "rb") as pipe:
            content = pipe.read()
        os.waitpid(self.process, 0)
        try:
            outcome: Outcome[Result] = pickle.loads(content)
        except Exception:  # the content is cut short
            return None
        return outcome


def _started(work: Callable[[], Result]) -> _Worker[Result] | None:
    """A worker that does `work`; None where the system gives no process more."""
    try:
        return _Worker(work)
    except OSError:
        return None


def _result_of(outcome: Outcome[Result]) -> Result:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome[0]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _may_fork() -> bool:
    """A process with threads could leave a lock behind for ever; elsewhere than on Linux forks are no habit."""
    return sys.platform == "linux" and threading.active_count() == 1
