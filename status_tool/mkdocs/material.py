"""What we change in Material's HTML, and the names of its classes, files and plugins that this needs.

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
_AFTER_TITLE = frozenset({"md-header__option", "md-header__button", "md-header__source"})
"""The classes of what follows the title in the theme's header."""
_NOT_IN_CSS = re.compile(r"[^\w .:/·-]")
"""What is written by its number in a text in a stylesheet, which may stand in HTML."""
_EMPTY_TABINDEX = ' tabindex=""'


def is_search(plugin: str) -> bool:
    """Whether a plugin of that name is the search of either theme, or of the engine itself."""
    return plugin in ("search", *(f"{theme}/search" for theme in THEMES))


def choose_search(options: MutableMapping[str, Any], stated: Iterable[Mapping[str, Any]], file: str) -> None:
    """Sets the search of MaterialX, which has two, to lunr; `stated` is what the owner wrote, in `file`.

    Its default is pagefind. That reads the finished pages in MkDocs' folder, where ours are not, and it is
    WebAssembly, which the security policy of our pages forbids.
    """
    if any(block.get(PROVIDER, "lunr") != "lunr" for block in stated):
        what = f"the search cannot be {options[PROVIDER]}: it would find no incident."
        raise StatusError(what, os.path.relpath(file), hint="Remove provider from the options of the search plugin.")
    options[PROVIDER] = "lunr"


@dataclass(frozen=True)
class MaterialPage:
    """The values that the wrapper template needs for one page."""

    template: str
    """The page's own template, of the theme or the owner."""
    head: str
    """HTML for the end of `<head>`."""
    site_name: str = ""
    homepage: tuple[str, str] | None = None
    """The address and the name of the owner's own site; None if there is none."""

    @staticmethod
    def with_named_search(header: str) -> str:
        """Adds a name to the search dialog, that of its input field, for screen readers."""
        tags = html_tags.tags(header)
        labels = [tag.attributes.get("aria-label") for tag in tags if "md-search__input" in tag.classes]
        dialogs = [tag for tag in tags if "md-search" in tag.classes and "aria-label" not in tag.attributes]
        if not labels or not labels[0]:
            return header
        return html_tags.with_attribute(header, dialogs[:1], f'aria-label="{escape(labels[0])}"')

    def with_homepage(self, header: str) -> str:
        """Adds the link to the owner's own site, after the title of the page."""
        if self.homepage is None:
            return header
        address, name = map(escape, self.homepage)
        link = f'<a class="st-homepage" href="{address}">{name}</a>'
        tags = html_tags.tags(header)
        begin = next((index for index, tag in enumerate(tags) if "md-header__title" in tag.classes), len(tags))
        end = next((tag.begin for tag in tags[begin + 1 :] if not _AFTER_TITLE.isdisjoint(tag.classes)), None)
        place = header.rfind("</nav>") if end is None else end
        return html_tags.inserted(header, [(place, link)]) if place >= 0 else header

    def sheet_address(self, address: str | None) -> str:
        """A style that puts the name of the site and the page's `address` at the foot of each printed sheet."""
        text = " · ".join(filter(None, (self.site_name, address)))
        quoted = _NOT_IN_CSS.sub(lambda found: f"\\{ord(found[0]):x} ", text)
        return f'<style>@page{{@bottom-left{{content:"{quoted}";color:#566070;font:8pt sans-serif}}}}</style>\n'

    @staticmethod
    def with_reachable_sidebars(navigation: str) -> str:
        """Makes sidebars focusable, so that they scroll by keyboard even without a link in them, as on the page 404."""
        sidebars = [tag for tag in html_tags.tags(navigation) if "md-sidebar__scrollwrap" in tag.classes]
        return html_tags.with_attribute(navigation, sidebars, _REACHABLE)

    @staticmethod
    def with_valid_labels(navigation: str) -> str:
        """Removes the empty `tabindex` from the labels of sections that are always open: it is not a valid value."""
        if _EMPTY_TABINDEX not in navigation:
            return navigation
        for tag in reversed(html_tags.tags(navigation)):
            if tag.name == "label":
                label = navigation[tag.begin : tag.end].replace(_EMPTY_TABINDEX, "")
                navigation = navigation[: tag.begin] + label + navigation[tag.end :]
        return navigation

    @staticmethod
    def with_late_bundle(scripts: str) -> str:
        """Lets our script load the theme's large script, after everything a reader needs."""
        for tag in reversed(html_tags.tags(scripts)):
            source = tag.attributes.get("src", "")
            if tag.name == "script" and _BUNDLE in source:
                late = f'<script type="text/plain" class="st-late" data-src="{escape(source)}">'
                scripts = scripts[: tag.begin] + late + scripts[tag.end :]
        return scripts


def early_script(address: str) -> str:
    """The tag of our script. It runs before the first paint, so that nothing moves when it runs."""
    return f'<script src="{escape(address)}" defer blocking="render"></script>'


def with_reachable_blocks(content: str) -> str:
    """Makes tables and code blocks focusable, so that they scroll sideways by keyboard on a telephone.

    Works on HTML and not on the tree of the Markdown, because pymdownx adds its code blocks after the tree.
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
    """Whether `code` opens a block, `<pre><code>` or `<pre><span></span><code>`; `before`: the two tags before it."""
    blocks = (tag for tag in before if tag.name == "pre" and not tag.attributes)
    return any(content[pre.end : code.begin] in ("", "<span></span>") for pre in blocks)


def tightened(html: str, until: str) -> str:
    """`html` without blank lines and indentation before the text `until`, so that the content comes sooner."""
    before, separator, after = html.partition(until)
    return re.sub(r"\s*\n\s*", "\n", before).lstrip() + separator + after if separator else html
