"""A replay in a real browser: nothing on it happens by the reader's clock, and nobody takes it for the present."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sites as small_sites
from browsing import Live, violations
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.slow

NOW, YEARS_LATER = small_sites.NOW, "2031-05-01T12:00:00Z"
FILES = {
    "2026-11-23-api-errors.md": small_sites.API_ERRORS.replace("  message", "  next: 2h\n  message"),
    "2026-11-23-work.yml": small_sites.work("2026-11-23T15:00:00Z", "2026-11-23T16:00:00Z", "website"),
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a reader in Paris, years after the time of the replay."""
    context = browser.new_context(timezone_id="Europe/Paris", viewport={"width": 390, "height": 600})
    found = context.new_page()
    found.clock.install(time=YEARS_LATER)
    yield found
    context.close()


@pytest.mark.parametrize(
    "path", ["", "incidents/2026-11-23-api-errors/", "components/website/", "history/2026-11/", "embed.html"]
)
def test_nothing_becomes_old_or_overdue_or_begins_in_a_replay_years_later(path: str, live: Live, page: Page) -> None:
    live.make(FILES, is_replay=True)
    page.goto(live.url + path, wait_until="networkidle")
    before = page.locator("body").inner_text()
    asked = live.asked
    page.clock.fast_forward("02:00:00")

    assert page.locator("body").inner_text() == before
    assert live.asked == asked
    expect(page.locator(".st-stale:visible, .st-overdue:visible, .st-unchecked:visible, .st-ago")).to_have_count(0)
    expect(page.locator(".st-old, .st-planned")).to_have_count(0)


def test_a_replay_shows_the_readers_own_times(live: Live, page: Page) -> None:
    live.make(FILES, is_replay=True)
    page.goto(live.url)

    expect(page.locator(".st-hero h1")).to_have_text("Major outage")
    expect(page.locator(".st-hero p")).to_have_text("As of 23 November 2026, 14:05 UTC (15:05 your time)")
    expect(page.locator(".st-due")).to_contain_text("Next update by 23 November 2026, 15:00 UTC")
    assert page.title().startswith("Replay: Major outage")


def test_the_same_page_in_an_ordinary_build_is_old_and_overdue(live: Live, page: Page) -> None:
    """The twin of the tests above: it is the mark of a replay that makes the difference."""
    live.make(FILES)
    page.goto(live.url)

    expect(page.locator(".st-hero h1")).to_have_text("Not known: this page is out of date")
    expect(page.locator(".st-overdue")).to_be_visible()
    expect(page.locator(".st-replay")).to_have_count(0)


@pytest.mark.parametrize("path", ["", "incidents/2026-11-23-api-errors/", "history/", "subscribe/"])
def test_the_band_stands_on_top_without_scripts(path: str, live: Live, browser: Browser) -> None:
    live.make(FILES, is_replay=True)
    page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 600}).new_page()
    page.goto(live.url + path)
    band = page.locator(".st-replay")

    expect(band).to_be_in_viewport(ratio=1)
    expect(band).to_contain_text("Replay: as of 23 November 2026, 14:05 UTC")
    assert band.bounding_box()["y"] < page.locator(".st h1").bounding_box()["y"]  # type: ignore[index]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_the_band(scheme: str, live: Live, browser: Browser) -> None:
    live.make(FILES, is_replay=True)
    page = browser.new_context(color_scheme=scheme).new_page()  # type: ignore[arg-type]
    page.goto(live.url, wait_until="networkidle")

    assert violations(page) == []


def test_an_open_page_does_not_take_a_replay_for_news(live: Live, page: Page) -> None:
    page.clock.set_system_time(NOW)
    live.make(FILES)
    page.goto(live.url, wait_until="networkidle")
    live.build("2026-11-22T00:00:00Z", is_replay=True)
    page.clock.fast_forward("01:05")
    since = "Could not check for news since 23 November 2026, 14:05 UTC (15:05 your time)."
    expect(page.locator(".st-unchecked")).to_have_text(since)
    live.build("2027-01-01T00:00:00Z", is_replay=True)
    page.clock.fast_forward("01:05")

    expect(page.locator(".st-unchecked")).to_be_visible()
    expect(page.locator(".st-hero h1")).to_have_text("Major outage")
    expect(page.locator(f".st[data-written='{NOW}']")).to_have_count(1)


STORY = """\
---
title: API errors
replay: true
updates:
- at: 2026-11-23T13:00:00Z
  status: investigating
  components: {api: major_outage}
  next: 10m
  message: We are looking into it.
- {at: 2026-11-23T13:30:00Z, status: identified, message: We found the cause.}
- {at: 2026-11-23T14:00:00Z, status: resolved, message: All is well again.}
---
Why it happened.
"""
STEPS = {
    "20261123T130000Z": ("Major outage", "We are looking into it."),
    "20261123T133000Z": ("Major outage", "We found the cause."),
    "20261123T140000Z": ("All systems operational", "All is well again."),
}
"""Path of a step -> the headline, and the newest words."""
FOLDER = "incidents/2026-11-23-api-errors/"


def expect_step(page: Page, stamp: str) -> None:
    headline, words = STEPS[stamp]
    time = f"{stamp[9:11]}:{stamp[11:13]}"
    assert page.url.endswith(f"/{FOLDER}replay/{stamp}/")
    expect(page.locator(".st-replay")).to_contain_text(f"Replay: as of 23 November 2026, {time} UTC")
    expect(page.locator(".st-hero h1")).to_have_text(headline)
    expect(page.locator(".st-steps [aria-current=page]")).to_have_text(time)
    expect(page.get_by_text(words).first).to_be_visible()


def neighbours(page: Page) -> tuple[bool, bool]:
    """Whether there is an update before this step, and one after it."""
    previous, following = (page.get_by_role("link", name=name) for name in ("Previous update", "Next update"))
    return previous.count() == 1, following.count() == 1


def test_the_steps_lead_through_the_day_and_back_without_scripts(live: Live, browser: Browser) -> None:
    live.make({"2026-11-23-api-errors.md": STORY})
    page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 600}).new_page()
    page.goto(live.url)
    expect(page.locator(".st-replay")).to_have_count(0)
    page.get_by_role("link", name="13:00: Investigating").click()
    first, second, last = STEPS
    for stamp in (first, second, last):
        expect_step(page, stamp)
        assert neighbours(page) == (stamp != first, stamp != last)
        if stamp != last:
            page.get_by_role("link", name="Next update").click()
    for stamp in (second, first):
        page.get_by_role("link", name="Previous update").click()
        expect_step(page, stamp)
    page.get_by_role("link", name="14:00: Resolved").click()
    expect_step(page, last)
    page.get_by_role("link", name="The whole incident").click()
    assert page.url == live.url + FOLDER
    page.get_by_role("link", name="The home page as readers saw it").click()
    expect_step(page, first)
    page.get_by_role("link", name="Current state").click()
    assert page.url == live.url


def test_a_step_is_reached_by_keyboard(live: Live, browser: Browser) -> None:
    live.make({"2026-11-23-api-errors.md": STORY})
    page = browser.new_page()
    page.goto(f"{live.url}{FOLDER}replay/20261123T130000Z/")
    page.locator(".st-steps a").first.focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/20261123T140000Z/")

    expect_step(page, "20261123T140000Z")


def test_a_step_of_an_ordinary_site_stays_as_it_was_for_ever(live: Live, page: Page) -> None:
    live.make({"2026-11-23-api-errors.md": STORY})
    page.goto(f"{live.url}{FOLDER}replay/20261123T130000Z/", wait_until="networkidle")
    asked = live.asked
    page.clock.fast_forward("02:00:00")

    expect_step(page, "20261123T130000Z")
    expect(page.locator(".st-due")).to_be_visible()
    expect(page.locator(".st-overdue, .st-stale")).to_have_count(2)
    expect(page.locator(".st-overdue:visible, .st-stale:visible")).to_have_count(0)
    assert live.asked == asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_steps(scheme: str, live: Live, browser: Browser) -> None:
    """Two replays at once, on a home page and at a step."""
    other = STORY.replace("API errors", "Mail is late").replace("api:", "website:").replace("T13:00", "T12:30")
    live.make({"2026-11-23-api-errors.md": STORY, "2026-11-23-mail.md": other})
    page = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 600}).new_page()  # type: ignore[arg-type]
    for path in ("", FOLDER, f"{FOLDER}replay/20261123T133000Z/"):
        page.goto(live.url + path, wait_until="networkidle")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
