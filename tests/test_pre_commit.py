"""The hooks for pre-commit: the same lint as everywhere, and a subject of at most 72 characters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]


def hook(id: str) -> dict[str, Any]:
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert local["repo"] == "local"
    (found,) = (hook for hook in local["hooks"] if hook["id"] == id)
    return dict(found)


def test_the_lint_hook_is_make_lint() -> None:
    lint = hook("lint")

    assert (lint["language"], lint["entry"], lint["pass_filenames"]) == ("system", "make lint", False)


@pytest.mark.parametrize(
    ("message", "refused"),
    [
        ("x" * 72, False),
        ("x" * 73, True),
        ("é" * 72, False),
        ("é" * 73, True),
        ("𝄞" * 72, False),
        ("short\n\n" + "x" * 100, False),
        ("\n\n" + "x" * 73, True),
        ("fixup! " + "x" * 72, False),
        ("fixup " + "x" * 72, True),
    ],
)
def test_a_subject_of_more_than_72_characters_is_refused(message: str, refused: bool) -> None:
    """As pre-commit's `pygrep --multiline` searches: in bytes, the whole file at once."""
    subject = hook("subject")
    assert (subject["language"], subject["args"], subject["stages"]) == ("pygrep", ["--multiline"], ["commit-msg"])

    found = re.search(subject["entry"].encode(), message.encode() + b"\n", re.MULTILINE | re.DOTALL)

    assert (found is not None) is refused
