"""MkDocs' sitemap and search index, read as neutral values."""

from __future__ import annotations

import json

import pytest

from status_tool.errors import StatusError
from status_tool.mkdocs import indexes
from status_tool.outputs.frame import BODY, DEEP, END, TITLE
from status_tool.outputs.host_pages import SearchIndex, SitemapEntry

XML = """\
<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:x="http://www.w3.org/1999/xhtml">
    <url>
         <loc>https://status.example.org/a&amp;b/</loc>
         <lastmod>2026-11-23</lastmod>
         <x:link rel="alternate" hreflang="fr" href="https://status.example.org/fr/"/>
    </url><url><loc>https://status.example.org/c/</loc><changefreq>daily</changefreq><priority>0.5</priority></url>
</urlset>
"""


def test_a_sitemap_is_read_with_all_that_the_protocol_knows() -> None:
    assert indexes.sitemap(XML.encode()) == (
        SitemapEntry("https://status.example.org/a&b/", (("lastmod", "2026-11-23"),)),
        SitemapEntry("https://status.example.org/c/", (("changefreq", "daily"), ("priority", "0.5"))),
    )


def test_a_theme_without_a_sitemap_has_no_entries() -> None:
    assert indexes.sitemap(b"") == ()


def test_a_sitemap_that_is_no_xml_is_named() -> None:
    with pytest.raises(StatusError, match=r"^sitemap\.xml: the sitemap is not XML: "):
        indexes.sitemap(b"<urlset>")


def test_a_search_index_loses_the_frames_and_their_placeholders() -> None:
    about = {"location": "about/", "title": "About", "text": "<p>How we report.</p>", "tags": ["x"]}
    docs = [
        {"location": "", "title": TITLE, "text": f"<h1>{BODY}</h1> <p>Call us.</p> {END}"},
        about,
        {"location": DEEP, "title": BODY, "text": ""},
    ]
    found = indexes.search(json.dumps({"config": {"lang": ["en"]}, "docs": docs}).encode(), "Example Status")

    home = {"location": "", "title": "Example Status", "text": "<p>Call us.</p>"}
    assert found == SearchIndex("search/search_index.json", {"config": {"lang": ["en"]}}, "docs", (home, about))


def test_a_site_without_search_has_no_index() -> None:
    assert indexes.search(b"", "Example Status") is None
