"""A site in a language that is written from right to left, whose phrases of ours are in English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sites as small_sites
from browsing import build, served
from playwright.sync_api import Browser, Page
from sites import API_ERRORS

pytestmark = pytest.mark.slow

INCIDENTS = {
    "2026-11-23-api-errors.md": API_ERRORS.replace(
        "title: API errors", "title: أخطاء\nworkaround: |\n  1. Open the app.\n  2. Wait.\n\n  > A quote."
    ).replace("  message", "  next: 10m\n  message"),
    "2026-11-20-slow-website.yml": small_sites.RESOLVED,
}
PAGES = ["", "incidents/2026-11-23-api-errors/", "components/api/", "history/", "history/2026-11/", "subscribe/"]
BACKWARDS = """() => {
  const texts = document.createTreeWalker(document.querySelector(".st"), NodeFilter.SHOW_TEXT), found = []
  const place = (text, at) => {
    const range = document.createRange()
    range.setStart(text, at)
    range.setEnd(text, at + 1)
    return range.getBoundingClientRect()
  }
  for (let text; text = texts.nextNode();) {
    const words = text.data.replace(/[\\s·]+$/, ""), begin = words.length - words.trimStart().length
    if (!/[a-z]/i.test(words) || /[\\u0590-\\u06ff]/.test(words)) continue
    const [first, last] = [place(text, begin), place(text, words.length - 1)]
    if (first.width && last.width && first.top === last.top && first.left > last.left) found.push(words)
  }
  return found
}"""


@pytest.fixture(scope="module", params=["ar", "he", "fa"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp(request.param)
    text = small_sites.SETTINGS.replace("name: Website", "name: الموقع")
    source = small_sites.make(root / "source", INCIDENTS, language=request.param, settings=text)
    build(source / "mkdocs.yml", small_sites.NOW, root / "site")
    with served(root / "site") as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(timezone_id="Asia/Kathmandu", viewport={"width": 1280, "height": 800})
    found = context.new_page()
    found.clock.install(time=small_sites.NOW)
    yield found
    context.close()


def test_no_english_phrase_runs_backwards(address: str, page: Page) -> None:
    found = {}
    for path in PAGES:
        page.goto(address + path)
        found[path] = page.evaluate(BACKWARDS)

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_the_layout_goes_from_right_to_left(address: str, page: Page) -> None:
    page.goto(address)
    hero = page.locator(".st-hero").bounding_box()
    icon, heading = page.locator(".st-hero .st-icon").bounding_box(), page.locator(".st-hero h1").bounding_box()
    title = page.locator(".st-section h2").first
    right = title.evaluate("h2 => { const r = document.createRange(); r.selectNodeContents(h2);"
                           " return h2.getBoundingClientRect().right - r.getBoundingClientRect().right }")  # fmt: skip

    assert hero and icon and heading
    assert icon["x"] > heading["x"]
    assert right == pytest.approx(0, abs=1)


def test_the_numbers_of_a_list_stand_inside_its_box(address: str, page: Page) -> None:
    page.goto(address)
    box, item = page.locator(".st-help dd").first.bounding_box(), page.locator(".st-help li").first.bounding_box()
    quote = page.locator(".st-help blockquote").evaluate("quote => getComputedStyle(quote).borderLeftWidth")

    assert box and item
    assert item["x"] - box["x"] >= 24
    assert quote != "0px"


def test_each_word_is_marked_with_its_language(address: str, page: Page) -> None:
    page.goto(address)
    own = page.evaluate("document.documentElement.lang")
    lang = "found => found.closest('[lang]').lang"

    assert page.locator(".st-hero h1").evaluate(lang) == "en"
    assert page.locator(".st-hero time").evaluate(lang) == own
    assert page.locator(".st-part-name").last.locator("bdi").evaluate(lang) == own
    assert page.locator(".st-open h2 bdi").evaluate(lang) == own
    assert page.locator(".st-open .st-text").first.evaluate(lang) == own
    assert page.locator(".st-ago").evaluate(lang) == own
    assert page.locator(".st-bar-legend span").first.evaluate(lang) == "en"
