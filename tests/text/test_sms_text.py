"""An SMS is charged as it was counted, and one foreign character does not double its price."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import gsm0338
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from status_tool.text import sms, sms_text

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "cases" / "sms.yml").read_text("utf-8"))
CODEC = gsm0338.Codec()
texts = st.text(
    st.one_of(
        st.sampled_from(sorted(sms.ALPHABET)),
        st.sampled_from("êçôœ—…«»“’\u00a0\u202f🔥👍🏽\u200d\ufe0fЯдالخ服ΑΒαβ"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x1b"),  # the escape itself is no character
    ),
    max_size=400,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text'][:20]}x{case.get('times', 1)}")
def test_what_is_sent_and_charged(case: dict[str, Any]) -> None:
    text = case["text"] * case.get("times", 1)
    sent = sms_text.transliterated(text)
    length = sms.measure(sent)

    assert sent == case.get("sent", case["text"]) * case.get("times", 1)
    assert ("GSM-7" if sms_text.is_7_bit(sent) else "UCS-2") == case["alphabet"]
    assert (length.units, sms_text.segments(sent)) == (case["units"], case["segments"])


@given(texts)
def test_the_alphabet_and_the_segments_are_those_that_somebody_else_counts(text: str) -> None:
    is_7_bit, sizes = counted(text)

    assert sms_text.is_7_bit(text) is is_7_bit
    assert sms_text.segments(text) == segments(sizes, *((160, 153) if is_7_bit else (70, 67)))


def counted(text: str) -> tuple[bool, list[int]]:
    """Whether GSM-7 has every character, and the septets or UTF-16 units of each, by the library gsm0338."""
    try:
        sizes = [len(CODEC.encode(character)[0]) for character in text]
    except UnicodeEncodeError:
        return False, [len(character.encode("utf-16-be")) // 2 for character in text]
    return True, sizes


def segments(sizes: list[int], single: int, part: int) -> int:
    """The messages that are filled one after the other, without a character in two of them."""
    if sum(sizes) <= single:
        return int(bool(sizes))
    filled = [[]] if sizes else []
    for size in sizes:
        if sum(filled[-1]) + size > part:
            filled.append([])
        filled[-1].append(size)
    return len(filled)


@given(texts)
def test_a_text_is_sent_in_7_bits_or_as_it_is_and_never_costs_more(text: str) -> None:
    sent = sms_text.transliterated(text)

    assert sent == text or sms_text.is_7_bit(sent)
    assert sms_text.segments(sent) <= sms_text.segments(text)
    assert sms_text.transliterated(sent) == sent


@given(st.lists(texts, min_size=2, max_size=2), st.sampled_from(["a_b~[1]", "#é", "?q=ê", "%C3%A9", "été/ça…"]))
def test_an_address_is_never_changed(around: list[str], end: str) -> None:
    address = f"https://status.example.org/{end}"
    before, after = around

    assert address in re.split(r"\s", sms_text.transliterated(f"{before}\n{address}\n{after}"))
