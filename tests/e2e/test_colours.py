"""The owner's colours take effect: every property that the manual lists, in the light scheme and in the dark one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import kinds
import pytest
import sites
from browsing import build, served
from playwright.sync_api import Browser

from status_tool.model.component import ComponentStatus

pytestmark = pytest.mark.slow

MANUAL = (Path(__file__).parents[2] / "docs" / "looks.md").read_text("utf-8").partition("## Colours")[2]
PROPERTIES = sorted(set(re.findall(r"`(--st-\w+)`", MANUAL)))
COLOURS = {
    scheme: {name: f"rgb({10 * number + 1}, {red}, 77)" for number, name in enumerate(PROPERTIES)}
    for scheme, red in (("default", 40), ("slate", 200))
}
"""Scheme -> property -> a colour that no other property has."""
SHOWN = """names => Object.fromEntries(names.map(name => {
  const probe = document.querySelector(".st").appendChild(document.createElement("i"))
  probe.style.color = `var(${name})`
  return [name, getComputedStyle(probe).color]
}))"""


def stylesheet() -> str:
    blocks = (
        f'[data-md-color-scheme="{scheme}"] {{ {"; ".join(f"{name}: {colour}" for name, colour in values.items())} }}'
        for scheme, values in COLOURS.items()
    )
    return "\n".join(blocks)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address below which lie `two/`, a site with both schemes, and `none/`, one without a palette."""
    root = tmp_path_factory.mktemp("colours")
    for name, palette in (("two", f", palette: {kinds.PALETTE}"), ("none", "")):
        settings = sites.SETTINGS.replace("language: {language}", "language: {language}" + palette)
        source = sites.make(root / f"{name}-source", settings=f"{settings}extra_css: [colours.css]\n")
        (source / "docs" / "colours.css").write_text(stylesheet())
        build(source / "mkdocs.yml", sites.NOW, root / name)
    with served(root) as found:
        yield found


def test_the_manual_lists_every_property_of_the_stylesheet() -> None:
    ours = (Path(__file__).parents[2] / "site_templates" / "assets" / "status.css").read_text("utf-8")

    assert sorted(set(re.findall(r"(--st-\w+):", ours))) == PROPERTIES
    assert {f"--st-{status}" for status in ComponentStatus} < set(PROPERTIES)


@pytest.mark.parametrize(
    ("site", "media", "scheme"), [("two", "light", "default"), ("two", "dark", "slate"), ("none", "light", "default")]
)
def test_colours_of_an_extra_stylesheet_take_effect(
    browser: Browser, address: str, site: str, media: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme=media)  # type: ignore[arg-type]
    page = context.new_page()
    page.clock.install(time=sites.NOW)
    found = {}
    for path in ("", "components/api/", "incidents/2026-11-20-slow-website/", "history/", "subscribe/"):
        page.goto(f"{address}{site}/{path}", wait_until="networkidle")
        found[path] = page.evaluate(SHOWN, PROPERTIES)
    page.goto(f"{address}{site}/")
    icon = page.locator(".st-state.st-operational .st-icon").first
    shape = icon.evaluate("icon => getComputedStyle(icon).backgroundColor")
    context.close()

    assert found == dict.fromkeys(found, COLOURS[scheme])
    assert shape == COLOURS[scheme]["--st-operational"]
