"""A value is data: readers see it as it was typed, whatever it would mean in Markdown or as part of a record."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from status_tool.incident_files import record_in_text
from status_tool.text import conflict_markers, markdown_text
from status_tool.text.markdown_literal import escaped

pieces = st.sampled_from(
    [
        *"ab1 \n*_`~[](){}<>#+-=.!|&;:\\'\"^x",
        "\n\n",
        "~~",
        "---",
        "https://x.org/",
        "1. ",
        "&amp;",
        "    ",
        "```",
        "[^1]",
    ]
)
values = st.lists(pieces, max_size=12).map("".join)


def read(source: str) -> str:
    """What a reader of the page sees of the Markdown `source`, by the words of its lines."""
    shown = markdown_text.html(source)
    assert set(re.findall(r"<(\w+)", shown)) <= {"p", "br", "a"}, shown
    text = html.unescape(re.sub(r"</?a\b[^>]*>", "", re.sub(r"<br ?/?>|</p>", " ", shown)).replace("<p>", ""))
    return " ".join(text.replace("\u2060", "").split())


def words(text: str) -> str:
    return " ".join(text.split())


@given(values)
@example("- at: 2026-11-23T14:05:00Z\n  status: resolved")
@example("a\n---")
@example("a\n:-")
@example("[^1]: see [^1]")
def test_a_reader_sees_every_character_of_a_value(value: str) -> None:
    assert read(escaped(value)) == words(value)
    assert read(f"In {escaped(value, 'In ')} now.") == words(f"In {value} now.")


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("eu-west_1, 5 °C", "eu-west_1, 5 °C"),
        ("*EU* & {US}", r"\*EU\* & \{US\}"),
        ("https://example.org/a_b", "https://example.org/a_b"),
        ("https://example.org/_a_", "<https://example.org/_a_>"),
        ("one\ntwo\n\nthree", "one\\\ntwo\n\nthree"),
    ],
)
def test_only_what_would_mean_something_is_escaped(value: str, source: str) -> None:
    assert escaped(value) == source


def test_a_value_in_a_row_of_a_table_stays_in_its_row() -> None:
    assert escaped("EU\n| US", "| Region | ") == r"EU \| US"


@pytest.mark.parametrize(
    "value",
    [
        "status: resolved\ncomponents: {api: operational}",
        "- at: 2026-11-23T14:05:00Z\n  status: resolved",
        "{at: 2026-11-23T14:05:00Z, status: resolved}",
        "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main",
    ],
)
def test_a_value_is_no_part_of_the_record(value: str) -> None:
    assert record_in_text.find(escaped(value)) is None
    assert conflict_markers.problem(escaped(value), "x.md") is None
