"""An open page as time passes: promises lapse, windows open and close, copies age, news arrive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sites as small_sites
from browsing import Live
from playwright.sync_api import Browser, Page, expect
from sites import API_ERRORS

pytestmark = pytest.mark.slow

NOW = small_sites.NOW
PROMISING = API_ERRORS.replace("  message", "  next: 2h\n  message")
WORK = small_sites.work("2026-11-23T15:00:00Z", "2026-11-23T16:00:00Z")
NEWS = """\
- at: 2026-11-23T14:06:00Z
  status: identified
  components: {api: partial_outage}
  message: We found the cause.
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose clock stands at NOW until it is moved."""
    context = browser.new_context(timezone_id="UTC", viewport={"width": 390, "height": 600})
    found = context.new_page()
    found.clock.install(time=NOW)
    yield found
    context.close()


def test_a_promise_lapses_before_the_readers_eyes(live: Live, page: Page) -> None:
    live.make({"2026-11-23-api-errors.md": PROMISING})
    for path in ("", "incidents/2026-11-23-api-errors/"):
        page.clock.set_system_time(NOW)
        page.goto(live.url + path)
        expect(page.locator(".st-due")).to_have_text("Next update by 23 November 2026, 15:00 UTC")
        expect(page.locator(".st-overdue")).to_be_hidden()
        page.clock.fast_forward("56:00")

        expect(page.locator(".st-due")).to_be_hidden()
        expect(page.locator(".st-overdue")).to_have_text(
            "Overdue: the next update was promised by 23 November 2026, 15:00 UTC"
        )


def test_a_promise_broken_before_the_build_is_told_without_scripts(live: Live, browser: Browser) -> None:
    live.make({"2026-11-23-api-errors.md": PROMISING}, now="2026-11-23T15:01:00Z")
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(live.url)

    expect(page.locator(".st-promise")).to_contain_text("Overdue")
    expect(page.locator(".st-due")).to_be_hidden()


def outlook(page: Page) -> dict[str, Any]:
    return {
        "title": page.title().partition(" - ")[0],
        "hero": page.locator(".st-hero h1").inner_text(),
        "since": page.locator(".st-hero p").inner_text(),
        "as of": page.locator(".st-hero time").get_attribute("datetime"),
        "state": page.locator(".st-hero").get_attribute("class"),
        "api": page.locator('.st-part-head [data-component="api"]').inner_text(),
        "tag": page.locator(".st-tag").first.inner_text(),
        "icon": "%232f5fd0" in str(page.locator('link[rel="icon"]').get_attribute("href")),
    }


BEFORE = {
    "title": "All systems operational",
    "hero": "All systems operational",
    "since": "As of 23 November 2026, 14:05 UTC",
    "as of": NOW,
    "state": "st-hero st-operational",
    "api": "Operational",
    "tag": "Scheduled",
    "icon": False,
}
DURING = {
    "title": "Maintenance in progress",
    "hero": "Maintenance in progress",
    "since": "As of 23 November 2026, 14:05 UTC, and as planned since",
    "as of": NOW,
    "state": "st-hero st-under_maintenance",
    "api": "Under maintenance",
    "tag": "In progress",
    "icon": True,
}
AFTER = {**BEFORE, "since": DURING["since"], "tag": "Completed"}


def test_a_window_opens_and_closes_in_an_open_page(live: Live, page: Page) -> None:
    live.make({"2026-11-23-work.yml": WORK})
    page.goto(live.url)
    assert outlook(page) == BEFORE
    page.clock.fast_forward("56:00")
    assert outlook(page) == DURING
    page.clock.fast_forward("59:00")
    assert outlook(page) == AFTER


def test_a_window_that_passed_while_the_laptop_slept_is_over(live: Live, page: Page) -> None:
    live.make({"2026-11-23-work.yml": WORK})
    page.goto(live.url)
    page.clock.set_system_time("2026-11-23T16:30:00Z")  # no timer ran
    assert outlook(page) == BEFORE
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")

    assert outlook(page) == AFTER


@pytest.mark.parametrize("path", ["incidents/2026-11-23-work/", "components/api/", "history/2026-11/"])
def test_every_page_that_names_planned_work_knows_when_it_begins(path: str, live: Live, page: Page) -> None:
    live.make({"2026-11-23-work.yml": WORK})
    page.goto(live.url + path)
    expect(page.locator(".st-tag").first).to_have_text("Scheduled")
    page.clock.fast_forward("56:00")

    expect(page.locator(".st-tag").first).to_have_text("In progress")


def test_an_outage_during_planned_work_shows_as_an_outage(live: Live, page: Page) -> None:
    live.make({"2026-11-23-work.yml": WORK, "2026-11-23-api-errors.md": API_ERRORS})
    page.goto(live.url)
    page.clock.fast_forward("56:00")

    expect(page.locator(".st-hero h1")).to_have_text("Major outage")
    expect(page.locator('.st-part-head [data-component="api"]')).to_have_text("Major outage")


def test_news_arrive_by_themselves_and_the_reader_stays_in_place(live: Live, page: Page) -> None:
    live.make({"2026-11-23-api-errors.md": API_ERRORS})
    page.goto(live.url)
    page.locator(".st-more a").last.focus()
    page.evaluate("scrollBy(0, 100)")
    place = "document.activeElement.getBoundingClientRect().top"
    before = page.evaluate(place)
    live.write("2026-11-23-api-errors.md", API_ERRORS.removesuffix("---\n") + NEWS + "---\n")
    live.build("2026-11-23T14:06:00Z")
    page.clock.fast_forward("01:05")

    expect(page.locator(".st-open")).to_contain_text("We found the cause.")
    expect(page.locator(".st-hero h1")).to_have_text("Partial outage")
    assert page.title().startswith("Partial outage")
    assert page.evaluate(place) == pytest.approx(before, abs=1)
    assert page.evaluate("document.activeElement.getAttribute('href')") == "history/"


def test_a_build_without_news_only_makes_the_page_younger(live: Live, page: Page) -> None:
    live.make({"2026-11-23-api-errors.md": API_ERRORS}, more="    stale_after: 12m\n")
    page.goto(live.url)
    page.evaluate("document.querySelector('.st').dataset.mark = 'the same'")
    page.clock.fast_forward("09:00")
    live.build("2026-11-23T14:14:00Z")
    page.clock.fast_forward("01:30")
    expect(page.locator(".st[data-written='2026-11-23T14:14:00Z'][data-mark]")).to_have_count(1)
    page.clock.fast_forward("03:00")

    expect(page.locator(".st-stale")).to_be_hidden()
    expect(page.locator(".st-hero h1")).to_have_text("Major outage")


def test_an_old_copy_claims_nothing_and_takes_a_newer_one(live: Live, page: Page) -> None:
    live.make({"2026-11-20-slow-website.yml": small_sites.RESOLVED}, more="    stale_after: 10m\n")
    page.goto(live.url)
    page.clock.fast_forward("10:30")
    expect(page.locator(".st-hero h1")).to_have_text("Not known: this page is out of date")
    expect(page.locator(".st-hero p")).to_have_text(
        re.compile("^All systems operational · As of 23 November 2026, 14:05 UTC")
    )
    expect(page.locator(".st-hero")).to_have_class("st-hero st-unknown")
    assert page.title().startswith("Not known: this page is out of date")
    assert "%235f6b7a" in str(page.locator('link[rel="icon"]').get_attribute("href"))
    live.build("2026-11-23T14:16:00Z")
    page.clock.fast_forward("01:05")

    expect(page.locator(".st-hero h1")).to_have_text("All systems operational")
    expect(page.locator(".st-hero")).to_have_class("st-hero st-operational")
    expect(page.locator(".st-stale")).to_be_hidden()
    assert page.title().startswith("All systems operational")


def test_an_outage_reported_during_a_window_that_began_in_the_open_page_arrives(live: Live, page: Page) -> None:
    live.make({"2026-11-23-work.yml": WORK})
    page.goto(live.url)
    page.clock.fast_forward("56:00")
    expect(page.locator(".st-hero h1")).to_have_text("Maintenance in progress")
    live.write("2026-11-23-api-errors.md", API_ERRORS.replace("T13:00", "T15:01"))
    live.build("2026-11-23T15:02:00Z")
    page.clock.fast_forward("01:05")

    expect(page.locator(".st-hero h1")).to_have_text("Major outage")


def test_a_page_that_cannot_ask_says_since_when(live: Live, page: Page) -> None:
    live.make({"2026-11-23-api-errors.md": API_ERRORS})
    page.goto(live.url, wait_until="networkidle")
    live.down()
    page.clock.fast_forward("01:05")
    expect(page.locator(".st-unchecked")).to_have_text("Could not check for news since 23 November 2026, 14:05 UTC.")
    page.clock.fast_forward("05:00")
    expect(page.locator(".st-unchecked")).to_have_text("Could not check for news since 23 November 2026, 14:05 UTC.")
    live.up()
    page.clock.fast_forward("01:05")

    expect(page.locator(".st-unchecked")).to_be_hidden()


def test_news_that_arrive_are_no_lack_of_news(live: Live, page: Page) -> None:
    live.make({"2026-11-23-api-errors.md": API_ERRORS})
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(live.url, wait_until="networkidle")
    live.write("2026-11-23-api-errors.md", API_ERRORS.removesuffix("---\n") + NEWS + "---\n")
    live.build("2026-11-23T14:06:30Z")
    page.clock.fast_forward("01:05")

    expect(page.locator(".st-hero h1")).to_have_text("Partial outage")
    expect(page.locator(".st-unchecked")).to_be_hidden()
    assert errors == []


def test_a_mistake_of_our_own_is_not_told_as_a_lack_of_news(live: Live, page: Page) -> None:
    live.make({"2026-11-23-api-errors.md": API_ERRORS})
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.add_init_script("Document.prototype.adoptNode = () => { throw new Error('renew failed') }")
    page.goto(live.url, wait_until="networkidle")
    live.write("2026-11-23-api-errors.md", API_ERRORS.removesuffix("---\n") + NEWS + "---\n")
    live.build("2026-11-23T14:06:30Z")
    with page.expect_console_message(lambda message: "renew failed" in message.text):
        page.clock.fast_forward("01:05")

    expect(page.locator(".st-unchecked")).to_be_hidden()
    expect(page.locator(".st-hero h1")).to_have_text("Major outage")
    assert ["renew failed" in error for error in errors] == [True]


@pytest.mark.parametrize(
    ("language", "zone", "reader", "now", "said"),
    [
        ("en", "America/New_York", "America/New_York", NOW, "since 23 November 2026, 09:05 EST."),
        ("en", "America/New_York", "Europe/Paris", NOW, "since 23 November 2026, 09:05 EST (15:05 your time)."),
        ("en", "UTC", "Asia/Tokyo", "2026-11-23T23:50:00Z",
         "since 23 November 2026, 23:50 UTC (24 November 2026 at 08:50 your time)."),
        ("en", "Asia/Kathmandu", "UTC", NOW, "since 23 November 2026, 19:50 UTC+05:45 (14:05 your time)."),
        ("fr", "Europe/Paris", "UTC", "2026-12-01T09:00:00Z",
         "depuis le 1er décembre 2026, 10:00 CET (09:00 chez vous)."),
    ],
)  # fmt: skip
def test_since_when_it_could_not_ask_is_said_as_every_other_time(
    language: str, zone: str, reader: str, now: str, said: str, live: Live, browser: Browser
) -> None:
    incidents = {"2026-11-23-api-errors.md": API_ERRORS}
    live.make(incidents, now, more=f"    timezone: {zone}\n", language=language)
    page = browser.new_context(timezone_id=reader).new_page()
    page.clock.install(time=now)
    page.goto(live.url, wait_until="networkidle")
    live.down()
    page.clock.fast_forward("01:05")

    expect(page.locator(".st-unchecked")).to_contain_text(said)
    page.context.close()
    live.up()


def test_a_zone_of_which_the_clocks_have_changed_meanwhile_has_its_new_name(live: Live, browser: Browser) -> None:
    before = "2026-10-25T00:55:00Z"  # in Paris, five minutes before the hour is told twice
    errors = API_ERRORS.replace("2026-11-23T13", "2026-10-24T13")
    live.make({"2026-10-24-api-errors.md": errors}, before, more="    timezone: Europe/Paris\n")
    page = browser.new_context(timezone_id="Europe/Paris").new_page()
    page.clock.install(time=before)
    page.goto(live.url, wait_until="networkidle")
    expect(page.locator(".st-hero time")).to_have_text("25 October 2026, 02:55 CEST")
    with page.expect_response("**/status.json") as answered:
        page.clock.fast_forward("10:00")
        page.clock.run_for(1000)
    answered.value.finished()
    live.down()
    page.clock.fast_forward("01:05")

    expect(page.locator(".st-unchecked")).to_contain_text("25 October 2026, 02:05 CET")
    page.context.close()
    live.up()


def test_a_page_with_nothing_open_asks_nobody(live: Live, page: Page) -> None:
    live.make({"2026-11-20-slow-website.yml": small_sites.RESOLVED})
    page.goto(live.url, wait_until="networkidle")
    before = live.asked
    page.clock.fast_forward("30:00")

    assert live.asked == before


def test_the_age_of_a_page_is_told_and_an_old_copy_names_the_others(live: Live, page: Page) -> None:
    live.make(
        {"2026-11-20-slow-website.yml": small_sites.RESOLVED}, more="    mirrors: [https://status.example.net/]\n"
    )
    page.goto(live.url)
    expect(page.locator(".st-ago")).to_have_text("(this minute)")
    page.clock.fast_forward("03:05:00")
    expect(page.locator(".st-ago")).to_have_text("(3 hours ago)")
    expect(page.locator(".st-stale")).to_be_hidden()
    page.clock.fast_forward("24:00:00")

    expect(page.locator(".st-ago")).to_have_text("(yesterday)")
    expect(page.locator(".st-stale")).to_be_visible()
    expect(page.locator(".st-stale a")).to_have_attribute("href", "https://status.example.net/")


def test_a_page_from_a_machine_whose_clock_is_days_ahead_claims_nothing(live: Live, page: Page) -> None:
    live.make({"2026-11-20-slow-website.yml": small_sites.RESOLVED}, now="2026-11-26T14:05:00Z")
    page.goto(live.url)

    expect(page.locator(".st-hero h1")).to_have_text("Not known: this page is out of date")
    expect(page.locator(".st-stale")).to_be_visible()


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "23 November 2026, 15:00–16:00 UTC"),
        ("Asia/Kathmandu", "23 November 2026, 15:00–16:00 UTC (20:45–21:45 your time)"),
        (
            "Australia/Brisbane",
            "23 November 2026, 15:00–16:00 UTC (24 November 2026 at 01:00 – 24 November 2026 at 02:00 your time)",
        ),
    ],
)
def test_planned_work_is_told_in_the_readers_own_time(zone: str, said: str, live: Live, browser: Browser) -> None:
    live.make({"2026-11-23-work.yml": WORK})
    page = browser.new_context(timezone_id=zone, locale="en-GB").new_page()
    page.clock.install(time=NOW)
    page.goto(live.url)

    expect(page.locator(".st-window").first).to_have_text(said)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", None),
        ("Pacific/Pago_Pago", "(02:00 your time)"),
        ("Pacific/Kiritimati", "(24 November 2026 at 03:00 your time)"),
        ("Pacific/Apia", "(24 November 2026 at 02:00 your time)"),
        ("America/New_York", "(08:00 your time)"),
    ],
)
def test_the_readers_own_time_stands_beside_ours(zone: str, said: str | None, live: Live, browser: Browser) -> None:
    live.make({"2026-11-23-api-errors.md": API_ERRORS})
    page = browser.new_context(timezone_id=zone, locale="en-GB").new_page()
    page.goto(live.url)
    beside = page.locator(".st-open .st-stamp .st-local")

    assert (beside.text_content() if beside.count() else None) == said
    expect(page.locator(".st-open .st-stamp")).to_contain_text("23 November 2026, 13:00 UTC")


@pytest.mark.parametrize("path", ["", "incidents/2026-11-23-api-errors/", "components/api/", "history/"])
def test_no_time_on_a_page_is_without_the_readers_own(path: str, live: Live, browser: Browser) -> None:
    edited = API_ERRORS.replace("  message", "  edited: 2026-11-23T13:30:00Z\n  next: 10m\n  message")
    live.make({"2026-11-23-api-errors.md": edited, "2026-11-23-work.yml": WORK})
    page = browser.new_context(timezone_id="Asia/Kathmandu", locale="en-GB").new_page()
    page.clock.install(time=NOW)
    page.goto(live.url + path)
    times = page.locator(".st time[datetime]")
    alone = [
        time.evaluate("time => time.parentElement.outerHTML")
        for time in times.all()
        if not time.evaluate("time => !!(time.closest('.st-window') ?? time).querySelector('.st-local')")
    ]

    assert times.count() > 1
    assert alone == []
    expect(page.locator(".st-written")).to_contain_text("14:05 UTC (19:50 your time)")
    page.context.close()


def test_the_overall_state_has_the_readers_own_time_and_keeps_it(live: Live, browser: Browser) -> None:
    live.make({"2026-11-23-work.yml": WORK})
    page = browser.new_context(timezone_id="Asia/Kathmandu", locale="en-GB").new_page()
    page.clock.install(time=NOW)
    page.goto(live.url)
    expect(page.locator(".st-hero time")).to_have_text("23 November 2026, 14:05 UTC (19:50 your time)")
    page.clock.fast_forward("56:00")

    expect(page.locator(".st-hero h1")).to_have_text("Maintenance in progress")
    expect(page.locator(".st-hero time")).to_have_text("23 November 2026, 14:05 UTC (19:50 your time)")
    page.context.close()


BROKEN = {
    "an unknown zone": "document.addEventListener('readystatechange', () => {"
    " for (const page of document.querySelectorAll('.st[data-zone]')) page.dataset.zone = 'posix/Europe/Paris' })",
    "an unknown language": "document.addEventListener('readystatechange', () => {"
    " document.documentElement.lang = 'x_y' })",
    "no local times": "Date.prototype.toLocaleString = () => { throw new RangeError('no') }",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_whatever_a_browser_cannot_do_a_page_stays_true(broken: str, live: Live, browser: Browser) -> None:
    live.make({"2026-11-23-api-errors.md": PROMISING, "2026-11-23-work.yml": WORK}, more="    stale_after: 2h\n")
    page = browser.new_context(timezone_id="Asia/Kathmandu").new_page()
    page.add_init_script(broken)
    page.clock.install(time=NOW)
    page.goto(live.url, wait_until="networkidle")
    live.down()
    page.clock.fast_forward("56:00")

    expect(page.locator(".st-overdue")).to_be_visible()
    expect(page.locator(".st-unchecked")).to_contain_text("23")
    expect(page.locator('[data-incident="2026-11-23-work"]').first).to_have_text("In progress")
    page.clock.fast_forward("01:10:00")
    expect(page.locator(".st-stale")).to_be_visible()
    page.context.close()
    live.up()
