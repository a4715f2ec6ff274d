"""The MkDocs plugin: adds our frames to MkDocs' pages and our parts to its templates, and collects the result.

MkDocs builds into a temporary folder; `writer` then copies the finished files into the site. So a build that fails or
is killed leaves the existing site unchanged.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup
from mkdocs.config.base import ConfigErrors, ConfigWarnings
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage

from status_tool.errors import StatusError
from status_tool.mkdocs import frames, material, schemes
from status_tool.mkdocs.frames import DEEP, DEEPER, FRAMES, HOME
from status_tool.mkdocs.material import MaterialPage
from status_tool.outputs import cards, frame, pages, plan, security_policy, web_app, writer
from status_tool.outputs.host_pages import HostPages
from status_tool.project import dead_links
from status_tool.project.project import Project
from status_tool.render import context
from status_tool.render.context import RenderContext
from status_tool.settings import mkdocs_yml, settings
from status_tool.system import clock, package_files, temporary

_LOG = get_plugin_logger("status")
STYLESHEET, SCRIPT = "assets/status.css", "assets/status.js"
NOT_FOUND = "404.html"


class StatusPlugin(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """Turns the incident files beside `mkdocs.yml` into pages and feeds of the MkDocs site.

    `status build` sets `prepared_context` and reads `host_pages`. Under plain `mkdocs build` the plugin loads the
    incidents and writes the site itself.
    """

    def __init__(self) -> None:
        self.prepared_context: RenderContext | None = None
        self.context: RenderContext | None = None
        self.host_pages: HostPages | None = None
        self.error: StatusError | None = None
        self.frames: dict[str, str] = {}
        self.templates: dict[str, str | None] = {}
        """Path of a page -> the template that it asked for."""
        self.heads: dict[str, str] = {}
        """Path of a page -> the HTML that we add to the end of its head."""
        self.scripts: set[str] = set()
        self.theme_colours = ""
        """The `<meta>` elements with the colours of the header, for browsers that show them around a page."""
        self.is_serving = False
        self.assets: list[str] = []
        """The files that MkDocs copies unchanged."""
        self.staging = contextlib.ExitStack()
        """Removes the folder in which MkDocs builds."""

    def load_config(self, options: Any, config_file_path: str | None = None) -> tuple[ConfigErrors, ConfigWarnings]:
        """Does nothing: our own loader reads the block, so that every command prints the same errors."""
        return [], []

    def on_startup(self, *, command: str, dirty: bool) -> None:
        self.is_serving = command == "serve"

    @event_priority(100)  # before the theme's search plugin prepares itself
    def _on_config_of_search(self, config: MkDocsConfig) -> MkDocsConfig:
        with self._errors():
            for name, plugin in config.plugins.items():
                if material.is_search(name) and material.PROVIDER in plugin.config:
                    material.choose_search(plugin.config, plugin.config.user_configs, config.config_file_path or "")
        return config

    def _on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        # MkDocs uses one plugin object for all builds of a process, so each build resets it.
        self.host_pages, self.error, self.frames, self.scripts = None, None, {}, set()
        self.templates, self.heads = {}, {}
        with self._errors():
            if config.config_file_path is None:
                raise StatusError("the status plugin needs a configuration file.", hint="Build with -f mkdocs.yml.")
            self._load(config, Path(config.config_file_path))
        context = self._context
        config.site_name = Markup.escape(config.site_name)  # the theme escapes it in some places only
        config.extra_css.insert(0, context.asset_address(STYLESHEET))  # what the owner's stylesheets say comes later
        # An owner's templates come first: those of the site, those of custom_dir; then ours, and the theme's last.
        config.theme.dirs.insert(0 if config.theme.custom_dir is None else 1, str(package_files.OURS / "theme"))
        if self._own_theme.is_dir():
            config.theme.dirs.insert(0, str(self._own_theme))
        self.theme_colours = schemes.theme_colours(config.theme.get("palette"), config.theme.dirs)
        self.target = Path(config.site_dir)
        config.site_dir = str(self.staging.enter_context(temporary.folder("status-build-")))
        return config

    on_config = CombinedEvent(_on_config_of_search, _on_config)

    def _load(self, config: MkDocsConfig, file: Path) -> None:
        if self.prepared_context is not None:
            self.context = self.prepared_context
            return
        if not config.use_directory_urls:  # MkDocs has a command line option for it, too
            what, hint = mkdocs_yml.NO_DIRECTORY_URLS
            raise StatusError(what, file.name, hint=hint)
        loaded = settings.load(file).built_at(Path(config.site_dir), config.site_url or "")
        self.context = context.make(loaded, *Project(loaded, clock.now()).as_of(None))

    @property
    def _own_theme(self) -> Path:
        """The site's own overrides of the theme."""
        return self._context.settings.templates / "theme"

    @property
    def _context(self) -> RenderContext:
        if self.context is None:
            raise AssertionError("MkDocs calls on_config before anything else")
        return self.context

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Adds our frames: one for each page of ours in the navigation, and one for each depth of all others."""
        for file in [file for file in files if self._is_part(file)]:
            files.remove(file)
        with self._errors():
            owned = ((file.src_uri, file.dest_uri, file.is_documentation_page()) for file in files)
            frames.refuse_collisions(owned, self._context.settings)
        for file in files:  # exclude_docs is about the owner's pages, and not about what the theme needs
            if file.src_dir and file.src_dir != config.docs_dir and file.inclusion is InclusionLevel.UNDEFINED:
                file.inclusion = InclusionLevel.INCLUDED
        for path in FRAMES:
            if path == HOME and any(file.dest_uri == HOME for file in files):
                continue  # the owner's own text, which is shown on the home page
            level = InclusionLevel.NOT_IN_NAV if path in (DEEP, DEEPER) else InclusionLevel.INCLUDED
            files.append(File.generated(config, path.replace(".html", ".md"), content="", inclusion=level))
        return files

    def _is_part(self, file: File) -> bool:
        """Whether a file of the theme's folder is a part of our stylesheet or script, and no file of the site."""
        folders = (str(self._own_theme), str(package_files.OURS / "theme"))
        return file.src_uri in (STYLESHEET, SCRIPT) and file.src_dir in folders

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> Any:
        copied = (file for file in files if not file.is_documentation_page() and file.inclusion.is_included())  # type: ignore[no-untyped-call]
        self.assets = [file.dest_uri for file in copied]
        return env

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> None:
        if page.file.dest_uri in FRAMES:
            page.meta.setdefault("hide", ["navigation", "toc"])
            page.meta["search"] = {"exclude": page.file.dest_uri != HOME}

    @event_priority(-100)  # after every plugin that still changes the content
    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        self.templates[page.file.dest_uri] = page.meta.get("template")
        page.meta["template"] = material.WRAPPER
        html = material.with_reachable_blocks(html)
        return frame.BODY_ELEMENT + html + frame.END_ELEMENT if page.file.dest_uri in FRAMES else html

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        gettext = self._context.language.gettext
        for page in nav.pages:
            name = frames.TITLES.get(page.file.dest_uri)
            if name and "title" not in vars(page):
                page.title = gettext(name)
                if page.parent is not None and page.parent.children == [page]:
                    page.parent.title = gettext(name)  # MkDocs would call the section by the folder's name
        return nav

    def on_page_context(self, context: Any, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation) -> Any:
        path, own = page.file.dest_uri, self.templates.get(page.file.dest_uri)
        page.meta.pop("template")  # MkDocs has found the wrapper by now
        if own is not None:
            page.meta["template"] = own
        root = "../" * page.url.count("/")
        # The card and the feed links of a frame are added when a page is put into it.
        card = "" if path in FRAMES else self._card(page, config)
        self.heads[path] = card + self._head(root, feeds=path not in FRAMES)
        context["status"] = self._material_page(own or "main.html", path)
        if path in FRAMES:
            page.meta["title"] = frame.TITLE
            page.meta["description"] = frame.DESCRIPTION
            page.canonical_url = frame.CANONICAL
        return context

    def _material_page(self, template: str, path: str) -> MaterialPage:
        found = self._context.settings
        return MaterialPage(template, self.heads[path], found.site_name, found.homepage_link)

    def _card(self, page: MkDocsPage, config: MkDocsConfig) -> str:
        """What a link to a page of the owner shows: nothing of a status, with which the page is not made again."""
        title = Markup(page.meta.get("title") or page.title or "").striptags()
        description = page.meta.get("description") or config.site_description or ""
        return cards.tags(self._context, page.url, cards.page(self._context, title, str(description)))

    def _head(self, root: str, *, feeds: bool) -> str:
        """The HTML at the end of a page's head; `root` is the relative address of the site's root."""
        with self._errors():
            links = pages.feed_links(self._context, root) if feeds else ""
        return (
            links
            + self.theme_colours
            + web_app.links(root)
            + material.early_script(root + self._context.asset_address(SCRIPT))
        )

    @event_priority(-100)  # after every plugin that still changes the page
    def on_post_page(self, html: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        path = page.file.dest_uri
        if path not in FRAMES:
            return self._finished(html, self.heads[path])
        html = material.tightened(html, until=frame.BODY_ELEMENT)
        self.frames[path.removesuffix("index.html")] = self._finished(html, self.heads[path])
        return ""

    def _finished(self, html: str, head: str) -> str:
        """The finished page, with the policy of which scripts may run in it."""
        if head not in html:  # a theme that is not Material may have no such block
            html = html.replace("</head>", f"{head}</head>", 1)
        html = schemes.with_scheme(html)
        self.scripts.update(security_policy.inline_scripts(html))
        if self.is_serving:  # MkDocs' own server adds a script
            return html
        return security_policy.with_policy(html, self._context.states_elsewhere)

    def on_pre_template(self, template: Any, *, template_name: str, config: MkDocsConfig) -> Any:
        if template_name != NOT_FOUND:
            return template
        return template.environment.get_template(material.WRAPPER)

    def on_template_context(self, context: Any, *, template_name: str, config: MkDocsConfig) -> Any:
        if template_name == NOT_FOUND:  # shown at any path, so it has no relative address
            found = cards.tags(self._context, "", cards.page(self._context, "", config.site_description or ""))
            self.heads[NOT_FOUND] = found + self._head(urlsplit(self._context.site_url).path, feeds=True)
            context["status"] = self._material_page(NOT_FOUND, NOT_FOUND)
        return context

    @event_priority(-100)
    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        if template_name != NOT_FOUND:
            return output_content
        return self._finished(output_content, self.heads[NOT_FOUND])

    @event_priority(-100)  # after every plugin that still adds to the site
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        with self._errors():
            built = Path(config.site_dir)
            frames.refuse_losses(built, self.assets)
            for warning in frames.missing(built, self._named_files(config)):
                _LOG.warning(warning)
            self.host_pages = frames.collect(built, self.frames, self.scripts, self._context.settings)
            if self.prepared_context is None:
                loaded = self._context
                dead_links.refuse_unpublished(loaded.settings, loaded.record, self.host_pages.files)
                with writer.site_lock(self.target):
                    written = writer.write(plan.files(self._context, self.host_pages), self.target)
                _LOG.info("Site of %d files written to: %s", written.files, self.target)
        config.site_dir = str(self.target)
        self.clean_up()

    def _named_files(self, config: MkDocsConfig) -> Iterator[tuple[str, str]]:
        """`("extra_css", "assets/colours.css")`: each file that the settings name for every page, with the key."""
        ours = [self._context.asset_address(path) for path in (STYLESHEET, SCRIPT)]
        for key in ("extra_css", "extra_javascript"):
            addresses = (str(getattr(entry, "path", entry)) for entry in config[key])
            yield from ((key, address) for address in addresses if address not in ours)
        for key in ("logo", "favicon"):
            if isinstance(address := config.theme.get(key), str):
                yield f"theme: {key}", address

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> Any:
        """Plain `mkdocs serve` builds again when an incident or a template changes."""
        loaded = self._context.settings
        for folder in (loaded.incidents, loaded.templates):
            if folder.is_dir():
                server.watch(str(folder))
        return server

    def on_build_error(self, *, error: Exception) -> None:
        self.clean_up()

    def clean_up(self) -> None:
        self.staging.close()

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Turns a StatusError into MkDocs' PluginError, and keeps it for `run.render`."""
        try:
            yield
        except StatusError as error:
            self.error = error
            raise PluginError(str(error)) from error
