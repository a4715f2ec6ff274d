"""Two people's changes to one file: the words of both are in the result, and what is contested is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from status_tool.incident_files import merging, parser, writer
from status_tool.incident_files.merging import Merged, merge
from status_tool.incident_files.union import Side
from status_tool.model.incident import Incident
from status_tool.model.update import Kind, Text, Update, UpdateStatus

BASE = """\
---
# Seen by the probe.
title: API errors
updates:
- at: 2026-11-23T14:05:00Z
  status: investigating
  next: 30m
  message: |
    We look.
---
"""


def item(time: str, status: str, message: str, more: str = "") -> str:
    return f"- at: 2026-11-23T{time}Z\n  status: {status}\n{more}  message: |\n    {message}\n"


def added(text: str, *items: str) -> str:
    return text.removesuffix("---\n") + "".join(items) + "---\n"


def merged(base: str | None, ours: str, theirs: str, **answers: Side) -> Merged:
    return merge(base, ours, theirs, "x.md", answers)


def keys(result: Merged) -> list[str]:
    return [question.key for question in result.questions]


OURS, THEIRS = item("14:10:00", "identified", "Ours."), item("14:11:00", "monitoring", "Theirs.")


@pytest.mark.parametrize(("ours", "theirs"), [(OURS, THEIRS), (THEIRS, OURS)])
def test_updates_of_both_are_there_in_the_order_of_time(ours: str, theirs: str) -> None:
    result = merged(BASE, added(BASE, ours), added(BASE, theirs))

    assert result == Merged(added(BASE, OURS, THEIRS))


def test_the_comment_above_an_update_comes_with_it() -> None:
    result = merged(BASE, added(BASE, f"# by Ann\n{OURS}"), added(BASE, THEIRS, "# end\n"))

    assert result == Merged(added(BASE, f"# by Ann\n{OURS}", THEIRS, "# end\n"))


def test_a_comment_that_cannot_come_with_it_is_named() -> None:
    ours, theirs = added(BASE, f"# by Ann\n{OURS}"), added(BASE, OURS.replace("Ours.", "Theirs."))
    result = merged(BASE, ours, theirs)

    assert result.text == added(theirs, item("14:10:01", "identified", "Ours."))
    assert result.notes == (
        "Another update has the time 2026-11-23T14:10:00Z, so this one got 2026-11-23T14:10:01Z.",
        "This comment of yours was left out: # by Ann",
    )


def test_an_equal_update_of_both_is_there_once() -> None:
    assert merged(BASE, added(BASE, OURS, THEIRS), added(BASE, OURS)).text == added(BASE, OURS, THEIRS)


def test_of_two_ends_that_of_theirs_stays_and_gets_the_words_of_the_other() -> None:
    ours = added(BASE, OURS, item("14:20:00", "resolved", "Fixed, says Ann."))
    theirs = added(BASE, THEIRS, item("14:19:00", "resolved", "Fixed, says Bob."))
    united = item(
        "14:19:00", "resolved", "Fixed, says Bob.\n\n    Fixed, says Ann.", "  edited: 2026-11-23T14:20:00Z\n"
    )
    result = merged(BASE, ours, theirs)

    assert result.text == added(BASE, OURS, THEIRS, united)
    note = "Others had ended it already (resolved, 2026-11-23T14:19:00Z); your words were added to theirs."
    assert result.notes == (note,)


def test_an_update_after_the_end_reopens_and_says_so() -> None:
    theirs = added(BASE, item("14:08:00", "resolved", "Over."))
    result = merged(BASE, added(BASE, OURS), theirs)

    assert result.text == added(theirs, OURS)
    assert result.notes == ("Others had ended it (resolved, 2026-11-23T14:08:00Z); your update reopens it.",)


def test_an_update_before_the_end_reopens_nothing() -> None:
    end = item("14:12:00", "resolved", "Over.")

    assert merged(BASE, added(BASE, OURS), added(BASE, end)) == Merged(added(BASE, OURS, end))


def test_what_two_people_opened_is_one_incident_with_the_words_of_both() -> None:
    theirs = added(BASE, item("14:06:00", "identified", "Found."))
    ours = BASE.replace("14:05:00", "14:07:00").replace("We look.", "It is down.")
    result = merged(None, ours, theirs)

    assert result.text == added(theirs, item("14:07:00", "identified", "It is down.", "  next: 2026-11-23T14:37:00Z\n"))
    assert result.notes == ("Others had opened it already; your words are an update of theirs.",)


def test_each_side_changes_another_key() -> None:
    ours = BASE.replace("title: API errors", "title: API down")
    theirs = added(BASE.replace("updates:", "impact: major\nwho: All.\nupdates:"), THEIRS)

    assert merged(BASE, ours, theirs) == Merged(theirs.replace("API errors", "API down"))


def test_what_both_changed_is_asked_and_the_answer_counts() -> None:
    ours, theirs = BASE.replace("API errors", "API down"), BASE.replace("API errors", "API broken")
    result = merged(BASE, ours, theirs)

    assert (result.text, keys(result)) == (None, ["title"])
    question = result.questions[0]
    assert (question.base, question.ours, question.theirs) == ("API errors", "API down", "API broken")
    assert merged(BASE, ours, theirs, title=Side.OURS).text == ours
    assert merged(BASE, ours, theirs, title=Side.THEIRS).text == theirs


def test_a_message_that_both_amended_is_asked() -> None:
    ours = BASE.replace("  next: 30m\n", "  next: 30m\n  edited: 2026-11-23T14:06:00Z\n").replace("We look", "Ours")
    theirs = BASE.replace("  next: 30m\n", "  next: 30m\n  edited: 2026-11-23T14:07:00Z\n").replace("We look", "Theirs")
    result = merged(BASE, ours, theirs)

    assert keys(result) == ["2026-11-23T14:05:00Z message"]
    answered = merge(BASE, ours, theirs, "x.md", {result.questions[0].key: Side.OURS}).text
    assert answered == theirs.replace("Theirs", "Ours")


def test_each_side_changes_another_language_of_a_message() -> None:
    base = BASE.replace("  message: |\n    We look.\n", "  message:\n    en: We look.\n    fr: Nous cherchons.\n")
    ours, theirs = base.replace("We look", "We search"), base.replace("cherchons", "regardons")
    result = merged(base, ours, theirs)

    assert result.text is not None
    assert parser.parse(result.text, "x.md").first.message == Text({"en": "We search.", "fr": "Nous regardons."})


def test_a_removed_update_stays_removed_unless_the_other_side_changed_it() -> None:
    base = added(BASE, OURS)

    assert merged(base, BASE, added(base, THEIRS)).text == added(BASE, THEIRS)
    assert merged(base, added(base, THEIRS), BASE).text == added(BASE, THEIRS)
    assert keys(merged(base, BASE, base.replace("Ours.", "Mine."))) == ["2026-11-23T14:10:00Z"]


def test_a_post_mortem_of_one_side_and_an_update_of_the_other() -> None:
    theirs, ours = f"{BASE}## Why\n\nBecause.\n", added(BASE, OURS)

    assert merged(BASE, ours, theirs).text == f"{ours}## Why\n\nBecause.\n"
    assert merged(BASE, theirs, ours).text == f"{ours}## Why\n\nBecause.\n"


def test_a_message_with_a_comment_behind_it_becomes_a_block_without_the_comment_in_it() -> None:
    plain = BASE.replace("message: |\n    We look.", "message: We look.  # quoted by the press")
    ours = BASE.replace("    We look.", "    We look.\n\n    And look.")
    both = BASE.replace("message: |\n    We look.", "message: |  # quoted by the press\n    We look.\n\n    And look.")

    assert merged(plain, ours, added(plain, THEIRS)) == Merged(added(both, THEIRS))


def test_a_comment_inside_a_value_that_changed_is_named() -> None:
    base = BASE.replace("  next", "  components:\n    api: partial_outage\n    website: partial_outage\n  next")
    ours = base.replace("api: partial", "api: major")
    theirs = base.replace("api: partial_outage", "api: partial_outage  # seen by Bob")
    result = merged(base, ours, theirs)

    assert result.text == BASE.replace("  next", "  components: {api: major_outage, website: partial_outage}\n  next")
    assert result.notes == ("This comment of others was left out: # seen by Bob",)


def test_a_key_that_one_side_removed_goes_wherever_it_is_in_braces() -> None:
    record = "title: API errors\nupdates: [{at: 2026-11-23T14:05:00Z, status: identified, message: x, next: 30m}]\n"
    ours, theirs = record.replace(", next: 30m", ""), f"{record}who: All.\n"

    assert merge(record, ours, theirs, "x.yml") == Merged(f"{ours}who: All.\n")


def test_lines_end_as_in_theirs_and_the_post_mortem_is_as_ours_wrote_it() -> None:
    theirs = added(BASE, THEIRS).replace("\n", "\r\n")
    result = merged(BASE, f"{BASE}\n## Why\n\nBecause.\n", theirs)

    assert result.text == f"{theirs}\r\n## Why\r\n\r\nBecause.\r\n"


def test_a_withdrawal_and_a_later_update_are_asked_about_and_both_texts_stay() -> None:
    theirs = BASE.replace("updates:", "withdrawn: 2026-11-23T14:08:00Z\nreason: A test.\nupdates:")
    ours = added(BASE, OURS)
    question = merged(BASE, ours, theirs).questions[0]
    assert (question.key, question.theirs) == ("withdrawn", "withdrawn: 2026-11-23T14:08:00Z\nreason: A test.")

    assert merged(BASE, ours, theirs, withdrawn=Side.OURS).text == ours
    assert merged(BASE, ours, theirs, withdrawn=Side.THEIRS).text == added(theirs.replace("14:08", "14:10"), OURS)
    assert merged(BASE, theirs, ours, withdrawn=Side.THEIRS).text == ours


def test_of_two_withdrawals_only_the_reason_is_asked() -> None:
    ours, theirs = (
        BASE.replace("updates:", f"withdrawn: 2026-11-23T14:0{minute}:00Z\nreason: {reason}\nupdates:")
        for minute, reason in ((8, "A test."), (9, "A drill."))
    )

    assert keys(merged(BASE, ours, theirs)) == ["reason"]
    assert merged(BASE, ours, theirs, reason=Side.OURS).text == theirs.replace("A drill.", "|\n  A test.")


def test_what_reopens_it_takes_the_time_of_the_end_away() -> None:
    theirs = added(
        BASE.replace("updates:", "ended: 2026-11-23T14:07:00Z\nupdates:"), item("14:08:00", "resolved", "Over.")
    )
    result = merged(BASE, added(BASE, OURS), theirs)

    assert result.text == added(BASE, item("14:08:00", "resolved", "Over."), OURS)
    assert 'It is open again, so this line was left out: "ended: 2026-11-23T14:07:00Z".' in result.notes


def test_it_stays_ended_when_both_ended_it_and_one_spoke_in_between() -> None:
    end, between = item("14:08:00", "resolved", "Over."), item("14:12:00", "resolved", "Over, says Ann.")

    assert merged(BASE, added(BASE, OURS, between), added(BASE, end)).text == added(BASE, end, OURS, between)


def test_an_update_of_the_second_of_the_end_does_not_reopen_it() -> None:
    end = item("14:10:00", "resolved", "Over.")

    result = merged(BASE, added(BASE, OURS), added(BASE, end))
    assert result.text == added(BASE, item("14:09:59", "identified", "Ours."), end)


def test_two_ends_of_different_kinds_are_asked_about() -> None:
    base = BASE.replace(
        "updates:", "kind: maintenance\nscheduled: {from: 2026-12-01T02:00:00Z, until: 2026-12-01T04:00:00Z}\nupdates:"
    )
    base = base.replace("investigating", "scheduled")
    ours, theirs = (added(base, item("14:10:00", end, "Over.")) for end in ("cancelled", "completed"))

    assert keys(merged(base, ours, theirs)) == ["2026-11-23T14:10:00Z status"]
    assert merge(base, ours, theirs, "x.md", {"2026-11-23T14:10:00Z status": Side.OURS}).text == ours


def test_the_same_words_of_two_people_about_two_components_are_two_updates() -> None:
    ours, theirs = (
        added(BASE, OURS.replace("  message", f"  components: {{{name}: major_outage}}\n  message"))
        for name in ("api", "website")
    )
    result = merged(BASE, ours, theirs.replace("14:10:00", "14:10:20"))

    assert result.text == ours.removesuffix("---\n") + theirs.replace("14:10:00", "14:10:20").removeprefix(BASE[:-4])


def test_the_same_merge_again_changes_nothing() -> None:
    ours = added(BASE, OURS, item("14:20:00", "resolved", "Fixed, says Ann."))
    theirs = added(BASE, OURS.replace("Ours.", "Theirs."), item("14:19:00", "resolved", "Fixed, says Bob."))
    united = merged(BASE, ours, theirs).text
    assert united is not None

    assert merged(BASE, ours, united) == merged(BASE, theirs, united) == Merged(united)
    opened = BASE.replace("14:05:00", "14:07:00").replace("We look.", "It is down.")
    twice = merged(None, opened, theirs).text
    assert twice is not None
    assert merged(None, opened, twice) == Merged(twice)


@pytest.mark.parametrize("base", ["", BASE.replace("title", "titel"), f"<<<<<<< a\n{BASE}=======\n>>>>>>> b\n"])
def test_a_base_that_nobody_can_read_costs_no_words(base: str) -> None:
    assert merged(base, added(BASE, OURS), added(BASE, THEIRS)) == Merged(added(BASE, OURS, THEIRS))
    amended = BASE.replace("  message", "  edited: 2026-11-23T14:06:00Z\n  message").replace("We look", "We search")
    assert merged(base, added(BASE, OURS), amended) == Merged(added(amended, OURS))
    asked = keys(merged(base, amended.replace("search", "know"), amended))
    assert [key.removesuffix(" message") for key in asked] == ["2026-11-23T14:05:00Z"]
    if base.startswith("<"):
        return  # it is readable when its own conflict is settled
    assert keys(merged(base, added(BASE, OURS), BASE.replace("30m", "45m"))) == ["2026-11-23T14:05:00Z"]


def test_an_update_that_was_there_before_is_one_even_if_its_text_is_not_known() -> None:
    ours, theirs = (BASE.replace("We look.", f"{name} looks.") for name in ("Ann", "Bob"))

    assert keys(merged(BASE.replace("    We look.\n", ""), ours, theirs)) == ["2026-11-23T14:05:00Z"]


def test_a_base_with_the_conflict_of_a_criss_cross_merge_is_settled_first() -> None:
    middle = f"<<<<<<<<< Temporary merge branch 1\n{OURS}=========\n{THEIRS}>>>>>>>>> Temporary merge branch 2\n"
    both = added(BASE, OURS, THEIRS)
    amended = both.replace("Theirs.", "They.")

    assert merged(added(BASE, middle), added(both, item("14:12:00", "monitoring", "New.")), amended) == Merged(
        added(amended, item("14:12:00", "monitoring", "New."))
    )


def test_an_end_in_a_file_of_its_own_keeps_the_time_of_the_end() -> None:
    ended = BASE.replace("updates:", "ended: 2026-11-23T14:07:00Z\nupdates:")  # resolved in a file of its own

    assert merged(BASE, added(BASE, OURS), ended) == Merged(added(ended, OURS))


LAYOUTS = {
    "lines of Windows": lambda text: text.replace("\n", "\r\n"),
    "an indented list": lambda text: text.replace("\n  ", "\n      ").replace("\n- ", "\n    - "),
    "braces": lambda text: writer_json(parser.parse(text, "x.md")),
}


def writer_json(incident: Incident) -> str:
    updates = ", ".join(
        f'{{"at": "{update.at:%Y-%m-%dT%H:%M:%SZ}", "status": "{update.status}", "message": "{update.message}"}}'
        for update in incident.updates
    )
    return f'---\n{{"title": "API errors", "updates": [{updates}]}}\n---\n'


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("time", ["14:04:00", "14:10:00", "14:12:00"])
def test_every_layout_of_theirs_gets_an_update_and_keeps_its_own_text(layout: str, time: str) -> None:
    plain = BASE.replace("  next: 30m\n", "")
    theirs = LAYOUTS[layout](added(plain, THEIRS))
    update = item(time, "investigating", "Ours.")
    ours = added(plain, update) if time > "14:05" else plain.replace("updates:\n", f"updates:\n{update}")
    result = merge(plain, ours, theirs, "x.md")

    assert result.text is not None
    after = parser.parse(result.text, "x.md")
    assert [str(each.message) for each in after.updates if str(each.message) != "Ours."] == ["We look.", "Theirs."]
    assert str(next(each for each in after.updates if f"{each.at:%H:%M:%S}" == time).message) == "Ours."
    kept = iter(result.text.splitlines(keepends=True))
    assert layout == "braces" or all(line in kept for line in theirs.splitlines(keepends=True))


# -- laws ----------------------------------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> tuple[Incident, Incident, Incident]:
    """An incident, and what two people made of it by adding updates; their seconds may be the same."""
    base = replace(
        draw(strategies.incidents(kinds=[Kind.INCIDENT])), withdrawn=None, reason=None, withdrawal_posted=None
    )
    base = replace(base, postmortem="", reviewed=None, updates=base.updates[:2])
    sides = []
    for _ in range(2):
        last = base.last
        more: list[Update] = []
        for _ in range(draw(st.integers(0, 3))):
            last = draw(strategies.updates(last.at))
            status = UpdateStatus.MONITORING if last.status.ends else last.status
            more.append(replace(last, status=status, at=last.at.replace(second=0)))
        unique = {update.at: update for update in more if update.at > base.last.at}
        valid = [
            replace(update, next=None, posted=None, edited=None)
            for update in sorted(unique.values(), key=lambda u: u.at)
        ]
        sides.append(replace(base, updates=(*base.updates, *valid)))
    return base, sides[0], sides[1]


@settings(max_examples=20)
@given(histories())
def test_every_update_of_both_survives_once_and_the_text_is_valid(found: tuple[Incident, Incident, Incident]) -> None:
    base, ours, theirs = found
    texts = [writer.draft(side) for side in (base, ours, theirs)]
    result = merge(texts[0], texts[1], texts[2], "x.md")

    assert result.text is not None, result.questions
    after = parser.parse(result.text, "x.md")
    new = [update for update in ours.updates if update not in theirs.updates]
    assert len(after.updates) == len(theirs.updates) + len(new)
    assert all(update in after.updates for update in theirs.updates)
    words = [update.message for update in after.updates]
    assert all(words.count(update.message) >= 1 for update in (*ours.updates, *theirs.updates))
    assert [update.at for update in after.updates] == sorted({update.at for update in after.updates})
    for side in texts[1:]:
        again = merge(texts[0], side, result.text, "x.md").text
        assert again is not None
        assert parser.parse(again, "x.md") == after
    if {update.at for update in new}.isdisjoint(update.at for update in theirs.updates):
        opposite = merge(texts[0], texts[2], texts[1], "x.md").text
        assert opposite is not None
        assert parser.parse(opposite, "x.md") == after


@settings(max_examples=15)
@given(histories())
def test_a_side_that_changed_nothing_changes_nothing(found: tuple[Incident, Incident, Incident]) -> None:
    base, ours, _ = (writer.draft(side) for side in found)

    assert merge(base, base, ours, "x.md").text == ours
    assert merge(base, ours, base, "x.md").text == ours


@settings(max_examples=30)
@given(strategies.layouts(), strategies.layouts(), st.integers(1, 9))
def test_files_in_any_layout_are_united_or_asked_about(one: tuple[str, str], two: tuple[str, str], hours: int) -> None:
    (ours, path), (theirs, other) = one, two
    if path.rpartition(".")[2] != other.rpartition(".")[2]:
        return
    before = parser.parse(theirs, path)
    late = replace(before.last, at=before.last.at + timedelta(hours=hours, seconds=1))
    newer = writer.append_update(theirs, path, late)
    result = merge(theirs, newer, theirs + "\n" if path == "x.yml" else theirs, path)

    assert result.text is not None
    assert parser.parse(result.text, path).last == late
    assert merging.merge(None, ours, theirs, path)  # never an exception
