"""YAML as values with their places: no text is guessed at, no nesting is too deep, no tag is obeyed."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from status_tool.text import yaml_text
from status_tool.text.yaml_text import Bare, Block, Inline, Mapping, Mistake, Node, Scalar, Sequence


def plain(node: Node | None) -> object:
    """The tree without its places."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, (_, value) in node.pairs.items()} if node else None


@pytest.mark.parametrize(
    "text", ["no", "yes", "on", "1.10", "0x1F", "1_000", "12:30:45", "2026-11-23", "true", "~", "="]
)
def test_a_plain_word_stays_the_text_it_is(text: str) -> None:
    root, mistakes = yaml_text.read(f"key: {text}\n")

    assert (plain(root), mistakes) == ({"key": text}, [])


@pytest.mark.parametrize(
    ("written", "null"),
    [
        ("", True),
        ("~", True),
        ("null", True),
        ("Null", True),
        ("NULL", True),
        ("''", False),
        ("'~'", False),
        ("no", False),
    ],
)
def test_only_an_unquoted_nothing_is_nothing(written: str, null: bool) -> None:
    root, _ = yaml_text.read(f"key: {written}\n")

    assert isinstance(root, Mapping)
    assert (root.pairs["key"][1].is_null, root.get("key") is None) == (null, null)


def test_every_value_knows_its_line_and_where_it_begins_and_ends() -> None:
    text = "# 🚒\ntitle: 'x y'\nupdates:\n  - at: now\n"
    root, _ = yaml_text.read(text, first_line=2)
    assert isinstance(root, Mapping)
    title, updates = root.pairs["title"][1], root.pairs["updates"][1]

    assert (title.line, text[title.begin : title.end]) == (3, "'x y'")
    assert isinstance(updates, Sequence)
    assert (updates.line, updates.column, updates.flow, text[updates.begin : updates.end]) == (5, 2, False, "- at: now")
    assert (root.place_of("updates").line, root.place_of("absent")) == (4, root)


def test_tags_are_kept_as_words_and_never_obeyed() -> None:
    root, mistakes = yaml_text.read(
        "a: !!python/object/apply:os.system [exit]\nb: !ENV NAME\nc: !!python/name:os.system x\n"
    )
    assert isinstance(root, Mapping)

    assert (plain(root), mistakes) == ({"a": ["exit"], "b": "NAME", "c": "x"}, [])
    assert [value.tag for _, value in root.pairs.values()] == [
        "tag:yaml.org,2002:python/object/apply:os.system",
        "!ENV",
        "tag:yaml.org,2002:python/name:os.system",
    ]


def test_an_alias_is_what_it_refers_to_at_its_own_place() -> None:
    text = "a: &x [1]\nb: *x\n"
    root, _ = yaml_text.read(text)
    assert isinstance(root, Mapping)
    alias = root.pairs["b"][1]

    assert (plain(root), alias.line, text[alias.begin : alias.end]) == ({"a": ["1"], "b": ["1"]}, 2, "*x")


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("a: 1\na: 2\n", [Mistake(2, '"a" appears twice (first on line 1).', "Keep one of the two.")]),
        ("a: *b\n", [Mistake(1, 'the alias "*b" has no anchor "&b" above it.')]),
        ("a: &a [*a]\n", [Mistake(1, 'the alias "*a" has no anchor "&a" above it.')]),
        ("? [a]\n: b\n", [Mistake(1, "a key must be a text, not a list or a mapping.")]),
        (
            "a: 1\n---\nb: 2\n",
            [
                Mistake(
                    2,
                    "a second YAML document begins here.",
                    'Delete the line "---", or move what is below it into a file of its own.',
                )
            ],
        ),
        (
            "a: b: c\n",
            [
                Mistake(
                    1,
                    "not valid YAML: mapping values are not allowed in this context.",
                    'Write "key: value", with a space after the colon; '
                    'put a text that contains a colon below "message: |".',
                )
            ],
        ),
        (
            "a:\n\tb: 1\n",
            [
                Mistake(
                    2,
                    "not valid YAML: found character that cannot start any token.",
                    "Put the text in quotes; indent with spaces, never with tabs.",
                )
            ],
        ),
        (
            'a: "\\s"\n',
            [
                Mistake(
                    1,
                    "not valid YAML: found unknown escape character.",
                    "Use single quotes around a text that contains a backslash.",
                )
            ],
        ),
        (
            "a: 1\n\nb: \x00\n",
            [
                Mistake(
                    3, "not valid YAML: control characters are not allowed.", "Remove the invisible character."
                )
            ],
        ),
    ],
)  # fmt: skip
def test_a_mistake_has_its_line_and_its_remedy(text: str, mistakes: list[Mistake]) -> None:
    assert yaml_text.read(text)[1] == mistakes


def too_deep(line: int) -> Mistake:
    return Mistake(line, "nested more than 24 levels deep.", "Remove brackets, or indent less.")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_a_hundred_thousand_brackets_are_one_mistake(opening: str) -> None:
    assert yaml_text.read(opening * 100_000) == (
        None,
        [too_deep(1)],
    )


def test_nesting_beyond_the_limit_of_libyaml_is_the_same_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: str) -> object:
        mark = yaml.Mark("", 0, 2, 0, None, None)
        raise yaml.scanner.ScannerError(None, None, "exceeded maximum nesting depth", mark)  # PyYAML 6.0.4 does

    monkeypatch.setattr(yaml_text._TreeBuilder, "document", refused)

    assert yaml_text.read("[") == (
        None,
        [too_deep(3)],
    )


def test_twenty_four_levels_are_read_and_one_more_is_not() -> None:
    fits, nested = ("[" * (levels + 1) + "]" * (levels + 1) for levels in (24, 25))

    assert yaml_text.read(fits)[1] == []
    assert yaml_text.read(nested) == (
        None,
        [too_deep(1)],
    )


def test_a_thousand_million_laughs_take_no_memory() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    root, mistakes = yaml_text.read("\n".join(lines))

    assert isinstance(root, Mapping)
    assert (len(root.pairs), mistakes) == (60, [])


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "\ufeff"])
def test_a_file_of_nothing_is_no_value_and_no_mistake(text: str) -> None:
    assert yaml_text.read(text) == (None, [])


@given(st.text())
def test_any_text_is_a_value_or_a_mistake_and_never_an_exception(text: str) -> None:
    root, mistakes = yaml_text.read(text, first_line=5)

    assert all(mistake.line >= 5 for mistake in mistakes)
    assert root is None or root.begin <= root.end <= len(text)


def test_an_unpaired_surrogate_is_a_mistake_like_any_other() -> None:
    mistake = Mistake(4, "invalid Unicode: unpaired surrogate.", "Remove it.")

    assert yaml_text.read("a: 1\nb: \ud800\n", first_line=3) == (None, [mistake])


@pytest.mark.parametrize("text", ["*Bold* words", "- an item", "> quoted", "| piped", '"never closed'])
def test_a_message_that_begins_with_markdown_says_how_to_write_it(text: str) -> None:
    _, mistakes = yaml_text.read(f"message: {text}\n")

    assert [bool(mistake.hint) for mistake in mistakes] == [True]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree\x85four\u2028five\u2029six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("\n\n  indented stays  \n\n", "  indented stays"),
        ("bell\x07, escape\x1b[2J, delete\x7f, mark\ufeff, half\ud800", "bell, escape[2J, delete, mark, half"),
        ("tab\tstays, so do 🚒 and مرحبا", "tab\tstays, so do 🚒 and مرحبا"),
        (" \n\t\n", ""),
    ],
)
def test_what_a_keyboard_sends_is_tidied(typed: str, kept: str) -> None:
    assert yaml_text.tidy(typed) == kept


@given(st.text(st.characters(exclude_categories=[])))
def test_what_is_tidy_holds_nothing_unwanted_and_stays_as_it_is(text: str) -> None:
    once = yaml_text.tidy(text)

    assert (yaml_text.unwanted(once), yaml_text.tidy(once)) == (None, once)


@pytest.mark.parametrize(
    ("text", "found"), [("fine\n\tfine", None), ("a\x07b\x08", "\x07"), ("\ufffe", "\ufffe"), ("\r", "\r")]
)
def test_the_first_unwanted_character_is_found(text: str, found: str | None) -> None:
    assert yaml_text.unwanted(text) == found


def test_a_record_is_written_as_people_would() -> None:
    record = {
        "title": "no",
        "who": "word " * 60 + "end",
        "started": Bare("2026-11-23T14:05:00Z"),
        "components": Inline({"api": "major_outage", "no": "unknown"}),
        "message": Block("One line: with a colon.\n\n  # indented مرحبا\n" + "long " * 60 + "end"),
    }

    assert yaml_text.write(record) == (
        "title: 'no'\n"
        f"who: {'word ' * 60}end\n"
        "started: 2026-11-23T14:05:00Z\n"
        "components: {api: major_outage, 'no': unknown}\n"
        "message: |\n"
        "  One line: with a colon.\n"
        "\n"
        "    # indented مرحبا\n"
        f"  {'long ' * 60}end\n"
    )


def test_a_message_with_an_emoji_is_still_written_line_by_line() -> None:
    assert yaml_text.write({"message": Block("On it 🚒\n\nMore soon.")}) == "message: |\n  On it 🚒\n\n  More soon.\n"


tidy_texts = st.text(max_size=60).map(yaml_text.tidy)


@given(st.dictionaries(tidy_texts, tidy_texts))
def test_what_is_written_is_read_again(record: dict[str, str]) -> None:
    root, mistakes = yaml_text.read(yaml_text.write(record))

    assert (plain(root), mistakes) == (record, [])


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5).map("\n".join).map(yaml_text.tidy).filter(bool))
def test_a_block_is_read_again_as_it_was_tidied(text: str) -> None:
    root, _ = yaml_text.read(yaml_text.write({"message": Block(text)}))
    assert isinstance(root, Mapping)
    node = root.pairs["message"][1]
    assert isinstance(node, Scalar)

    assert yaml_text.tidy(node.text) == text
