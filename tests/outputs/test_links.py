"""Where the links of a page lead, and the page without some of them."""

from __future__ import annotations

import pytest

from status_tool.outputs import links

PAGE = "incidents/x/index.html"


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("../../history/2021-10/", "history/2021-10/index.html"),
        ("../../history/2021-10/#day", "history/2021-10/index.html"),
        ("../..", "index.html"),
        ("../../", "index.html"),
        ("./", PAGE),
        ("feed.atom?x=1", "incidents/x/feed.atom"),
        ("../caf%C3%A9/", "incidents/café/index.html"),
        ("#here", ""),
        ("", ""),
        ("https://example.org/history/2021-10/", ""),
        ("//example.org/", ""),
        ("mailto:a@example.org", ""),
        ("/history/", ""),
        ("http://[", ""),
    ],
)
def test_a_link_leads_to_a_file_of_the_site(href: str, target: str) -> None:
    assert links.target(href, PAGE) == target


@pytest.mark.parametrize("quoted", ['"../../history/2021-10/"', "'../../history/2021-10/#x'", "../../history/2021-10/"])
def test_a_page_loses_only_the_address_of_a_link_to_what_is_absent(quoted: str) -> None:
    page = '<p title="href=x">See <a class="y"{} id="z">October</a>, <a href="../../">home</a>, <code>href="a"</code>'
    absent = {"history/2021-10/index.html"}

    assert links.without(page.format(f" href={quoted}"), PAGE, absent) == page.format("")
    assert links.without(page.format(f" HREF = {quoted}"), PAGE, absent) == page.format("")
    assert links.without(page.format(f" href={quoted}"), PAGE, {"index.html-"}) == page.format(f" href={quoted}")


def test_a_text_that_looks_like_a_link_is_no_link() -> None:
    page = '<p>Write &lt;a href="../y/"&gt;</p><!-- <a href="../y/"> --><script>"<a href=\'../y/\'>"</script>'

    assert links.without(page, PAGE, {"incidents/y/index.html"}) == page
