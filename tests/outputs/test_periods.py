"""An incident that lasts for days and months: what is said of it under each of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import sites

from status_tool.outputs import pages, search_index
from status_tool.outputs.host_pages import SearchIndex
from status_tool.render.context import RenderContext

NOW = "2026-11-25T18:00:00Z"
SLOW = """\
title: Slow uploads
updates:
- at: 2026-11-16T08:00:00Z
  status: investigating
  components: {api: degraded_performance}
  message: Uploads are slow.
- at: 2026-11-25T07:00:00Z
  status: identified
  message: A disk is broken.
- at: 2026-11-25T17:00:00Z
  status: identified
  edited: 2026-11-25T17:10:00Z
  message: A disk is being replaced today.
"""


def context_of(tmp_path: Path, now: str = NOW, **files: str) -> RenderContext:
    return sites.context_at(sites.make(tmp_path / "s", {f"{id}.yml": text for id, text in files.items()}), now)


def days(html: str) -> dict[str, str]:
    """Heading of a day or a section -> what is listed below it, as text."""
    parts = re.split(r"<h[123]>(.*?)</h[123]>", html.replace("</li>", " | "))
    texts = (" ".join(re.sub(r"<[^>]*>", " ", part).split()) for part in parts)
    return dict(zip(*[iter([*texts][1:])] * 2, strict=True))


def test_a_day_has_what_was_said_on_it_and_no_later_words(tmp_path: Path) -> None:
    home = days(pages.home(context_of(tmp_path, slow=SLOW)).body)

    assert home["25 November 2026"] == (
        "Ongoing: Slow uploads Identified · 17:00 UTC edited 25 November 2026, 17:10 UTC "
        "A disk is being replaced today. |"
    )
    assert home["24 November 2026"] == "Ongoing: Slow uploads |"
    assert home["16 November 2026"].endswith("API Investigating · 08:00 UTC Uploads are slow. |")


def test_a_day_on_which_nothing_was_said_has_the_newest_words_with_their_date(tmp_path: Path) -> None:
    late = SLOW.replace("title", "started: 2026-11-15T22:00:00Z\ntitle")
    home = days(pages.home(context_of(tmp_path, slow=late)).body)

    assert home["15 November 2026"].endswith(
        "25 November 2026, 17:00 UTC edited 25 November 2026, 17:10 UTC A disk is being replaced today. |"
    )
    assert home["16 November 2026"] == "Ongoing: Slow uploads Investigating · 08:00 UTC Uploads are slow. |"


def test_a_day_is_that_of_the_site_zone(tmp_path: Path) -> None:
    site = sites.make(
        tmp_path / "s",
        {"slow.yml": SLOW.replace("2026-11-25T07:00:00Z", "2026-11-23T23:30:00Z")},
        settings=sites.SETTINGS.replace("    renewed_by", "    timezone: Europe/Paris\n    renewed_by"),
    )
    home = days(pages.home(sites.context_at(site, NOW)).body)

    assert home["23 November 2026"] == "Ongoing: Slow uploads |"
    assert home["24 November 2026"] == "Ongoing: Slow uploads Identified · 00:30 CET A disk is broken. |"


@pytest.mark.parametrize("withdrawn", [False, True])
def test_lists_by_the_day_of_the_start_give_the_date_of_the_words(withdrawn: bool, tmp_path: Path) -> None:
    reason = "withdrawn: 2026-11-25T17:30:00Z\nreason: It was a test.\n" if withdrawn else ""
    context = context_of(tmp_path, slow=SLOW + reason)
    (month_page,) = pages.month_pages(context, next(iter(context.summary.by_month)))
    dated = (
        "25 November 2026, 17:30 UTC It was a test. |"
        if withdrawn
        else "25 November 2026, 17:00 UTC edited 25 November 2026, 17:10 UTC A disk is being replaced today. |"
    )

    assert days(pages.month(context, month_page).body)["16 November 2026"].split(" | ")[0].endswith(dated[:-2])
    assert dated in days(pages.component(context, context.summary.components[0]).body)["Incidents"]
    if withdrawn:
        assert dated in days(pages.home(context).body)["16 November 2026"]


def test_words_in_the_search_index_have_their_day(tmp_path: Path) -> None:
    context = context_of(tmp_path, slow=SLOW)
    index = json.loads(search_index.search_index(SearchIndex("search.json", {}, "docs", []), context))

    assert index["docs"][-1]["text"].splitlines() == [
        "2026-11-16",
        "API",
        "2026-11-25: A disk is being replaced today.",
        "2026-11-25: A disk is broken.",
        "2026-11-16: Uploads are slow.",
    ]
