"""The JSON Schema for editors says what the parser says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from status_tool.errors import StatusError
from status_tool.incident_files import json_schema, parser

CASES = sorted((Path(__file__).parents[1] / "cases" / "incident_file").glob("*.yml"))


class Editor(yaml.SafeLoader):
    """Reads YAML as an editor does: the core schema of YAML 1.2, in which `no` and times are text."""

    yaml_implicit_resolvers = {}  # noqa: RUF012


for tag, pattern, first in (
    ("null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", list("-+.0123456789")),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


def record(text: str, path: str) -> Any:
    if path.endswith(".md"):
        text = re.split(r"^---\s*?$", text.lstrip("\ufeff"), maxsplit=2, flags=re.MULTILINE)[1]
    return yaml.load(text, Loader=Editor)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema.record(["api"]))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_schema_and_parser_agree(path: Path) -> None:
    case = yaml.safe_load(path.read_text("utf-8"))
    if case.get("schema") == "accepts":
        assert "error" in case, "only a mistake can be one that a schema does not see"
        return
    place = case.get("path", "incidents/x.yml")
    validator = jsonschema.Draft202012Validator(json_schema.record(case.get("components")))
    try:
        parser.parse(case["text"], place, components=case.get("components"))
        parsed = True
    except StatusError:
        parsed = False

    assert validator.is_valid(record(case["text"], place)) is parsed


def test_a_sites_own_components_stand_in_its_schema() -> None:
    update = {"at": "2026-11-23T14:05:00Z", "status": "investigating", "message": "x"}
    known = {"title": "x", "updates": [{**update, "components": {"api": "major_outage"}}]}
    unknown = {"title": "x", "updates": [{**update, "components": {"apii": "major_outage"}}]}
    validator = jsonschema.Draft202012Validator(json_schema.record(["api"]))

    assert [validator.is_valid(found) for found in (known, unknown)] == [True, False]


def test_every_key_of_the_schema_says_what_it_is_for() -> None:
    found = json_schema.record()
    fields = {**found["properties"], **found["properties"]["updates"]["items"]["properties"]}

    assert all(field["description"] for field in fields.values())
