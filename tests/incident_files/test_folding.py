"""Updates in files of their own are moved into the incident's file: each is there once, and no other text changes."""

from __future__ import annotations

import pytest

from status_tool.errors import StatusError
from status_tool.incident_files import parser
from status_tool.incident_files.folding import fold
from status_tool.incident_files.update_files import FileText

TEXT = """\
---
title: API errors # as customers said
updates:
    - at: 2026-11-23T14:05:00Z
      status: investigating
      message: We look.
    - at: 2026-11-23T14:20:00Z
      status: monitoring
      message: "It works."
---

## Why
"""


def file(time: str, text: str, language: str = "") -> FileText:
    return FileText(f"incidents/x/20261123T{time}Z{language}.md", text)


FOUND = file(
    "141000", "---\n# by telephone\nstatus: identified\ncomponents: {api: major_outage} # all\n---\nFound it.\n"
)
FRENCH = file("141000", "Trouvé.\n", ".fr")
LISTED_FRENCH = file("140500", "Nous cherchons.\n", ".fr")


def folded(text: str, *files: FileText) -> str:
    return fold(text, "incidents/x.md", files, "en").text


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_an_update_gets_its_place_and_keeps_its_comments(line_end: str) -> None:
    text = TEXT.replace("\n", line_end)
    item = """\
    - at: 2026-11-23T14:10:00Z
      # by telephone
      status: identified
      components: {api: major_outage} # all
      message: |
        Found it.
""".replace("\n", line_end)
    end = text.index("    - at: 2026-11-23T14:20")

    assert folded(text, FOUND) == text[:end] + item + text[end:]


@pytest.mark.parametrize("files", [(FOUND,), (FRENCH, FOUND), (LISTED_FRENCH,), (LISTED_FRENCH, FOUND, FRENCH)])
def test_the_incident_is_the_same_and_a_fold_that_was_killed_is_ended(files: tuple[FileText, ...]) -> None:
    before = parser.parse(TEXT, "x.md", files=files, language="en")
    result = fold(TEXT, "x.md", files, "en")
    after = parser.parse(result.text, "x.md")

    assert [update.at for update in after.updates] == [update.at for update in before.updates]
    assert [each.message.in_language("fr")[1] for each in after.updates] == [
        each.message.in_language("fr")[1] for each in before.updates
    ]
    assert sorted(result.removed) == sorted(file.path for file in files)
    for killed_after in range(len(files)):
        left = [file for file in files if file.path in result.removed[killed_after:]]
        assert fold(result.text, "x.md", left, "en").text == result.text


def test_a_list_in_brackets_gets_it_too() -> None:
    text = 'title: x\nupdates: [{at: 2026-11-23T14:05:00Z, status: investigating, message: "We look."}]\n'
    result = fold(text, "x.yml", [FOUND], "en").text

    assert str(parser.parse(result, "x.yml").last.message) == "Found it."


def test_what_was_corrected_after_a_fold_holds() -> None:
    once = folded(TEXT, FOUND)
    corrected = file(
        "141000", FOUND.text.replace("status", "edited: 2026-11-23T15:00:00Z\nstatus").replace("it.", "all.")
    )

    assert "Found all." in folded(once, corrected)
    assert "Found it." not in folded(once, corrected)


@pytest.mark.parametrize(
    "broken",
    [
        file("140500", "---\nstatus: identified\n---\nOther words of this second.\n"),
        file("141000", "---\nstatus: maybe\n---\nx\n"),
        file("141500", "Sans elle.\n", ".fr"),
        file("141000", "<<<<<<< a\n=======\n>>>>>>> b\n"),
    ],
)
def test_a_contradiction_or_a_fault_changes_nothing_and_is_named(broken: FileText) -> None:
    with pytest.raises(StatusError) as refused:
        folded(TEXT, FOUND, broken) if broken.path != FOUND.path else folded(TEXT, broken)
    assert refused.value.problems[0].path == broken.path


def test_no_comment_is_lost() -> None:
    flow = file("141000", "---\n# by telephone\n{status: identified, # sure\n next: 30m}\n---\nFound it.\n")
    french = file("141000", "---\n# from Marie\n---\nTrouvé.\n", ".fr")
    text = folded(TEXT, flow, french)

    assert "as customers said\n# by telephone\n# sure\n# from Marie\nupdates:\n" in text
    assert parser.parse(text, "incidents/x.md") == parser.parse(
        TEXT, "incidents/x.md", files=[flow, french], language="en"
    )
    record = '{"title": "x", "updates": [{"at": "2026-11-23T14:05:00Z", "status": "investigating", "message": "x"}]}'
    with pytest.raises(StatusError, match="cannot be moved into this file without"):
        fold(record, "incidents/x.yml", [french, flow], "en")
