"""What a site generator makes around our pages: frames, pages and assets of its own, its lists of pages.

And whether what it made last is still true: then it need not run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from status_tool.render.context import Edition
from status_tool.settings import mkdocs_yml
from status_tool.settings.mkdocs_yml import Configuration
from status_tool.settings.settings import PLUGIN, Settings
from status_tool.system import cache, fingerprint

LARGEST = 64_000_000
"""Bytes that are kept for the next build; what is more is made again."""

_PLUGINS = ("search", "material/search", PLUGIN)
_BUILT_IN = """
abbr admonition attr_list codehilite def_list extra fenced_code footnotes legacy_attrs legacy_em md_in_html meta nl2br
sane_lists smarty tables toc wikilinks
""".split()
_EXTENSION = re.compile(
    rf"(?:markdown\.extensions\.)?(?:{'|'.join(_BUILT_IN)})|material\.extensions\.\w+|pymdownx\.(?!snippets|b64)\w+"
)
_PYTHON = re.compile(r"tag:yaml\.org,2002:python/\w+:(?:material|materialx|pymdownx|markdown)\.")


@dataclass(frozen=True)
class Groundwork:
    """Everything of a site that is not ours; texts are HTML, XML and JSON as the generator made them."""

    id: str
    """Another one for any other."""
    frames: dict[str, str]
    """By the path of the page each was rendered for, as `frame.Frames` knows them."""
    files: dict[str, bytes]
    """Path below the site's root -> content."""
    sitemap: str
    search: str
    """The search index; empty when the site has no search."""
    scripts: tuple[str, ...]
    """The hashes of the scripts in its pages."""
    warnings: tuple[str, ...]


def kept(file: Path, made_of: str) -> Groundwork | None:
    """What `keep` left in `file`, if it was made of the same."""
    return cache.read(file, Groundwork, made_of) if made_of else None


def keep(ground: Groundwork, file: Path, made_of: str) -> None:
    if made_of and sum(map(len, ground.files.values())) <= LARGEST:
        cache.write(file, ground, made_of)


def made_of(edition: Edition) -> str:
    """A name for everything that MkDocs' part of a site is made of; its sitemap has the day."""
    settings = edition.settings
    folders = (settings.docs, settings.templates, *settings.theme_folders)
    return fingerprint.of(edition.made_of, f"{edition.now:%Y-%m-%d}", *map(fingerprint.tree, folders))


def unknowable(settings: Settings) -> str:
    """Why nobody can tell what MkDocs' part of a site is made of; empty when `made_of` tells."""
    found = settings.configuration
    for name in mkdocs_yml.names(found.get("plugins")):
        if name not in _PLUGINS:
            return f"the plugin {name} may read anything"
    for name in mkdocs_yml.names(found.get("markdown_extensions")):
        if not _EXTENSION.fullmatch(name):
            return f"the extension {name} may read anything"
    if found.get("hooks") is not None:
        return "hooks may read anything"
    theme = found.get("theme", "name") or found.get("theme")
    if theme is not None and mkdocs_yml.text_of(theme) != "material":
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
