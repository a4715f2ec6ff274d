"""Markdown whose relative links have other addresses, and nothing else is changed."""

from __future__ import annotations

import pytest

from status_tool.text import markdown_source
from status_tool.text.relative_links import Links

LINKS = Links(addresses={"../a.md": "https://example.org/a/", "b%20c": "https://example.org/b%20c", "later.md": None})


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("[x](../a.md)", "[x](https://example.org/a/)"),
        (
            '![x](<../a.md> "t") and [y]( ../a.md )',
            '![x](<https://example.org/a/> "t") and [y]( https://example.org/a/ )',
        ),
        ("[x](<b c>), [y](b%20c)", "[x](<https://example.org/b%20c>), [y](https://example.org/b%20c)"),
        ("> - [x](../a.md)\n>   [y](../a.md)", "> - [x](https://example.org/a/)\n>   [y](https://example.org/a/)"),
        ("`[x](../a.md)` \\[x](../a.md)\n\n    [x](../a.md)", "`[x](../a.md)` \\[x](../a.md)\n\n    [x](../a.md)"),
        (
            "[x](later.md) [y](https://example.org/) [z](other.md)",
            "[x](later.md) [y](https://example.org/) [z](other.md)",
        ),
        ("[x][1]\n\n- [1]: ../a.md", "[x][1]\n\n- [1]: https://example.org/a/"),
    ],
)
def test_addresses_of_links_are_changed_and_nothing_else(text: str, changed: str) -> None:
    assert markdown_source.with_addresses(text, LINKS, is_postmortem=True) == changed


def test_a_message_has_no_definitions() -> None:
    assert markdown_source.with_addresses("[1]: ../a.md", LINKS) == "[1]: ../a.md"
