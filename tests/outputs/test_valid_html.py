"""The HTML of every kind of page is valid, as far as its tags show it."""

from __future__ import annotations

from pathlib import Path

import kinds
import pytest
import sites
from markup import faults

OF_MKDOCS = ("about/", "404.html")


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_page_has_a_mistake_that_its_tags_show(language: str, tmp_path: Path) -> None:
    context = sites.context_at(kinds.make(tmp_path / "s", language))
    pages = {path: content.decode() for path, content in sites.files_of(context).items() if path.endswith(".html")}
    whole = {path: html if "<html" in html else f"<html><head>{html}</html>" for path, html in pages.items()}

    ours = {f"{path}index.html" for path in kinds.KINDS.values() if path not in OF_MKDOCS}
    assert ours <= pages.keys()
    assert {path: found for path, html in whole.items() if (found := faults(html))} == {}


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<time></time>", "1: a <time> without text or datetime"),
        ("<p>\n<time>now</time></p>", "2: a <time> without text or datetime"),
        ('<link href="data:a b">', "1: a character that no address has: <link href='data:a b'>"),
        ('<meta name="description" content="">', "1: an empty <meta>"),
        ('<meta content="x">', "1: a <meta> without a name"),
        ('<p tabindex=""></p>', "1: tabindex of <p> is no number"),
        ('<p id="a"></p><p id="a"></p>', "1: the id 'a' is empty, has blanks or stands twice"),
        ("<p><b></p>", "1: </p> ends b"),
        ("<p>", "1: <p> is not ended"),
        ('<td align="right"></td>', "1: align of <td> is obsolete"),
        ("<tt></tt>", "1: <tt> is obsolete"),
        ('<a href="x"><a href="y"></a></a>', "1: a link in a link or a button"),
        ("<article><p></p></article>", "1: a <article> without a heading"),
        ('<img src="x">', "1: a picture without alt"),
        ("<title></title>", "1: an empty <title>"),
        ('<p class="a" class="b"></p>', "1: an attribute of <p> stands twice"),
        ("<div/>", "1: <div/> does not end itself"),
    ],
)
def test_each_kind_of_mistake_is_found(html: str, said: str) -> None:
    assert said in faults(html)
