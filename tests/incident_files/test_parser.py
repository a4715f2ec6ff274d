"""Incident files: what each text means, in whatever order its keys and the rows of the tables stand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import strategies
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from status_tool.errors import StatusError
from status_tool.incident_files import fields, parser
from status_tool.incident_files.forms import Field
from status_tool.model.incident import Incident
from status_tool.model.update import Text
from status_tool.system import clock
from status_tool.text import yaml_text

CASES = sorted((Path(__file__).parents[1] / "cases" / "incident_file").glob("*.yml"))


def cases() -> Iterator[tuple[dict[str, Any], Incident | StatusError]]:
    """Each case, and what its text is read as."""
    for path in CASES:
        case = yaml.safe_load(path.read_text("utf-8"))
        yield case, read(case)


def read(case: dict[str, Any]) -> Incident | StatusError:
    latest = clock.parse_time(case["latest"]) if "latest" in case else None
    try:
        return parser.parse(
            case["text"], case.get("path", "incidents/x.yml"), components=case.get("components"), latest=latest
        )
    except StatusError as error:
        return error


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
        "replay": incident.replay,
        "postmortem": incident.postmortem,
        "withdrawn": incident.withdrawn and clock.iso(incident.withdrawn),
        "reason": incident.reason and told(incident.reason),
    }
    return {**found, **{key: value for key, value in optional.items() if value}}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_file_means_what_its_case_says(path: Path) -> None:
    case = yaml.safe_load(path.read_text("utf-8"))
    result = read(case)
    found = {"error": f"{result}\n"} if isinstance(result, StatusError) else {"gives": outline(result)}

    assert found == {key: case[key] for key in ("gives", "error") if key in case}


def without_hints(result: Incident | StatusError) -> object:
    """An incident, or where each problem is and what it is: a hint lists keys in the order of the table."""
    if isinstance(result, Incident):
        return result
    return sorted((problem.line, problem.what) for problem in result.problems)


@settings(max_examples=10)
@given(*(st.permutations(table.fields) for table in (fields.RECORD, fields.UPDATE, fields.WINDOW)))
@pytest.mark.slow
def test_no_order_in_the_tables_changes_an_incident_or_a_problem(
    record: list[Field], update: list[Field], window: list[Field]
) -> None:
    expected = [without_hints(result) for _, result in cases()]
    with pytest.MonkeyPatch.context() as patch:
        for name, rows in (("RECORD", record), ("UPDATE", update), ("WINDOW", window)):
            patch.setattr(fields, name, replace(getattr(fields, name), fields=tuple(rows)))
        found = [without_hints(result) for _, result in cases()]

    assert found == expected


def shuffled(value: Any, dice: random.Random) -> Any:
    """Nested mappings with their keys in another order; their lists stay as they are."""
    if isinstance(value, list):
        return [shuffled(item, dice) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: shuffled(value[key], dice) for key in dice.sample(list(value), len(value))}


@given(strategies.incidents(), st.randoms(use_true_random=False))
def test_no_order_of_keys_in_a_file_changes_the_incident(incident: Incident, dice: random.Random) -> None:
    incident = replace(incident, postmortem="", reviewed=None)
    text = yaml_text.write(shuffled(fields.RECORD.write(incident), dice))

    assert parser.parse(text, "x.yml") == incident


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
