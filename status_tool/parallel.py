"""The same work on every processor, by processes that share what their parent knows."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

FEW = 256
"""So many items are done sooner than another process begins."""


def shared(work: Callable[[Sequence[Item]], Result], items: Sequence[Item]) -> list[Result]:
    """What `work` makes of the shares of `items`, one share a processor; together the shares are all items.

    `work` may change nothing in memory that matters to the caller. A child that fails raises here what it raised
    there; one that dies without a word has its share done again. A killed parent's children finish and end.
    """
    count = min(_processors(), len(items) // FEW) if _may_fork() else 1
    if count < 2:
        return [work(items)]
    shares = [items[n::count] for n in range(count)]
    children = [_begin(work, share) for share in shares[1:]]
    first: Result | None = None
    failed: BaseException | None = None
    try:
        first = work(shares[0])
    except BaseException as error:  # the children are waited for all the same
        failed = error
    told = [_end(*child) for child in children]
    if failed is not None:
        raise failed
    results: list[Any] = [first]
    for share, found in zip(shares[1:], told, strict=True):
        if isinstance(found, BaseException):
            raise found
        results.append(work(share) if found is None else found[0])
    return results


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _may_fork() -> bool:
    """A process with threads could leave a lock behind for ever; elsewhere than on Linux forks are no habit."""
    return sys.platform == "linux" and threading.active_count() == 1


def _begin(work: Callable[[Sequence[Item]], Result], share: Sequence[Item]) -> tuple[int, int]:
    """A child that does its share: its process, and the pipe through which it tells the result."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    code = 1
    try:
        os.close(reading)
        try:
            told: object = (work(share),)
        except Exception as error:
            told = error
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(told, pipe, pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)


def _end(process: int, reading: int) -> Any:
    """What the child told: a tuple with its result, an exception, or None when it died before it could."""
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    os.waitpid(process, 0)
    try:
        return pickle.loads(content)
    except Exception:  # cut short
        return None
