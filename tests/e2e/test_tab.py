"""What a browser shows around a page: the owner's icon with the state, and the colour of the header."""

from __future__ import annotations

from pathlib import Path

import kinds
import pytest
import sites
from browsing import build, served
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.slow

ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path fill="#639" d="M0 0h1v1H0z"/></svg>'
COLOURS = "[...document.querySelectorAll('meta[name=theme-color]')].map(meta => [meta.media, meta.content])"
LOADS = """icon => new Promise(done => {
  const image = new Image()
  image.onload = () => done(true)
  image.onerror = () => done(false)
  image.src = icon.href
})"""


def test_the_owners_icon_has_the_state_from_every_page_and_as_time_passes(tmp_path: Path, browser: Browser) -> None:
    settings = sites.SETTINGS.replace("font: false", "font: false, favicon: icon.svg")
    work = sites.work("2026-11-23T14:00:00Z", "2026-11-23T16:00:00Z")
    site = sites.make(tmp_path / "s", {"2026-11-23-work.yml": work}, settings=settings)
    (site / "docs" / "icon.svg").write_text(ICON)
    page = browser.new_context(timezone_id="UTC").new_page()
    page.clock.install(time=sites.NOW)
    icon = page.locator('link[rel="icon"]')
    with served(build(site / "mkdocs.yml", sites.NOW, tmp_path / "site")) as address:
        for path in ("", "components/api/", "incidents/2026-11-23-work/"):
            page.goto(address + path)
            assert icon.evaluate("icon => icon.href").startswith(f"{address}assets/tab-under_maintenance.svg?v="), path
            assert icon.evaluate(LOADS), path
        page.goto(f"{address}about/")
        assert icon.evaluate("icon => icon.href") == f"{address}icon.svg"
        page.goto(address)
        page.clock.fast_forward("01:56:00")
        expect(page.locator(".st-hero h1")).to_have_text("All systems operational")
        assert icon.evaluate("icon => icon.href").startswith(f"{address}assets/tab-operational.svg?v=")
        page.goto(f"{address}components/api/")
        page.clock.fast_forward("30:00:00")
        expect(page.locator(".st-stale")).to_be_visible()
        assert icon.evaluate("icon => icon.href").startswith(f"{address}assets/tab-unknown.svg?v=")
        assert icon.evaluate(LOADS)
    page.context.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_browser_shows_the_colour_of_the_header(tmp_path: Path, browser: Browser, javascript: bool) -> None:
    site = kinds.make(tmp_path / "s", "en")
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    with served(build(site / "mkdocs.yml", sites.NOW, tmp_path / "site")) as address:
        page.goto(address, wait_until="networkidle")
        html = page.request.get(address).text()
        found = page.evaluate(COLOURS) if javascript else []
    context.close()

    assert '<meta name="theme-color" media="(prefers-color-scheme: dark)" content="hsla(225, 15%, 9%, 1)">' in html
    assert found == ([["", "#ffffff"]] if javascript else [])  # the theme's own, which follows the reader's choice
