"""A correction changes the words of the last update, says so, and touches nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
import strategies
from hypothesis import given

from status_tool.errors import StatusError
from status_tool.incident_files import amend, parser
from status_tool.model.update import Text
from status_tool.system import clock

WHEN = clock.parse_time("2026-11-24T09:00:00Z")
HEAD = "title: x\nupdates:\n- at: 2026-11-23T14:05:00Z\n  status: investigating\n"
EDITED = "  edited: 2026-11-24T09:00:00Z\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  message: old\n", "  message: |\n    new\n\n    words\n"),
        ("  message: old # why\n", "  message: | # why\n    new\n\n    words\n"),
        ("  message: 'it is\n    old'\n", "  message: |\n    new\n\n    words\n"),
        ("  message: |\n    old\n\n    words\n", "  message: |\n    new\n\n    words\n"),
        (
            "  message: |+  # why\n    old\n\n\n# the end\n",
            "  message: |  # why\n    new\n\n    words\n\n\n# the end\n",
        ),
        ("  message: >-\n      old\n  next: 30m\n", "  message: |\n    new\n\n    words\n  next: 30m\n"),
        ("  message:\n    old\n", "  message:\n    |\n    new\n\n    words\n"),
        ("  message: |\n    old", "  message: |\n    new\n\n    words"),
    ],
)
def test_the_words_change_and_everything_else_stays(before: str, after: str) -> None:
    assert amend.amend(HEAD + before, "x.yml", "new\n\nwords", WHEN) == HEAD + EDITED + after


def test_words_that_begin_with_blanks_keep_them() -> None:
    assert amend.amend(HEAD + "  message: old\n", "x.yml", "    code first\nthen words", WHEN) == (
        HEAD + EDITED + "  message: |2\n        code first\n    then words\n"
    )


def test_an_earlier_mark_is_renewed() -> None:
    text = HEAD + "  edited: 2026-11-23T15:00:00Z  # once\n  message: old\n"

    assert amend.amend(text, "x.yml", "new", WHEN) == (
        HEAD + "  edited: 2026-11-24T09:00:00Z  # once\n  message: |\n    new\n"
    )


def test_a_record_in_braces_stays_in_braces() -> None:
    text = "{title: x, updates: [{at: 2026-11-23T14:05:00Z, status: resolved, message: old}]} # all\n"

    assert amend.amend(text, "x.yml", 'new: "words"', WHEN) == (
        "{title: x, updates: [{at: 2026-11-23T14:05:00Z, status: resolved, edited: 2026-11-24T09:00:00Z, "
        'message: "new: \\"words\\""}]} # all\n'
    )


@pytest.mark.parametrize(
    ("message", "language", "after"),
    [
        ("{en: old, fr: vieux}", "fr", '{en: old, fr: "new"}'),
        ("{en: old, fr: vieux}", "de", '{en: "new", fr: vieux}'),
        ("\n    fr: vieux\n    en: old", "en", "\n    fr: vieux\n    en: |\n      new"),
    ],
)
def test_of_several_languages_the_sites_own_is_corrected(message: str, language: str, after: str) -> None:
    text = HEAD + f"  message: {message}\n"

    assert amend.amend(text, "x.yml", "new", WHEN, language) == HEAD + EDITED + f"  message: {after}\n"


@given(strategies.layouts(), strategies.texts.filter(bool))
def test_any_layout_takes_a_correction_or_is_left_alone(file: tuple[str, str], words: str) -> None:
    text, path = file
    before = parser.parse(text, path)
    when = max(WHEN, before.last.at)
    try:
        after = amend.amend(text, path, words, when)
    except StatusError as error:
        assert "cannot be changed" in str(error)
        return
    last = replace(before.last, message=Text({"": words}), edited=when)

    assert parser.parse(after, path) == replace(before, updates=(*before.updates[:-1], last))
    assert after.startswith(text[: text.find(clock.iso(before.last.at))])
