"""Conflict markers are found wherever git writes them, and nowhere else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from status_tool.text import conflict_markers

RESOLVE = (
    "\nKeep the right lines, often those of both, and delete the marker lines. Then: git add a.md"
    '\nOr keep the whole file of "HEAD": git checkout --ours -- a.md'
    '\nor of "other": git checkout --theirs -- a.md. Then: git add a.md'
    "\nIf it is a text about conflict markers, indent it."
)
CLEAN = (
    "\nDelete the line, and check the lines around it. Then: git add a.md"
    "\nIf it is a text about conflict markers, indent it."
)


def said(text: str) -> str:
    """What is said of `text`, without the conflict's hint; the markers are found in its bytes too."""
    problem = conflict_markers.problem(text, "a.md")
    assert problem is None or conflict_markers.is_possible(text.encode())
    return "" if problem is None else str(problem).removesuffix(RESOLVE).removesuffix(CLEAN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a\n<<<<<<< HEAD\nmine\n=======\nyours\nand more\n>>>>>>> other\n",
            'a.md:2: an unresolved conflict of git: line 3 is from "HEAD", lines 5 to 6 are from "other".',
        ),
        (
            "<<<<<<< HEAD\r\nmine\r\n||||||| 1a2b3c4\r\nold\r\n=======\r\n>>>>>>> other\r\n",
            'a.md:1: an unresolved conflict of git: line 2 is from "HEAD", no line is from "other"; '
            "line 4 is from before both.",
        ),
        (
            "<<<<<<< HEAD\n=======\na\n>>>>>>> other\nb\n<<<<<<< HEAD\n=======\n>>>>>>> other\n<<<<<<< HEAD",
            'a.md:1: an unresolved conflict of git: no line is from "HEAD", line 3 is from "other". '
            "More on lines 6, 9.",
        ),
        (
            "<<<<<<< HEAD\na\n||||||| base\n<<<<<<<<< One\nb\n=========\nc\n>>>>>>>>> Two\n=======\nd\n>>>>>>> other\n",
            'a.md:1: an unresolved conflict of git: line 2 is from "HEAD", line 10 is from "other"; '
            "lines 4 to 8 are from before both.",
        ),
        ("a\n<<<<<<< HEAD\nb\n", 'a.md:2: a conflict marker of git is left over: "<<<<<<< HEAD".'),
        ("a\n=======\nb\n>>>>>>> other", 'a.md:4: a conflict marker of git is left over: ">>>>>>> other".'),
        ("||||||| 1a2b3c4\nb\n", 'a.md:1: a conflict marker of git is left over: "||||||| 1a2b3c4".'),
        ("<<<<<<< HEAD\nb\n>>>>>>> other\n", 'a.md:1: a conflict marker of git is left over: "<<<<<<< HEAD".'),
        ("Heading\n=======\n", ""),
        ("| a table |\n|||||||\n||||||| a cell |\n", ""),
        (" <<<<<<< HEAD\n    =======\n\t>>>>>>> other\n", ""),
        ("a <<<<<<< HEAD\n<<<<<< six\n<<<<<<<HEAD\n`>>>>>>> other`\n>>>>>> other\n", ""),
    ],
)
def test_each_conflict_is_named_with_what_is_from_whom(text: str, expected: str) -> None:
    assert said(text) == expected


def test_sides_without_a_name_and_a_path_with_a_blank_are_told_as_they_are() -> None:
    problem = conflict_markers.problem("<<<<<<<\na\n=======\nb\n>>>>>>>\n", "docs/about us.md")

    assert str(problem) == (
        "docs/about us.md:1: an unresolved conflict of git: line 2 is from one side, line 4 is from the other side.\n"
        "Keep the right lines, often those of both, and delete the marker lines. Then: git add 'docs/about us.md'\n"
        "Or keep the whole file of one side: git checkout --ours -- 'docs/about us.md'\n"
        "or of the other side: git checkout --theirs -- 'docs/about us.md'. Then: git add 'docs/about us.md'\n"
        "If it is a text about conflict markers, indent it."
    )


SIDES = {"HEAD": "a\nmine\nb\n", "base": "a\nb\n", "other": "a\nyours\nb\n"}
TWO = 'a.md:2: an unresolved conflict of git: line 3 is from "HEAD", line 5 is from "other".'
THREE = (
    'a.md:2: an unresolved conflict of git: line 3 is from "HEAD", line 6 is from "other"; no line is from before both.'
)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("style", "expected"),
    [(None, TWO), ("--marker-size=12", TWO), ("--diff3", THREE), ("--zdiff3", THREE)],
)
def test_what_git_itself_writes_is_found(style: str | None, expected: str, line_end: str, tmp_path: Path) -> None:
    for name, text in SIDES.items():
        (tmp_path / name).write_bytes(text.replace("\n", line_end).encode())
    labels = [part for name in SIDES for part in ("-L", name)]
    command = ["git", "merge-file", "-p", *([style] if style else []), *labels, *SIDES]

    assert said(subprocess.run(command, cwd=tmp_path, capture_output=True).stdout.decode()) == expected


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\nd\n", (None, "a\nb\nd\n", "a\nc\nd\n")),
        ("<<<<<<< HEAD\nb\n||||||| 1a\n=======\nc\n>>>>>>> x\nd", ("d", "b\nd", "c\nd")),
        ("a\r\n<<<<<<< HEAD\r\nb\r\n=======\r\n>>>>>>> x\r\n", (None, "a\r\nb\r\n", "a\r\n")),
        (
            "<<<<<<< a\n1\n||||||| merged\n<<<<<<<<< b\n2\n=========\n3\n>>>>>>>>> c\n=======\n4\n>>>>>>> x\n",
            ("<<<<<<<<< b\n2\n=========\n3\n>>>>>>>>> c\n", "1\n", "4\n"),
        ),
        ("<<<<<<< HEAD\nb\n", None),
        ("a\n=======\nb\n", None),
    ],
)
def test_the_versions_that_a_conflict_was_made_of(text: str, versions: tuple[str | None, str, str] | None) -> None:
    found = conflict_markers.versions(text)

    assert (found and found[:3]) == versions


def test_the_lines_outside_of_all_conflicts_are_common() -> None:
    found = conflict_markers.versions("a\n<<<<<<< x\nb\n=======\n>>>>>>> y\nc\n<<<<<<< x\n=======\nd\n>>>>>>> y\n")

    assert found is not None
    assert found.common == "a\nc\n"


def test_markers_that_are_smaller_than_usual_become_usual_ones() -> None:
    text = "a: 1\n<<<<< HEAD\nb: 2\n||||| 1a2b\n=====\nb: 3\n>>>>> other\n"

    assert conflict_markers.enlarged(text, 5) == text.replace("<<<<<", "<<<<<<<").replace("|||||", "|||||||").replace(
        "=====", "======="
    ).replace(">>>>>", ">>>>>>>")
    assert conflict_markers.enlarged(text, 7) == text
    assert conflict_markers.enlarged("Heading\n=====\n", 5) == "Heading\n=====\n"
