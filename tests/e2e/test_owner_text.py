"""What the owner says on the home page, in a browser: an announcement, and the text of an index.md."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sites as small_sites
from browsing import Live, violations
from playwright.sync_api import Browser, Page, expect
from sites import API_ERRORS

pytestmark = pytest.mark.slow

ANNOUNCEMENT = '    announcement: {{text: "Closed on **1 May**.", until: 2026-11-23}}\n'


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(timezone_id="UTC", viewport={"width": 390, "height": 800}, bypass_csp=True)
    found = context.new_page()
    found.clock.install(time=small_sites.NOW)
    yield found
    context.close()


def test_an_index_stands_above_the_components_and_stays_there_when_news_arrive(live: Live, page: Page) -> None:
    settings = small_sites.SETTINGS.replace("    components:", f"{ANNOUNCEMENT}    components:")
    small_sites.make(live.folder, {"2026-11-23-api-errors.md": API_ERRORS}, url=live.url, settings=settings)
    (live.folder / "docs" / "index.md").write_text("# Welcome\n\nWe have moved, see [About](about.md).\n\n    code\n")
    live.build(small_sites.NOW)
    page.goto(live.url)
    tops = [".st-hero", ".st-announcement", ".st-open", ".st-own", ".st-group"]
    places = [page.locator(place).first.bounding_box() for place in tops]

    assert [place["y"] for place in places if place] == sorted(place["y"] for place in places if place)
    assert all(places)
    assert page.locator(".st-own a").evaluate("link => link.href") == f"{live.url}about/"
    assert violations(page) == []

    page.evaluate("document.querySelector('.st-own').dataset.seen = 'yes'")
    live.write("2026-11-23-api-errors.md", API_ERRORS.replace("looking into it", "working on it"))
    live.build("2026-11-23T14:06:00Z")
    page.clock.fast_forward("01:05")
    expect(page.locator(".st-open")).to_contain_text("working on it")
    expect(page.locator(".st-own[data-seen]")).to_contain_text("We have moved, see About.")
    expect(page.locator(".st-own")).to_have_count(1)


def test_an_open_page_hides_an_announcement_that_has_had_its_time(live: Live, page: Page) -> None:
    live.make({}, more=ANNOUNCEMENT + "    allow_empty: true\n")
    page.goto(live.url)
    expect(page.get_by_role("region", name="Announcement")).to_contain_text("Closed on 1 May.")
    page.clock.fast_forward("09:54:00")
    expect(page.locator(".st-announcement")).to_be_visible()
    page.clock.fast_forward("01:30")

    expect(page.locator(".st-announcement")).to_be_hidden()
    expect(page.locator(".st-own")).to_be_hidden()  # there is no index.md


@pytest.mark.parametrize("width", [390, 1280])
def test_the_banner_leads_to_the_ways_to_subscribe(width: int, live: Live, page: Page) -> None:
    live.make({"2026-11-23-api-errors.md": API_ERRORS}, language="fr")
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(live.url)
    button, hero = page.locator(".st-hero a"), page.locator(".st-hero").bounding_box()
    box = button.bounding_box()

    assert hero and box
    assert hero["x"] < box["x"] and box["x"] + box["width"] < hero["x"] + hero["width"]
    assert hero["y"] < box["y"] and box["y"] + box["height"] < hero["y"] + hero["height"]
    button.click()
    expect(page.locator("h1")).to_have_text("S’abonner")
