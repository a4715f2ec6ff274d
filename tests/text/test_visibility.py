"""A message that readers would not see is none."""

from __future__ import annotations

import pytest

from status_tool.text import visibility


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "&#8203;",
        "&nbsp;",
        "#",
        "##\n",
        "```\n```",
        "~~~",
        "```python\n\n```",
        "> ",
        "\u200b",
        "\u2800",
        "\u3164",
        "&#x3164;",
        "\u2060\u00ad",
        "\ufe0f",
        "#\n\n&shy;\n",
    ],
)
def test_nothing_is_shown(text: str) -> None:
    assert visibility.shows_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "…",
        "🔥",
        "-",
        "1.",
        "# x",
        "`x`",
        "```\nx\n```",
        "> x",
        "&amp;",
        "<!-- x -->",
        "***",
        "한",
        "٣",
        "é",
        "-\n\nx",
        "https://example.org",
        "![x](x.png)",
        "[x](https://example.org)",
        "❤\ufe0f",
        "#8203;",
        "\\#",
    ],
)
def test_something_is_shown(text: str) -> None:
    assert not visibility.shows_nothing(text)
