"""A text that is another without its last updates is known without parsing it, and nothing else is taken for one."""

from __future__ import annotations

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from status_tool.incident_files import parser, writer
from status_tool.incident_files.earlier import LaterText
from status_tool.model.update import Update


@given(strategies.layouts(), strategies.updates())
def test_an_appended_update_makes_a_later_text_of_a_list_in_lines(file: tuple[str, str], update: Update) -> None:
    text, path = file
    later = LaterText.of(writer.append_update(text, path, update), path)

    assert later.has_all_of(text) or not later.begins or text.rstrip("\r\n") == text


@given(strategies.layouts(), st.data())
def test_what_counts_as_earlier_has_the_first_updates_unchanged(file: tuple[str, str], data: st.DataObject) -> None:
    text, path = file
    lines = text.splitlines(keepends=True)
    begin = data.draw(st.integers(0, len(lines)))
    earlier = "".join(lines[:begin] + lines[data.draw(st.integers(begin, len(lines))) :])
    if LaterText.of(text, path).has_all_of(earlier):
        first = parser.parse(earlier, path).updates
        assert first == parser.parse(text, path).updates[: len(first)]


@given(strategies.layouts())
def test_a_text_without_any_of_its_last_updates_is_earlier(file: tuple[str, str]) -> None:
    text, path = file
    later, updates = LaterText.of(text, path), parser.parse(text, path).updates
    for number, begin in enumerate(later.begins, 1):
        earlier = text[:begin] + text[later.end :]

        assert later.has_all_of(earlier)
        assert parser.parse(earlier, path).updates == updates[:number]
        assert not later.has_all_of(earlier.replace("title", "tittle"))
        assert not later.has_all_of(earlier + "\n")


@pytest.mark.parametrize("text", ["title: x\nupdates: [{at: 2026-11-23T14:05:00Z, status: resolved, message: x}]\n"])
def test_of_a_list_in_brackets_no_text_is_earlier(text: str) -> None:
    later = LaterText.of(text, "x.yml")

    assert not any(later.has_all_of(text[:end]) for end in range(len(text) + 1))
