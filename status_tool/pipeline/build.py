"""A build from end to end: what to report, the host_pages it stands on, and the folder it goes into.

Each step is left out where an earlier build has done it and everything it was made of is still the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from status_tool.errors import StatusError
from status_tool.mkdocs import freshness
from status_tool.model.incident import Incident
from status_tool.outputs import plan, writer
from status_tool.outputs.host_pages import HostPages
from status_tool.render import context
from status_tool.render.context import RenderContext
from status_tool.settings.settings import Settings
from status_tool.system import cache, fingerprint, parallel
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
    """What a build wrote, what MkDocs warned of, and of when it speaks."""

    written: writer.WriteResult
    warnings: tuple[str, ...]
    now: datetime


def build(found: Settings, load: Load, about: datetime, watch: Watch, kept: Path | None = None) -> BuildResult:
    """The whole site, as `load` says it stands, into its folder; StatusError when it cannot be built.

    MkDocs works while the incidents are read: `about` is the day for which, as far as that can be told before.
    `kept` is the folder in which this build finds what the one before left, and leaves its own.
    """
    output = cache.OutputCache(kept) if kept else cache.SiteCache(found.cache).of_output(found.site)
    before = writer.stamp(found.site)
    site = context.SiteContext.of(found)
    bare = site.with_incidents((), about)
    with _only_what_is_true(found, output, watch), _HostPagesStep(bare, output.host_pages, watch) as host_step:
        with watch.step("Incident files"):
            incidents, now = load(watch.progress)
        with writer.site_lock(found.site):
            if writer.stamp(found.site) != before:  # another build was quicker, and may know what came meanwhile
                incidents, now = load(watch.progress)
            with watch.step("Summing up"):
                made = site.with_incidents(incidents, now)
            with watch.step("Templates"):
                made.templates.prepare()
            with watch.step("Frame and own pages (MkDocs)"):
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


class _HostPagesStep(AbstractContextManager["_HostPagesStep"]):
    """MkDocs' part of a site: what an earlier build left, or what MkDocs makes meanwhile."""

    def __init__(self, context: RenderContext, file: Path, watch: Watch) -> None:
        """`context` need not know the incidents: nothing of MkDocs' is made of them."""
        self.context, self.file, self.watch = context, file, watch
        self.why = freshness.unknowable(context.settings)
        self.input_digest = "" if self.why else freshness.input_digest(context)
        self.kept = freshness.kept(file, self.input_digest)
        self.task = parallel.BackgroundTask(partial(_render, context)) if self.kept is None else None

    def under(self, context: RenderContext) -> HostPages:
        """What is true on the day of that context."""
        if context.now.date() != self.context.now.date():
            with _HostPagesStep(context, self.file, self.watch) as step:
                return step.result()
        return self.result()

    def result(self) -> HostPages:
        if self.kept is not None:
            self.watch.note("MkDocs did not run: its settings, pages and theme are the same.")
            return self.kept
        changed = "its settings, pages, templates or theme are new or have changed, or it is another day"
        why = f", as {self.why}." if self.why else f": {changed}."
        self.watch.note(f"MkDocs ran{why}")
        try:
            host_pages = self.task.result()
        except parallel.WorkerDied:
            shown = self.context.settings.shown(self.context.settings.file)
            hint = "Look at its plugins and hooks, and at the memory of this machine."
            raise StatusError("MkDocs ended before the site was built.", shown, hint=hint) from None
        freshness.keep(host_pages, self.file, self.input_digest)
        return host_pages

    def __exit__(self, *failed: object) -> None:
        if self.task:
            self.task.__exit__(*failed)


def _render(context: RenderContext) -> HostPages:
    from status_tool.mkdocs import plugin  # MkDocs loads only when it has to run

    return plugin.render(context)
