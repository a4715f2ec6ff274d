"""What readers meet in a browser: narrow and wide, light and dark, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.slow

INCIDENT = "incidents/2021-10-04-facebook-outage/"
KINDS = {
    "home": "",
    "incident": INCIDENT,
    "step": f"{INCIDENT}replay/20211004T223359Z/",
    "component": "components/facebook/",
    "history": "history/",
    "month": "history/2021-10/",
    "manual": "first-steps/",
}


def opened(context: BrowserContext, address: str) -> tuple[Page, list[str], list[str]]:
    """The page, what its console complained of, and what it asked of anybody else."""
    page = context.new_page()
    complaints: list[str] = []
    foreign: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith(("http://127.0.0.1", "data:")) else foreign.append(request.url),
    )
    page.goto(address, wait_until="networkidle")
    return page, complaints, foreign


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_its_window_and_asks_nobody_else(
    browser: Browser, sites: str, kind: str, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    for moment in ("outage/", "after/"):
        page, complaints, foreign = opened(context, sites + moment + KINDS[kind])

        assert (complaints, foreign) == ([], [])
        # The theme moves the title of a page through its header at first.
        page.wait_for_function("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()


def test_the_demo_says_at_first_sight_that_it_is_a_replay_and_not_the_companys_site(
    browser: Browser, sites: str
) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 600}).new_page()
    page.goto(sites + "outage/")

    for words in ("Not the site of Facebook, Inc.", "Replay: as of 4 October 2021, 20:00 UTC", "Major outage"):
        expect(page.get_by_text(words).first).to_be_in_viewport(ratio=1)
    for time in ("16:07", "16:16", "16:25", "19:52", "22:33"):
        expect(page.locator(".st-steps").get_by_text(time)).to_be_in_viewport(ratio=1)


def test_the_home_page_says_what_is_wrong_without_scripts(browser: Browser, sites: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sites + "outage/")

    expect(page.locator("h1")).to_have_text("Major outage")
    expect(page.locator(".st-hero")).to_contain_text("As of 4 October 2021, 20:00 UTC")
    expect(page.locator(".st-open")).to_contain_text("We are experiencing networking issues")
    expect(page.locator(".st-part-head").filter(has_text="WhatsApp")).to_contain_text("Major outage")
    expect(page.locator("body")).to_contain_text("A reconstruction")
    context.close()


def test_the_timeline_shows_every_statement_the_newest_first_and_the_first_in_french_too(
    browser: Browser, sites: str
) -> None:
    page = browser.new_page()
    page.goto(sites + "after/" + INCIDENT)

    stamps = [time.get_attribute("datetime") for time in page.locator(".st-update-head .st-stamp time").all()]
    assert stamps == [
        "2021-10-04T22:33:59Z",
        "2021-10-04T19:52:55Z",
        "2021-10-04T16:25:30Z",
        "2021-10-04T16:16:18Z",
        "2021-10-04T16:07:50Z",
    ]
    page.locator("details[lang=fr] summary").click()
    expect(page.locator("details[lang=fr]")).to_contain_text("Nous sommes au courant")
    expect(page.locator("#post-mortem")).to_be_visible()
    page.close()


def test_mid_outage_nothing_later_is_known(browser: Browser, sites: str) -> None:
    page = browser.new_page()
    page.goto(sites + "outage/" + INCIDENT)

    assert page.locator(".st-update").count() == 4
    assert page.locator("#post-mortem").count() == 0
    page.close()


def test_every_update_has_an_address_of_its_own(browser: Browser, sites: str) -> None:
    page = browser.new_page()
    page.goto(sites + "after/" + INCIDENT)
    page.locator(".st-stamp", has_text="16:16").click()

    assert page.url.endswith("#u-20211004T161618Z")
    expect(page.locator("#u-20211004T161618Z")).to_be_in_viewport()
    page.close()


def test_the_search_box_finds_an_incident_by_its_words(browser: Browser, sites: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(sites + "after/")
    page.locator("input.md-search__input").click()
    page.keyboard.type("Schroepfer")
    found = page.locator(".md-search-result__link").first

    expect(found).to_contain_text("Facebook, Instagram, WhatsApp")
    assert INCIDENT in (found.get_attribute("href") or "")
    page.close()


def test_the_search_box_runs_nothing_that_an_incident_says(browser: Browser, sites: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    for path in ("", "incidents/2026-11-23-evil/", "components/api/", "history/2026-11/"):
        page.goto(f"{sites}evil/{path}", wait_until="networkidle")
        page.locator("input.md-search__input").click()
        page.keyboard.type("Zebra")
        expect(page.locator(".md-search-result__link").first).to_contain_text("<img src=x")
        assert page.title() != "ran"
    page.close()


def test_a_reader_sees_their_own_time_beside_ours(browser: Browser, sites: str) -> None:
    context = browser.new_context(timezone_id="Asia/Kathmandu", locale="en-GB")
    page = context.new_page()
    page.goto(sites + "after/" + INCIDENT)

    expect(page.locator("#u-20211004T160750Z .st-stamp")).to_have_text("4 October 2021, 16:07 UTC (21:52 your time)")
    context.close()


def test_a_reader_in_our_zone_sees_each_time_once(browser: Browser, sites: str) -> None:
    context = browser.new_context(timezone_id="UTC", locale="en-GB")
    page = context.new_page()
    page.goto(sites + "after/" + INCIDENT)

    expect(page.locator("#u-20211004T160750Z .st-stamp")).to_have_text("4 October 2021, 16:07 UTC")
    context.close()


@pytest.mark.parametrize(("clock", "stale"), [("2021-10-05T12:00:30Z", False), ("2021-10-06T12:00:30Z", True)])
def test_a_copy_that_has_grown_old_says_so(browser: Browser, sites: str, clock: str, stale: bool) -> None:
    page = browser.new_page()
    page.clock.set_fixed_time(clock)
    page.goto(sites + "after/")

    expect(page.locator(".st-stale")).to_be_visible(visible=stale)
    page.close()


def test_a_page_grows_old_before_the_readers_eyes(browser: Browser, sites: str) -> None:
    page = browser.new_page()
    page.clock.install(time="2021-10-06T11:58:30Z")
    page.goto(sites + "after/")
    expect(page.locator(".st-stale")).to_be_hidden()
    page.clock.fast_forward("02:00")

    expect(page.locator(".st-stale")).to_have_text(
        "This page was written 5 October 2021, 12:00 UTC and may be out of date."
    )
    page.close()


def test_code_to_embed_is_copied_as_it_is(browser: Browser, sites: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{sites}after/subscribe/")
    row = page.locator(".st-code", has_text="embed.js")
    button = row.locator("+ .st-copy")
    button.click()
    expect(button).to_have_text("Copied")
    taken = page.evaluate("navigator.clipboard.readText()")
    context.close()

    assert taken == '<script src="https://status.example.org/embed.js" async></script>'
