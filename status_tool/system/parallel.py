"""How work is divided among all processors: by forked processes, which share the memory of their parent at the fork."""

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
_INDEX_SIZE = 4
"""Bytes of an index in the pipe of a queue."""


Progress = Callable[[int, int], None]
"""`(done, total)`: is called with the number of completed items and the number of all items."""


def map_shares(
    work: Callable[[Iterator[Item]], Result], items: Sequence[Item], few: int, progress: Progress | None = None
) -> list[Result]:
    """The result of `work` in each process. A process takes the next chunk of `items` when it has completed one.

    `few` is the number of items below which another process takes more time than it saves. `work` must return its
    results: the parent does not see a worker's changes in memory. An exception in a worker is raised here. When a
    worker is killed, all work is done again in this process.
    """
    count = min(_processors(), len(items) // few)
    if count < 2 or not _may_fork():
        return [work(_with_progress(items, progress))]
    try:
        queue = _Queue(items, progress)
    except OSError:  # too many open files
        return [work(_with_progress(items, progress))]
    with queue:
        started = (_start_worker(lambda: queue.work_off(work)) for _ in range(count - 1))
        workers = [worker for worker in started if worker]
        try:
            first = queue.work_off(work)
        finally:
            outcomes = [worker.outcome() for worker in workers]
    completed = [outcome for outcome in outcomes if outcome is not None]
    if len(completed) < len(workers):
        return [work(_with_progress(items, progress))]
    return [first, *map(_result_of, completed)]


def _with_progress(items: Sequence[Item], progress: Progress | None) -> Iterator[Item]:
    for number, item in enumerate(items):
        if progress:
            progress(number, len(items))
        yield item


class WorkerDied(Exception):
    """A worker process ended before it had written the outcome of its work."""


class BackgroundTask(AbstractContextManager["BackgroundTask[Result]"], Generic[Result]):
    """Runs `work` in another process; when that is not possible, `result` runs it in this one.

    As a context manager, it waits for the process on exit.
    """

    def __init__(self, work: Callable[[], Result]) -> None:
        self.work = work
        self.worker = _start_worker(work) if _may_fork() and _processors() > 1 else None

    def result(self) -> Result:
        """The result of `work`. Raises the exception that `work` raised, or WorkerDied when its process was killed."""
        worker, self.worker = self.worker, None
        if worker is None:
            return self.work()
        outcome = worker.outcome()
        if outcome is None:
            raise WorkerDied
        return _result_of(outcome)

    def __exit__(self, *exception: object) -> None:
        if self.worker:
            self.worker.outcome()


class _Queue(AbstractContextManager["_Queue[Item]"], Generic[Item]):
    """Items for several processes. A pipe contains the index of the first item of each chunk that is not yet taken."""

    def __init__(self, items: Sequence[Item], progress: Progress | None) -> None:
        self.items, self.progress, self.parent = items, progress, os.getpid()
        self.chunk_size = -(-len(items) // MAX_CHUNKS)
        self.indexes, writing = os.pipe()
        with os.fdopen(writing, "wb") as pipe:
            pipe.writelines(first.to_bytes(_INDEX_SIZE, "big") for first in range(0, len(items), self.chunk_size))

    def work_off(self, work: Callable[[Iterator[Item]], Result]) -> Result:
        """The result of `work` on the items that this process takes. When `work` fails, no process takes more items."""
        try:
            return work(iter(self))
        except BaseException:
            while os.read(self.indexes, MAX_CHUNKS * _INDEX_SIZE):
                pass
            raise

    def __iter__(self) -> Iterator[Item]:
        while self._parent_lives() and (index := os.read(self.indexes, _INDEX_SIZE)):
            first = int.from_bytes(index, "big")
            if self.progress and os.getpid() == self.parent:  # only the parent reports progress
                self.progress(first, len(self.items))
            yield from self.items[first : first + self.chunk_size]

    def _parent_lives(self) -> bool:
        """Whether the process that created the queue still runs; its workers end when it was killed."""
        return self.parent in (os.getpid(), os.getppid())

    def __exit__(self, *exception: object) -> None:
        os.close(self.indexes)


Outcome = tuple[Result] | Exception
"""The result of work, in a tuple; or the exception that it raised."""


class _Worker(Generic[Result]):
    """A forked process that does `work` and writes the outcome into a pipe."""

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
        """Waits for the end of the process. Returns None when it was killed before it wrote the outcome."""
        try:
            with os.fdopen(self.reading, "rb") as pipe:
                content = pipe.read()
        finally:  # also when this process is stopped: the worker removes its temporary files first
            os.waitpid(self.process, 0)
        try:
            outcome: Outcome[Result] = pickle.loads(content)
        except Exception:  # the content is incomplete
            return None
        return outcome


def _start_worker(work: Callable[[], Result]) -> _Worker[Result] | None:
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
    """Whether a fork is safe. It is not with other threads, whose locks would stay locked in the child; nor on macOS,
    whose libraries may start threads."""
    return sys.platform == "linux" and threading.active_count() == 1
