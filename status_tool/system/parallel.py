"""Work on every processor, by forked processes, which have everything that their parent has in memory."""

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

MAX_CHUNKS = 1_000
"""The largest number of chunks that items are divided into."""
_NUMBER_SIZE = 4
"""Bytes of a number in a queue."""


Progress = Callable[[int, int], None]
"""Is called with the number of items done, and of all items."""


def map_shares(
    work: Callable[[Iterator[Item]], Result], items: Sequence[Item], few: int, progress: Progress | None = None
) -> list[Result]:
    """The results of `work` on shares of `items`: each process takes the next items whenever it is free.

    `few` is the number of items below which another process costs more than it saves. `work` must not rely on changes
    in memory, which a worker's parent does not see. An exception in a worker is raised here. When a worker is killed,
    all work is done again in this process.
    """
    count = min(_processors(), len(items) // few)
    if count < 2 or not _may_fork():
        return [work(_with_progress(items, progress))]
    try:
        queue = _Queue(items, progress)
    except OSError:  # the limit of open files is reached
        return [work(_with_progress(items, progress))]
    with queue:
        started = (_started(lambda: queue.work_off(work)) for _ in range(count - 1))
        workers = [worker for worker in started if worker]
        try:
            first = queue.work_off(work)
        finally:
            outcomes = [worker.outcome() for worker in workers]
    ended = [outcome for outcome in outcomes if outcome is not None]
    if len(ended) < len(workers):
        return [work(_with_progress(items, progress))]
    return [first, *map(_result_of, ended)]


def _with_progress(items: Sequence[Item], progress: Progress | None) -> Iterator[Item]:
    for number, item in enumerate(items):
        if progress:
            progress(number, len(items))
        yield item


class WorkerDied(Exception):
    """A worker process ended before it had written the outcome of its work."""


class BackgroundTask(AbstractContextManager["BackgroundTask[Result]"], Generic[Result]):
    """Runs `work` in another process; where that is not possible, `result` runs it in this one.

    As a context manager it waits for the process at the end.
    """

    def __init__(self, work: Callable[[], Result]) -> None:
        self.work = work
        self.worker = _started(work) if _may_fork() and _processors() > 1 else None

    def result(self) -> Result:
        """The result of `work`; raises what it raised, and WorkerDied when its process was killed."""
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
    """Items that several processes share: a pipe holds the number of the first item of each chunk."""

    def __init__(self, items: Sequence[Item], progress: Progress | None) -> None:
        self.items, self.progress, self.parent = items, progress, os.getpid()
        self.step = -(-len(items) // MAX_CHUNKS)
        self.numbers, writing = os.pipe()
        with os.fdopen(writing, "wb") as pipe:
            pipe.writelines(first.to_bytes(_NUMBER_SIZE, "big") for first in range(0, len(items), self.step))

    def work_off(self, work: Callable[[Iterator[Item]], Result]) -> Result:
        """The result of `work` on the items that this process takes. When it fails, no process takes any more."""
        try:
            return work(iter(self))
        except BaseException:
            while os.read(self.numbers, MAX_CHUNKS * _NUMBER_SIZE):
                pass
            raise

    def __iter__(self) -> Iterator[Item]:
        while self._parent_lives() and (number := os.read(self.numbers, _NUMBER_SIZE)):
            first = int.from_bytes(number, "big")
            if self.progress and os.getpid() == self.parent:  # only the parent reports progress
                self.progress(first, len(self.items))
            yield from self.items[first : first + self.step]

    def _parent_lives(self) -> bool:
        """Whether the process that made the queue still runs; its workers end when it is killed."""
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
    """A worker that does `work`; None when the system refuses another process."""
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
    """Whether a fork is safe: not with threads, whose locks stay locked in the child, and not on macOS, whose libraries
    may use threads unseen."""
    return sys.platform == "linux" and threading.active_count() == 1
