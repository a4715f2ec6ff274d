"""The ledger: what follows from its lines, in whatever order and from whatever machines they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.notify.ledger import Entry, Event, Key, Ledger, State

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
KEY = Key("2026-11-23-api-errors", "2026-11-23T13:00:00Z", "en", "mail", "ab12")
C, R, D, A, N, U = (Event(name) for name in ("claimed", "released", "delivered", "accepted", "rejected", "unknown"))


def at(minute: int, event: Event, run: str = "a", **more: str) -> Entry:
    until = NOW + timedelta(minutes=minute + 5) if event is C else None
    return Entry(NOW + timedelta(minutes=minute), KEY, event, run, until=until, **more)


def ledger(*entries: Entry) -> Ledger:
    return Ledger.union("".join(f"{entry.line}\n" for entry in entries))


@pytest.mark.parametrize(
    ("entries", "state"),
    [
        ([], "due"),
        ([at(-1, C)], "claimed"),
        ([at(-9, C)], "unknown"),
        ([at(-1, C), at(-1, R)], "due"),
        ([at(-1, C), at(0, D)], "said"),
        ([at(-1, C), at(0, A)], "said"),
        ([at(-1, C), at(0, N)], "rejected"),
        ([at(-1, C), at(0, U)], "unknown"),
        ([at(-9, C), at(-1, C, "b")], "claimed"),
        ([at(-9, C), at(-2, C, "b"), at(-1, D, "b")], "said"),
        ([at(-9, C), at(-8, U), at(-2, C, "b"), at(-1, N, "b")], "unknown"),
        ([at(-9, C), at(-8, N), at(-2, C, "b"), at(-1, R, "b")], "rejected"),
        ([at(-9, C), at(-8, D), at(-2, C, "b")], "said"),
        ([at(-9, D, "person")], "said"),
        ([at(-1, C), at(-3, D)], "said"),  # its clock was put back
        ([at(-1, C), at(-3, N)], "rejected"),
    ],
)
def test_what_a_message_is_follows_from_the_last_word_of_each_run(entries: list[Entry], state: str) -> None:
    assert {ledger(*order).state(KEY, NOW) for order in permutations(entries)} == {State(state)}


def test_a_run_that_has_ended_is_not_waited_for() -> None:
    assert ledger(at(-1, C)).state(KEY, NOW, {"a"}) is State.UNKNOWN
    assert ledger(at(-1, C), at(-1, R)).state(KEY, NOW, {"a"}) is State.DUE


def test_what_was_said_is_found_for_a_reply() -> None:
    later = Entry(NOW, KEY._replace(update="2026-11-23T14:00:00Z"), D, "b", id="2")
    other = Entry(NOW, KEY._replace(to="cd34"), D, "b", id="3")

    found = ledger(at(-1, D, id="1"), later, other, at(0, C, "c"))

    assert [entry.id for entry in found.said(KEY.incident, "en", "mail", "ab12")] == ["1", "2"]
    assert (found.has_said(KEY.incident, "mail"), found.has_said(KEY.incident, "sms")) == (True, False)


def test_lines_that_nobody_can_read_are_kept() -> None:
    damaged = '{"at":"2026-11-23T13\n[]\nnull\n{"event":"sung"}\n'
    found = Ledger.union(damaged, at(0, D).line)

    assert found.entries == (at(0, D),)
    assert set(damaged.splitlines()) <= set(Ledger.union(found.text, damaged).text.splitlines())


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
ENTRIES = st.builds(
    Entry,
    st.integers(0, 2_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.builds(Key, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS),
    st.sampled_from(Event),
    TEXTS,
    TEXTS,
    st.none(),
    TEXTS,
    TEXTS,
    TEXTS,
)


@given(ENTRIES)
def test_an_entry_is_read_as_it_was_written(entry: Entry) -> None:
    assert Entry.of(entry.line) == entry
    assert "\n" not in entry.line


@given(st.lists(st.lists(ENTRIES), min_size=3, max_size=3))
def test_uniting_ledgers_loses_nothing_whatever_the_order(parts: list[list[Entry]]) -> None:
    texts = ["".join(f"{entry.line}\n" for entry in part) for part in parts]
    whole = Ledger.union(*texts)

    assert whole == Ledger.union(*reversed(texts)) == Ledger.union(whole.text, whole.text)
    assert set(whole.entries) == {entry for part in parts for entry in part}
