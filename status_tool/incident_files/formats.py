"""Which format an incident file has, by its suffix. To add a format, add an entry to `FORMATS`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from status_tool.errors import StatusError
from status_tool.text import yaml_edit, yaml_text
from status_tool.text.yaml_text import Mapping, Mistake, Node, Sequence


@dataclass(frozen=True)
class FileParts:
    """The text of a file's record and of its post-mortem, unchanged."""

    record: str
    begin: int
    """The offset of `record` in the file's text, in characters."""
    first_line: int
    """The line of the file on which `record` begins, from 1."""
    postmortem: str = ""


@dataclass(frozen=True)
class Format:
    """How the record of a file is found, read, written, and extended."""

    split: Callable[[str, str], FileParts]
    """`(text, path)` -> the parts of the text. Raises StatusError, which names `path`, when the text has no record."""
    read: Callable[[str, int], tuple[Node | None, list[Mistake]]]
    """`(record, first_line)` -> its root node, or None when it is empty or unreadable; and the syntax errors in it."""
    write: Callable[[object], str]
    """Nested lists and mappings -> their text."""
    with_item: Callable[[str, int, Sequence, dict[str, object]], str]
    """`(text, begin, items, item)` -> the text with `item` added to `items`, a list of the record at `begin`."""
    with_pairs: Callable[[str, int, Mapping, str, dict[str, object]], str]
    """`(text, begin, record, key, pairs)` -> the text with `pairs` added before `key` of the record at `begin`."""


_FRONT = re.compile(r"\ufeff?---[ \t]*(?:\r\n|\n|\r)")
# The lookbehind after the dashes checks for a line start. This is fifty times faster than searching for line starts.
_CLOSING = re.compile(r"---(?<![^\r\n]---)[ \t]*(?:\r\n|\n|\r|\Z)")


def has_front_matter(text: str) -> bool:
    """Whether the text of a Markdown file begins with a record."""
    return _FRONT.match(text) is not None


def _split_front_matter(text: str, path: str) -> FileParts:
    front = _FRONT.match(text)
    if front is None:
        raise StatusError(
            "the front matter is missing.",
            path,
            1,
            'Write "---" on the first line, then the record, then another line "---".',
        )
    closing = _CLOSING.search(text, front.end())
    if closing is None:
        raise StatusError(
            "the front matter has no closing line.",
            path,
            text.count("\n") + 1,
            'Put a line "---" after the last update.',
        )
    return FileParts(text[front.end() : closing.start()], front.end(), 2, text[closing.end() :])


def _whole_text(text: str, _: str) -> FileParts:
    """The whole text as the record, without a byte order mark."""
    begin = 1 if text.startswith("\ufeff") else 0
    return FileParts(text[begin:], begin, 1)


_MARKDOWN = Format(_split_front_matter, yaml_text.read, yaml_text.write, yaml_edit.with_item, yaml_edit.with_pairs)
_YAML = Format(_whole_text, yaml_text.read, yaml_text.write, yaml_edit.with_item, yaml_edit.with_pairs)
FORMATS = {".md": _MARKDOWN, ".yml": _YAML, ".yaml": _YAML}
SUFFIXES = tuple(FORMATS)


def of(path: str) -> Format:
    """The format of the file at `path`, whose suffix must be one of `SUFFIXES`."""
    return FORMATS[path[path.rindex(".") :]]
