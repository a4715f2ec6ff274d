"""MkDocs' part of a site: from the cache of the last build, or made by MkDocs in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from status_tool.errors import StatusError
from status_tool.mkdocs import engine, freshness
from status_tool.mkdocs.engine import NAME
from status_tool.outputs.host_pages import HostPages
from status_tool.render.context import RenderContext
from status_tool.system import parallel


class HostPagesStep(AbstractContextManager["HostPagesStep"]):
    """Starts MkDocs at once, if it has to run. Used in a `with` block, it leaves no process behind."""

    def __init__(self, context: RenderContext, file: Path, note: Callable[[str], None]) -> None:
        """`context` may be without incidents: MkDocs' part does not depend on them.

        `file` is where the result is cached for the next build. `note` is called with what was decided, and why.
        """
        self.context, self.file, self.note = context, file, note
        self.untraceable = freshness.untraceable(context.settings)
        self.input_digest = "" if self.untraceable else freshness.input_digest(context)
        cached = freshness.load(file, self.input_digest)
        self.source = cached or parallel.BackgroundTask(partial(_render, context))

    def for_day_of(self, context: RenderContext) -> HostPages:
        """MkDocs' part for the day of `context`; StatusError when it cannot be made."""
        if context.now.date() != self.context.now.date():
            with HostPagesStep(context, self.file, self.note) as step:
                return step.result()
        return self.result()

    def result(self) -> HostPages:
        """Waits for MkDocs where it runs; StatusError when it failed."""
        if isinstance(self.source, HostPages):
            self.note(f"{NAME} did not run: its settings, pages and theme are the same.")
            return self.source
        changed = "its settings, pages, templates or theme are new or have changed, or it is another day"
        why = f", as {self.untraceable}." if self.untraceable else f": {changed}."
        self.note(f"{NAME} ran{why}")
        try:
            host_pages = self.source.result()
        except parallel.WorkerDied:
            shown = self.context.settings.shown(self.context.settings.file)
            hint = "Look at its plugins and hooks, and at the memory of this machine."
            raise StatusError(f"{NAME} ended before the site was built.", shown, hint=hint) from None
        freshness.save(host_pages, self.file, self.input_digest)
        return host_pages

    def __exit__(self, *failed: object) -> None:
        if not isinstance(self.source, HostPages):
            self.source.__exit__(*failed)


def _render(context: RenderContext) -> HostPages:
    engine.start()
    engine.require_theme(context.settings)
    from status_tool.mkdocs import run  # loads MkDocs

    return run.render(context)
