"""What the JSON Schema of an incident file's record is (draft 2020-12): it is made from the tables of `fields`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from status_tool.incident_files import fields
from status_tool.incident_files.forms import Context
from status_tool.model.update import Kind


def record(components: Collection[str] | None = None) -> dict[str, Any]:
    """The schema of a file's record; `components` are the known component ids (None: any id is accepted)."""
    maintenance = {"properties": {"kind": {"const": Kind.MAINTENANCE.value}}, "required": ["kind"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Incident",
        **fields.RECORD.schema(Context(components=components)),
        "dependentRequired": {
            "withdrawn": ["reason"],
            "reason": ["withdrawn"],
            "withdrawal_posted": ["withdrawn"],
        },
        "if": maintenance,
        "then": {
            "required": ["scheduled"],
            "properties": {"started": False, "ended": False, "updates": _statuses(Kind.MAINTENANCE)},
        },
        "else": {"properties": {"scheduled": False, "updates": _statuses(Kind.INCIDENT)}},
    }


def _statuses(kind: Kind) -> dict[str, Any]:
    """The schema of `updates` that accepts only the statuses of `kind`, and a moved window only in maintenance."""
    moved = {} if kind is Kind.MAINTENANCE else {"scheduled": False}
    return {"items": {"properties": {"status": {"enum": [status.value for status in kind.statuses]}, **moved}}}
