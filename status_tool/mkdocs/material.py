"""What Material's HTML lacks for readers, and where that belongs: the names of its blocks, classes and files.

MaterialX has the same. `site_templates/theme/status_page.html` calls what is here from the blocks of the theme's own
templates, each of which gets the HTML of one block only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from html import escape
from typing import Any

from status_tool.errors import StatusError
from status_tool.text import html_tags
from status_tool.text.html_tags import Tag

THEMES = ("material", "materialx")
WRAPPER = "status_page.html"
"""Our template around whichever template a page has."""
PROVIDER = "provider"
"""The option of MaterialX' search plugin that says which search it is."""
_BUNDLE = "assets/javascripts/bundle."
_REACHABLE = 'tabindex="0"'


def is_search(plugin: str) -> bool:
    """Whether a plugin of that name is the search of either theme, or of the engine itself."""
    return plugin in ("search", *(f"{theme}/search" for theme in THEMES))


def choose_search(options: MutableMapping[str, Any], stated: Iterable[Mapping[str, Any]], file: str) -> None:
    """Sets the search of MaterialX, which has two, to lunr; `stated` is what the owner wrote, in `file`.

    It would take pagefind, which reads finished pages in MkDocs' folder, where ours are not; and it is
    WebAssembly, which the policy of our pages does not let run.
    """
    if any(each.get(PROVIDER, "lunr") != "lunr" for each in stated):
        what = f"the search cannot be {options[PROVIDER]}: it would find no incident."
        raise StatusError(what, os.path.relpath(file), hint="Remove provider from the options of the search plugin.")
    options[PROVIDER] = "lunr"


@dataclass(frozen=True)
class MaterialPage:
    """What the wrapper shows on one page."""

    template: str
    """The page's own template, as the theme or the owner has it."""
    head: str
    """HTML for the end of `<head>`."""

    @staticmethod
    def with_named_search(header: str) -> str:
        """The search dialog gets a name, that of its field: screen readers would announce it without one."""
        tags = html_tags.tags(header)
        labels = [tag.attributes.get("aria-label") for tag in tags if "md-search__input" in tag.classes]
        dialogs = [tag for tag in tags if "md-search" in tag.classes and "aria-label" not in tag.attributes]
        if not labels or not labels[0]:
            return header
        return html_tags.with_attribute(header, dialogs[:1], f'aria-label="{escape(labels[0])}"')

    @staticmethod
    def with_reachable_sidebars(navigation: str) -> str:
        """Sidebars can be reached by keyboard where they scroll though nothing in them can, as on the page 404."""
        sidebars = [tag for tag in html_tags.tags(navigation) if "md-sidebar__scrollwrap" in tag.classes]
        return html_tags.with_attribute(navigation, sidebars, _REACHABLE)

    @staticmethod
    def with_late_bundle(scripts: str) -> str:
        """The theme's large script is left to ours, which fetches it after everything a reader needs."""
        for tag in reversed(html_tags.tags(scripts)):
            source = tag.attributes.get("src", "")
            if tag.name == "script" and _BUNDLE in source:
                late = f'<script type="text/plain" class="st-late" data-src="{escape(source)}">'
                scripts = scripts[: tag.begin] + late + scripts[tag.end :]
        return scripts


def early_script(address: str) -> str:
    """Our script, before the first paint, so that nothing moves when it runs; it waits as long as a stylesheet does."""
    return f'<script src="{escape(address)}" defer blocking="render"></script>'


def with_reachable_blocks(content: str) -> str:
    """Tables and code of a page, which scroll sideways on a telephone, can be reached by keyboard.

    Works on the HTML of the Markdown, and not on its tree, in which the code of pymdownx is not to be seen.
    """
    if "<table" not in content and "<pre" not in content:
        return content
    before: list[Tag] = []
    places = []
    for tag in html_tags.tags(content):
        if (tag.name == "table" and not tag.attributes) or (tag.name == "code" and _is_in_pre(content, tag, before)):
            places.append(tag)
        before = [*before[-1:], tag]
    return html_tags.with_attribute(content, places, _REACHABLE)


def _is_in_pre(content: str, code: Tag, before: list[Tag]) -> bool:
    """Whether that tag opens a block of code, `<pre><code>` or `<pre><span></span><code>`; `before` are two tags."""
    blocks = (tag for tag in before if tag.name == "pre" and not tag.attributes)
    return any(content[pre.end : code.begin] in ("", "<span></span>") for pre in blocks)


def tightened(html: str, until: str) -> str:
    """`html` without blank lines and indentation before `until`, so that what matters comes sooner."""
    before, found, after = html.partition(until)
    return re.sub(r"\s*\n\s*", "\n", before).lstrip() + found + after if found else html
