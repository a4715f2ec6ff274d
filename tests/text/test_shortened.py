"""A text that is cut is never longer than it may be, and nothing in it is half of something."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.text.shortened import shortened

URL = "https://status.example.org/incidents/x/"


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("We found it.", 12, "We found it."),
        ("We found it. We are at work.", 20, "We found it. …"),
        ("We found it. We are at work.", 14, "We found it. …"),
        ("We found it. We are at work.", 13, "We found it…"),
        ("We found it and are at work now", 20, "We found it and are…"),
        ("We found it; we are at work", 13, "We found it…"),
        ("It is “over.” Or not at all, as it seems", 16, "It is “over.” …"),
        ("First line\nsecond line of it", 16, "First line …"),
        ("at 3.50 we begin", 8, "at 3.50…"),
        ("unforeseeable", 5, "unfo…"),
        ("サーバーに障害。復旧中です", 10, "サーバーに障害。 …"),
        ("サーバーに障害が発生", 6, "サーバーに…"),
        (f"See {URL} now", 30, "See…"),
        (f"See {URL} now", 43, "See…"),
        (f"See {URL} now or later", 48, f"See {URL} now…"),
        (f"See {URL} now or later", 45, f"See {URL} …"),
        (f"See {URL} now or later", 44, "See…"),
        ("See https://example.org/a- now or later", 30, "See https://example.org/a- …"),
        (URL * 3, 60, ""),
        ("~~All is well~~ and good", 12, "~~All is…~~"),
        ("a cafe\u0301 here", 7, "a caf…"),
        ("xxxx👩‍🚒yy", 7, "xxxx…"),
        ("xxxx👍🏽yy", 6, "xxxx…"),
        ("xxx🇫🇷🇩🇪yy", 7, "xxx🇫🇷…"),
        ("word", 0, ""),
    ],
)
def test_where_a_text_is_cut(text: str, most: int, expected: str) -> None:
    assert shortened(text, most) == expected


words = st.sampled_from(
    ["It", "fails.", "why?", URL, "(a)", "~~no~~", "\n", "\n\n", "障害。", "e\u0301", "👩‍🚒", "x" * 40]
)


@given(st.lists(words, max_size=30).map(" ".join) | st.text(max_size=200), st.integers(0, 200))
def test_what_is_left_is_a_beginning_and_short_enough(text: str, most: int) -> None:
    cut = shortened(text, most)

    assert len(cut) <= most or cut == text
    if cut != text and cut:
        assert re.fullmatch(r"(.*?) ?…(?:~~)?", cut, re.DOTALL)
        assert text.startswith(re.sub(r" ?…(?:~~)?\Z", "", cut))


@given(st.lists(words, min_size=2, max_size=30).map(" ".join), st.integers(0, 200))
def test_no_address_is_cut(text: str, most: int) -> None:
    assert set(re.findall(r"https:\S+", shortened(text, most))) <= {URL}


@given(st.lists(words, max_size=30).map(" ".join), st.integers(1, 200))
def test_more_room_is_never_less_text(text: str, most: int) -> None:
    assert len(shortened(text, most)) <= len(shortened(text, most + 1)) + 1
