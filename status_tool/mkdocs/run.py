"""One run of MkDocs: its result, its warnings, its clock, and its failures."""

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
    """MkDocs' part of the site for `context`, with its warnings; StatusError when MkDocs fails."""
    settings = context.settings
    plugin: StatusPlugin | None = None
    with _warnings() as warnings:
        try:
            with _clock_of_mkdocs(context.now):
                config = load_config(str(settings.file), site_dir=str(settings.site), site_url=settings.site_url)
                plugin = _our_plugin(config.plugins[PLUGIN])
                plugin.prepared_context = context
                mkdocs_build(config)
        except (Abort, MkDocsException) as error:
            if plugin is not None and plugin.error is not None:
                raise plugin.error from None
            what, hint = f"{NAME} could not build the site.", "\n".join(warnings) or str(error)
            raise StatusError(what, settings.shown(settings.file), hint=hint) from error
        except (StatusError, KeyboardInterrupt):
            raise
        except BaseException as error:  # a hook may also end the process
            if _is_ours(error):
                raise
            raise foreign_failure(error, settings, warnings) from error
        finally:
            if plugin is not None:
                plugin.clean_up()
    if plugin.host_pages is None:
        raise AssertionError("MkDocs calls on_post_build at the end of a build")
    return replace(plugin.host_pages, warnings=tuple(f"{NAME}: {message}" for message in warnings))


def _our_plugin(plugin: object) -> StatusPlugin:
    if not isinstance(plugin, StatusPlugin):
        raise AssertionError("the entry point names StatusPlugin")
    return plugin


def foreign_failure(error: BaseException, settings: Settings, warnings: Sequence[str]) -> StatusError:
    """The error message for a failure in MkDocs, its theme, another plugin, or on the disk where MkDocs builds."""
    if isinstance(error, OSError) and error.strerror:  # in MkDocs' temporary folder
        return StatusError(
            f"{NAME} could not build the site: {error.strerror}.",
            error.filename2 or error.filename or tempfile.gettempdir(),
            hint="The existing site is unchanged. Check the disk's free space and rights, or set another TMPDIR.",
        )
    what = f"{NAME} could not build the site: {type(error).__name__}: {str(error).rstrip('.')}."
    file, line = _template_of(error) or ("", None)
    if any(Path(file).is_relative_to(folder) for folder in (settings.templates, *settings.theme_folders)):
        hint = "The existing site is unchanged. Correct the template."
        return StatusError(what, os.path.relpath(file), line, hint)
    return StatusError(
        what,
        settings.shown(settings.file),
        hint="\n".join(warnings) or "The existing site is unchanged. Check the settings, and the pages in docs.",
    )


def _template_of(error: BaseException) -> tuple[str, int | None] | None:
    """`(path, line)` of the template in which `error` was raised; None when it was raised elsewhere."""
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    places.append((str(getattr(error, "filename", "")), getattr(error, "lineno", None)))  # of a syntax error
    templates = [(file, line) for file, line in places if file.endswith(".html")]
    return templates[-1] if templates else None


def _is_ours(error: BaseException) -> bool:
    """Whether the error is in our Python code, and not in MkDocs, its theme or another plugin.

    An error in a template is not ours, unless the template is.
    """
    if (template := _template_of(error)) and not Path(template[0]).is_relative_to(package_files.OURS):
        return False
    files = (Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)[1:])
    return any(file.suffix == ".py" and file.is_relative_to(package_files.PACKAGE) for file in files)


@contextlib.contextmanager
def _warnings() -> Iterator[list[str]]:
    """Collects the warnings of the engine, its theme and its plugins, inside a `with` block."""
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
    """Sets the build date of MkDocs, which it reads from the environment."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(min(int(now.timestamp()), _LAST_OF_GZIP))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
