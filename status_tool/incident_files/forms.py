"""How each kind of value in an incident file is read, written, and described in the JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from status_tool.errors import Problem, Synonyms, did_you_mean, one_of
from status_tool.model import synonyms
from status_tool.model.component import ComponentStatus
from status_tool.model.update import Kind, Text, UpdateStatus
from status_tool.system import clock
from status_tool.text import table, translations, yaml_text
from status_tool.text.table import Form
from status_tool.text.yaml_text import Node, Scalar

Member = TypeVar("Member", bound=StrEnum)
Schema = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """The settings that a record is checked against, and the problems found so far."""

    path: str = ""
    """The path of the file, as messages show it."""
    kind: Kind = Kind.INCIDENT
    """The kind of the record; its updates may have only the statuses of this kind."""
    components: Collection[str] | None = None
    """The ids of the known components, in messages also by their names if it maps them; None: any id is accepted."""
    latest: datetime | None = None
    """The latest time that `at`, `ended`, `reviewed` and `withdrawn` may have; None: any time is accepted."""
    problems: list[Problem] = field(default_factory=list)

    def add_problem(self, node: Node, what: str, hint: str = "") -> None:
        self.problems.append(Problem(what, self.path, node.line, hint))


Field = table.Field[Context]


def _scalar(context: Context, node: Node, name: str, example: str) -> Scalar | None:
    """`node` if it is a scalar, otherwise None and a problem is reported."""
    table.refuse_tag(context, node)
    if isinstance(node, Scalar):
        return node
    context.add_problem(node, f'"{name}" must be a single value, not a list or a mapping.', f"For example: {example}")
    return None


# -- times ---------------------------------------------------------------------------------------

_TIME = r"^\s*(19[7-9]\d|2\d{3})-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2})?(\.\d{1,9})? ?([Zz]|[+-]\d{2}(:?\d{2})?)\s*$"
_DURATION = r"^(?=\d)(\d{1,4}d)?(\d{1,5}h)?(\d{1,6}m)?(\d{1,7}s)?$"


def _read_time(context: Context, node: Node, field: Field) -> datetime | None:
    scalar = _scalar(context, node, field.key, field.example)
    if scalar is None:
        return None
    try:
        return clock.parse_time(scalar.text)
    except ValueError as error:
        example = clock.EXAMPLE
        if "no zone" in str(error):
            with_zone = scalar.text.strip().replace(" ", "T") + "Z"
            example = with_zone if with_zone.count(":") == 2 else example
        context.add_problem(scalar, str(error), f"Write it in UTC, for example {example}.")
        return None


def _read_time_or_duration(context: Context, node: Node, field: Field) -> datetime | timedelta | None:
    if not isinstance(node, Scalar) or re.match(r"\d{4}-", node.text):
        return _read_time(context, node, field)
    try:
        return clock.parse_duration(node.text)
    except ValueError as error:
        context.add_problem(node, str(error), f"Write, for example, 30m or 1h30m, or a time: {clock.EXAMPLE}.")
        return None


def _write_time(time: datetime) -> object:
    return yaml_text.Bare(clock.iso(time))


TIME = Form(_read_time, _write_time, lambda _: {"type": "string", "pattern": _TIME})
TIME_OR_DURATION: Form[Context, Any] = Form(
    _read_time_or_duration,
    _write_time,
    lambda _: {"type": "string", "anyOf": [{"pattern": _TIME}, {"pattern": _DURATION}]},
)
"""Read as a time (datetime) or a duration after the update's `at` (timedelta). Always written as a time."""


# -- enumerations --------------------------------------------------------------------------------


def _by_text(members: Iterable[Member]) -> dict[str, Member]:
    return {member.value: member for member in members}


def _member(
    context: Context, scalar: Scalar, by_text: Mapping[str, Member], name: str, other_words: Synonyms
) -> Member | None:
    member = by_text.get(scalar.text)
    if member is None:
        context.add_problem(scalar, f'unknown {name} "{scalar.text}".', one_of(scalar.text, by_text, other_words))
    return member


def enum(members: type[Member], other_words: Synonyms) -> Form[Context, Member]:
    """A member of the enumeration `members`; `other_words` are synonyms of them, for messages."""
    by_text = _by_text(members)

    def read(context: Context, node: Node, field: Field) -> Member | None:
        scalar = _scalar(context, node, field.key, field.example)
        return _member(context, scalar, by_text, field.key, other_words) if scalar else None

    return Form(read, str, lambda _: {"enum": list(by_text)})


_STATUSES = {kind: _by_text(kind.statuses) for kind in Kind}


def _read_status(context: Context, node: Node, field: Field) -> UpdateStatus | None:
    scalar = _scalar(context, node, field.key, field.example)
    if scalar is None:
        return None
    other = Kind.MAINTENANCE if context.kind is Kind.INCIDENT else Kind.INCIDENT
    if scalar.text in _STATUSES[other]:
        hint = one_of(scalar.text, _STATUSES[context.kind], synonyms.STATUSES) + f' Or set "kind: {other}".'
        context.add_problem(scalar, f'"{scalar.text}" is a status of kind "{other}".', hint)
        return None
    return _member(context, scalar, _STATUSES[context.kind], field.key, synonyms.STATUSES)


STATUS = Form(_read_status, str, lambda _: {"enum": [status.value for status in UpdateStatus]})
"""A status that an update of `Context.kind` may have."""


def _read_flag(context: Context, node: Node, field: Field) -> bool | None:
    scalar = _scalar(context, node, field.key, field.example)
    if scalar is None:
        return None
    if scalar.plain and scalar.text.lower() in ("true", "false"):
        return scalar.text.lower() == "true"
    context.add_problem(scalar, f'"{field.key}" is "{scalar.text}".', "Write true or false.")
    return None


FLAG = Form(_read_flag, bool, lambda _: {"type": "boolean"})


def _read_rule(context: Context, node: Node, field: Field) -> str | None:
    scalar = _scalar(context, node, field.key, field.example)
    rule = scalar.text.strip() if scalar else None
    if rule == "":
        context.add_problem(node, f'"{field.key}" is empty.', f"Remove it if the work is done once. {field.sample}")
        return None
    return rule


RULE = Form(_read_rule, str, lambda _: {"type": "string", "pattern": "FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)"})
"""The text of a recurrence rule of RFC 5545. `fields.WINDOW_FORM` checks the rule together with its window."""


# -- components ----------------------------------------------------------------------------------

_COMPONENT_STATUSES = _by_text(ComponentStatus)


def unknown_component_hint(id: str, components: Collection[str]) -> str:
    """How to correct the component id `id`, which is not among `components`: misspelt, new, or taken out of them."""
    gone = (
        f"Keep one that no longer exists there: - {{id: {id}, name: {id}, retired: 2024-05-01}}" if components else ""
    )
    names = {known: [name] for known, name in components.items()} if isinstance(components, Mapping) else {}
    return f"{did_you_mean(id, components, names)} {known_components_hint(components)} {gone}".strip()


def known_components_hint(components: Collection[str]) -> str:
    """Which component ids there are, and where a new one is added."""
    known = f"Known: {', '.join(components)}. " if components else ""
    return f"{known}Add a new component below components: in mkdocs.yml."


def _read_components(context: Context, node: Node, field: Field) -> dict[str, ComponentStatus] | None:
    if not isinstance(node, yaml_text.Mapping):
        what = f'"{field.key}" must map component ids to component statuses.'
        context.add_problem(node, what, f"Write, for example: {field.example}")
        return None
    table.refuse_tag(context, node)
    statuses = {}
    for id, (key, value) in node.pairs.items():
        if context.components is not None and id not in context.components:
            context.add_problem(key, f'unknown component "{id}".', unknown_component_hint(id, context.components))
        scalar = _scalar(context, value, id, field.example)
        status = scalar and _member(
            context, scalar, _COMPONENT_STATUSES, "component status", synonyms.COMPONENT_STATUSES
        )
        if status:
            statuses[id] = status
    return statuses


def _components_schema(context: Context) -> Schema:
    ids = {"type": "string"} if context.components is None else {"enum": list(context.components)}
    return {
        "type": "object",
        "propertyNames": ids,
        "additionalProperties": {"enum": list(_COMPONENT_STATUSES)},
    }


COMPONENTS: Form[Context, Mapping[str, ComponentStatus]] = Form(
    _read_components,
    lambda statuses: yaml_text.Inline({id: status.value for id, status in statuses.items()}),
    _components_schema,
)
"""Component id -> component status."""


# -- text for readers ----------------------------------------------------------------------------

_LANGUAGE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$"
# Editors read `404` as a number and `true` as a boolean; our parser reads both as text.
_SCALAR = {"type": ["string", "number", "boolean"], "pattern": r"\S"}


def _read_translations(
    read: translations.ReadScalar[Context], context: Context, node: Node, field: Field
) -> Text | None:
    texts = translations.read(read, context, node, field)
    return Text(texts) if texts else None


def _write_text(text: Text, write: Callable[[str], object]) -> object:
    """The one text, or a mapping of language code -> text."""
    by_language = {language: write(translation) for language, translation in text.translations.items()}
    return by_language[""] if list(by_language) == [""] else by_language


def _text_schema(_: Context) -> Schema:
    by_language = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": _LANGUAGE},
        "additionalProperties": _SCALAR,
    }
    return {"anyOf": [_SCALAR, by_language]}


TEXT = Form(
    partial(_read_translations, translations.read_markdown),
    lambda text: _write_text(text, yaml_text.Block),
    _text_schema,
)
"""Markdown, in one language or several."""
LINE = Form(partial(_read_translations, translations.read_line), lambda text: _write_text(text, str), _text_schema)
"""Text of one line, in one language or several."""
