"""The tags of an HTML text: where they are, and how something is added to them."""

from __future__ import annotations

import pytest

from status_tool.text import html_tags

HTML = '<p>\n<A Href="a&amp;b" hidden><!-- <b> --></A>\r\n<script>"<i>"</script><br/>'


def test_a_tag_is_known_by_its_place() -> None:
    found = html_tags.tags(HTML)

    assert [HTML[tag.begin : tag.end] for tag in found] == ["<p>", '<A Href="a&amp;b" hidden>', "<script>", "<br/>"]
    assert (found[1].name, found[1].attributes) == ("a", {"href": "a&b", "hidden": ""})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>x<table>", '<p>x<table tabindex="0">'),
        ("<table/>", '<table tabindex="0"/>'),
        ("<table\n class=x >", '<table\n class=x  tabindex="0">'),
    ],
)
def test_an_attribute_is_added_and_every_other_byte_stays(before: str, after: str) -> None:
    tables = [tag for tag in html_tags.tags(before) if tag.name == "table"]

    assert html_tags.with_attribute(before, tables, 'tabindex="0"') == after
