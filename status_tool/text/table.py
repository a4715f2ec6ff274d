"""Which keys and values a YAML mapping may contain: a table with one row per key.

Reading, writing and the JSON Schema of the mapping are all derived from the rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, dataclass
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from status_tool.errors import one_of
from status_tool.text import yaml_text
from status_tool.text.yaml_text import Mapping, Node


class Report(Protocol):
    """Collects the problems of one or several files; reading continues after a problem."""

    def add_problem(self, node: Node, what: str, hint: str = "") -> None:
        """Adds the problem `what` at `node`; `hint` says how to correct it."""


Context = TypeVar("Context", bound=Report)
Value = TypeVar("Value")


def _any_schema(_: object) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Form(Generic[Context, Value]):
    """A kind of value: how it is read, how it is written, and what its JSON Schema is."""

    read: Callable[[Context, Node, Field[Context]], Value | None]
    """`(context, node, field)` -> the value of a node; None when it has none, or when a problem was reported."""
    write: Callable[[Value], object] = str
    """A value -> an argument for `yaml_text.write`."""
    schema: Callable[[Context], dict[str, Any]] = _any_schema
    """A JSON Schema (draft 2020-12); an empty one accepts anything."""


@dataclass(frozen=True)
class Field(Generic[Context]):
    """One row: a key, the form of its value, and the texts about it in messages, the manual and the JSON Schema."""

    key: str
    form: Form[Context, Any]
    description: str
    example: str
    """YAML. An example of several lines is written below its key."""
    required: bool = False
    default: str = ""
    """YAML that is read when the key is absent."""
    when_absent: str = ""
    """For the manual: what applies when the key is absent and has no default."""
    attribute: str = ""
    """The name of the attribute in Python, when it is not the key."""

    @cached_property
    def name(self) -> str:
        """The name of the attribute in Python."""
        return self.attribute or self.key

    @property
    def sample(self) -> str:
        """`Write, for example: title: API errors`."""
        if "\n" in self.example:
            return f"Write, for example:\n{self.key}:\n{self.example}"
        return f"Write, for example: {self.key}: {self.example}"


@dataclass(frozen=True)
class Table(Generic[Context]):
    """The keys that a mapping may contain."""

    name: str
    """The name of the mapping in messages: `an update`."""
    fields: tuple[Field[Context], ...]
    allow_null: bool = False
    """Whether an optional key without a value (`promise:`) counts as absent; otherwise it is a problem."""

    @cached_property
    def by_key(self) -> dict[str, Field[Context]]:
        return {field.key: field for field in self.fields}

    @cached_property
    def required(self) -> dict[str, Field[Context]]:
        """The required fields by `Field.name`."""
        return {field.name: field for field in self.fields if field.required}

    def read(self, context: Context, node: Node) -> dict[str, Any] | None:
        """The values in `node` by `Field.name`; None when it is not a mapping.

        A value that is absent or invalid is left out. Every problem is reported.
        """
        by_key = self.by_key
        if not isinstance(node, Mapping):
            context.add_problem(node, f"{self.name} must have keys and values.", f"Known keys: {', '.join(by_key)}.")
            return None
        if node.tag:
            refuse_tag(context, node)
        values: dict[str, Any] = {}
        for key, (key_node, value) in node.pairs.items():
            field = by_key.get(key)
            if field is None:
                context.add_problem(key_node, f'unknown key "{key}".', one_of(key, by_key))
            elif not value.is_null:
                field_value = field.form.read(context, value, field)
                if field_value is not None:
                    values[field.name] = field_value
            elif field.required or not self.allow_null:
                context.add_problem(key_node, f'"{key}" is empty.', field.sample)
        for field in self.required.values():
            if field.key not in node.pairs:
                context.add_problem(node, f'"{field.key}" is missing.', field.sample)
        return values

    def defaults(self, context: Context) -> dict[str, Any]:
        """The default of every field by `Field.name`; None when it has no default."""
        values = {}
        for field in self.fields:
            node, _ = yaml_text.read(field.default)
            values[field.name] = None if node is None else field.form.read(context, node, field)
        return values

    def is_complete(self, values: dict[str, Any]) -> bool:
        """Whether all required values are among `values`."""
        return self.required.keys() <= values.keys()

    def write(self, record: object) -> dict[str, object]:
        """The attributes of a dataclass by key, in the order of the fields, for `yaml_text.write`.

        An attribute that equals the dataclass's own default is left out.
        """
        defaults = _attribute_defaults(record)
        values = ((field, getattr(record, field.name)) for field in self.fields)
        return {field.key: field.form.write(value) for field, value in values if value != defaults.get(field.name)}

    def schema(self, context: Context) -> dict[str, Any]:
        """The JSON Schema of the mapping."""
        return {
            "type": "object",
            "additionalProperties": False,
            "required": [field.key for field in self.required.values()],
            "properties": {
                field.key: {"description": field.description, **field.form.schema(context)} for field in self.fields
            },
        }


def _attribute_defaults(record: Any) -> dict[str, object]:
    return {
        field.name: field.default if field.default_factory is MISSING else field.default_factory()
        for field in dataclasses.fields(record)
    }


def refuse_tag(context: Report, node: Node) -> None:
    """Reports a problem when `node` has a tag, such as `!!python/name`."""
    if node.tag:
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        context.add_problem(node, f'the tag "{tag}" is not supported here.', "Remove it.")
