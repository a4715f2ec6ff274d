"""Markdown: what is shown, what cannot run, and what is left of it as plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.text import markdown_text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:alert(1))",
    "![x](javascript:alert(1))",
    "![x](https://tracker.example.org/x.png)",
    '![x" onerror="alert(1)](x)',
    '[x](https://example.org/"onmouseover="alert(1))',
    '[x](https://example.org "t\\" onclick=alert(1)")',
    "<javascript:alert(1)>",
    "<https://example.org/<script>>",
    "`<script>`",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<!-- --><script>alert(1)</script>",
    "<iframe src=//evil.example.org>",
    "<style>*{background:url(//evil.example.org)}</style>",
    "# <script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|---|\n| x |",
    "[x]: javascript:alert(1)\n\n[x]",
    "{{ config }} {% raw %}",
    "</div></div></body><script>alert(1)</script>",
    "https://example.org/<script>alert(1)</script>",
    "\u202e<script>\u202c",
]


class Audit(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("top", [2, 4])
def test_nothing_in_a_text_can_run_or_load(text: str, top: int) -> None:
    audit = Audit()
    audit.feed(markdown_text.html(text, top))

    assert audit.tags <= set("a p code pre em h2 h3 h4 table thead tbody tr th td".split())
    assert {name for name, _ in audit.attributes} <= {"href", "rel", "title", "class", "id"}
    for name, value in audit.attributes:
        assert name != "href" or value.startswith(("https://", "x"))


@given(st.text(st.sampled_from("ab \n.,:;-+#=019!?()'\"/&<*_`[]~|\\wm@é\t"), max_size=60))
def test_the_short_way_for_plain_texts_cannot_be_seen(text: str) -> None:
    tidied = text.strip("\n")

    assert markdown_text.html(tidied) == markdown_text.full_html(tidied)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Just words.", "Just words."),
        ("*Sincere* apologies & `code`", "Sincere apologies & code"),
        ("See [the page](https://example.org/a) now.", "See the page (https://example.org/a) now."),
        ("See https://example.org/a now.", "See https://example.org/a now."),
        ("- one\n- two\n  - three", "- one\n- two\n  - three"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("# Title\n\nText\nmore", "Title\n\nText\nmore"),
        ("![a graph](g.png)", "a graph (g.png)"),
        ("```\ncode\n```\n\nend", "code\nend"),
    ],
)
def test_plain_text_keeps_the_words_and_the_links(text: str, plain: str) -> None:
    assert markdown_text.plain(text) == plain


def test_a_picture_becomes_a_link() -> None:
    assert markdown_text.html("![a *graph*](https://example.org/g.png)") == (
        '<p><a href="https://example.org/g.png" rel="noopener noreferrer">a graph</a></p>\n'
    )


def test_headings_begin_below_those_of_the_page_and_can_be_linked_to_in_a_post_mortem() -> None:
    assert markdown_text.html("# A\n\n## B", 2) == '<h2 id="pm-a">A</h2>\n<h3 id="pm-b">B</h3>\n'
    assert markdown_text.html("# A") == "<h4>A</h4>\n"


@pytest.mark.parametrize(("levels", "shown"), [([1, 3, 2], "344"), ([3, 6, 3], "343"), ([2, 4, 3, 2, 1], "34433")])
def test_no_heading_skips_a_level(levels: list[int], shown: str) -> None:
    html = markdown_text.html("\n\n".join(f"{'#' * level} x" for level in levels), top=3)

    assert "".join(re.findall(r"<h(\d)", html)) == shown


def test_a_link_without_an_address_that_we_keep_has_no_attribute_that_needs_one() -> None:
    assert markdown_text.html('![x](ftp:x) [y](ftp:z "t")') == '<p><a>x</a> <a title="t">y</a></p>\n'


def test_two_headings_of_one_name_get_two_addresses() -> None:
    assert markdown_text.html("## A\n\n## A", 2) == '<h2 id="pm-a">A</h2>\n<h2 id="pm-a-2">A</h2>\n'


def test_headings_of_one_name_and_their_numbers_get_addresses_of_their_own() -> None:
    html = markdown_text.html("## A\n\n## A 2\n\n## A\n\n## A\n\n## A 2", 2)

    assert re.findall('id="(.*?)"', html) == ["pm-a", "pm-a-2", "pm-a-3", "pm-a-4", "pm-a-2-2"]


def test_a_message_is_never_taken_for_the_definition_of_a_link() -> None:
    for text in ("[API]: down", "[14:20]: rebooted", "[a]: <b> 'c'"):
        assert text.split()[0] in markdown_text.html(text)
        assert text.split()[0] in markdown_text.plain(text)


def test_a_post_mortem_may_define_its_links_at_the_end() -> None:
    assert '<a href="https://example.org/1"' in markdown_text.html("See [it][1].\n\n[1]: https://example.org/1", top=2)
