"""Which pages the sitemap lists for search engines."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from html import escape
from itertools import groupby

from status_tool.outputs import pages
from status_tool.outputs.frame import DEEP, DEEPER
from status_tool.outputs.host_pages import SitemapEntry
from status_tool.outputs.writer import File
from status_tool.render.context import RenderContext

MAX_URLS = 1_000
"""The largest number of URLs in one of our sitemaps; the protocol allows 50,000 (https://www.sitemaps.org/protocol.html)."""
_OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n<%s xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def sitemaps(others: Iterable[SitemapEntry], context: RenderContext) -> Iterator[File]:
    """The sitemap of `others` and of our pages, each once, without the pages of the shared frames.

    With more than `MAX_URLS` pages there is a sitemap for each year, and `sitemap.xml` is the index of sitemaps.
    """
    permanent, years = dict(_permanent_pages(context)), _years(context)
    excluded = {context.site_url + path for path in (*permanent, DEEP, DEEPER)}
    other_urls = [_url(entry.address, entry.details) for entry in others if entry.address not in excluded]
    if len(permanent) + sum(year.page_count for year in years) <= MAX_URLS:
        our_urls = _urls(context, [*permanent.items(), *(page for year in years for page in year.pages)])
        yield from _plain_and_gzipped("sitemap.xml", _sitemap("urlset", [*other_urls, *our_urls]))
        return
    names = ["sitemap-pages.xml"]
    yield File(names[0], partial(_encoded, [*other_urls, *_urls(context, permanent.items())]))
    for year in years:
        for begin in range(0, year.page_count, MAX_URLS):
            names.append(
                f"sitemap-{year.number}.xml" if begin == 0 else f"sitemap-{year.number}-{begin // MAX_URLS + 1}.xml"
            )
            yield File(names[-1], partial(year.sitemap, begin), context.digest_of_months(year.months))
    entries = [f"<sitemap><loc>{escape(context.site_url + name)}</loc></sitemap>" for name in names]
    yield from _plain_and_gzipped("sitemap.xml", _sitemap("sitemapindex", entries))


def _permanent_pages(context: RenderContext) -> Iterator[tuple[str, str]]:
    """`(path, day of its last change)` of the pages that do not depend on the history."""
    today = f"{context.now:%Y-%m-%d}"
    yield from ((path, today) for path in ("", "history/", "subscribe/"))
    yield from ((f"components/{component.component.id}/", today) for component in context.summary.all_components)


@dataclass(frozen=True)
class _Year:
    """The pages of a year: of its months, and of the incidents that began in it."""

    context: RenderContext
    number: int
    months: tuple[date, ...]

    @property
    def page_count(self) -> int:
        began_in = self.context.summary.began_in
        return sum(len(began_in(month)) + len(pages.month_pages(self.context, month)) for month in self.months)

    @cached_property
    def pages(self) -> list[tuple[str, str]]:
        """`(path, day of its last change)`: `("history/2021-10/", "2021-10-05")`, `("incidents/x/", "2021-10-04")`."""
        entries = []
        for month in self.months:
            summary = self.context.summary
            last = max(_day(incident.changed_at) for incident in summary.by_month[month])
            entries += [(page.path, last) for page in pages.month_pages(self.context, month)]
            began = summary.began_in(month)
            entries += [(f"incidents/{incident.id}/", _day(incident.changed_at)) for incident in began]
        return entries

    def sitemap(self, begin: int) -> bytes:
        """The sitemap of at most `MAX_URLS` of its pages, from the index `begin` on."""
        return _encoded(_urls(self.context, self.pages[begin : begin + MAX_URLS]))


def _years(context: RenderContext) -> list[_Year]:
    grouped = groupby(context.summary.by_month, key=lambda month: month.year)
    return [_Year(context, number, tuple(months)) for number, months in grouped]


def _encoded(entries: Iterable[str]) -> bytes:
    return _sitemap("urlset", entries).encode("utf-8")


def _day(time: datetime) -> str:
    return time.date().isoformat()


def _urls(context: RenderContext, pages: Iterable[tuple[str, str]]) -> list[str]:
    return [_url(context.site_url + path, (("lastmod", day),)) for path, day in pages]


def _url(address: str, details: Iterable[tuple[str, str]]) -> str:
    elements = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in details)
    return f"<url><loc>{escape(address)}</loc>{elements}</url>"


def _sitemap(element: str, entries: Iterable[str]) -> str:
    return _OPENING % element + "\n".join(entries) + f"\n</{element}>\n"


def _plain_and_gzipped(name: str, text: str) -> Iterator[File]:
    """The file, and the same compressed by gzip."""
    yield File(name, partial(text.encode, "utf-8"))
    yield File(f"{name}.gz", partial(compressed, text))


def compressed(text: str) -> bytes:
    """`text` compressed by gzip, without a time, so that the same text gives the same bytes."""
    return gzip.compress(text.encode("utf-8"), mtime=0)
