"""Material's colour schemes on our pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from status_tool.mkdocs import schemes

STYLE = (
    "[data-md-color-primary=indigo]{--md-primary-fg-color:#4051b5;--md-x:#fff}"
    "[data-md-color-primary=white]{--md-primary-fg-color:hsla(var(--md-hue), 0%, 100%, 1)}"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<body dir="ltr">', '<body dir="ltr" data-md-color-scheme="default">'),
        ("<body>", '<body data-md-color-scheme="default">'),
        ('<body dir="rtl" data-md-color-scheme="slate">', '<body dir="rtl" data-md-color-scheme="slate">'),
    ],
)
def test_a_page_without_a_palette_names_the_light_scheme(before: str, after: str) -> None:
    assert schemes.with_scheme(f"<html>{before}<p>") == f"<html>{after}<p>"


@pytest.mark.parametrize(
    ("palette", "colours"),
    [
        (None, ['content="#4051b5"']),
        ({"primary": "white"}, ['content="hsla(225, 0%, 100%, 1)"']),
        ({"primary": "custom"}, []),
        (
            [
                {"media": "(prefers-color-scheme: light)", "primary": "white"},
                {"media": "(prefers-color-scheme: dark)", "scheme": "slate"},
            ],
            [
                'media="(prefers-color-scheme: light)" content="hsla(225, 0%, 100%, 1)"',
                'media="(prefers-color-scheme: dark)" content="#4051b5"',
            ],
        ),
        ([{"scheme": "default"}, {"scheme": "slate"}], ['content="#4051b5"']),
    ],
)
def test_the_browser_is_told_the_colour_of_the_header(palette: Any, colours: list[str], tmp_path: Path) -> None:
    (tmp_path / "assets" / "stylesheets").mkdir(parents=True)
    (tmp_path / "assets" / "stylesheets" / "palette.1a.min.css").write_text(STYLE)

    assert schemes.theme_colours(palette, [str(tmp_path / "x"), str(tmp_path)]) == "".join(
        f'<meta name="theme-color" {colour}>\n' for colour in colours
    )
    assert schemes.theme_colours(palette, []) == ""
