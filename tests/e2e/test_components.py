"""The components on the home page in a browser: groups that fold, and what each day of a bar says without a mouse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import kinds
import pytest
import sites as small_sites
from browsing import Live, violations
from playwright.sync_api import Browser, Locator, Page, expect
from sites import API_ERRORS, RESOLVED

pytestmark = pytest.mark.slow

WORK = small_sites.work("2026-11-23T15:00:00Z", "2026-11-23T16:00:00Z")
OVER = RESOLVED.replace("{website:", "{api:")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        timezone_id="UTC", viewport={"width": 390, "height": 700}, has_touch=True, reduced_motion="reduce"
    )
    found = context.new_page()
    found.clock.install(time=small_sites.NOW)
    yield found
    context.close()


def make(live: Live, incidents: dict[str, str], language: str = "en", more: int = 25) -> None:
    """A site of `api` and 25 more components, so that the group Platform is folded while all is well."""
    rest = "".join(f"    - {{{{id: more-{n}, name: More {n}, group: More}}}}\n" for n in range(more))
    palette = f"language: {{language}}, palette: {kinds.PALETTE}"
    settings = small_sites.SETTINGS.replace("language: {language}", palette) + rest
    small_sites.make(live.folder, incidents, url=live.url, language=language, settings=settings)
    live.build(small_sites.NOW)


def group(page: Page, name: str) -> Locator:
    return page.locator("details.st-group").filter(has=page.locator("summary", has_text=name))


def test_a_group_changes_with_its_components_and_unfolds_when_work_begins(live: Live, page: Page) -> None:
    make(live, {"2026-11-23-work.yml": WORK})
    page.goto(live.url)
    state, api = group(page, "Platform").locator("summary .st-state"), page.locator('.st-part [data-component="api"]')
    expect(state).to_have_text("Operational")
    expect(api).to_be_hidden()

    page.clock.fast_forward("56:00")
    expect(state).to_have_text("Under maintenance")
    expect(state).to_have_class("st-state st-under_maintenance")
    expect(api).to_be_visible()
    expect(group(page, "More")).not_to_have_attribute("open", "")

    group(page, "Platform").locator("summary").click()
    page.clock.fast_forward("00:30")
    expect(api).to_be_hidden()  # the reader has folded it
    page.clock.fast_forward("59:00")
    expect(group(page, "Platform").locator("summary .st-state")).to_have_class("st-state st-operational")


def test_news_leave_folds_as_the_reader_left_them_and_show_what_went_wrong(live: Live, page: Page) -> None:
    make(live, {"2026-11-23-errors.md": API_ERRORS.replace("api:", "website:"), "2026-11-20-slow.yml": OVER})
    page.goto(live.url)
    group(page, "More").locator("summary").press("Enter")
    expect(page.locator('.st-part [data-component="more-1"]')).to_be_visible()
    live.write("2026-11-23-more.md", API_ERRORS.replace("13:00", "14:06"))
    live.build("2026-11-23T14:07:00Z")
    page.clock.fast_forward("03:00")

    expect(page.locator(".st-open")).to_have_count(2)
    expect(page.locator('.st-part [data-component="api"]')).to_be_visible()
    expect(page.locator('.st-part [data-component="more-1"]')).to_be_visible()
    expect(group(page, "More").locator("summary")).to_be_focused()


@pytest.mark.parametrize(("language", "left", "right"), [("en", -1, 1), ("fr", -1, 1), ("ar", 1, -1)])
def test_each_day_of_a_bar_is_named_by_touch_and_by_arrow_keys(
    language: str, left: int, right: int, live: Live, page: Page
) -> None:
    make(live, {"2026-11-20-slow.yml": OVER}, language, more=0)
    page.goto(live.url)
    part = page.locator(".st-part").first
    track, said, legend = part.locator(".st-track"), part.locator(".st-day-said"), part.locator(".st-bar-legend")
    days = {
        "en": ["19 November 2026: Operational", "20 November 2026: Degraded performance, 2 h 30 min"],
        "fr": ["19 novembre 2026\u00a0: Opérationnel", "20 novembre 2026\u00a0: Performances dégradées, 2 h 30 min"],
        "ar": ["19 نوفمبر 2026: Operational", "20 نوفمبر 2026: Degraded performance, 2 h 30 min"],
    }[language]
    expect(said).to_be_hidden()
    width = track.bounding_box()["width"]  # type: ignore[index]
    middle = width * 86.5 / 90  # the last bar but three
    track.tap(position={"x": middle if right == 1 else width - middle, "y": 15})
    expect(said).to_have_text(days[1])
    expect(legend).to_be_hidden()

    page.keyboard.press("ArrowLeft" if left == -1 else "ArrowRight")
    expect(said).to_have_text(days[0])
    expect(track).to_have_attribute("aria-valuetext", days[0])
    page.keyboard.press("Home")
    expect(track).to_have_attribute("aria-valuenow", "0")
    page.keyboard.press("ArrowDown")
    expect(track).to_have_attribute("aria-valuenow", "0")
    page.keyboard.press("End")
    expect(track).to_have_attribute("aria-valuenow", "89")

    page.keyboard.press("Tab")
    expect(said).to_be_hidden()
    expect(legend).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nobody_is_shut_out_of_what_unfolds(
    language: str, scheme: Literal["light", "dark"], live: Live, browser: Browser
) -> None:
    more = "- {at: 2026-11-23T13:30:00Z, status: identified, components: {api: partial_outage}, message: Found.}\n---\n"
    down = API_ERRORS.removesuffix("---\n") + more
    make(live, {"2026-11-23-down.md": down, "2026-11-20-slow.yml": OVER}, language)
    context = browser.new_context(viewport={"width": 390, "height": 700}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.clock.install(time=small_sites.NOW)
    page.goto(live.url)
    folded = violations(page)
    page.locator("details.st-fold").evaluate_all("folds => { for (const fold of folds) fold.open = true }")
    page.locator(".st-track").first.focus()
    slider = page.get_by_role("slider", name="API: 2 of the last 90 days were not fully operational.", exact=True)

    expect(slider).to_be_focused()
    assert (folded, violations(page)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    context.close()


def test_without_scripts_the_days_that_were_not_well_unfold_as_a_list(live: Live, browser: Browser) -> None:
    make(live, {"2026-11-20-slow.yml": OVER}, more=0)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live.url)
    days = page.locator(".st-part").first.locator("details.st-days")
    days.locator("summary").press("Enter")

    expect(days.locator("li")).to_have_text("20 November 2026: Degraded performance, 2 h 30 minSlow website")
    expect(days.locator("li a")).to_have_attribute("href", "incidents/2026-11-20-slow/")
    expect(page.locator(".st-track").first).not_to_have_attribute("tabindex", "0")
    context.close()


def test_on_paper_every_group_is_unfolded(live: Live, page: Page) -> None:
    make(live, {"2026-11-20-slow.yml": OVER})
    page.goto(live.url)
    page.emulate_media(media="print")

    assert page.locator(".st-group .st-part").evaluate_all(
        "all => all.every(e => e.checkVisibility({contentVisibilityAuto: true}))"
    )
    assert page.locator(".st-group .st-part").evaluate_all("all => all.every(e => e.offsetHeight > 20)")
