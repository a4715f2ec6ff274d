"""Markdown as plain text: nothing that carries meaning is left out, and no cut changes what is said."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.text import markdown_text, plain_text
from status_tool.text.relative_links import Links

TABLE = "| Region | State |\n|---|:-:|\n| EU | down |\n| US \\| CA | ~~fine~~ |"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Just words.", "Just words."),
        ("*Sincere* apologies & `code`", "Sincere apologies & code"),
        ("See [the page](https://example.org/a) now.", "See the page (https://example.org/a) now."),
        ('See [it](https://example.org/a "the page").', 'See it (https://example.org/a "the page").'),
        (
            "See https://example.org/a%20b and <https://example.org/é>.",
            "See https://example.org/a%20b and https://example.org/é.",
        ),
        ("~~All works.~~ It does **not**.", "~~All works.~~ It does not."),
        ("~~[All](https://example.org/) works~~", "~~All (https://example.org/) works~~"),
        ("- one\n- two\n  - three", "- one\n- two\n  - three"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("3) one\n\n   more\n4) two", "3) one\n\n   more\n\n4) two"),
        ("- [ ] to do\n- [x] done", "- [ ] to do\n- [x] done"),
        ("# Title\n\nText\nmore", "Title\n\nText\nmore"),
        ("![a graph](g.png)", "a graph (g.png)"),
        ("```\ncode\n  more\n```\n\nend", "code\n  more\n\nend"),
        ("- a\n\n      code", "- a\n\n  code"),
        ("They say:\n> All\n> works.\n>\n> > Really?\n\nNo.", "They say:\n\n> All\n> works.\n>\n> > Really?\n\nNo."),
        (f"{TABLE}\n\nend", "Region | State\n------ | -----\nEU | down\nUS \\| CA | ~~fine~~\n\nend"),
        ("a  \nb\n\n***\n\nc", "a\nb\n\n---\n\nc"),
        ("Down[^1].\n\n[^1]: In the EU.", "Down[^1].\n\n[^1]: In the EU."),
    ],
)
def test_plain_text_keeps_what_carries_meaning(text: str, plain: str) -> None:
    assert plain_text.plain(text) == plain


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Two\nlines.\n\nAnd one.", "Two lines. And one."),
        (f"{TABLE}\n\nend", "Region | State: EU | down; US \\| CA | ~~fine~~; end"),
        ("They say:\n> All\n>\n> works.\n\nNo.", "They say: “All works.” No."),
        ("- one\n- two\n\n---\n\nend", "- one - two end"),
        ("1. one\n   - two", "1. one - two"),
    ],
)
def test_on_one_line_rows_and_quotations_stay_apart(text: str, line: str) -> None:
    assert plain_text.one_line(text, 200) == line


def test_a_post_mortem_has_its_definitions_and_a_message_has_its_words() -> None:
    text = "See [it][1].\n\n[1]: https://example.org/"

    assert plain_text.plain(text, is_postmortem=True) == "See it (https://example.org/)."
    assert plain_text.plain(text) == "See [it][1].\n\n[1]: https://example.org/"


def test_links_have_the_address_that_they_have_in_this_document() -> None:
    links = Links(addresses={"../docs/a.md": "https://example.org/a/", "2030-x.md": None})
    text = "See [a](../docs/a.md), ![b](../docs/a.md) and [later](2030-x.md)."

    assert plain_text.plain(text, links) == "See a (https://example.org/a/), b (https://example.org/a/) and later."


@given(st.integers(10, 60))
def test_a_cut_keeps_struck_words_struck(max_length: int) -> None:
    text = "~~All logins work again for all of our customers.~~ We were wrong about this, and are sorry."
    line = plain_text.one_line(text, max_length)

    assert len(line) <= max_length
    assert line.startswith("~~All")
    assert line.count("~~") == 2
    assert line.endswith(("…", "…~~"))


def test_a_cut_leaves_no_half_of_an_address_and_no_end_of_struck_words_without_its_beginning() -> None:
    assert plain_text.one_line("See https://example.org/a/long/address for more", 30) == "See…"
    assert plain_text.one_line("Words first, ~~and then this~~", 14) == "Words first…"


def test_a_cut_keeps_as_much_as_fits_of_text_without_spaces() -> None:
    assert plain_text.one_line("障" * 300, 40) == "障" * 39 + "…"
    assert [line.text for line in plain_text.lines("障" * 300, 40)] == ["障" * 39 + "…"]


def test_a_first_line_is_shown_however_little_of_it_fits() -> None:
    assert [line.text for line in plain_text.lines("Some words", 8)] == ["Some…"]


def test_lines_are_cut_at_their_common_length() -> None:
    lines = plain_text.lines("- one word\n- ~~two words and more~~\n- three", 28)

    assert [str(line) for line in lines] == ["- one word", "- ~~two words and…~~"]


PIECES = [
    "~~",
    "~",
    "a",
    "b c",
    " ",
    "\n",
    "\n\n",
    "*",
    "[",
    "](x)",
    "!",
    "| ",
    "|-|\n",
    "> ",
    "- ",
    "1. ",
    "`",
    "    ",
    "# ",
]
PIECES += ["https://example.org/", "<", "\\", "[^1]", "[^1]: ", "[ ] ", "```", "---\n", '"t"']
texts = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)


class Words(HTMLParser):
    """The words of an HTML text, and those that are struck in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.depth = 0
        self.is_nested = False
        """Whether something is struck inside of what is struck, as in `~~a ~~b~~ c~~`."""
        self.words: list[str] = []
        self.struck: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.depth += tag == "s"
        self.is_nested = self.is_nested or self.depth > 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "s"

    def handle_data(self, data: str) -> None:
        words = re.findall(r"\w+", data)
        self.words += words
        self.struck += words if self.depth else []


@given(texts)
def test_no_word_is_lost_and_struck_words_are_marked(text: str) -> None:
    page, plain = Words(markdown_text.full_html(text)), plain_text.plain(text)

    assert all(plain.count(word) >= page.words.count(word) for word in set(page.words))  # `a*a*` has two, `aa` one
    assert plain.count("~~") >= 2 * bool(page.struck)
    struck = re.findall(r"\w+", " ".join(re.findall(r"~~(.*?)~~", plain, re.DOTALL)))
    if "~~" not in re.sub(r"<[^>]*>", "", markdown_text.full_html(text)):  # no tildes that are text
        assert page.is_nested or all(struck.count(word) >= page.struck.count(word) for word in set(page.struck))
