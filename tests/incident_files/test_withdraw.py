"""Withdrawing an incident adds two keys to its file, and changes nothing that stands in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import strategies
from hypothesis import given

from status_tool.errors import StatusError
from status_tool.incident_files import parser, withdraw
from status_tool.model.update import Text
from status_tool.system import clock

WHEN = clock.parse_time("2026-11-24T09:00:00Z")
REASON = Text({"": "The probe\n\nwas wrong."})
ITEM = "{at: 2026-11-23T14:05:00Z, status: investigating, message: old}"
LINES = "withdrawn: 2026-11-24T09:00:00Z\nreason: |\n  The probe\n\n  was wrong.\n"
FLOW = '"withdrawn": "2026-11-24T09:00:00Z", "reason": "The probe\\n\\nwas wrong.", '


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        (f"title: x\nupdates:\n- {ITEM}\n", "x.yml", f"title: x\n{LINES}updates:\n- {ITEM}\n"),
        (
            f"---\ntitle: x # it\n\n# all\nupdates: # here\n- {ITEM}\nwho: you\n---\n## Why\n",
            "x.md",
            f"---\ntitle: x # it\n\n# all\n{LINES}updates: # here\n- {ITEM}\nwho: you\n---\n## Why\n",
        ),
        (
            f"title: x\r\nupdates:\r\n- {ITEM}\r\n",
            "x.yml",
            f"title: x\n{LINES}updates:\n- {ITEM}\n".replace("\n", "\r\n"),
        ),
        (f"\ufeffupdates: [{ITEM}]\ntitle: x", "x.yml", f"\ufeff{LINES}updates: [{ITEM}]\ntitle: x"),
        (f"{{title: x, updates: [{ITEM}]}} # all\n", "x.yml", f"{{title: x, {FLOW}updates: [{ITEM}]}} # all\n"),
        (
            f"  title: x\n  updates:\n  - {ITEM}\n",
            "x.yml",
            "  title: x\n  withdrawn: 2026-11-24T09:00:00Z\n  reason: |\n    The probe\n\n    was wrong.\n"
            f"  updates:\n  - {ITEM}\n",
        ),
        (
            f"who: |+\n  you\n\n\nupdates: [{ITEM}]\ntitle: x\n",
            "x.yml",
            f"who: |+\n  you\n\n\n{LINES}updates: [{ITEM}]\ntitle: x\n",
        ),
    ],
    ids=["block", "front matter", "windows", "byte order mark", "braces", "indented", "after a kept blank line"],
)
def test_two_keys_are_added_above_the_updates(text: str, path: str, after: str) -> None:
    assert withdraw.withdraw(text, path, WHEN, REASON) == after


def test_where_that_is_not_possible_the_lines_to_add_are_named() -> None:
    with pytest.raises(StatusError) as refused:
        withdraw.withdraw(f"title: x\n? updates\n: - {ITEM}\n", "x.yml", WHEN, REASON)

    assert str(refused.value) == (
        "x.yml: it cannot be withdrawn without changing other text in the file.\n"
        f"Add these lines above its updates by hand:\n{LINES.rstrip()}"
    )


@given(strategies.layouts(), strategies.words)
def test_any_layout_takes_a_withdrawal_and_keeps_every_byte(file: tuple[str, str], reason: Text) -> None:
    text, path = file
    before = parser.parse(text, path)
    after = withdraw.withdraw(text, path, WHEN, reason)
    kept = next(length for length in range(len(text), -1, -1) if after.startswith(text[:length]))

    assert after.endswith(text[kept:])
    assert parser.parse(after, path) == replace(before, withdrawn=WHEN, reason=reason)
