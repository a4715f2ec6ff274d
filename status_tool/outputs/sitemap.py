"""What search engines know of our pages: the sitemap."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from html import escape
from itertools import groupby

from status_tool.outputs import pages
from status_tool.outputs.frame import DEEP
from status_tool.outputs.host_pages import SitemapEntry
from status_tool.outputs.writer import File
from status_tool.render.context import RenderContext

AT_MOST = 1_000
"""Addresses that one sitemap holds here; the protocol ends at 50,000 (https://www.sitemaps.org/protocol.html)."""
_OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n<%s xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def sitemaps(others: Iterable[SitemapEntry], context: RenderContext) -> Iterator[File]:
    """A sitemap of `others` and of our pages, each once, and without the frame that ours were poured into.

    A long history has a sitemap for each year, and the first one lists them.
    """
    lasting, years = dict(_lasting(context)), _years(context)
    known = {context.site_url + path for path in (*lasting, DEEP)}
    theirs = [_url(entry.address, entry.details) for entry in others if entry.address not in known]
    if len(lasting) + sum(year.length for year in years) <= AT_MOST:
        ours = _urls(context, [*lasting.items(), *(page for year in years for page in year.pages)])
        yield from _both("sitemap.xml", _sitemap("urlset", [*theirs, *ours]))
        return
    names = ["sitemap-pages.xml"]
    yield File(names[0], partial(_encoded, [*theirs, *_urls(context, lasting.items())]))
    for year in years:
        for begin in range(0, year.length, AT_MOST):
            names.append(
                f"sitemap-{year.number}.xml" if begin == 0 else f"sitemap-{year.number}-{begin // AT_MOST + 1}.xml"
            )
            yield File(names[-1], partial(year.part, begin), context.digest_of_months(year.months))
    listed = [f"<sitemap><loc>{escape(context.site_url + name)}</loc></sitemap>" for name in names]
    yield from _both("sitemap.xml", _sitemap("sitemapindex", listed))


def _lasting(context: RenderContext) -> Iterator[tuple[str, str]]:
    """`(path, day of its last change)` of the pages that any history has."""
    today = f"{context.now:%Y-%m-%d}"
    yield from ((path, today) for path in ("", "history/", "subscribe/"))
    yield from ((f"components/{part.component.id}/", today) for part in context.summary.components)


@dataclass(frozen=True)
class _Year:
    """The pages of incidents that began in a year, and of its months."""

    context: RenderContext
    number: int
    months: tuple[date, ...]

    @property
    def length(self) -> int:
        by_month = self.context.summary.by_month
        return sum(len(by_month[month]) + len(pages.parts(self.context, month)) for month in self.months)

    @cached_property
    def pages(self) -> list[tuple[str, str]]:
        """`[("history/2021-10/", "2021-10-05"), ("incidents/x/", "2021-10-04"), ...]`"""
        found = []
        for month in self.months:
            incidents = self.context.summary.by_month[month]
            days = [(f"incidents/{incident.id}/", _day(incident.changed_at)) for incident in incidents]
            last = max(day for _, day in days)
            found += [(part.path, last) for part in pages.parts(self.context, month)]
            found += days
        return found

    def part(self, begin: int) -> bytes:
        return _encoded(_urls(self.context, self.pages[begin : begin + AT_MOST]))


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
    said = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in details)
    return f"<url><loc>{escape(address)}</loc>{said}</url>"


def _sitemap(element: str, entries: Iterable[str]) -> str:
    return _OPENING % element + "\n".join(entries) + f"\n</{element}>\n"


def _both(name: str, text: str) -> Iterator[File]:
    """The file as it is, and compressed."""
    yield File(name, partial(text.encode, "utf-8"))
    yield File(f"{name}.gz", partial(compressed, text))


def compressed(text: str) -> bytes:
    """`text` for a `.gz` file, the same bytes whenever it is written."""
    return gzip.compress(text.encode("utf-8"), mtime=0)
