"""The tables of incident files: each row is right about itself."""

from __future__ import annotations

from dataclasses import fields as attributes_of
from dataclasses import replace

import pytest
import strategies
from hypothesis import given

from status_tool.incident_files import fields
from status_tool.incident_files.forms import Context, Field
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.model.window import Window
from status_tool.text import yaml_text

ROWS = [field for table in (fields.RECORD, fields.UPDATE, fields.WINDOW) for field in table.fields]


@pytest.mark.parametrize("field", ROWS, ids=lambda field: field.key)
def test_the_example_of_a_row_is_read_without_a_problem(field: Field) -> None:
    root, mistakes = yaml_text.read(field.sample.partition("for example:")[2].strip())
    assert isinstance(root, yaml_text.Mapping)
    context = Context()
    value = field.form.read(context, root.pairs[field.key][1], field)

    assert (mistakes, context.problems) == ([], [])
    assert value is not None


@pytest.mark.parametrize(
    ("record", "table", "elsewhere"),
    [
        (Incident, fields.RECORD, {"id", "links", "postmortem", "rule_published", "series", "source"}),
        (Update, fields.UPDATE, set()),
        (Window, fields.WINDOW, set()),
    ],
)
def test_every_attribute_of_a_record_has_its_row(record: type, table: object, elsewhere: set[str]) -> None:
    names = {field.name for field in table.fields}  # type: ignore[attr-defined]

    assert names | elsewhere == {attribute.name for attribute in attributes_of(record)}


@given(strategies.incidents())
def test_a_key_is_written_only_where_it_says_something(incident: Incident) -> None:
    bare = Incident(incident.id, incident.title, incident.updates[:1], kind=incident.kind)
    first = replace(bare.first, components={}, next=None, edited=None, posted=None)
    written = fields.RECORD.write(replace(bare, updates=(first,)))

    assert written.keys() - {"kind"} == {"title", "updates"}
    assert written["updates"] == [fields.UPDATE.write(first)]
    assert list(fields.UPDATE.write(first)) == ["at", "status", "message"]
