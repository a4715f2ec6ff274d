"""What embed.html shows in a frame on a page of another site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sites as small_sites
from browsing import Live, build, served, violations
from playwright.sync_api import Browser, expect
from sites import API_ERRORS, NOW

pytestmark = pytest.mark.slow

PRODUCT_PAGE = """\
<!doctype html><html lang="en"><head><title>Example Shop</title><link rel="icon" href="data:,"></head>
<body><main><h1>Shop</h1><iframe src="%sembed.html" title="Status" width="100%%" height="110"></iframe></main></body>
</html>
"""
MAINTENANCE = small_sites.work("2026-11-23T14:00:00Z", "2026-11-23T16:00:00Z")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a site as it is built during an outage."""
    folder = small_sites.make(tmp_path_factory.mktemp("frame") / "s", {"2026-11-23-api-errors.md": API_ERRORS})
    with served(build(folder / "mkdocs.yml", NOW, folder / "site")) as found:
        yield found


def test_a_frame_of_another_origin_shows_the_state_as_time_passes(tmp_path: Path, live: Live, browser: Browser) -> None:
    live.make({"2026-11-23-work.yml": MAINTENANCE})
    (tmp_path / "product").mkdir()
    (tmp_path / "product" / "index.html").write_text(PRODUCT_PAGE % live.url)
    page = browser.new_context(timezone_id="UTC", locale="en-GB", viewport={"width": 390, "height": 600}).new_page()
    printed: list[str] = []
    page.on("pageerror", lambda error: printed.append(str(error)))
    page.on("console", lambda message: printed.append(message.text))
    page.clock.install(time=NOW)
    frame = page.frame_locator("iframe")
    text = frame.locator(".st-hero div")
    with served(tmp_path / "product") as product:
        page.goto(product)
        expect(text).to_have_text(
            "Maintenance in progress Database upgrade · In progress As of 23 November 2026, 14:05 UTC"
        )
        page.clock.fast_forward("01:56:00")
        expect(text).to_have_text(
            "All systems operational Database upgrade · Completed"
            " As of 23 November 2026, 14:05 UTC, and as planned since"
        )
        live.write("2026-11-23-api-errors.md", API_ERRORS)
        live.build("2026-11-23T16:02:00Z")
        page.clock.fast_forward("02:00")
        expect(text).to_have_text("Major outage API errors · Investigating As of 23 November 2026, 16:02 UTC")
        page.clock.fast_forward("25:00:00")
        expect(frame.locator(".st-stale")).to_be_visible()
        expect(frame.locator("h1")).to_have_text("Not known: this page is out of date")
        expect(frame.get_by_role("status")).to_have_count(2)
        frame.get_by_role("link", name="API errors").click()
        expect(page).to_have_url(f"{live.url}incidents/2026-11-23-api-errors/")
    page.context.close()

    assert [message for message in printed if not message.startswith("Failed to load")] == []


def test_a_frame_shows_the_state_without_javascript(address: str, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address + "embed.html")
    expect(page.locator(".st-hero div")).to_have_text(
        "Major outage API errors · Investigating As of 23 November 2026, 14:05 UTC"
    )
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_a_frame(width: int, scheme: Any, address: str, browser: Browser) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 200}, bypass_csp=True)
    page = context.new_page()
    page.clock.install(time=NOW)
    page.goto(address + "embed.html")
    found = violations(page)
    page.clock.fast_forward("25:00:00")
    expect(page.locator(".st-stale")).to_be_visible()
    found += violations(page)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    ink = page.evaluate("getComputedStyle(document.body.querySelector('.st')).getPropertyValue('--st-ink')")
    context.close()

    assert found == []
    assert overflow <= 0
    assert ink == ("#e8ebf0" if scheme == "dark" else "#1c2430")
