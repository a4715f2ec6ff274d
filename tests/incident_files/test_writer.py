"""Adding to an incident file takes nothing away, and a new file holds what it was made of."""

from __future__ import annotations

from dataclasses import replace

import pytest
import strategies
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from status_tool.errors import StatusError
from status_tool.incident_files import parser, writer
from status_tool.model.incident import Incident
from status_tool.model.update import Kind, Text, Update, UpdateStatus
from status_tool.model.window import Window
from status_tool.system import clock


def inserted(before: str, after: str) -> bool:
    """Whether `after` is `before` with one piece of text put in."""
    length = 0
    while length < len(before) and before[length] == after[length]:
        length += 1
    return after.endswith(before[length:]) and len(after) > len(before)


@given(strategies.layouts(), strategies.updates())
def test_appending_keeps_every_earlier_byte_and_adds_the_update(file: tuple[str, str], update: Update) -> None:
    text, path = file
    before = parser.parse(text, path)
    after = writer.append_update(text, path, update)

    assert inserted(text, after)
    assert parser.parse(after, path) == replace(before, updates=(*before.updates, update))


@given(strategies.layouts(), st.data())
def test_updates_can_follow_each_other(file: tuple[str, str], data: st.DataObject) -> None:
    text, path = file
    count = len(parser.parse(text, path).updates)
    for number in range(3):
        update = data.draw(strategies.updates(parser.parse(text, path).last.at))
        text = writer.append_update(text, path, update)

        assert len(parser.parse(text, path).updates) == count + number + 1


@settings(max_examples=30, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])  # few may move
@given(strategies.incidents(kinds=[Kind.MAINTENANCE]), st.data())
@pytest.mark.slow
def test_a_move_is_added_without_a_change_of_what_was_said(work: Incident, data: st.DataObject) -> None:
    work = replace(work, withdrawn=None, withdrawal_posted=None, reason=None)
    text = writer.draft(work)
    update = replace(data.draw(strategies.updates(work.last.at)), status=UpdateStatus.SCHEDULED)
    assume(strategies.may_move(work.updates, update))
    begin = update.at + data.draw(strategies.steps)
    update = replace(update, scheduled=Window(begin, begin + data.draw(strategies.steps)))
    after = writer.append_update(text, "x.md", update)
    moved = parser.parse(after, "x.md")

    assert inserted(text, after)
    assert moved == replace(work, updates=(*work.updates, update))
    assert (moved.scheduled, moved.window) == (work.scheduled, update.scheduled)
    assert moved.window_after(work.last) == work.window


@given(strategies.incidents())
def test_a_new_file_holds_the_incident_it_was_made_of(incident: Incident) -> None:
    assert parser.parse(writer.draft(incident), "x.md") == incident


LATER = Update(clock.parse_time("2026-11-23T15:00:00Z"), UpdateStatus.RESOLVED, Text({"": "Done."}))


@pytest.mark.parametrize(
    ("begin", "indent"),
    [
        ("updates: &all", ""),
        ("updates: # all\n ", ""),
        ("updates: &all # of them\n# -\n", "  "),
        ("updates:\n", "    "),
    ],
)
def test_an_update_is_added_below_a_list_however_it_begins(begin: str, indent: str) -> None:
    item = "- at: 2026-11-23T14:05:00Z\n  status: investigating\n  message: Looking.\n"
    text = f"title: x\n{begin}\n" + "".join(f"{indent}{line}\n" for line in item.splitlines())
    added = "- at: 2026-11-23T15:00:00Z\n  status: resolved\n  message: |\n    Done.\n"

    assert writer.append_update(text, "x.yml", LATER) == text + "".join(
        f"{indent}{line}\n" for line in added.splitlines()
    )


def test_an_update_older_than_the_last_is_refused() -> None:
    text = "title: x\nupdates:\n- {at: 2026-11-23T15:00:00Z, status: monitoring, message: Better.}\n"
    with pytest.raises(StatusError) as refused:
        writer.append_update(text, "x.yml", LATER)

    assert str(refused.value) == (
        "x.yml: the new update (2026-11-23T15:00:00Z) is not later than the last one (2026-11-23T15:00:00Z).\n"
        "Choose a later time, or add the update by hand."
    )
