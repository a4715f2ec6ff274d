"""A page that is open when its host dies: a mirror that moves on is named, and nothing else is believed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import browsing
import hosts
import pytest
from browsing import Live
from hosts import Host
from playwright.sync_api import Browser, Page, expect
from sites import API_ERRORS, NOW

pytestmark = pytest.mark.slow


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(timezone_id="UTC", viewport={"width": 390, "height": 600})
    found = context.new_page()
    found.clock.install(time=NOW)
    yield found
    context.close()


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Host]:
    (tmp_path / "mirror").mkdir()
    with hosts.served(Host(tmp_path / "mirror")) as host:
        yield host


def copied(live: Live, mirror: Host) -> None:
    shutil.rmtree(mirror.folder)
    shutil.copytree(live.folder / "site", mirror.folder)


def opened(live: Live, mirror: Host, page: Page) -> None:
    """Both have the same site, a reader has opened it, and then its host dies while the mirror gets a newer build."""
    live.make({"2026-11-23-api-errors.md": API_ERRORS}, more=f"    mirrors: ['{mirror.url}']\n")
    copied(live, mirror)
    page.goto(live.url)
    live.build("2026-11-23T14:20:00Z")
    copied(live, mirror)
    live.down()


def wait(page: Page) -> None:
    page.clock.fast_forward("20:00")
    page.clock.run_for(70_000)


def test_a_newer_copy_is_named_when_the_host_is_gone(live: Live, mirror: Host, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    opened(live, mirror, page)
    expect(page.locator(".st-elsewhere")).to_be_hidden()
    wait(page)

    notice = page.locator(".st-elsewhere")
    expect(notice).to_have_text(f"There is a newer copy, written 23 November 2026, 14:20 UTC: {mirror.url}")
    expect(notice.locator("a")).to_have_attribute("href", mirror.url)
    expect(page.locator(".st-hero h1")).to_have_text("Major outage")
    assert browsing.violations(page) == []
    assert not [text for text in complaints if "Content Security Policy" in text]
    live.up()
    for _ in range(10):  # the browser asks anew once a minute of its clock; the answer takes real time
        page.clock.run_for(61_000)
        page.wait_for_timeout(300)
        if not notice.is_visible():
            break
    expect(notice).to_be_hidden()


def changed(**values: object) -> Callable[[Host], None]:
    def change(mirror: Host) -> None:
        state = json.loads((mirror.folder / "status.json").read_text())
        (mirror.folder / "status.json").write_text(json.dumps({**state, **values}))

    return change


@pytest.mark.parametrize(
    "harm",
    [
        changed(written=NOW),
        changed(written="2026-11-23T14:00:00Z"),
        changed(written="2027-11-23T14:00:00Z"),
        changed(written="soon"),
        changed(replay=True),
        changed(drill=True),
        changed(url="https://parked.example.org/"),
        changed(padding="x" * 1_100_000),
        lambda mirror: (mirror.folder / "status.json").write_text("<html>parked"),
        lambda mirror: (mirror.folder / "status.json").unlink(),
        lambda mirror: setattr(mirror, "origin", ""),
    ],
)
def test_nothing_else_is_believed(harm: Callable[[Host], None], live: Live, mirror: Host, page: Page) -> None:
    opened(live, mirror, page)
    harm(mirror)
    wait(page)

    expect(page.locator(".st-unchecked")).to_be_visible()
    expect(page.locator(".st-elsewhere")).to_be_hidden()
    live.up()


def test_a_copy_in_any_folder_and_on_a_disk_leads_only_into_itself(
    live: Live, browser: Browser, tmp_path: Path
) -> None:
    live.make({"2026-11-23-api-errors.md": API_ERRORS}, more="    mirrors: ['https://status.example.net/']\n")
    shutil.copytree(live.folder / "site", tmp_path / "a" / "b")
    page = browser.new_page()
    for name in (
        "index.html",
        "incidents/2026-11-23-api-errors/index.html",
        "history/index.html",
        "subscribe/index.html",
    ):
        page.goto(f"file://{tmp_path}/a/b/{name}")
        links = page.eval_on_selector_all(
            "link[rel=stylesheet], script[src]", "all => all.map(one => one.href || one.src)"
        )
        assert links and all(link.startswith(f"file://{tmp_path}/a/b/") for link in links)
        own = page.eval_on_selector_all(".st a[href]", "all => all.map(one => one.getAttribute('href'))")
        assert not [link for link in own if link.startswith("/") and not link.startswith("//")]
        canonical = page.get_attribute("link[rel=canonical]", "href") or ""
        assert canonical.startswith(live.url)
    page.close()
