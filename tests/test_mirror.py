"""The folders of tests are those of the program, and tests replace no private names."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
PROGRAM = TESTS.parent / "status_tool"
OTHER_FOLDERS = {"cases", "clients", "e2e", "support", "tools"}
"""Folders of tests that test no folder of the program."""


def folders(parent: Path) -> set[str]:
    """The names of the folders in `parent` that hold Python files or cases."""
    return {path.name for path in parent.iterdir() if path.is_dir() and any(path.glob("[!_]*.*"))}


def test_each_folder_of_the_program_has_a_folder_of_tests() -> None:
    assert folders(TESTS) - OTHER_FOLDERS - {"__pycache__"} == folders(PROGRAM) - {"__pycache__"}


def test_no_test_replaces_a_private_name_or_one_that_is_written_as_text() -> None:
    private = re.compile(r"""setattr\(\s*(?:["']|[\w.]+,\s*["']_)|\bpatch\(["']|(?:writer|store|pages)\._\w+ = """)
    found = [
        f"{path.relative_to(TESTS)}: {match[0]}"
        for path in sorted(TESTS.rglob("*.py"))
        if path != Path(__file__)
        for match in private.finditer(path.read_text("utf-8"))
    ]

    assert found == []
