"""Which steps a build has: reading incidents, running the site generator, rendering pages, writing files.

A step is skipped when its inputs are the same as in an earlier build.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from status_tool.mkdocs import NAME, HostPagesStep, require_engine
from status_tool.model.incident import Incident
from status_tool.outputs import plan, writer
from status_tool.project import dead_links, source_commit
from status_tool.render import context
from status_tool.settings.settings import Settings
from status_tool.system import cache, fingerprint
from status_tool.system.parallel import Progress


class BuildObserver(Protocol):
    """Receives the steps of a build as they run, its progress, and notes on what was skipped and why."""

    def step(self, name: str) -> AbstractContextManager[None]: ...

    def note(self, text: str) -> None: ...

    @property
    def progress(self) -> Progress: ...


Load = Callable[[Progress], tuple[Sequence[Incident], datetime]]
"""Reads the incidents and the time at which to show them. Calls the given function with its progress."""


@dataclass(frozen=True)
class BuildResult:
    """The files a build wrote, the warnings of the site generator, and the time that the pages are for."""

    written: writer.WriteResult
    warnings: tuple[str, ...]
    now: datetime
    stale_after: timedelta
    """How long after `now` the pages say that they are out of date."""


def refuse_missing_program() -> None:
    """StatusError when the site generator is not installed."""
    require_engine()


def build(
    settings: Settings,
    load: Load,
    expected_now: datetime,
    observer: BuildObserver,
    *,
    cache_folder: Path | None = None,
    is_replay: bool = False,
    is_drill: bool = False,
) -> BuildResult:
    """Builds the site with the incidents that `load` returns; StatusError when it cannot be built.

    The site generator runs while the incidents are read, so before their time is known: `expected_now` gives it the
    day. `cache_folder` is used for this build instead of the cache of the output folder. `is_replay` is whether
    somebody chose the time, so that every output says that it does not show the present; `is_drill`, whether it is a
    rehearsal, and every output says that.
    """
    output = (
        cache.OutputCache(cache_folder) if cache_folder else cache.SiteCache(settings.cache).of_output(settings.site)
    )
    stamp_before = writer.stamp(settings.site)
    site = context.SiteContext.of(settings)
    without_incidents = site.with_incidents((), expected_now)
    with (
        _discard_cache_if_inputs_change(settings, output, observer),
        HostPagesStep(without_incidents, output.host_pages, observer.note) as host_step,
    ):
        with observer.step("Incident files"):
            incidents, now = load(observer.progress)
        with writer.site_lock(settings.site):
            # Another build may have finished meanwhile, with newer incidents.
            if writer.stamp(settings.site) != stamp_before:
                incidents, now = load(observer.progress)
            with observer.step("Summary"):
                complete = site.with_incidents(incidents, now, is_replay=is_replay, is_drill=is_drill)
            with observer.step("Templates"):
                complete.templates.prepare()
            with observer.step(f"Frame and own pages ({NAME})"):
                host_pages = host_step.for_day_of(complete)
            dead_links.refuse_unpublished(settings, incidents, host_pages.files)
            with observer.step("Pages, feeds and documents"):
                written = writer.write(
                    plan.files(complete, host_pages),
                    settings.site,
                    output.records,
                    observer.progress,
                    source_commit.of(settings),
                )
    if complete.templates.depends_on_now:
        observer.note("Every page was rendered: one of your own templates may use the current time.")
    observer.note(f"{written.files - written.rendered} of {written.files} files skipped: their inputs are the same.")
    return BuildResult(written, host_pages.warnings, now, complete.stale_after)


@contextlib.contextmanager
def _discard_cache_if_inputs_change(
    settings: Settings, output: cache.OutputCache, observer: BuildObserver
) -> Iterator[None]:
    """Removes the cache files of this build when settings, templates or pages were changed while it ran.

    It is then unknown which version each file was made from. The cache of incidents stays: it has a stamp of each file.
    """
    input_digest = _inputs_digest(settings)
    try:
        yield
    finally:
        if _inputs_digest(settings) != input_digest or not settings.configuration.is_current:
            observer.note(
                "Settings, templates or pages were changed during the build: the next one renders everything."
            )
            site = cache.SiteCache(settings.cache)
            for file in (output.records, output.host_pages, site.years, site.months):
                cache.remove(file)


def _inputs_digest(settings: Settings) -> str:
    """The digest of the stamps of all files a site is built from, except the incident files."""
    files = (path for path, _ in settings.configuration.files)
    return fingerprint.stamps([*files, settings.docs, settings.templates, *settings.theme_folders])
