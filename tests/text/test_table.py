"""One reader for every table of keys: it names every problem, and reads, writes and describes by the rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from status_tool.text import yaml_text
from status_tool.text.table import Field, Form, Table
from status_tool.text.yaml_text import Node, Scalar


@dataclass
class Problems:
    found: list[str] = field(default_factory=list)

    def add_problem(self, node: Node, what: str, hint: str = "") -> None:
        self.found.append(f"{node.line}: {what} {hint}")


def read_number(context: Problems, node: Node, field: Field[Problems]) -> int | None:
    if isinstance(node, Scalar) and node.text.isdecimal():
        return int(node.text)
    context.add_problem(node, f'"{field.key}" must be a number.')
    return None


NUMBER = Form(read_number, str, lambda _: {"type": "integer"})
ROWS = (
    Field("width", NUMBER, "How wide.", "3", required=True),
    Field("from", NUMBER, "Where it begins.", "1", default="7", attribute="begin"),
    Field("steps", NUMBER, "How many.", "- 1\n- 2", when_absent="none"),
)
TABLE = Table("a shape", ROWS)


@dataclass(frozen=True)
class Shape:
    width: int
    begin: int = 0
    steps: int | None = None


def read(text: str, table: Table[Problems] = TABLE) -> tuple[object, list[str]]:
    root, _ = yaml_text.read(text)
    assert root is not None
    problems = Problems()
    return table.read(problems, root), problems.found


def test_values_have_the_names_of_their_attributes() -> None:
    assert read("from: 2\nwidth: 5\n") == ({"begin": 2, "width": 5}, [])


@pytest.mark.parametrize(
    ("text", "values", "problems"),
    [
        (
            "width: 5\nwidht: 4\n",
            {"width": 5},
            ['2: unknown key "widht". Did you mean "width"? Use one of: width, from, steps.'],
        ),
        ("from: 1\n", {"begin": 1}, ['1: "width" is missing. Write, for example: width: 3']),
        ("width:\n", {}, ['1: "width" is empty. Write, for example: width: 3']),
        ("width: 1\nsteps: ~\n", {"width": 1}, ['2: "steps" is empty. Write, for example:\nsteps:\n- 1\n- 2']),
        ("width: x\nfrom: y\n", {}, ['1: "width" must be a number. ', '2: "from" must be a number. ']),
        ("!x {width: 1}", {"width": 1}, ['1: the tag "!x" is not supported here. Remove it.']),
        ("[1]", None, ["1: a shape must have keys and values. Known keys: width, from, steps."]),
    ],
)
def test_every_problem_of_a_mapping_is_named(text: str, values: object, problems: list[str]) -> None:
    assert read(text) == (values, problems)


def test_a_table_may_take_an_empty_key_for_an_absent_one_unless_it_is_required() -> None:
    table = Table("a shape", ROWS, allow_null=True)

    assert read("width: 1\nsteps:\n", table) == ({"width": 1}, [])
    assert read("width:\n", table) == ({}, ['1: "width" is empty. Write, for example: width: 3'])


def test_a_default_is_read_as_if_it_stood_in_the_file() -> None:
    assert TABLE.defaults(Problems()) == {"width": None, "begin": 7, "steps": None}


def test_a_record_is_complete_with_its_required_values() -> None:
    assert [TABLE.is_complete(values) for values in ({"width": 1}, {"begin": 1})] == [True, False]


def test_a_record_is_written_by_key_in_the_order_of_the_rows_without_defaults() -> None:
    assert list(TABLE.write(Shape(1, 2, 3)).items()) == [("width", "1"), ("from", "2"), ("steps", "3")]
    assert TABLE.write(Shape(1)) == {"width": "1"}


def test_the_schema_is_that_of_the_rows() -> None:
    assert TABLE.schema(Problems()) == {
        "type": "object",
        "additionalProperties": False,
        "required": ["width"],
        "properties": {
            "width": {"description": "How wide.", "type": "integer"},
            "from": {"description": "Where it begins.", "type": "integer"},
            "steps": {"description": "How many.", "type": "integer"},
        },
    }
