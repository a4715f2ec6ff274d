"""Material's colour schemes: the name of the light one on every page, and the colour of the header in each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

_BODY = re.compile(r"<body(?: dir=[\"'\w]*)?(?=>)")
_SCHEME = 'data-md-color-scheme="default"'
_PALETTE_FILE = "assets/stylesheets/palette.*.css"
_HUE = "225"
"""The hue of the theme's greys, in degrees."""


def with_scheme(html: str) -> str:
    """Names the theme's light colours on a page without a palette, so that the owner's stylesheet can select them.

    With a palette, the theme writes the name of the scheme itself.
    """
    return _BODY.sub(rf"\g<0> {_SCHEME}", html, count=1)


def theme_colours(palette: Any, folders: Iterable[str]) -> str:
    """The `<meta>` elements with the colour of the header in each scheme of the `palette`, as the theme configures it.

    The theme's script says that colour only after everything else, and only if readers can choose. The colours are
    those in the theme's stylesheet, which is in one of its `folders`; empty if they are not found there.
    """
    schemes = palette if isinstance(palette, list) else [palette or {}]
    files = (file for folder in folders for file in sorted(Path(folder).glob(_PALETTE_FILE)))
    style = next((file.read_text("utf-8") for file in files), "")
    found = [
        (scheme.get("media", ""), colour)
        for scheme in schemes
        if (colour := _header_colour(style, scheme.get("primary") or "indigo"))
    ]
    return "".join(_meta(media, colour) for media, colour in dict(found).items())


def _meta(media: str, colour: str) -> str:
    attribute = f' media="{escape(media)}"' if media else ""
    return f'<meta name="theme-color"{attribute} content="{colour}">\n'


def _header_colour(style: str, primary: str) -> str:
    """`#4051b5` for `indigo`; empty if the stylesheet has no such colour."""
    name = re.escape(primary.replace(" ", "-"))
    found = re.search(rf"\[data-md-color-primary={name}\]\{{--md-primary-fg-color:([^;}}]+)", style)
    return found[1].replace("var(--md-hue)", _HUE) if found else ""
