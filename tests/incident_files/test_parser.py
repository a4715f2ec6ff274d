"""Incident files: what each text means, and that adding to one takes nothing away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import strategies
import yaml
from hypothesis import given
from hypothesis import strategies as st

from status_tool.errors import StatusError
from status_tool.incident_files import parser
from status_tool.model.incident import Incident, Text, Update, UpdateStatus
from status_tool.system import clock

CASES = sorted((Path(__file__).parents[1] / "cases" / "incident_file").glob("*.yml"))


def told(text: Text) -> Any:
    return text.translations[""] if list(text.translations) == [""] else dict(text.translations)


def outline(incident: Incident) -> dict[str, Any]:
    """What the case files say of an incident."""
    found = {
        "title": told(incident.title),
        "status": incident.last.status.value,
        "impact": incident.impact.value,
        "start": clock.iso(incident.start),
        "end": clock.iso(incident.end) if incident.end else None,
        "states": {id: state.value for id, state in incident.states.items()},
        "message": told(incident.last.message),
    }
    optional = {
        "next": incident.last.next and clock.iso(incident.last.next),
        "draft": incident.draft,
        "postmortem": incident.postmortem,
    }
    return {**found, **{key: value for key, value in optional.items() if value}}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_file_means_what_its_case_says(path: Path) -> None:
    case = yaml.safe_load(path.read_text("utf-8"))
    latest = clock.parse_time(case["latest"]) if "latest" in case else None
    found: dict[str, Any] = {}
    try:
        incident = parser.parse(
            case["text"], case.get("path", "incidents/x.yml"), components=case.get("components"), latest=latest
        )
        found["gives"] = outline(incident)
    except StatusError as error:
        found["error"] = f"{error}\n"

    assert found == {key: case[key] for key in ("gives", "error") if key in case}


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
    after = parser.append_update(text, path, update)

    assert inserted(text, after)
    assert parser.parse(after, path) == replace(before, updates=(*before.updates, update))


@given(strategies.layouts(), st.data())
def test_updates_can_follow_each_other(file: tuple[str, str], data: st.DataObject) -> None:
    text, path = file
    count = len(parser.parse(text, path).updates)
    for number in range(3):
        update = data.draw(strategies.updates(parser.parse(text, path).last.at))
        text = parser.append_update(text, path, update)

        assert len(parser.parse(text, path).updates) == count + number + 1


@given(strategies.incidents())
def test_a_new_file_holds_the_incident_it_was_made_of(incident: Incident) -> None:
    assert parser.parse(parser.draft(incident), "x.md") == incident


@given(st.text(), st.sampled_from(["x.md", "x.yml"]))
def test_any_text_at_all_is_an_incident_or_a_mistake_with_a_place(text: str, path: str) -> None:
    try:
        parser.parse(text, path)
    except StatusError as error:
        assert all(problem.path == path and problem.line for problem in error.problems)


@given(strategies.layouts(), st.data())
def test_a_damaged_file_is_an_incident_or_a_mistake_with_a_place(file: tuple[str, str], data: st.DataObject) -> None:
    text, path = file
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 8))
    damaged = (
        text[:at]
        + data.draw(st.sampled_from(["", "[", "{", '"', "\t", ":", "-", "&a", "*a", "\x00"]))
        + text[at + cut :]
    )
    try:
        parser.parse(damaged, path)
    except StatusError as error:
        assert all(problem.path == path and problem.line for problem in error.problems)


def test_a_hundred_thousand_brackets_are_one_mistake() -> None:
    with pytest.raises(StatusError, match="nested more than 24 levels deep"):
        parser.parse("title: " + "[" * 100_000, "x.yml")


def test_a_file_of_aliases_to_aliases_is_read_in_no_time() -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 20)}]\n" for n in range(1, 20))
    with pytest.raises(StatusError, match="unknown key"):
        parser.parse(bomb, "x.yml")


@pytest.mark.parametrize(
    ("words", "slug"),
    [("API errors", "api-errors"), ("Été à Zürich!", "ete-a-zurich"), ("🚒", "incident"), ("a" * 90, "a" * 60)],
)
def test_a_title_becomes_an_address(words: str, slug: str) -> None:
    assert parser.slug(words) == slug


def test_a_name_that_cannot_be_an_address_comes_with_one_that_can() -> None:
    problem = parser.id_problem("API Errors.md")

    assert str(problem) == (
        'the name "API Errors" cannot be an address.\n'
        "Rename it in lower-case letters, digits and hyphens, for example api-errors.md."
    )


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

    assert parser.append_update(text, "x.yml", LATER) == text + "".join(
        f"{indent}{line}\n" for line in added.splitlines()
    )


def test_an_update_older_than_the_last_is_refused() -> None:
    text = "title: x\nupdates:\n- {at: 2026-11-23T15:00:00Z, status: monitoring, message: Better.}\n"
    with pytest.raises(StatusError) as refused:
        parser.append_update(text, "x.yml", LATER)

    assert str(refused.value) == (
        "x.yml: its last update is of 2026-11-23T15:00:00Z, so none of 2026-11-23T15:00:00Z can follow it.\n"
        "Give a later time, or add the update by hand."
    )
