"""A build from end to end: what to report, the pages around it, and the folder it goes into.

Each step is left out where an earlier build has done it and everything it was made of is still the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from status_tool.mkdocs import NAME, HostPagesStep, require_engine
from status_tool.model.incident import Incident
from status_tool.outputs import plan, writer
from status_tool.render import context
from status_tool.settings.settings import Settings
from status_tool.system import cache, fingerprint
from status_tool.system.parallel import Progress


class Watch(Protocol):
    """Whoever wants to know how a build goes: the time of each step, how far it is, and what was decided why."""

    def step(self, name: str) -> AbstractContextManager[None]: ...

    def note(self, text: str) -> None: ...

    @property
    def progress(self) -> Progress: ...


Load = Callable[[Progress], tuple[Sequence[Incident], datetime]]
"""Reads what to report, and as of when, and tells how far it is."""


@dataclass(frozen=True)
class BuildResult:
    """What a build wrote, what the site generator warned of, and of when it speaks."""

    written: writer.WriteResult
    warnings: tuple[str, ...]
    now: datetime


def refuse_missing_program() -> None:
    """StatusError when what builds the pages around ours is not installed."""
    require_engine()


def build(found: Settings, load: Load, about: datetime, watch: Watch, kept: Path | None = None) -> BuildResult:
    """The whole site, as `load` says it stands, into its folder; StatusError when it cannot be built.

    The site generator works while the incidents are read: `about` is the day for which, as far as that can be told
    before. `kept` is the folder in which this build finds what the one before left, and leaves its own.
    """
    output = cache.OutputCache(kept) if kept else cache.SiteCache(found.cache).of_output(found.site)
    before = writer.stamp(found.site)
    site = context.SiteContext.of(found)
    bare = site.with_incidents((), about)
    with _only_what_is_true(found, output, watch), HostPagesStep(bare, output.host_pages, watch.note) as host_step:
        with watch.step("Incident files"):
            incidents, now = load(watch.progress)
        with writer.site_lock(found.site):
            if writer.stamp(found.site) != before:  # another build was quicker, and may know what came meanwhile
                incidents, now = load(watch.progress)
            with watch.step("Summing up"):
                made = site.with_incidents(incidents, now)
            with watch.step("Templates"):
                made.templates.prepare()
            with watch.step(f"Frame and own pages ({NAME})"):
                host_pages = host_step.under(made)
            with watch.step("Pages, feeds and documents"):
                written = writer.write(plan.files(made, host_pages), found.site, output.records, watch.progress)
    if made.templates.depends_on_now:
        watch.note("Every page was made: a template of your own may show what is the case now.")
    watch.note(f"{written.files - written.made} of {written.files} files kept: what they are made of is the same.")
    return BuildResult(written, host_pages.warnings, now)


@contextlib.contextmanager
def _only_what_is_true(found: Settings, output: cache.OutputCache, watch: Watch) -> Iterator[None]:
    """Leaves nothing for the next build where settings, templates or pages were changed during this one.

    Nobody could tell what was made of which. Incidents know what they were read from.
    """
    input_digest = _as_it_lies(found)
    try:
        yield
    finally:
        if _as_it_lies(found) != input_digest or not found.configuration.is_current:
            watch.note("Settings, templates or pages were changed meanwhile: the next build makes everything anew.")
            site = cache.SiteCache(found.cache)
            for file in (output.records, output.host_pages, site.years, site.months):
                cache.forget(file)


def _as_it_lies(found: Settings) -> str:
    """A name for how everything lies on the disk that a site is made of beside the incidents."""
    files = (path for path, _ in found.configuration.files)
    return fingerprint.stamps([*files, found.docs, found.templates, *found.theme_folders])
