"""The progress of a build: the time of each step, notes on what was kept and why, and a line on the terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from time import perf_counter

DELAY = 2.0
"""Seconds after which the terminal shows progress."""
INTERVAL = 0.1
"""Seconds between two changes of that line."""


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()  # a service may have closed it


class Stopwatch:
    """Measures and shows the steps of a build; starts when it is created."""

    def __init__(self) -> None:
        self.started_at = perf_counter()
        self.steps: dict[str, float] = {}
        """Name of a step -> its seconds, in the order in which they started."""
        self.notes: list[str] = []
        self.name = ""
        self.shown_at = self.started_at + DELAY - INTERVAL

    @property
    def seconds(self) -> float:
        return perf_counter() - self.started_at

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        started_at, self.name = perf_counter(), name
        self.steps[name] = 0.0
        self.progress(0, 0)
        try:
            yield
        finally:
            self.steps[name] = perf_counter() - started_at
            self.clear()

    def note(self, text: str) -> None:
        self.notes.append(text)

    def progress(self, done: int, of: int) -> None:
        """Shows the share of the current step that is done, on a terminal, when the build takes longer than DELAY."""
        if perf_counter() < self.shown_at + INTERVAL or not _is_terminal():
            return
        self.shown_at = perf_counter()
        share = f" {100 * done // of} %" if of else ""
        sys.stderr.write(f"\r\x1b[K{self.name} …{share}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Removes the line from the terminal."""
        if self.shown_at > self.started_at + DELAY and _is_terminal():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def table(self) -> Iterator[str]:
        """A line for each step: its name, its seconds, and its share of the total."""
        total = self.seconds
        for name, seconds in {**self.steps, "Everything else": total - sum(self.steps.values())}.items():
            yield f"  {name:<32}{seconds:>7.2f} s{100 * seconds / total:>5.0f} %"
        yield f"  {'Total':<32}{total:>7.2f} s"
