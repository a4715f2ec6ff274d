"""The pictures that shared links show: their size, colours and letters."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from PIL import Image

from status_tool.model.component import ComponentStatus
from status_tool.outputs import pictures
from status_tool.outputs.pictures import Picture
from status_tool.render import icons, language, phrases

LIMIT = 30_000
"""Bytes."""
LONG = "A name of a company that does not end, and that nobody would ever wish to have on a picture of its status"


def picture(
    headline: str = "Major outage",
    name: str = "Example Status",
    times: Sequence[str] = ("As of 25 November 2026, 14:05 UTC",),
    status: ComponentStatus | None = ComponentStatus.MAJOR_OUTAGE,
) -> Picture:
    return Picture(headline, name, "status.example.org", tuple(times), status)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("status", [*ComponentStatus, None])
def test_a_picture_is_small_and_of_the_colour_of_its_status(status: ComponentStatus | None) -> None:
    content = pictures.png(picture(status=status))
    image = opened(content).convert("RGB")
    colour = icons.SHAPES[status][0] if status is not None else pictures.NEUTRAL

    assert image.size == (1200, 630)
    assert len(content) < LIMIT
    assert "#{:02x}{:02x}{:02x}".format(*image.getpixel((0, 0))) == colour  # type: ignore[misc]
    assert (255, 255, 255) in {found for _, found in image.getcolors() or ()}


def test_the_same_picture_has_the_same_bytes() -> None:
    assert pictures.png(picture()) == pictures.png(picture())


def test_a_program_can_read_what_a_picture_says() -> None:
    said = "Example Status. Major outage. As of 25 November 2026, 14:05 UTC. status.example.org"

    assert opened(pictures.png(picture())).info["Description"] == said


@pytest.mark.parametrize("name", ["日本語ステータス", "حالة", "סטטוס", "\u200b", "\u0378"])
def test_a_text_that_the_font_cannot_write_is_left_out(name: str) -> None:
    with_name, without = (opened(pictures.png(picture(name=text))).tobytes() for text in (name, ""))

    assert with_name == without


def test_an_emoji_is_left_out_alone() -> None:
    with_emoji, without = (
        opened(pictures.png(picture(name=text))).tobytes() for text in ("🚀 Acme 👩‍🚀 Status", "Acme Status")
    )

    assert with_emoji == without


@pytest.mark.parametrize("name", ["État à Zürich", "Ελληνικά", "Статус", "Tiếng Việt", "Ἀθῆναι", "e\u0301tat"])
def test_names_in_three_scripts_are_written(name: str) -> None:
    with_name, without = (opened(pictures.png(picture(name=text))).tobytes() for text in (name, ""))

    assert with_name != without


def test_the_first_time_that_the_font_can_write_is_shown() -> None:
    times = ("2026年11月25日 14:05 UTC", "2026-11-25 14:05 UTC")
    both, second = (opened(pictures.png(picture(times=found))).tobytes() for found in (times, times[1:]))

    assert both == second


@pytest.mark.parametrize("headline", [LONG, "W" * 300, "", "A\nB"])
def test_long_texts_stay_within_the_margins(headline: str) -> None:
    image = opened(pictures.png(picture(headline=headline, name=LONG))).convert("L")
    background = image.getpixel((0, 0))
    columns = {x for x in (*range(70), *range(1130, 1200)) for y in range(630) if image.getpixel((x, y)) != background}

    assert columns == set()


@pytest.mark.parametrize("code", ["en", *language.available()])
def test_the_font_can_write_every_state_in_every_language_that_we_have(code: str) -> None:
    import datetime

    found = language.get(code, datetime.UTC)
    texts = [*phrases.COMPONENT_STATUS.values(), *phrases.UPDATE_STATUS.values(), phrases.WITHDRAWN]
    for text in map(found.gettext, texts):
        with_text, without = (opened(pictures.png(picture(headline=said))).tobytes() for said in (text, ""))

        assert with_text != without, text


def test_the_icon_of_the_app_is_square() -> None:
    for size in pictures.APP_ICON_SIZES:
        content = pictures.app_icon(size)

        assert opened(content).size == (size, size)
        assert len(content) < LIMIT
