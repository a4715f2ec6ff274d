"""Widths worked out without a font: of letters, accents, squares and pictures."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.outputs import text_width


@pytest.mark.parametrize(
    ("text", "em"),
    [
        ("", 0),
        ("API", 1.58),
        ("iii", 0.84),
        ("WWW", 2.94),
        ("支付服务", 4),
        ("ﾃｽﾄ", 1.8),
        ("🚒", 1.25),
        ("👩‍🚒", 1.25),
        ("👍🏽", 1.25),
        ("❤️", 1.25),
        ("1️⃣", 1.25),
        ("한국어", 3),
        ("بيت", 1.4),
        ("\u202e\u200f", 0),
    ],
)
def test_a_text_is_as_wide_as_its_characters(text: str, em: float) -> None:
    assert text_width.em(text) == pytest.approx(em)


@pytest.mark.parametrize("text", ["Éditeur de thèmes", "Ήλιος", "Ёжик", "한국어", "Việt Nam"])
def test_accents_take_no_room_however_they_are_written(text: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))

    assert text_width.em(unicodedata.normalize("NFD", text)) == text_width.em(unicodedata.normalize("NFC", text))
    assert text_width.em(text) == pytest.approx(text_width.em(unicodedata.normalize("NFC", bare)))


def test_every_printable_character_of_ascii_is_measured_once() -> None:
    measured = "".join(text_width._TABLE.values())

    assert {chr(code) for code in range(0x20, 0x7F)} <= set(measured)
    assert len(measured) == len(set(measured))


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_text_is_never_narrower_than_its_beginning(first: str, second: str) -> None:
    assert text_width.em(f"{first} {second}") >= text_width.em(first) >= 0
