"""Everybody can read it: axe-core finds nothing, 320 pixels and twice the size are enough, a keyboard too."""

from __future__ import annotations

from collections.abc import Iterator

import kinds
import pytest
import sites as small_sites
from browsing import build, served, violations
from kinds import KINDS
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    root = tmp_path_factory.mktemp("access")
    for language in ("en", "ar"):
        source = kinds.make(root / f"source-{language}", language)
        build(source / "mkdocs.yml", small_sites.NOW, root / language)
    with served(root / "en") as english, served(root / "ar") as arabic:
        yield {"en": english, "ar": arabic}


@pytest.mark.parametrize(
    ("language", "width", "scheme"),  # each pair of two of them
    [("en", 390, "light"), ("en", 1280, "dark"), ("ar", 390, "dark"), ("ar", 1280, "light")],
)
def test_no_page_shuts_anybody_out(
    browser: Browser, address: dict[str, str], language: str, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        bypass_csp=True,  # type: ignore[arg-type]
    )
    found = {}
    for kind, path in KINDS.items():
        page = context.new_page()
        page.clock.install(time=small_sites.NOW)
        page.goto(address[language] + path, wait_until="networkidle")
        found[kind] = violations(page)
        page.close()
    context.close()

    assert {kind: wrong for kind, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_a_narrow_window_or_twice_the_size_scrolls_one_way(
    browser: Browser, address: dict[str, str], language: str, path: str
) -> None:
    for width, size in ((320, 1), (640, 2)):
        context = browser.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        page.clock.install(time=small_sites.NOW)
        page.goto(address[language] + path, wait_until="networkidle")
        page.evaluate(f"document.documentElement.style.fontSize = '{size * 125}%'")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        context.close()

        assert wide <= 0, (width, size)


def test_everything_is_reached_by_keyboard(browser: Browser, address: dict[str, str]) -> None:
    page = browser.new_page()
    page.goto(address["en"], wait_until="networkidle")
    wanted = page.eval_on_selector_all(".st a", "links => new Set(links.map(link => link.href)).size")
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.closest('.st') && document.activeElement.href"))
    page.close()

    assert len(reached - {None}) == wanted


def test_the_overall_state_is_a_live_region(browser: Browser, address: dict[str, str]) -> None:
    page = browser.new_page()
    page.goto(address["en"])

    expect(page.get_by_role("status", name="Overall state")).to_contain_text("Major outage")
    expect(page.get_by_role("status", name="Overall state").get_by_role("link")).to_have_count(0)
    page.close()


def test_nothing_moves_for_those_who_asked_for_it(browser: Browser, address: dict[str, str]) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(address["en"], wait_until="networkidle")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0.01"
        " || parseFloat(getComputedStyle(e).animationDuration) > 0.01).length"
    )
    context.close()

    assert moving == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_there_is_the_state_the_site_and_the_address_in_dark_ink_and_no_buttons(
    browser: Browser, address: dict[str, str], scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.clock.install(time=small_sites.NOW)
    for path in ("", KINDS["open"], KINDS["own"]):
        page.emulate_media(media="screen")
        page.goto(address["en"] + path, wait_until="networkidle")
        expect(page.locator(".st-paper")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.locator(".st-paper")).to_have_text(f"Example Statushttps://status.example.org/{path}")
        expect(page.locator(".st-paper")).to_be_visible()
        expect(page.locator(".md-header")).to_be_hidden()
        expect(page.locator(".md-footer")).to_be_hidden()
    page.goto(address["en"], wait_until="networkidle")
    are_open = page.evaluate(
        "[...document.querySelectorAll('.st li')].map(e => e.checkVisibility({contentVisibilityProperty: true}))"
    )
    ink = page.locator(".st").evaluate("e => getComputedStyle(e).color")
    context.close()

    assert ink == "rgb(28, 36, 48)"
    assert set(are_open) == {True}


def test_at_1280_pixels_the_footers_begin_where_the_text_begins(browser: Browser, address: dict[str, str]) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.clock.install(time=small_sites.NOW)
    for path in ("", KINDS["open"], KINDS["component"]):
        page.goto(address["en"] + path, wait_until="networkidle")
        places = (".st", ".st-foot", ".st-foot .st-feeds", ".md-copyright")
        found = {place: page.locator(place).first.evaluate("e => e.getBoundingClientRect().left") for place in places}

        assert set(found.values()) == {264}, (path, found)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_manual_shuts_nobody_out(browser: Browser, sites: str, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 1280 if scheme == "light" else 390, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    found = {}
    for path in (
        "",
        "first-steps/",
        "incident-file/",
        "settings/",
        "looks/",
        "architecture/",
        "reading/",
        "embedding/",
    ):
        page = context.new_page()
        page.goto(f"{sites}after/{path}", wait_until="networkidle")
        found[path] = violations(page)
        page.close()
    context.close()

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
