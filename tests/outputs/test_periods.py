"""An incident that lasts for days and months: what is said of it under each of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import sites

from status_tool.outputs import pages, search_index, status_json
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
OVER = f"""{SLOW}\
- at: 2026-11-25T17:30:00Z
  status: resolved
  message: Uploads are fast.
"""
LONG = """\
title: Over New Year
started: 2025-10-31T23:30:00Z
ended: 2026-02-01T00:00:00Z
updates:
- {at: 2025-11-01T00:10:00Z, status: investigating, components: {website: partial_outage}, message: We look.}
- {at: 2026-02-01T09:00:00Z, status: resolved, message: It is over.}
"""


def context_of(tmp_path: Path, now: str = NOW, **files: str) -> RenderContext:
    return sites.context_at(sites.make(tmp_path / "s", {f"{id}.yml": text for id, text in files.items()}), now)


def days(html: str) -> dict[str, str]:
    """Heading of a day or a section -> what is listed below it, as text."""
    parts = re.split(r"<h[123]>(.*?)</h[123]>", html.replace("</li>", " | "))
    texts = (" ".join(re.sub(r"<[^>]*>", " ", part).split()) for part in parts)
    return dict(zip(*[iter([*texts][1:])] * 2, strict=True))


def test_a_day_has_what_was_said_on_it_and_no_later_words(tmp_path: Path) -> None:
    home = days(pages.home(context_of(tmp_path, slow=OVER)).body)

    assert home["25 November 2026"] == "Ongoing: Slow uploads Resolved · 17:30 UTC Uploads are fast. |"
    assert home["24 November 2026"] == "Ongoing: Slow uploads |"
    assert home["16 November 2026"].endswith("API Investigating · 08:00 UTC Uploads are slow. |")


def test_a_day_on_which_nothing_was_said_has_the_newest_words_with_their_date(tmp_path: Path) -> None:
    late = OVER.replace("title", "started: 2026-11-15T22:00:00Z\ntitle")
    home = days(pages.home(context_of(tmp_path, slow=late)).body)

    assert home["15 November 2026"].endswith("API 25 November 2026, 17:30 UTC Uploads are fast. |")
    assert home["16 November 2026"] == "Ongoing: Slow uploads Investigating · 08:00 UTC Uploads are slow. |"


def test_a_day_is_that_of_the_site_zone(tmp_path: Path) -> None:
    site = sites.make(
        tmp_path / "s",
        {"slow.yml": OVER.replace("2026-11-25T07:00:00Z", "2026-11-23T23:30:00Z")},
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


def test_every_month_in_which_an_incident_lasted_lists_it(tmp_path: Path) -> None:
    context = context_of(tmp_path, long=LONG, slow=SLOW)
    months = {f"{month:%Y-%m}": [found.id for found in listed] for month, listed in context.summary.by_month.items()}
    document = json.loads(status_json.month(context, min(context.summary.by_month)))

    assert months == {
        "2026-11": ["slow"],
        "2026-01": ["long"],
        "2025-12": ["long"],
        "2025-11": ["long"],
        "2025-10": ["long"],
    }
    assert [incident["id"] for incident in document["incidents"]] == ["long"]
    assert [(entry["month"], entry["incidents"]) for entry in json.loads(status_json.months(context))["months"]] == [
        (month, len(listed)) for month, listed in months.items()
    ]


def test_the_page_of_a_month_names_apart_what_began_earlier(tmp_path: Path) -> None:
    began = LONG.replace("New Year", "Christmas").replace("2025-10-31T23:30:00Z", "2025-12-24T09:00:00Z")
    began = began.replace("2025-11-01T00:10:00Z", "2025-12-24T09:00:00Z")
    context = context_of(tmp_path, long=LONG, christmas=began)
    december = next(month for month in context.summary.by_month if month.month == 12)
    listed = days(pages.month(context, pages.month_pages(context, december)[0]).body)

    assert listed["24 December 2025"].startswith("Over Christmas Resolved 09:00 UTC – 1 February 2026, ")
    assert listed["Began earlier"].startswith("Over New Year Resolved 31 October 2025, 23:30 UTC – ")


def test_a_year_counts_what_lasted_in_it_and_no_more_time_than_it_had(tmp_path: Path) -> None:
    context = context_of(tmp_path, now="2026-11-25T12:00:00Z", long=LONG, again=LONG, slow=SLOW)
    years = days(pages.history(context).body)

    # In 2026: 31 days until February, counted once, and 9 days and 4 hours since 16 November.
    assert years["2026"].startswith(
        "Incidents 3 Total duration 40 d 4 h Time to first update (median) not recorded "
        "Longest time between updates 31 d"
    )
    assert years["2025"].startswith("Incidents 2 Total duration 61 d 30 min Time to first update (median) 40 min")


def test_every_link_leads_to_a_page_while_incidents_last_for_months(tmp_path: Path) -> None:
    ongoing = {f"2026-08-20-x{n}.md": sites.API_ERRORS.replace("2026-11-23", "2026-08-20") for n in range(12)}
    site = sites.make(tmp_path / "s", {"long.yml": LONG, "slow.yml": SLOW, **ongoing})
    for path, content in sites.files_of(sites.context_at(site, NOW)).items():
        file = tmp_path / "site" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    # The writer adds the manifest.
    assert sites.dead_links(tmp_path / "site") == [("subscribe/index.html", "../manifest.json")]
    assert (tmp_path / "site/history/2026-09/index.html").read_text().count("API errors") == 12


def test_the_sitemap_lists_a_long_incident_once(tmp_path: Path) -> None:
    files = sites.files_of(context_of(tmp_path, long=LONG))
    addresses = re.findall("<loc>https://status.example.org/(.*?)</loc>", files["sitemap.xml"].decode())

    assert len(addresses) == len(set(addresses))
    assert {"incidents/long/", "history/2025-10/", "history/2026-01/"} < set(addresses)


def test_a_past_month_that_an_open_incident_lasted_through_is_made_again_only_with_its_file(tmp_path: Path) -> None:
    open_since = sites.API_ERRORS.replace("2026-11-23", "2026-08-20")
    site = sites.make(tmp_path / "s", {"open.md": open_since, "work.yml": sites.work("2026-10-31T00:00Z", NOW)})

    def of_month(now: str, month: str) -> tuple[str, bytes]:
        path = f"history/2026-{month}/index.html"
        (file,) = [file for file in sites.planned(sites.context_at(site, now)) if file.path == path]
        return file.input_digest, file.make()

    digest, page = of_month(NOW, "09")
    assert (digest, page) == of_month("2026-11-25T19:00:00Z", "09")
    assert digest
    assert days(page.decode())["Began earlier"].startswith("API errors since 20 August 2026, 13:00 UTC API")
    assert b"data-written" not in page
    assert [of_month(NOW, month)[0] for month in ("08", "10", "11")] == [""] * 3
    (site / "incidents" / "open.md").write_text(open_since.replace("into it", "closer"))
    assert of_month(NOW, "09")[0] not in ("", digest)
