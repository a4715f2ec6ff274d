"""What JSON is, YAML 1.2 is: every text that JSON can hold is read as it was written, in its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.text import yaml_text
from status_tool.text.yaml_text import Mapping, Mistake, Scalar, Sequence

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.text(st.sampled_from('\\"ud83🔥\u2028\x85\ufdd0/'))
indents = st.sampled_from([None, 2, "\t"])


def read(text: str) -> Mapping:
    root, mistakes = yaml_text.read(text)
    assert isinstance(root, Mapping), mistakes
    assert mistakes == []
    return root


def text_of(root: Mapping, key: str) -> str:
    node = root.pairs[key][1]
    assert isinstance(node, Scalar)
    return node.text


@given(texts, texts, indents)
def test_what_json_escapes_is_read_as_it_was(first: str, second: str, indent: str | int | None) -> None:
    text = json.dumps({"a": first, "b": [second], "c": "end"}, indent=indent)
    root = read(text)
    items = root.pairs["b"][1]
    assert isinstance(items, Sequence)
    item = items.items[0]
    assert isinstance(item, Scalar)

    assert (text_of(root, "a"), item.text, text_of(root, "c")) == (first, second, "end")
    assert text[item.begin : item.end] == json.dumps(second)
    assert item.line == text.count("\n", 0, item.begin) + 1


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_a_separator_of_unicode_ends_no_line(separator: str) -> None:
    text = f'plain: a{separator}b\n"quoted": "c{separator}d"\nblock: |\n  e{separator}f\nlast: g\n'
    root = read(text)

    found = [text_of(root, key) for key in root.pairs]
    assert found == [f"a{separator}b", f"c{separator}d", f"e{separator}f\n", "g"]
    assert root.pairs["last"][1].line == 5


def test_only_in_double_quotes_is_an_escape_one() -> None:
    text = (
        r"plain: \ud83d\udd25 \ufffd \ud83d" "\n"
        r"single: '\ud83d\ufffd\udd25'" "\n"
        r'double: "\\ud83d\uD83D\uDD25\ufffd"' "\n"
        r"block: | # \ud83d" "\n"
        r"  \ud83d\udd25" "\n"
    )  # fmt: skip
    root = read(text)

    assert {key: text_of(root, key) for key in root.pairs} == {
        "plain": r"\ud83d\udd25 \ufffd \ud83d",
        "single": r"\ud83d\ufffd\udd25",
        "double": "\\ud83d🔥\ufffd",
        "block": "\\ud83d\\udd25\n",
    }


@pytest.mark.parametrize(
    ("value", "line", "escape"),
    [(r'"\ud83d x"', 2, r"\ud83d"), (r'"\udd25\ud83d"', 2, r"\udd25"), ('"a\n \\ud83d\\ud83d\\udd25"', 3, r"\ud83d")],
)
def test_half_a_character_is_a_mistake_in_its_line(value: str, line: int, escape: str) -> None:
    what = f"{escape} is half of a character, and its other half is not beside it."
    hint = r"Write both halves, for example \ud83d\udd25, or the character itself."

    assert yaml_text.read(f"a: 1\nb: {value}\nc: [x\n")[1][0] == Mistake(line, what, hint)
