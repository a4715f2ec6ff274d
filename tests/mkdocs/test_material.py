"""What Material's HTML lacks for readers is added to it, and every other byte stays."""

from __future__ import annotations

import pytest

from status_tool.mkdocs import material
from status_tool.mkdocs.material import MaterialPage

DIALOG = '<div class="md-search" data-md-component="search" role="dialog">'
FIELD = '<input type="text" class="md-search__input" name="query" aria-label="L&#39;{}">'


def test_the_search_dialog_has_the_name_of_its_field() -> None:
    html = f"<header>\n{DIALOG}{FIELD}</div></header>"
    named = DIALOG.replace(">", ' aria-label="L&#x27;{}">')

    assert MaterialPage.with_named_search(html) == html.replace(DIALOG, named)


@pytest.mark.parametrize("html", ["<header></header>", DIALOG, DIALOG.replace(">", ' aria-label="Find">') + FIELD])
def test_a_search_that_is_not_there_or_has_a_name_stays_as_it_is(html: str) -> None:
    assert MaterialPage.with_named_search(html) == html


def test_sidebars_can_be_reached_by_keyboard() -> None:
    html = '<div class="md-sidebar"><div class="md-sidebar__scrollwrap"><p></p></div></div>'

    assert MaterialPage.with_reachable_sidebars(html) == (
        '<div class="md-sidebar"><div class="md-sidebar__scrollwrap" tabindex="0"><p></p></div></div>'
    )


def test_the_labels_of_open_sections_have_no_empty_tabindex() -> None:
    html = '<nav><label for="a" tabindex="">A</label><label tabindex="0">B</label><p tabindex="">C</p></nav>'

    assert MaterialPage.with_valid_labels(html) == html.replace('for="a" tabindex=""', 'for="a"')


LINK = '<a class="st-homepage" href="https://www.example.org/?a=1&amp;b=2">example.org</a>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<b class="md-header__title"></b>', '<form class="md-header__option"></form></nav>'),
        (
            '<label class="md-header__button"></label><b class="md-header__title"></b>',
            '<label class="md-header__button">',
        ),
        ('<b class="md-header__title"></b>', "</nav></header>"),
    ],
)
def test_the_link_to_the_owners_site_follows_the_title(before: str, after: str) -> None:
    page = MaterialPage("main.html", "", homepage=("https://www.example.org/?a=1&b=2", "example.org"))

    assert page.with_homepage(before + after) == before + LINK + after
    assert MaterialPage("main.html", "").with_homepage(before + after) == before + after
    assert page.with_homepage("<p>another theme</p>") == "<p>another theme</p>"


def test_the_foot_of_a_sheet_cannot_leave_its_style() -> None:
    page = MaterialPage("main.html", "", 'A & "B" </style>\\')

    assert page.sheet_address("https://status.example.org/a/").startswith(
        r'<style>@page{@bottom-left{content:"A \26  \22 B\22  \3c /style\3e \5c  · https://status.example.org/a/";'
    )
    assert 'content:"A ' in page.sheet_address(None)


def test_the_large_script_of_the_theme_waits_and_every_other_is_left_alone() -> None:
    html = '<script src="../assets/javascripts/bundle.1a.min.js"></script>\n<script src="own.js?a&amp;b"></script>'

    assert MaterialPage.with_late_bundle(html) == (
        '<script type="text/plain" class="st-late" data-src="../assets/javascripts/bundle.1a.min.js"></script>\n'
        '<script src="own.js?a&amp;b"></script>'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>x</p>", "<p>x</p>"),
        ("<table>\n<tr></table>", '<table tabindex="0">\n<tr></table>'),
        ('<table class="own">', '<table class="own">'),
        ("<pre><code>x</code></pre>", '<pre><code tabindex="0">x</code></pre>'),
        (
            '<pre><span></span><code class="language-python">x</code></pre>',
            '<pre><span></span><code class="language-python" tabindex="0">x</code></pre>',
        ),
        ("<pre>x</pre><code>y</code>", "<pre>x</pre><code>y</code>"),
        ("<!-- <table> --><pre></pre>", "<!-- <table> --><pre></pre>"),
    ],
)
def test_what_scrolls_sideways_can_be_reached_by_keyboard(before: str, after: str) -> None:
    assert material.with_reachable_blocks(before) == after


def test_a_page_is_tightened_up_to_where_words_begin() -> None:
    assert material.tightened("\n<a>\n\n   <b>\n<i>\n\n <pre>", until="<i>") == "<a>\n<b>\n<i>\n\n <pre>"
    assert material.tightened("<a>\n\n<b>", until="<i>") == "<a>\n\n<b>"
