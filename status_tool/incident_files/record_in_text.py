"""Whether a text for readers contains lines that were surely meant as part of the record, such as a whole update.

A stray line `---` puts the rest of the record into the post-mortem, and an indented update continues the message above
it. Both leave a valid file from which updates are missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from status_tool.incident_files import fields
from status_tool.incident_files.forms import Context
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Window
from status_tool.model.update import Kind
from status_tool.text import yaml_text
from status_tool.text.yaml_text import Mapping, Node
from status_tool.text.yaml_text import Sequence as NodeSequence

_FIELDS = {field.key: field for table in (fields.RECORD, fields.UPDATE, fields.WINDOW) for field in table.fields}
_FIELDS["At"] = _FIELDS["at"]  # the keyboard of a telephone writes the first letter of a line as a capital
_KEYS = "|".join(_FIELDS)
_KEY = re.compile(rf"[ \t]*(?:-[ \t]+)*[\[{{ \t]*(?:(?:{_KEYS})[ \t]*:(?=[ \t]|$)|[\"'](?:{_KEYS})[\"'][ \t]*:)")
"""The begin of a line with a key, in the styles of YAML and JSON."""
_STATES = re.compile(rf"(?<![\w`])components[ \t]*:[ \t]*\{{[^{{}}]*\b(?:{'|'.join(ComponentStatus)})\b")
"""Statuses of components, also behind other words: that line was joined to the one above it."""
_FLOW = re.compile(r"[ \t]*(?:-[ \t]+)*[\[{].*?(?<=[\[{,\s])[\"']?at[\"']?[ \t]*:[ \t]*[\"']?\d{4}-\d\d-\d\d")
"""An update in braces, also where it is not valid YAML."""
_FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<rest>.*)")
_LONGEST_ENTRY = 100
"""Lines; more of them are never needed to recognise an entry of the record."""


class Line(NamedTuple):
    """A line of a text."""

    number: int
    """From 0."""
    text: str
    """Without indentation; of a long line, the beginning."""


def find(text: str) -> Line | None:
    """The first line of `text` that was surely meant as part of the record; None if there is none.

    Such a line has a key of the record with a value that prose does not contain by chance: a time, statuses of
    components, a window or updates. A single word such as `status: resolved` counts only beside another key. Fenced
    code does not count.
    """
    lines = _without_fenced_code(text.splitlines())
    above: _Entry | None = None
    for number, line in enumerate(lines):
        entry = _entry(lines, number) if _KEY.match(line) else None
        if entry and (entry.is_record or (above and (above + entry).is_record)):
            return _line(lines, number)
        if _STATES.search(line) or _FLOW.match(line):
            return _line(lines, number)
        above = entry
    return None


def at_start(text: str) -> Line | None:
    """The first line of `text` that is not blank, if it is a key of the record with a valid value; otherwise None."""
    lines = text.splitlines()
    number = next((number for number, line in enumerate(lines) if line.strip()), None)
    if number is None or lines[number].lstrip().startswith("-") or not _KEY.match(lines[number]):
        return None
    is_valid = any(value is not None for value in _entry(lines, number).values.values())
    return _line(lines, number) if is_valid else None


def _line(lines: Sequence[str], number: int) -> Line:
    text = lines[number].strip()
    return Line(number, text if len(text) <= 60 else f"{text[:60]}…")


class _Entry(NamedTuple):
    """The values of known keys in some lines; those that are invalid or free text are None."""

    values: dict[str, object]

    @property
    def is_record(self) -> bool:
        values = self.values.values()
        has_words = any(isinstance(value, StrEnum | bool | timedelta) for value in values)
        return any(map(_is_conclusive, values)) or (has_words and len(self.values) > 1)

    def __add__(self, other: object) -> _Entry:
        return _Entry({**self.values, **other.values}) if isinstance(other, _Entry) else NotImplemented


def _is_conclusive(value: object) -> bool:
    return isinstance(value, datetime | Window) or (isinstance(value, dict | tuple) and bool(value))


def _entry(lines: Sequence[str], number: int) -> _Entry:
    """What the line `number` and the lines below that belong to it contain, read as YAML."""
    first = lines[number].expandtabs()
    column = len(first) - len(first.lstrip())
    block = [first[column:]]
    for line in lines[number + 1 : number + _LONGEST_ENTRY]:
        line = line.expandtabs()
        if line[: column + 1].strip():
            break
        block.append(line[column:])
    root, _ = yaml_text.read("\n".join(block))
    if root is None:  # the lines below are not YAML; a comma at the end is that of JSON
        root, _ = yaml_text.read(block[0].rstrip().rstrip(","))
    pairs = (pair for mapping in _mappings(root) for pair in mapping.pairs.items())
    return _Entry({key: _value(key, node) for key, (_, node) in pairs if key in _FIELDS})


def _mappings(node: Node | None) -> Iterator[Mapping]:
    """`node`, or the items of a list and of lists in it, as far as they are mappings."""
    if isinstance(node, Mapping):
        yield node
    for item in node.items if isinstance(node, NodeSequence) else ():
        yield from _mappings(item)


def _value(key: str, node: Node) -> object:
    """The value of a key of the record, None if it is invalid."""
    field = _FIELDS[key]
    for kind in Kind:
        context = Context(kind=kind)
        value = field.form.read(context, node, field)
        if value is not None and not context.problems:
            return value
    return None


def _without_fenced_code(lines: Sequence[str]) -> list[str]:
    """`lines` with empty lines for those of fenced code; a fence that is never closed does not count."""
    kept: list[str] = []
    fenced: list[str] = []
    fence = ""
    for line in lines:
        match = _FENCE.match(line)
        if not fence and match:
            fence, fenced = match["fence"], []
        if not fence:
            kept.append(line)
            continue
        fenced.append(line)
        if match and len(fenced) > 1 and match["fence"].startswith(fence) and not match["rest"].strip():
            kept += [""] * len(fenced)
            fence = ""
    return kept + fenced if fence else kept
