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
        "<!-- x -->",
        "<!-- x\n\ny -->\n",
        "<!-- `x` and more",
        "<!-- a --> <!-- b -->",
        "***",
        "-",
        "1.",
        "- [](https://example.org)",
        "[&#8203;](https://example.org)",
        "||\n|-|",
        "\u3164\n\n#",
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
        "1",
        "5xx",
        "1. x",
        "<!-- x --> y",
        "`<!-- x -->`",
        "```\n<!-- x -->\n```",
        "<br>",
        "# x",
        "`x`",
        "```\nx\n```",
        "> x",
        "&amp;",
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
