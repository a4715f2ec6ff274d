"""Two people's changes to the file of one update, or two updates of one second."""

from __future__ import annotations

import pytest

from status_tool.errors import StatusError
from status_tool.incident_files.merging import Merged
from status_tool.incident_files.union import Side
from status_tool.incident_files.update_file_merging import check, later_name, merge

PATH = "incidents/x/20261123T141000Z.md"
BASE = "---\n# by telephone\nstatus: identified\nnext: 30m # soon\n---\nWe look.\n"


def test_each_side_changes_another_part() -> None:
    ours = BASE.replace("We look.", "We search.").replace("next", "edited: 2026-11-23T14:20:00Z\nnext")
    theirs = BASE.replace("status", "components: {api: major_outage}\nstatus").replace("\n", "\r\n")
    result = merge(BASE, ours, theirs, PATH)

    assert result.text is not None
    changed = theirs.replace("We look.", "We search.").replace("status", "edited: 2026-11-23T14:20:00Z\r\nstatus")
    assert result.text == changed


def test_a_key_that_one_side_removed_goes() -> None:
    ours, theirs = BASE.replace("next: 30m # soon\n", ""), BASE.replace("look", "search")

    assert merge(BASE, ours, theirs, PATH) == Merged(ours.replace("look", "search"))


def test_a_message_that_both_changed_is_asked() -> None:
    ours, theirs = BASE.replace("look", "search"), BASE.replace("look", "know")
    question = merge(BASE, ours, theirs, PATH).questions[0]

    assert (question.ours, question.theirs) == ("We search.", "We know.")
    assert merge(BASE, ours, theirs, PATH, {question.key: Side.OURS}).text == ours
    assert merge(BASE, ours, theirs, PATH, {question.key: Side.THEIRS}).text == theirs


def test_of_two_updates_of_one_second_that_of_ours_gets_another_file() -> None:
    ours, theirs = BASE.replace("look", "search"), BASE.replace("look", "know")

    assert merge(None, ours, theirs, PATH) == Merged(theirs, moved=ours)
    assert merge(None, theirs, theirs, PATH) == Merged(theirs)
    taken = {"incidents/x/20261123T141001Z.md"}
    assert later_name(PATH, taken.__contains__) == "incidents/x/20261123T141002Z.md"


def test_two_ends_of_one_second_are_one_with_the_words_of_both() -> None:
    ours, theirs = (f"---\nstatus: resolved\n---\nOver, says {name}.\n" for name in ("Ann", "Bob"))
    result = merge(None, ours, theirs, PATH)

    assert result.text == (
        "---\nedited: 2026-11-23T14:10:00Z\nstatus: resolved\n---\nOver, says Bob.\n\nOver, says Ann.\n"
    )


def test_a_translation_that_both_changed_is_asked() -> None:
    path = PATH.replace("Z.md", "Z.fr.md")
    question = merge("Un.\n", "Deux.\n", "Trois.\n", path).questions[0]

    assert question.what == "the message of the update of 2026-11-23T14:10:00Z in fr"
    assert merge("Un.\n", "Deux.\n", "Trois.\n", path, {"message": Side.OURS}) == Merged("Deux.\n")


@pytest.mark.parametrize("broken", ["", "---\nstatus: no\n---\nx\n", "---\nstatus: identified\n---\n"])
def test_a_side_that_is_not_valid_is_named(broken: str) -> None:
    with pytest.raises(StatusError):
        merge(BASE, BASE.replace("look", "search"), broken, PATH)
    with pytest.raises(StatusError):
        check(broken, PATH)
