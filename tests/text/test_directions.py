"""A text that turns around nothing beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.text import directions, markdown_text, plain_text

MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
texts = st.text(st.sampled_from("a \u0634" + MARKS), max_size=12)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (["a\u202eb"], ["ab"]),
        (["a\u2067b"], ["a\u2067b\u2069"]),
        (["\u2067a", "b\u2069c"], ["\u2067a", "b\u2069c"]),
        (["a\u2069b\u202c"], ["ab"]),
        (["\u2067\u202aa"], ["\u2067\u202aa\u202c\u2069"]),
        (["\u2067\u202aa\u2069b\u202c"], ["\u2067\u202aa\u2069b"]),
        (["\u202b\u2067a\u202cb\u2069"], ["\u202b\u2067ab\u2069\u202c"]),
    ],
)
def test_what_begins_ends_and_what_did_not_begin_does_not(parts: list[str], found: list[str]) -> None:
    assert directions.contained(parts) == found


@given(st.lists(texts, min_size=1, max_size=4))
def test_only_marks_change_and_once_is_enough(parts: list[str]) -> None:
    once = directions.contained(parts)

    assert directions.contained(once) == once
    assert without_marks("".join(once)) == without_marks("".join(parts))


@given(texts)
def test_a_text_without_marks_or_with_pairs_stays(text: str) -> None:
    pair = f"\u2067{without_marks(text)}\u2069"

    assert directions.contained([without_marks(text), pair]) == [without_marks(text), pair]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a &#x202E;b", "a b"),
        ("a&#8295;b", "a\u2067b\u2069"),
        ("a \u2067b", "a \u2067b\u2069"),
        ("\u2067**b**\u2069 c", "\u2067b\u2069 c"),
        ("# &#x202E;b", "b"),
    ],
)
def test_no_message_turns_around_the_rest_of_a_line(text: str, shown: str) -> None:
    assert plain_text.plain(text) == shown
    assert without_tags(markdown_text.html(text)) == shown


def without_marks(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, MARKS)))


def without_tags(html: str) -> str:
    for tag in ("p", "strong", "h4"):
        html = html.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    return html.strip()
