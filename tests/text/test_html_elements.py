"""Elements of HTML: start tags, scripts and styles, and nothing that only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.text import html_tags
from status_tool.text.html_elements import Element, elements


def test_scripts_and_styles_have_their_text() -> None:
    html = "<p title='a > b'>x<SCRIPT a=b>if (a < b) '<i>'</Script><style>a{}</style><!-- <b> --><br/>"

    assert [*elements(html)] == [
        Element("p", "<p title='a > b'>", ""),
        Element("script", "<SCRIPT a=b>", "if (a < b) '<i>'"),
        Element("style", "<style>", "a{}"),
        Element("br", "<br/>", ""),
    ]


@given(st.text(st.sampled_from("<>!-/=\"' abp\n")))
def test_any_text_is_read(html: str) -> None:
    assert all(part.name in html.lower() and part.tag is not None for part in elements(html))


@given(
    st.lists(
        st.sampled_from(["<p>", "<a href='x>y'>", "text", "</p>", "<br/>", "<!-- <i> -->", "<script>'<i>'</script>"])
    )
)
def test_they_are_those_of_a_parser(parts: list[str]) -> None:
    html = "".join(parts)

    assert [part.tag.name for part in elements(html)] == [tag.name for tag in html_tags.tags(html)]


@pytest.mark.parametrize("text", ["<!--", "<script>", "<a ", "<a href='", '<a "', "<", "<!"])
def test_a_text_that_is_no_html_takes_no_longer(text: str) -> None:
    began = time.monotonic()
    assert len([*elements(text * 50_000)]) <= 1

    assert time.monotonic() - began < 2
