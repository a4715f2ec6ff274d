"""A build from end to end: what to report, the ground it stands on, and the folder it goes into.

Each step is left out where an earlier build has done it and everything it was made of is still the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from status_tool import edition, groundwork, output, site
from status_tool.edition import Edition
from status_tool.groundwork import Groundwork
from status_tool.incident import Incident
from status_tool.output import Progress
from status_tool.settings import Settings


class Watch(Protocol):
    """Whoever wants to know how a build goes: the time of each step, how far it is, and what was decided why."""

    def step(self, name: str) -> AbstractContextManager[None]: ...

    def note(self, text: str) -> None: ...

    @property
    def progress(self) -> Progress: ...


Load = Callable[[], tuple[Sequence[Incident], datetime]]
"""Reads what to report, and as of when."""


@dataclass(frozen=True)
class Built:
    """What a build wrote, what MkDocs warned of, and of when it speaks."""

    written: output.Written
    warnings: tuple[str, ...]
    now: datetime


def build(found: Settings, load: Load, watch: Watch, kept: Path | None = None) -> Built:
    """The whole site, as `load` says it stands, into its folder; StatusError when it cannot be built.

    `kept` is the folder in which this build finds what the one before left, and leaves its own.
    """
    kept = kept or found.cache / hashlib.sha256(os.fsencode(os.path.realpath(found.site))).hexdigest()[:16]
    before = output.stamp(found.site)
    with watch.step("Incident files"):
        incidents, now = load()
    with output.alone(found.site):
        if output.stamp(found.site) != before:
            incidents, now = load()  # another build was quicker, and may know what came after our reading
        with watch.step("Summing up"):
            made = edition.make(found, incidents, now)
        with watch.step("Frame and own pages (MkDocs)"):
            ground = _ground(made, kept / "groundwork", watch)
        with watch.step("Pages, feeds and documents"):
            written = output.write(site.stages(made, ground), found.site, kept / "files", watch.progress)
    made.years.keep()
    watch.note(f"{written.files - written.made} of {written.files} files kept: what they are made of is the same.")
    return Built(written, ground.warnings, now)


def _ground(made: Edition, file: Path, watch: Watch) -> Groundwork:
    why = groundwork.unknowable(made.settings)
    made_of = "" if why else groundwork.made_of(made)
    kept = groundwork.kept(file, made_of)
    if kept:
        watch.note("MkDocs did not run: its settings, pages and theme are the same.")
        return kept
    watch.note(f"MkDocs ran, as {why}." if why else "MkDocs ran: its settings, pages or theme are new or have changed.")
    from status_tool import mkdocs_plugin  # MkDocs loads only when it has to run

    ground = mkdocs_plugin.lay(made)
    groundwork.keep(ground, file, made_of)
    return ground
