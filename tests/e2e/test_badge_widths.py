"""Badges in a real browser: texts as wide as we worked out, and inside their boxes whatever the font."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from status_tool.model.component import ComponentStatus
from status_tool.outputs import badges
from status_tool.outputs.badges import Badge

pytestmark = pytest.mark.slow

NAMES = (
    "Example Status",
    "WWW MMM",
    "Illinois",
    "Éditeur de thèmes à l’œuvre",
    "Łódź, Đà Nẵng, Straße",
    "Платёжный шлюз",
    "Πύλη πληρωμών",
    "واجهة برمجة التطبيقات",
    "البريد الإلكتروني",
    "שירות תשלומים",
    "Fire 🚒 👩‍🚒 ❤️",
)
CHINESE = "支付服务"
MEASURE = """texts => texts.map(text => {
    const box = text.getBBox(), free = text.cloneNode(true);
    free.removeAttribute("textLength");
    text.parentNode.append(free);
    const natural = free.getComputedTextLength();
    free.remove();
    return {given: text.textLength.baseVal.value, natural, begin: box.x, end: box.x + box.width};
})"""
HAS_SQUARES = """() => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = "100px sans-serif";
    return pen.measureText("支付服务").width == 400;
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page()
    yield found
    found.close()


def shown(page: Page, name: str, font: str = "") -> list[dict[str, float]]:
    made = Badge(name, "Major outage", ComponentStatus.MAJOR_OUTAGE, "2026-11-23 14:05 UTC", name, "en")
    svg = badges.svg(made).decode()
    if font:
        svg = svg.replace("Verdana,Geneva,&apos;DejaVu Sans&apos;,sans-serif", font)
        assert font in svg
    page.set_content(svg)
    return page.locator("text").evaluate_all(MEASURE)


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_as_wide_as_they_are_given_room_for(page: Page, name: str) -> None:
    for text in shown(page, name):
        assert text["natural"] == pytest.approx(text["given"], rel=0.12)


def test_chinese_is_as_wide_as_it_is_given_room_for(page: Page) -> None:
    if not page.evaluate(HAS_SQUARES):
        pytest.skip("no font with Chinese letters on this machine")
    for text in shown(page, CHINESE):
        assert text["natural"] == pytest.approx(text["given"], rel=0.12)


@pytest.mark.parametrize("font", ["", "monospace", "serif"])
@pytest.mark.parametrize("name", [*NAMES, CHINESE, "Very long names, " * 9])
def test_no_text_leaves_its_box_whatever_the_font(page: Page, name: str, font: str) -> None:
    texts = shown(page, name, font)
    edges = page.locator("svg > path").evaluate_all(
        "paths => paths.map(p => [p.getBBox().x, p.getBBox().x + p.getBBox().width])"
    )

    for text, (begin, end) in zip(texts, edges, strict=True):
        assert begin + 4 <= text["begin"] < text["end"] <= end - 4
