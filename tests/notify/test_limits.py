"""What a channel counts: never less than the service does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.notify import limits
from status_tool.notify.words import Limit

LONG = "https://status.example.org/incidents/2026-11-23-api-errors/#u-20261123T130000Z"
HELD = LONG.rpartition("/")[0]


@pytest.mark.parametrize(
    ("limit", "text", "expected"),
    [
        (limits.characters, "né 👩‍🚒", 6),
        (limits.utf_16_units, "né 👩‍🚒", 8),
        (limits.octets, "né 👩‍🚒", 15),
        (limits.octets, "\ud800", 3),
        (limits.spoken, "Next update by 14:30 UTC", 5),
        (limits.sms, "ê" * 71, 2),
        (limits.x, f"né – {LONG}", 5 + 23),
        (limits.x, "障害 🔥", 7),
        (limits.mastodon, "", 0),
        (limits.mastodon, LONG, 23),
        (limits.mastodon, "http://a.org", 23),
        (limits.mastodon, f"Down\n{LONG}\n{LONG}", 4 + 1 + 23 + 1 + 23),
        (limits.mastodon, f"({HELD}/).", 23 + 3),
        (limits.mastodon, "HTTPS://A.ORG/x, y", 23 + 3),
        # Where only Mastodon knows where it ends, as much as if it were none, and 23 more.
        (limits.mastodon, f"x{LONG}", 1 + len(LONG) + 23),
        (limits.mastodon, f"{HELD}障害" + "x" * 9, len(HELD) + 2 + 9 + 23),
        (limits.mastodon, "http://é.org", 12 + 23),
        (limits.mastodon, "https://localhost/x", 19 + 23),
        (limits.mastodon, "https://a.org/x?y=z", 23 + 4),
        (limits.mastodon, "example.org @a@example.org", 26),
    ],
)
def test_what_is_counted(limit: type[Limit], text: str, expected: int) -> None:
    assert limit(500).measure(text) == expected


@given(st.text())
def test_every_measure_counts_each_character_that_is_added(text: str) -> None:
    for limit in (limits.characters, limits.utf_16_units, limits.octets, limits.mastodon, limits.x):
        assert limit(1).measure(f"{text} x") == limit(1).measure(text) + 2


def test_a_long_text_is_counted_at_once() -> None:
    for text in ("a." * 50_000, "https://" * 12_500, "https://" + "a." * 50_000, "x" * 100_000):
        assert limits.mastodon().measure(text) > 500
