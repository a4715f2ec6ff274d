"""The length of an SMS is what a provider charges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.text import sms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (0, True, 0, "")),
        ("a" * 160, (160, True, 1, "")),
        ("a" * 161, (161, True, 2, "")),
        ("a" * 306, (306, True, 2, "")),
        ("a" * 307, (307, True, 3, "")),
        ("Éà è ù", (6, True, 1, "")),
        ("€" * 80, (160, True, 1, "")),
        ("a" * 152 + "€" + "a" * 8, (162, True, 2, "")),
        ("€" * 153, (306, True, 3, "")),  # an escape and its character stay together
        ("déjà être prêt", (14, False, 1, "ê")),
        ("ç" * 70, (70, False, 1, "ç")),
        ("ç" * 71, (71, False, 2, "ç")),
        ("\N{FIRE}" * 35, (70, False, 1, "\N{FIRE}")),
        ("\N{FIRE}" * 67, (134, False, 3, "\N{FIRE}")),  # 33 of them in a message
        ("a—b’c", (5, False, 1, "—’")),
    ],
)
def test_the_length_of_a_text(text: str, expected: tuple[int, bool, int, str]) -> None:
    assert tuple(sms.measure(text)) == expected


def test_the_alphabet_has_its_128_characters() -> None:
    assert len(sms.BASIC) == 127  # and the escape
    assert len(sms.EXTENDED) == 10


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_a_longer_text_never_needs_fewer_messages(one: str, two: str) -> None:
    assert sms.measure(one + two).parts >= max(sms.measure(one).parts, int(bool(one + two)))
