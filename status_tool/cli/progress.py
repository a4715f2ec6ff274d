"""The progress of a build: the time of each step, notes on what was reused and why, and a line on the terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from time import perf_counter

DELAY = 2.0
"""Seconds after which the terminal shows progress."""
INTERVAL = 0.1
"""Shortest time between two changes of the progress line, in seconds."""


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()  # it is None where a service closed it


class Stopwatch:
    """Measures and shows the steps of a build; starts when it is created."""

    def __init__(self) -> None:
        self.started_at = perf_counter()
        self.steps: dict[str, float] = {}
        """Name of a step -> its seconds, in the order in which they started."""
        self.notes: list[str] = []
        """Which steps and files were reused or not, and why."""
        self.current_step = ""
        self.shown_at = self.started_at + DELAY - INTERVAL
        """When the progress line was last written; before that, INTERVAL before it may first be written."""

    @property
    def seconds(self) -> float:
        """Seconds since the build started."""
        return perf_counter() - self.started_at

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measures the `with` block as the step `name`."""
        started_at, self.current_step = perf_counter(), name
        self.steps[name] = 0.0
        self.progress(0, 0)
        try:
            yield
        finally:
            self.steps[name] = perf_counter() - started_at
            self.clear()

    def note(self, text: str) -> None:
        self.notes.append(text)

    def progress(self, done: int, total: int) -> None:
        """Shows the share of the current step that is done, on a terminal, when the build takes longer than DELAY."""
        if perf_counter() < self.shown_at + INTERVAL or not _is_terminal():
            return
        self.shown_at = perf_counter()
        share = f" {100 * done // total} %" if total else ""
        sys.stderr.write(f"\r\x1b[K{self.current_step} …{share}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Removes the progress line from the terminal."""
        if self.shown_at > self.started_at + DELAY and _is_terminal():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def table(self) -> Iterator[str]:
        """A line for each step: its name, its seconds, and its share of the total."""
        total = self.seconds
        for name, seconds in {**self.steps, "Everything else": total - sum(self.steps.values())}.items():
            yield f"  {name:<32}{seconds:>7.2f} s{100 * seconds / total:>5.0f} %"
        yield f"  {'Total':<32}{total:>7.2f} s"
