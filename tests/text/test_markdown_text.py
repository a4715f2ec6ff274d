"""Markdown as HTML: what is shown, and what cannot run."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.text import markdown_text, plain_text, relative_links
from status_tool.text.relative_links import Links

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


def test_two_headings_of_one_name_get_two_addresses() -> None:
    assert markdown_text.html("## A\n\n## A", 2) == '<h2 id="pm-a">A</h2>\n<h2 id="pm-a-2">A</h2>\n'


def test_headings_of_one_name_and_their_numbers_get_addresses_of_their_own() -> None:
    html = markdown_text.html("## A\n\n## A 2\n\n## A\n\n## A\n\n## A 2", 2)

    assert re.findall('id="(.*?)"', html) == ["pm-a", "pm-a-2", "pm-a-3", "pm-a-4", "pm-a-2-2"]


def test_a_message_is_never_taken_for_the_definition_of_a_link() -> None:
    for text in ("[API]: down", "[14:20]: rebooted", "[a]: <b> 'c'"):
        assert text.split()[0] in markdown_text.html(text)
        assert text.split()[0] in plain_text.plain(text)


def test_a_post_mortem_may_define_its_links_at_the_end() -> None:
    assert '<a href="https://example.org/1"' in markdown_text.html("See [it][1].\n\n[1]: https://example.org/1", top=2)


def test_a_line_of_a_post_mortem_that_defines_no_address_is_text() -> None:
    for text in ("[API]: down", "[^1]: note", "[14:20]: rebooted"):
        assert text.split()[-1] in markdown_text.html(f"{text}\n", top=2)


def test_words_on_the_line_of_a_fence_are_shown() -> None:
    assert "All logins work" in markdown_text.html("~~~All logins work~~~\n\nWe were wrong.")
    assert markdown_text.html("```python\nx\n```") == '<pre><code class="language-python">x\n</code></pre>\n'


def test_a_task_is_a_box_that_has_a_name() -> None:
    assert markdown_text.html("- [x] a\n- [ ] b\n- [y] c", tasks=("zu tun", "getan")) == (
        '<ul>\n<li class="st-task-item"><span class="st-task" role="img" aria-label="getan">☑</span> a</li>\n'
        '<li class="st-task-item"><span class="st-task" role="img" aria-label="zu tun">☐</span> b</li>\n'
        "<li>[y] c</li>\n</ul>\n"
    )


def test_a_footnote_stays_below_its_mark_in_a_message() -> None:
    text = "Down[^1] and slow[^b], not [^c].\n\n[^1]: In the EU.\n[^b]: Elsewhere.\n\n[^unused]: Kept."

    assert markdown_text.html(text) == (
        "<p>Down<sup>1</sup> and slow<sup>b</sup>, not [^c].</p>\n"
        "<p><sup>1</sup> In the EU.<br>\n<sup>b</sup> Elsewhere.</p>\n<p><sup>unused</sup> Kept.</p>\n"
    )


def test_a_footnote_of_a_post_mortem_and_its_mark_lead_to_each_other() -> None:
    html = markdown_text.html("Down[^1], down[^1].\n\n[^1]: note", 3, Links("https://example.org/x/"))

    assert re.findall(r'id="([^"]*)"|href="([^"]*)"', html) == [
        ("pm-mark-1", ""),
        ("", "https://example.org/x/#pm-note-1"),
        ("", "https://example.org/x/#pm-note-1"),
        ("pm-note-1", ""),
        ("", "https://example.org/x/#pm-mark-1"),
    ]


def test_a_picture_in_a_link_keeps_both_addresses() -> None:
    html = markdown_text.html("[![state](https://example.org/b.svg)](https://example.org/ci)")

    assert re.findall(r'href="([^"]*)"', html) == ["https://example.org/ci", "https://example.org/b.svg"]


def test_a_link_that_no_browser_may_follow_keeps_its_address_as_text() -> None:
    assert markdown_text.html('See [x](ftp:x) and ![y](ftp:y "t").') == '<p>See x (ftp:x) and y (ftp:y "t").</p>\n'
    assert markdown_text.html("See ![](ftp:x).") == "<p>See ftp:x.</p>\n"


def test_a_contents_list_leads_to_the_headings_in_any_script() -> None:
    headings = "## What we *do*\n\n## 何が起きたか\n\n## Cause & effect\n\n## Cause & effect\n\n##### Deep"
    links = [
        "what-we-do",
        "何が起きたか",
        "cause--effect",
        "cause--effect-1",
        "pm-cause-effect-2",
        "deep",
        "cause-effect",
    ]
    html = markdown_text.html("".join(f"[x](#{link}) " for link in links) + "\n\n" + headings, 2)
    ids = ["pm-what-we-do", "pm-何が起きたか", "pm-cause-effect", "pm-cause-effect-2", "pm-deep"]

    assert [unescape(id) for id in re.findall(r' id="([^"]*)"', html)] == ids
    assert re.findall(r'href="#([^"]*)"', html) == [ids[0], ids[1], ids[2], ids[3], ids[3], ids[4], ids[2]]


@given(st.text(st.sampled_from("ab \n[]()<>:!#/.x1-`\\|"), max_size=40))
def test_every_relative_link_is_known_before_it_is_shown(text: str) -> None:
    for top in (3, 4):
        found = relative_links.addresses(text, is_postmortem=top < 4)
        html = markdown_text.full_html(
            text, top, Links("https://example.org/", dict.fromkeys(found, "https://example.org/x"))
        )

        assert html.count("<a ") == html.count('<a href="http')
        assert " (" not in html or " (" in text.replace("\\", "")  # an unknown address would be shown in parentheses


@pytest.mark.parametrize(
    "text",
    [
        "[x](http://[::1)",
        "<http://[bad>",
        "http://[::1 is down",
        "[y](http://example.org:port/)",
        "[y]: http://[x\n\n[y]",
        "[y](http://)",
    ],
)
def test_an_address_that_nobody_can_read_stays_text(text: str) -> None:
    assert "[" in markdown_text.html(text)
    assert "%5B" not in markdown_text.html(text)
    assert not re.search(r'href="[^"]*(\[|port)', markdown_text.html(text))


def test_an_address_without_legible_characters_is_shown_as_it_was_typed() -> None:
    assert markdown_text.html("http://xn--a and http://1.2.3.4.5/") == "<p>http://xn--a and http://1.2.3.4.5/</p>\n"
    assert ">https://example.org/%E2%80%AEx<" in markdown_text.html("https://example.org/%E2%80%AEx")
    assert ">https://example.org/état<" in markdown_text.html("https://example.org/%C3%A9tat")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("At 12:03 see https://example.org/a now", "https://example.org/a"),
        ("aahttps://example.org/ is none", ""),
        ("12:03:04 and ://x and a:b", ""),
        ("HTTPS://example.org/A", "HTTPS://example.org/A"),
        ("https://example.org/https://example.net/", "https://example.org/https://example.net/"),
    ],
)
def test_a_colon_in_a_long_text_is_no_address_by_itself(text: str, address: str) -> None:
    found = re.findall(r'href="([^"]*)"', markdown_text.html(f"{'Word: ' * 2_000}{text}"))

    assert found == ([address] if address else [])
