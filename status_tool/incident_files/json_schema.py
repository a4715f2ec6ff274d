"""The JSON Schema of an incident's record (draft 2020-12), from the parser's own tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from status_tool.incident_files.parser import RECORD, UPDATE, WINDOW, Field
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Kind

_TIME = r"^\s*(19[7-9]\d|2\d{3})-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2})?(\.\d{1,9})? ?([Zz]|[+-]\d{2}(:?\d{2})?)\s*$"
_DURATION = r"^(?=\d)(\d{1,4}d)?(\d{1,5}h)?(\d{1,6}m)?(\d{1,7}s)?$"
_LANGUAGE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$"
# Editors read `404` and `true` as a number and a truth value where the parser reads text.
_SCALAR = ["string", "number", "boolean"]


def record(components: Collection[str] | None = None) -> dict[str, Any]:
    """The schema of a file's record; `components` are the ids it may name (None: any)."""
    states = {"enum": [status.value for status in ComponentStatus]}
    names = {"enum": list(components)} if components is not None else {"type": "string"}
    forms = {
        "text": {
            "anyOf": [
                {"type": _SCALAR, "pattern": r"\S"},
                {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": {"pattern": _LANGUAGE},
                    "additionalProperties": {"type": _SCALAR, "pattern": r"\S"},
                },
            ]
        },
        "time": {"type": "string", "pattern": _TIME},
        "moment": {"type": "string", "anyOf": [{"pattern": _TIME}, {"pattern": _DURATION}]},
        "flag": {"type": "boolean"},
        "rule": {"type": "string", "pattern": "FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)"},
        "components": {"type": "object", "propertyNames": names, "additionalProperties": states},
    }
    forms["window"] = _mapping(WINDOW, forms)
    forms["updates"] = {"type": "array", "minItems": 1, "items": _mapping(UPDATE, forms)}
    maintenance = {"properties": {"kind": {"const": Kind.MAINTENANCE.value}}, "required": ["kind"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Incident",
        **_mapping(RECORD, forms),
        "if": maintenance,
        "then": {
            "required": ["scheduled"],
            "properties": {"started": False, "ended": False, "updates": _statuses(Kind.MAINTENANCE)},
        },
        "else": {"properties": {"scheduled": False, "updates": _statuses(Kind.INCIDENT)}},
    }


def _mapping(fields: Mapping[str, Field], forms: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key, field in fields.items() if field.required],
        "properties": {key: {"description": field.about, **_form(field, forms)} for key, field in fields.items()},
    }


def _form(field: Field, forms: Mapping[str, Any]) -> dict[str, Any]:
    if field.words is not None:
        return {"enum": [word.value for word in field.words]}
    found: dict[str, Any] = forms[field.form]
    return found


def _statuses(kind: Kind) -> dict[str, Any]:
    return {"items": {"properties": {"status": {"enum": [status.value for status in kind.statuses]}}}}
