"""Whether the result of the last MkDocs run is still right, so that MkDocs need not run again."""

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
"""Bytes; a larger result is not cached."""

_BUILT_IN = """
abbr admonition attr_list codehilite def_list extra fenced_code footnotes legacy_attrs legacy_em md_in_html meta nl2br
sane_lists smarty tables toc wikilinks
""".split()
_EXTENSION = re.compile(
    rf"(?:markdown\.extensions\.)?(?:{'|'.join(_BUILT_IN)})|material\.extensions\.\w+|pymdownx\.(?!snippets|b64)\w+"
)
_PYTHON = re.compile(r"tag:yaml\.org,2002:python/\w+:(?:material|materialx|pymdownx|markdown)\.")


def load(file: Path, input_digest: str) -> HostPages | None:
    """The result that `save` wrote to `file`, if its inputs were the same; else None."""
    return cache.read(file, HostPages, input_digest) if input_digest else None


def save(host_pages: HostPages, file: Path, input_digest: str) -> None:
    """Caches a result for the next build; one without a digest, or larger than `LARGEST`, is not cached."""
    if input_digest and sum(map(len, host_pages.files.values())) <= LARGEST:
        cache.write(file, host_pages, input_digest)


def input_digest(context: RenderContext) -> str:
    """The digest of everything that MkDocs' part of a site depends on; the day is in its sitemap."""
    settings = context.settings
    folders = (settings.docs, settings.templates, *settings.theme_folders)
    return fingerprint.digest_of(context.site.input_digest, f"{context.now:%Y-%m-%d}", *map(fingerprint.tree, folders))


def untraceable(settings: Settings) -> str:
    """Why the inputs of MkDocs' part cannot be listed, as part of a sentence; empty when `input_digest` covers them."""
    configuration = settings.configuration
    for name in mkdocs_yml.names(configuration.get("plugins")):
        if name != PLUGIN and not material.is_search(name):
            return f"the plugin {name} may read anything"
    for name in mkdocs_yml.names(configuration.get("markdown_extensions")):
        if not _EXTENSION.fullmatch(name):
            return f"the extension {name} may read anything"
    if configuration.get("hooks") is not None:
        return "hooks may read anything"
    theme = mkdocs_yml.theme_of(configuration)
    if theme is not None and mkdocs_yml.text_of(theme) not in material.THEMES:
        return "a theme other than Material may show when the site was built"
    if any(key == "custom_icons" for key in mkdocs_yml.keys(configuration)):
        return "icons of your own may be in any folder"
    if any(b"build_date" in Path(path).read_bytes() for path in _own_theme(settings)):
        return "the theme shows when the site was built"
    return next((f"{tag.rpartition(':')[2]} may be any code" for tag in _code(configuration)), "")


def _own_theme(settings: Settings) -> Iterator[str]:
    for folder in (settings.templates / "theme", *settings.theme_folders):
        yield from fingerprint.files(folder, ".html")


def _code(configuration: Configuration) -> Iterator[str]:
    """YAML tags that name code outside of the packages we know."""
    for tag in mkdocs_yml.tags(configuration):
        if "python/" in tag and not _PYTHON.match(tag):
            yield tag
