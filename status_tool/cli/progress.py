"""How a build goes: where the time goes, what was left out and why, and a line on the terminal while it takes long."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from time import perf_counter

LONG = 2.0
"""Seconds after which whoever waits is told how far it is."""
OFTEN = 0.1


def _is_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()  # a service may have closed it


class Stopwatch:
    """Begins when it is made."""

    def __init__(self) -> None:
        self.begun = perf_counter()
        self.steps: dict[str, float] = {}
        """Seconds of each step, in the order they began."""
        self.notes: list[str] = []
        self.name = ""
        self.shown = self.begun + LONG - OFTEN

    @property
    def seconds(self) -> float:
        return perf_counter() - self.begun

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        begun, self.name = perf_counter(), name
        self.steps[name] = 0.0
        self.progress(0, 0)
        try:
            yield
        finally:
            self.steps[name] = perf_counter() - begun
            self.clear()

    def note(self, text: str) -> None:
        self.notes.append(text)

    def progress(self, done: int, of: int) -> None:
        """Shows how far the step is: on a terminal, and only once it takes long."""
        if perf_counter() < self.shown + OFTEN or not _is_terminal():
            return
        self.shown = perf_counter()
        share = f" {100 * done // of} %" if of else ""
        sys.stderr.write(f"\r\x1b[K{self.name} …{share}")
        sys.stderr.flush()

    def clear(self) -> None:
        if self.shown > self.begun + LONG and _is_terminal():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def table(self) -> Iterator[str]:
        """A line for each step: its name, its seconds, and its share of the whole."""
        whole = self.seconds
        for name, seconds in {**self.steps, "Everything else": whole - sum(self.steps.values())}.items():
            yield f"  {name:<32}{seconds:>7.2f} s{100 * seconds / whole:>5.0f} %"
        yield f"  {'Together':<32}{whole:>7.2f} s"
