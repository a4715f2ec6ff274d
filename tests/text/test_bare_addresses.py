"""Bare addresses end where the text around them begins."""

from __future__ import annotations

import re
from html import unescape

import pytest

from status_tool.text import markdown_text


def linked(text: str) -> list[str]:
    """The texts of the links in `text`."""
    return [unescape(found) for found in re.findall(r"<a [^>]*>([^<]*)</a>", markdown_text.html(text))]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("詳細はhttps://example.org/abcをご覧ください。", "https://example.org/abc"),
        ("https://example.org/abc。", "https://example.org/abc"),
        ("请看https://example.org/a?x=1&y=2，谢谢", "https://example.org/a?x=1&y=2"),
        ("（https://example.org/a）", "https://example.org/a"),
        ("「https://example.org/a」", "https://example.org/a"),
        ("“https://example.org/a”", "https://example.org/a"),
        ("« https://example.org/a »", "https://example.org/a"),
        ("ดูที่https://example.org/aครับ", "https://example.org/a"),
        ("ดู https://example.org/a\u200bครับ", "https://example.org/a"),
        ("자세한 내용은 https://example.org/a를 보세요", "https://example.org/a"),
        ("https://example.orgをご覧ください", "https://example.org"),
        ("https://example.org:8443を", "https://example.org:8443"),
        ("https://example.org/a_(b)を", "https://example.org/a_(b)"),
        ("https://example.org/日本", "https://example.org/"),
        ("https://example.org/%E6%97%A5", "https://example.org/日"),
        ("https://example.org/café?q=é", "https://example.org/café?q=é"),
        ("см. https://пример.рф/путь.", "https://пример.рф/путь"),
        ("انظر https://مثال.إختبار/صفحة، شكرا", "https://مثال.إختبار/صفحة"),
        ("https://例え.テスト/abcを", "https://例え.テスト/abc"),
        ("https://www.例え.jp/を", "https://www.例え.jp/"),
        ("~~See https://example.org/a~~", "https://example.org/a"),
        ("https://example.org/a🙏", "https://example.org/a"),
        ("https://example.org/a—see", "https://example.org/a"),
        ("mailto:a@example.orgへ", "mailto:a@example.org"),
        ("https://example.org/~user/a*b", "https://example.org/~user/a*b"),
    ],
)
def test_a_bare_address_ends_where_other_text_begins(text: str, address: str) -> None:
    assert linked(text) == [address]


def test_every_address_of_a_line_is_found() -> None:
    assert linked("https://example.org/aとhttps://example.org/bを") == [
        "https://example.org/a",
        "https://example.org/b",
    ]


@pytest.mark.parametrize("text", ["[x](https://example.org/日本)", "<https://example.org/日本>"])
def test_an_address_in_markup_is_kept_whole(text: str) -> None:
    assert 'href="https://example.org/%E6%97%A5%E6%9C%AC"' in markdown_text.html(text)
