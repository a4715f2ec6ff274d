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
from status_tool.model.update import Kind
from status_tool.model.window import Window
from status_tool.text import yaml_text
from status_tool.text.yaml_text import Mapping, Node
from status_tool.text.yaml_text import Sequence as NodeSequence

_FIELDS = {field.key: field for table in (fields.UPDATE, fields.RECORD, fields.WINDOW) for field in table.fields}
_FIELDS["At"] = _FIELDS["at"]  # the keyboard of a telephone writes the first letter of a line as a capital
_KEYS = "|".join(_FIELDS)
_BEFORE_KEY = r"\s*(?:-\s+)*(?:[\[{]\s*)*"  # one way to match each text, so that many blanks take no time
_KEY = re.compile(rf"{_BEFORE_KEY}(?:(?:{_KEYS})\s*:(?=\s|$)|[\"'](?:{_KEYS})[\"']\s*:)")
"""The begin of a line with a key, in the styles of YAML and JSON."""
_STATES = re.compile(rf"(?<![\w`])components\s*:\s*\{{[^{{}}]*\b(?:{'|'.join(ComponentStatus)})\b")
"""Statuses of components, also behind other words: that line was joined to the one above it."""
_FLOW = re.compile(r"\s*(?:-\s+)*[\[{].*?(?<=[\[{,\s])[\"']?at[\"']?\s*:\s*[\"']?\d{4}-\d\d-\d\d")
"""An update in braces, also where it is not valid YAML."""
_SPACES = str.maketrans(dict.fromkeys("\t\xa0\u2007\u202f\u3000", " "))
"""Blanks that YAML does not indent with; texts from other programs contain them."""
_FENCE = re.compile(r" *(?:(?:[-*+>]|\d+[.)]) +)*(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<rest>.*)")
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
    lines = _without_fenced_code(text.translate(_SPACES).splitlines())
    above: _Values = {}
    for number, line in enumerate(lines):
        values = _values(lines, number) if _KEY.match(line) else {}
        is_record = _is_record(values) or (bool(values) and _is_record({**above, **values}))
        if is_record or _STATES.search(line) or _FLOW.match(line):
            return _line(lines, number)
        above = values
    return None


def at_start(text: str) -> Line | None:
    """The first line of `text` that is not blank, if it is a key of the record with a valid value; otherwise None."""
    lines = text.translate(_SPACES).splitlines()
    number = next((number for number, line in enumerate(lines) if line.strip()), None)
    if number is None or lines[number].lstrip().startswith("-") or not _KEY.match(lines[number]):
        return None
    is_valid = any(value is not None for value in _values(lines, number).values())
    return _line(lines, number) if is_valid else None


def _line(lines: Sequence[str], number: int) -> Line:
    text = lines[number].strip()
    return Line(number, text if len(text) <= 60 else f"{text[:60]}…")


_Values = dict[str, object]
"""Key of the record -> its value as `fields` reads it; None if it is invalid."""


def _is_record(values: _Values) -> bool:
    is_conclusive = any(
        isinstance(value, datetime | Window) or (isinstance(value, dict | tuple) and value) for value in values.values()
    )
    has_words = any(isinstance(value, StrEnum | bool | timedelta) for value in values.values())
    return is_conclusive or (has_words and len(values) > 1)


def _values(lines: Sequence[str], number: int) -> _Values:
    """The known keys in the line `number` and in the lines below it that are indented more, read as YAML."""
    first = lines[number]
    column = len(first) - len(first.lstrip())
    block = [first[column:]]
    for line in lines[number + 1 : number + _LONGEST_ENTRY]:
        if line[: column + 1].strip():
            break
        block.append(line[column:])
    root, _ = yaml_text.read("\n".join(block))
    if root is None:  # the lines below are not YAML; a comma at the end is that of JSON
        root, _ = yaml_text.read(block[0].rstrip().rstrip(","))
    pairs = (pair for mapping in _mappings(root) for pair in mapping.pairs.items())
    return {key: _value(key, node) for key, (_, node) in pairs if key in _FIELDS}


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
