"""MkDocs' part of a site: the frames, and the pages and assets of its own. Nothing else knows MkDocs.

MkDocs builds into a folder of its own, and the finished site is carried over file by file, so that
a failed or killed build leaves the site that is there as it was.
"""

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
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.base import ConfigErrors, ConfigWarnings
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException, PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage

from status_tool.errors import Problem, StatusError
from status_tool.outputs import frame, pages, plan, security_policy, writer
from status_tool.outputs.host_pages import HostPages
from status_tool.project.project import Project
from status_tool.render import context
from status_tool.render.context import RenderContext
from status_tool.render.phrases import N_
from status_tool.settings import settings
from status_tool.settings.settings import Settings
from status_tool.system import clock, fingerprint, package_files

_LOG = logging.getLogger("mkdocs.plugins.status")
HOME, HISTORY, SUBSCRIBE = "index.html", "history/index.html", "subscribe/index.html"
DEEP = f"{frame.DEEP}index.html"
FRAMES = (HOME, HISTORY, SUBSCRIBE, DEEP)
"""The files of MkDocs' own that become frames, and so no part of the site."""
SEARCH_INDEX = "search/search_index.json"
SHOWN_AS = {HOME: N_("Status"), HISTORY: N_("History"), SUBSCRIBE: N_("Subscribe")}


class StatusPlugin(BasePlugin):  # type: ignore[type-arg]
    """Turns the incident files beside `mkdocs.yml` into pages and feeds of the MkDocs site.

    `status build` hands over its context and takes the host_pages; under plain `mkdocs build` the plugin loads
    the incidents and writes the site itself.
    """

    def __init__(self) -> None:
        self.given: RenderContext | None = None
        self.context: RenderContext | None = None
        self.host_pages: HostPages | None = None
        self.error: StatusError | None = None
        self.frames: dict[str, str] = {}
        self.scripts: set[str] = set()
        self.is_serving = False
        self.assets: list[str] = []
        """What MkDocs copies as it is."""
        self.staging: tempfile.TemporaryDirectory[str] | None = None

    def load_config(self, options: Any, config_file_path: str | None = None) -> tuple[ConfigErrors, ConfigWarnings]:
        """Our own loader reads the block, so that every command prints the same errors."""
        return [], []

    def on_startup(self, *, command: str, dirty: bool) -> None:
        self.is_serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        # MkDocs keeps one of us for all builds of a process, so each build begins with nothing known.
        self.host_pages, self.error, self.frames, self.scripts = None, None, {}, set()
        with self._errors():
            if config.config_file_path is None:
                raise StatusError("the status plugin needs a configuration file.", hint="Build with -f mkdocs.yml.")
            self._load(config, Path(config.config_file_path))
        context = self._context
        config.site_name = Markup.escape(config.site_name)  # the theme escapes it in some places only
        for path, target in (("assets/status.css", config.extra_css), ("assets/status.js", config.extra_javascript)):
            target.append(context.asset_address(path))
        theme = context.settings.templates / "theme"
        if theme.is_dir():
            config.theme.dirs.insert(0, str(theme))
        self.target = Path(config.site_dir)
        self.staging = tempfile.TemporaryDirectory(prefix="status-build-", ignore_cleanup_errors=True)
        config.site_dir = self.staging.name
        return config

    def _load(self, config: MkDocsConfig, file: Path) -> None:
        if self.given is not None:
            self.context = self.given
            return
        found = settings.load(file).built_at(Path(config.site_dir), config.site_url or "")
        found = replace(found, use_directory_urls=config.use_directory_urls)
        self.context = context.make(found, *Project(found, clock.now()).as_of(None))

    @property
    def _context(self) -> RenderContext:
        if self.context is None:
            raise AssertionError("MkDocs calls on_config before anything else")
        return self.context

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Our frames: one for each page of ours in the navigation, and one for all others, which lie deeper."""
        with self._errors():
            _refuse_collisions(files, self._context.settings)
        for path in FRAMES:
            if path == HOME and any(file.dest_uri == HOME for file in files):
                continue  # the owner's own words, which stand on the home page
            level = InclusionLevel.NOT_IN_NAV if path == DEEP else InclusionLevel.INCLUDED
            files.append(File.generated(config, path.replace(".html", ".md"), content="", inclusion=level))
        return files

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        copied = (file for file in files if not file.is_documentation_page() and file.inclusion.is_included())
        self.assets = [file.dest_uri for file in copied]
        return env

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> None:
        if page.file.dest_uri in FRAMES:
            page.meta.setdefault("hide", ["navigation", "toc"])
            page.meta["search"] = {"exclude": page.file.dest_uri != HOME}

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        return frame.BODY_ELEMENT + html if page.file.dest_uri in FRAMES else html

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        gettext = self._context.language.gettext
        for page in nav.pages:
            name = SHOWN_AS.get(page.file.dest_uri)
            if name and "title" not in vars(page):
                page.title = gettext(name)
                if page.parent is not None and page.parent.children == [page]:
                    page.parent.title = gettext(name)  # MkDocs calls a folder by its name
        return nav

    def on_page_context(self, context: Any, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation) -> Any:
        if page.file.dest_uri in FRAMES:
            page.meta["title"] = frame.TITLE
            page.meta["description"] = frame.DESCRIPTION
            page.canonical_url = frame.CANONICAL
        return context

    @event_priority(-100)  # after every plugin that still changes the page
    def on_post_page(self, html: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        path = page.file.dest_uri
        if path in FRAMES:
            html = self._delivered(security_policy.tightened(html, until=frame.BODY_ELEMENT))
            self.frames[path.removesuffix("index.html")] = html
            return ""
        with self._errors():
            links = pages.feed_links(self._context, "../" * page.url.count("/"))
        return self._delivered(html.replace("</head>", links + "</head>", 1))

    def _delivered(self, html: str) -> str:
        """A page as it goes out: late scripts late, and a policy of which may run."""
        html = security_policy.prepared(html)
        self.scripts.update(security_policy.inline_scripts(html))
        return html if self.is_serving else security_policy.guarded(html)  # MkDocs' own server adds a script

    @event_priority(-100)
    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        if template_name != "404.html":
            return output_content
        with self._errors():
            links = pages.feed_links(self._context, urlsplit(self._context.site_url).path)
        scrolls = '<div class="md-sidebar__scrollwrap"'  # empty on this page, and yet it scrolls
        html = output_content.replace(scrolls, f'{scrolls} tabindex="0"')
        return self._delivered(html.replace("</head>", links + "</head>", 1))

    @event_priority(-100)  # after every plugin that still adds to the site
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        with self._errors():
            self.host_pages = self._collect(Path(config.site_dir))
            if self.given is None:
                with writer.site_lock(self.target):
                    written = writer.write(plan.files(self._context, self.host_pages), self.target)
                _LOG.info("Site of %d files written to: %s", written.files, self.target)
        config.site_dir = str(self.target)
        self.clean_up()

    def _collect(self, built: Path) -> HostPages:
        for path in FRAMES:
            if path.removesuffix("index.html") not in self.frames:
                raise StatusError(
                    f"MkDocs left out {path}, which the status pages stand in.",
                    self._context.settings.shown(self._context.settings.file),
                    hint="Remove it from exclude_docs and draft_docs.",
                )
        if not all((built / path).exists() for path in self.assets):
            hint = "Somebody tidied up there while it built. Build again."
            raise StatusError("the folder in which MkDocs builds has lost files.", str(built), hint=hint)
        found = sorted(path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file())
        files = {path: (built / path).read_bytes() for path in found}
        files.pop("sitemap.xml.gz", b"")
        sitemap, search = (files.pop(name, b"").decode("utf-8") for name in ("sitemap.xml", SEARCH_INDEX))
        return HostPages(
            id=fingerprint.digest_of(*(part for path in files for part in (path, fingerprint.digest(files[path])))),
            frames=self.frames,
            files=files,
            sitemap=sitemap,
            search=search,
            scripts=tuple(sorted(self.scripts)),
            warnings=(),
        )

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> Any:
        """Under plain `mkdocs serve` a changed incident, template or catalogue makes a new build."""
        found = self._context.settings
        for folder in (found.incidents, found.templates):
            if folder.is_dir():
                server.watch(str(folder))
        return server

    def on_build_error(self, *, error: Exception) -> None:
        self.clean_up()

    def clean_up(self) -> None:
        if self.staging is not None:
            self.staging.cleanup()
            self.staging = None

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """A StatusError inside MkDocs: told in MkDocs' way, and kept for `build` below."""
        try:
            yield
        except StatusError as error:
            self.error = error
            raise PluginError(str(error)) from error


def _refuse_collisions(files: Files, found: Settings) -> None:
    """What an owner wrote must not vanish below what we write to the same address."""
    taken = sorted(
        file.src_uri
        for file in files
        if plan.is_reserved(file.dest_uri) or (file.dest_uri == HOME and not file.is_documentation_page())
    )
    if taken:
        raise StatusError.of(
            Problem(
                "the status pages use this address themselves.",
                found.shown(found.docs / path),
                hint="Move the file to another name or folder.",
            )
            for path in taken
        )


def render(context: RenderContext) -> HostPages:
    """What MkDocs makes for that context, with what it warned of meanwhile; StatusError when it cannot."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # an advertisement in the middle of an outage
    warnings = _WarningLog()
    log = logging.getLogger("mkdocs")
    log.addHandler(warnings)
    found = context.settings
    plugin: StatusPlugin | None = None
    try:
        with _clock_of_mkdocs(context.now):
            config = load_config(str(found.file), site_dir=str(found.site), site_url=found.site_url)
            plugin = config.plugins[settings.PLUGIN]  # type: ignore[assignment]
            plugin.given = context
            mkdocs_build(config)
    except (Abort, MkDocsException) as error:
        if plugin is not None and plugin.error is not None:
            raise plugin.error from None
        raise StatusError(
            "MkDocs could not build the site.", found.shown(found.file), hint="\n".join(warnings.messages) or str(error)
        ) from error
    except StatusError:
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a hook may also end the process
        if _is_ours(error):
            raise
        raise _foreign_failure(error, found, warnings.messages) from error
    finally:
        log.removeHandler(warnings)
        if plugin is not None:
            plugin.clean_up()
    if plugin is None or plugin.host_pages is None:
        raise AssertionError("MkDocs calls on_post_build at the end of a build")
    return replace(plugin.host_pages, warnings=tuple(warnings.messages))


def _foreign_failure(error: BaseException, found: Settings, warnings: Sequence[str]) -> StatusError:
    """What MkDocs, its theme, a plugin or the disk below them has against the owner's pages."""
    if isinstance(error, OSError) and error.strerror:  # in the folder where MkDocs builds; `output` tells of the site's
        return StatusError(
            f"MkDocs could not build the site: {error.strerror}.",
            error.filename2 or error.filename or tempfile.gettempdir(),
            hint="The site that is there still stands. Check the disk's space and rights, or set TMPDIR to another.",
        )
    return StatusError(
        f"MkDocs could not build the site: {type(error).__name__}: {error}.",
        found.shown(found.file),
        hint="\n".join(warnings) or "The site that is there still stands. Check the settings, and the pages in docs.",
    )


def _is_ours(error: BaseException) -> bool:
    """Whether it was our own code that failed, as MkDocs called it; not MkDocs, its theme or another plugin."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    return any(Path(frame.filename).is_relative_to(package_files.PACKAGE) for frame in frames)


_LAST_OF_GZIP = 2**32 - 1
"""The latest time, in February 2106, that the header of a `.gz` file can hold."""


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
