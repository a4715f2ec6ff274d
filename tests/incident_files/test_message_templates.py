"""A message template is read whole or refused with every mistake; what is written into its blanks is data."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.errors import StatusError
from status_tool.incident_files import template_parser
from status_tool.incident_files.message_templates import Blank, MessageTemplate
from status_tool.model.component import ComponentStatus, Impact
from status_tool.model.update import Kind, Text, UpdateStatus
from status_tool.system import package_files
from status_tool.text import blanks

OURS = sorted((package_files.OURS / "messages").glob("*.md"))
WHOLE = r"""---
title: "Payments fail in {region}"
status: identified
impact: major
components: {api: partial_outage}
next: 45m
blanks:
  region: {hint: Which region, default: all regions}
---
Payments by card fail in {region}. {detail} Pay by \{transfer\}.
"""


def parse(text: str) -> MessageTemplate:
    return template_parser.parse(text, "site_templates/messages/x.md", "x", ["api", "website"])


def test_every_key_is_read() -> None:
    assert parse(WHOLE) == MessageTemplate(
        "x",
        Text({"": "Payments by card fail in {region}. {detail} Pay by \\{transfer\\}."}),
        title=Text({"": "Payments fail in {region}"}),
        status=UpdateStatus.IDENTIFIED,
        impact=Impact.MAJOR,
        components={"api": ComponentStatus.PARTIAL_OUTAGE},
        next=timedelta(minutes=45),
        blanks={"region": Blank(Text({"": "Which region"}), Text({"": "all regions"}))},
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Hello", "1: the front matter is missing."),
        ("---\ntitle: x\n---\n\n", '4: the template has no message.\nWrite it below the second "---".'),
        ("---\ntitel: x\n---\nHello", '2: unknown key "titel".\nDid you mean "title"?'),
        ("---\n- x\n---\nHello", "2: a message template must have keys and values."),
        (
            "---\ntitle: {region}\n---\nHello",
            "2: a title that begins with a blank must be in quotes.\nPut the title in",
        ),
        (
            "---\ntitle: x\n---\n\nHello\n{{ region }}\n",
            '6: this brace opens no blank: "{{ region }}".\nWrite a blank as',
        ),
        ("---\ntitle: x\n---\nHello {% if x %}", '4: this brace opens no blank: "{% if x %}".'),
        ("---\ntitle: x {Region}\n---\nHello", '2: this brace opens no blank: "{Region}".'),
        ("---\nmessage:\n  en: |\n    Hello\n    {\n---\n", '5: this brace opens no blank: "{".'),
        ("---\nmessage: Hello\n---\nHello", "4: the template has two messages"),
        ("---\nstatus: fixed\n---\nHello", '2: unknown status "fixed".\nDid you mean "resolved"?'),
        ("---\nstatus: cancelled\n---\nHello", '2: "cancelled" is a status of kind "maintenance".'),
        ("---\ncomponents: {apy: major_outage}\n---\nHello", '2: unknown component "apy".\nDid you mean "api"?'),
        ("---\nnext: soon\n---\nHello", '2: "next": "soon" is not a duration.\nWrite, for example: next: 30m'),
        ("---\nblanks: {regoin: {hint: x}}\n---\nIn {region}", '2: the blank "regoin" is neither in the title nor in'),
        ("---\nblanks: {Region: }\n---\nHello", '2: "Region" cannot be the name of a blank.'),
        ("---\nblanks: {next: {hint: x}}\n---\nBy {next}", '2: "{next}" is the time of the promised update.'),
        ("---\nblanks: {a: {hnt: x}}\n---\n{a}", '2: unknown key "hnt".\nDid you mean "hint"?'),
        (
            "---\ntitle: {en: x, fr: y}\n---\nHello",
            "2: the title and the message have different languages: en, fr; one",
        ),
        ("---\nstatus: resolved\nnext: 30m\n---\nHello", '3: "resolved" ends it, so no update follows.'),
        ("---\nstatus: resolved\n---\nBy {next}", '2: "resolved" ends it, so no update follows.'),
        ("---\nstatus: resolved\ncomponents: {api: major_outage}\n---\nx", '3: "resolved" sets every component to'),
        ("---\ntitle: [\n---\nHello", "3: not valid YAML"),
        ("---\ntitle: x\n---\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> c\n", "4: "),
        ("---\ntitle: 'Down until {next}'\n---\nBy {next}", "2: a title cannot say when the next update comes."),
        (
            "---\ntitle: x\n---\nHello\n- at: 2026-11-23T14:05:00Z\n  status: resolved",
            '5: "- at: 2026-11-23T14:05:00Z"',
        ),
        ("---\ntitle: x\n---\nHello\x07", "4: the message contains the character U+0007."),
    ],
)
def test_a_mistake_is_named_with_its_line_and_how_to_put_it_right(text: str, error: str) -> None:
    with pytest.raises(StatusError) as raised:
        parse(text)

    assert str(raised.value).startswith(f"site_templates/messages/x.md:{error}")


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(StatusError) as raised:
        parse("---\nimpact: huge\nstatus: fixed\n---\n{{x}}")

    assert [problem.line for problem in raised.value.problems] == [2, 3, 5]


def test_a_value_is_never_searched_for_blanks() -> None:
    template = parse("---\ntitle: '{a}: {b}'\n---\n{a} and {b}, \\{c\\}")
    values = {"a": "{b} {{ b }}", "b": "*x*"}

    assert str(template.filled_title(values)) == "{b} {{ b }}: *x*"
    assert str(template.filled_message(values)) == r"\{b\} \{\{ b \}\} and \*x\*, {c}"


def test_a_blank_that_is_left_out_says_its_default_or_stays_visible() -> None:
    template = parse("---\nblanks: {a: {default: ''}, b: {default: all}}\n---\nFirst {b}.\n\n{a}\n\nThen {c}.")

    assert str(template.filled_message({})) == "First all.\n\nThen \\{c\\}."


def test_lines_of_a_value_stay_lines_and_a_title_stays_one_line() -> None:
    template = parse("---\ntitle: '{a}'\n---\nAffected:\n\n{a}")

    assert str(template.filled_title({"a": "EU\nUS"})) == "EU US"
    assert str(template.filled_message({"a": "EU\nUS"})) == "Affected:\n\nEU\\\nUS"


@given(st.text(max_size=30))
def test_a_brace_of_a_text_is_a_blank_or_refused_or_shown(text: str) -> None:
    """Nothing in between: no other brace is taken away."""
    if list(blanks.stray_braces(text)):
        return
    filled = blanks.fill(text, lambda name, _: f"{{{name}}}")

    assert filled.replace("\\", "") == text.replace("\\", "")


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_ours_are_written_in_both_languages(path: Path, language: str) -> None:
    template = template_parser.parse(path.read_text("utf-8"), path.name, path.stem)
    texts = [template.message, *filter(None, [template.title])]
    described = [text for blank in template.blanks.values() for text in (blank.hint, blank.default) if text]

    assert {*template.names()} - {"next"} == {*template.blanks}, "each has a hint"
    assert all(language in text.translations for text in [*texts, *described] if str(text))
    assert all(list(text.translations) == [""] for text in (template.in_language(language).message,))


def test_ours_are_for_what_a_person_on_call_needs() -> None:
    names = {path.stem for path in OURS}

    assert names >= {
        "outage",
        "degraded",
        "third-party",
        "security",
        "data-loss",
        "planned-work",
        "cancelled",
        "resolved",
    }
    kinds = {path.stem: template_parser.parse(path.read_text("utf-8"), path.name, path.stem).kind for path in OURS}
    assert {name for name, kind in kinds.items() if kind is Kind.MAINTENANCE} == {
        "planned-work",
        "cancelled",
        "completed",
    }
