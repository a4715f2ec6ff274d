"""Whether MkDocs need not run, as what it made last is still true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from status_tool.mkdocs import material
from status_tool.outputs.host_pages import HostPages
from status_tool.render.context import RenderContext
from status_tool.settings import mkdocs_yml
from status_tool.settings.mkdocs_yml import Configuration
from status_tool.settings.settings import PLUGIN, Settings
from status_tool.system import cache, fingerprint

LARGEST = 64_000_000
"""Bytes that are kept for the next build; what is more is made again."""

_BUILT_IN = """
abbr admonition attr_list codehilite def_list extra fenced_code footnotes legacy_attrs legacy_em md_in_html meta nl2br
sane_lists smarty tables toc wikilinks
""".split()
_EXTENSION = re.compile(
    rf"(?:markdown\.extensions\.)?(?:{'|'.join(_BUILT_IN)})|material\.extensions\.\w+|pymdownx\.(?!snippets|b64)\w+"
)
_PYTHON = re.compile(r"tag:yaml\.org,2002:python/\w+:(?:material|materialx|pymdownx|markdown)\.")


def kept(file: Path, input_digest: str) -> HostPages | None:
    """What `keep` left in `file`, if it was made of the same."""
    return cache.read(file, HostPages, input_digest) if input_digest else None


def keep(host_pages: HostPages, file: Path, input_digest: str) -> None:
    if input_digest and sum(map(len, host_pages.files.values())) <= LARGEST:
        cache.write(file, host_pages, input_digest)


def input_digest(context: RenderContext) -> str:
    """A name for everything that MkDocs' part of a site is made of; its sitemap has the day."""
    settings = context.settings
    folders = (settings.docs, settings.templates, *settings.theme_folders)
    return fingerprint.digest_of(context.input_digest, f"{context.now:%Y-%m-%d}", *map(fingerprint.tree, folders))


def unknowable(settings: Settings) -> str:
    """Why nobody can tell what MkDocs' part of a site is made of; empty when `input_digest` tells."""
    found = settings.configuration
    for name in mkdocs_yml.names(found.get("plugins")):
        if name != PLUGIN and not material.is_search(name):
            return f"the plugin {name} may read anything"
    for name in mkdocs_yml.names(found.get("markdown_extensions")):
        if not _EXTENSION.fullmatch(name):
            return f"the extension {name} may read anything"
    if found.get("hooks") is not None:
        return "hooks may read anything"
    theme = mkdocs_yml.theme_of(found)
    if theme is not None and mkdocs_yml.text_of(theme) not in material.THEMES:
        return "a theme other than Material may show when the site was built"
    if any(key == "custom_icons" for key in mkdocs_yml.keys(found)):
        return "icons of your own may lie anywhere"
    if any(b"build_date" in Path(path).read_bytes() for path in _own_theme(settings)):
        return "the theme shows when the site was built"
    return next((f"{tag.rpartition(':')[2]} may be any code" for tag in _code(found)), "")


def _own_theme(settings: Settings) -> Iterator[str]:
    for folder in (settings.templates / "theme", *settings.theme_folders):
        yield from fingerprint.files(folder, ".html")


def _code(found: Configuration) -> Iterator[str]:
    """Tags that name code which is no part of the packages we know."""
    for tag in mkdocs_yml.tags(found):
        if "python/" in tag and not _PYTHON.match(tag):
            yield tag
