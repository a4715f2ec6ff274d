"""One run of MkDocs for a render context: its result, its warnings, its clock, and what it fails of."""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException

from status_tool.errors import StatusError
from status_tool.mkdocs.engine import NAME
from status_tool.mkdocs.plugin import StatusPlugin
from status_tool.outputs.host_pages import HostPages
from status_tool.render.context import RenderContext
from status_tool.settings.settings import PLUGIN, Settings
from status_tool.system import package_files

_LOGGERS = ("mkdocs", "properdocs")
_LAST_OF_GZIP = 2**32 - 1
"""The latest time, in February 2106, that the header of a `.gz` file can hold."""


def render(context: RenderContext) -> HostPages:
    """What MkDocs makes for that context, with what it warned of meanwhile; StatusError when it cannot."""
    found = context.settings
    plugin: StatusPlugin | None = None
    with _warnings() as warnings:
        try:
            with _clock_of_mkdocs(context.now):
                config = load_config(str(found.file), site_dir=str(found.site), site_url=found.site_url)
                plugin = _ours(config.plugins[PLUGIN])
                plugin.given = context
                mkdocs_build(config)
        except (Abort, MkDocsException) as error:
            if plugin is not None and plugin.error is not None:
                raise plugin.error from None
            what, hint = f"{NAME} could not build the site.", "\n".join(warnings) or str(error)
            raise StatusError(what, found.shown(found.file), hint=hint) from error
        except (StatusError, KeyboardInterrupt):
            raise
        except BaseException as error:  # a hook may also end the process
            if _is_ours(error):
                raise
            raise foreign_failure(error, found, warnings) from error
        finally:
            if plugin is not None:
                plugin.clean_up()
    if plugin.host_pages is None:
        raise AssertionError("MkDocs calls on_post_build at the end of a build")
    return replace(plugin.host_pages, warnings=tuple(f"{NAME}: {message}" for message in warnings))


def _ours(plugin: object) -> StatusPlugin:
    if not isinstance(plugin, StatusPlugin):
        raise AssertionError("the entry point names StatusPlugin")
    return plugin


def foreign_failure(error: BaseException, found: Settings, warnings: Sequence[str]) -> StatusError:
    """What MkDocs, its theme, a plugin or the disk below them has against the owner's pages."""
    if isinstance(error, OSError) and error.strerror:  # in MkDocs' own folder; `writer` tells of the site's
        return StatusError(
            f"{NAME} could not build the site: {error.strerror}.",
            error.filename2 or error.filename or tempfile.gettempdir(),
            hint="The site that is there still stands. Check the disk's space and rights, or set TMPDIR to another.",
        )
    return StatusError(
        f"{NAME} could not build the site: {type(error).__name__}: {error}.",
        found.shown(found.file),
        hint="\n".join(warnings) or "The site that is there still stands. Check the settings, and the pages in docs.",
    )


def _is_ours(error: BaseException) -> bool:
    """Whether it was our own code that failed, as MkDocs called it; not MkDocs, its theme or another plugin.

    A template of ours lies around those of the theme, so it proves nothing.
    """
    files = (Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)[1:])
    return any(file.suffix == ".py" and file.is_relative_to(package_files.PACKAGE) for file in files)


@contextlib.contextmanager
def _warnings() -> Iterator[list[str]]:
    """What the engine, its theme and plugins warn of from here on."""
    handler = _WarningLog()
    for name in _LOGGERS:
        logging.getLogger(name).addHandler(handler)
    try:
        yield handler.messages
    finally:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(handler)


class _WarningLog(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextlib.contextmanager
def _clock_of_mkdocs(now: datetime) -> Iterator[None]:
    """MkDocs reads its build date from the environment."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(min(int(now.timestamp()), _LAST_OF_GZIP))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
