"""How an incident file is laid out, by the ending of its name. A further format is a further entry in `FORMATS`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from status_tool.errors import StatusError
from status_tool.text import yaml_edit, yaml_text
from status_tool.text.yaml_text import Mistake, Node, Sequence


@dataclass(frozen=True)
class Parts:
    """A file's record and its post-mortem, each as it was written."""

    record: str
    begin: int
    """Where the record begins in the text."""
    first_line: int
    """The line of the file on which the record begins."""
    postmortem: str = ""


@dataclass(frozen=True)
class Format:
    """The language of a record, and where the record stands in its file."""

    split: Callable[[str, str], Parts]
    """The parts of a text; `path` names it in the StatusError that is raised when it has no such parts."""
    read: Callable[[str, int], tuple[Node | None, list[Mistake]]]
    """The nodes of a record that begins on a line; None when it is empty or unreadable."""
    write: Callable[[object], str]
    """The text of nested lists and mappings."""
    with_item: Callable[[str, int, Sequence, dict[str, object]], str]
    """A text with one more item in a list of its record, which begins at an offset."""


_FRONT = re.compile(r"\ufeff?---[ \t]*(?:\r\n|\n|\r)")
# Whether a line begins there is checked after the dashes are found: that is fifty times faster than a search for lines.
_CLOSING = re.compile(r"---(?<![^\r\n]---)[ \t]*(?:\r\n|\n|\r|\Z)")


def _split_front_matter(text: str, path: str) -> Parts:
    front = _FRONT.match(text)
    if front is None:
        raise StatusError(
            "the front matter is missing.", path, 1, 'The first line must be "---", the record follows, then "---".'
        )
    closing = _CLOSING.search(text, front.end())
    if closing is None:
        raise StatusError(
            "the front matter has no end.", path, text.count("\n") + 1, 'Put a line "---" after the last update.'
        )
    return Parts(text[front.end() : closing.start()], front.end(), 2, text[closing.end() :])


def _whole(text: str, _: str) -> Parts:
    begin = 1 if text.startswith("\ufeff") else 0
    return Parts(text[begin:], begin, 1)


_MARKDOWN = Format(_split_front_matter, yaml_text.read, yaml_text.write, yaml_edit.with_item)
_YAML = Format(_whole, yaml_text.read, yaml_text.write, yaml_edit.with_item)
FORMATS = {".md": _MARKDOWN, ".yml": _YAML, ".yaml": _YAML}
SUFFIXES = tuple(FORMATS)


def of(path: str) -> Format:
    """The format of a file; its name must end in one of `SUFFIXES`."""
    return FORMATS[path[path.rindex(".") :]]
