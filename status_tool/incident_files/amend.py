"""The text of the last update corrected in its file, and marked as edited; every other byte stays."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime

from status_tool.errors import StatusError
from status_tool.incident_files import parser
from status_tool.model.incident import Incident, Text, Update
from status_tool.system import clock
from status_tool.text.yaml_text import Mapping, Node, Scalar, Sequence

Edit = tuple[int, int, str]
"""From where until where, and what stands there afterwards."""


def amend(text: str, path: str, words: str, edited: datetime, language: str = "", at: datetime | None = None) -> str:
    """`text` with `words` as the message of its update of `at`, or its last one, which was corrected at `edited`.

    Of a message in several languages, the one in `language` (or the site's own) is replaced.
    Raises StatusError when the file is broken, or laid out so that only a person can change it.
    """
    before = parser.parse(text, path)
    root, begin = parser.record_of(text, path)
    corrected = next((update for update in before.updates if update.at == at), before.last)
    update = _node(root, corrected.at)
    code = corrected.message.within(language)[0]
    key, value = update.pairs["message"]
    if isinstance(value, Mapping):
        key, value = value.pairs[code]
    edits = [_marked(text, begin, update, edited), _reworded(text, begin, update, key, value, words)]
    after = text
    for start, end, new in sorted(edits, reverse=True):
        after = after[:start] + new + after[end:]
    if not parser.holds(after, path, _amended(before, corrected, words, edited, code)):
        raise StatusError(
            "its last message cannot be changed without a change to other text.",
            path,
            hint=f"Change it by hand, and add below its at: edited: {clock.iso(edited)}",
        )
    return after


def _amended(before: Incident, corrected: Update, words: str, edited: datetime, code: str) -> Incident:
    message = Text({**corrected.message.translations, code: words})
    after = replace(corrected, message=message, edited=edited)
    return replace(before, updates=tuple(after if update is corrected else update for update in before.updates))


def _node(root: Mapping, at: datetime) -> Mapping:
    """The update that was posted then, wherever it stands."""
    items = root.pairs["updates"][1]
    if not isinstance(items, Sequence):
        raise AssertionError("parse() accepts no file without a list of updates")
    found = [item for item in items.items if isinstance(item, Mapping)]
    return next(item for item in found if clock.parse_time(_text(item.pairs["at"][1])) == at)


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _marked(text: str, begin: int, update: Mapping, edited: datetime) -> Edit:
    """`edited` before the message, or in the place of the one that stands there."""
    if "edited" in update.pairs:
        old = update.pairs["edited"][1]
        return begin + old.begin, begin + old.end, clock.iso(edited)
    at = begin + update.pairs["message"][0].begin
    if update.flow:
        return at, at, f"edited: {clock.iso(edited)}, "
    return at, at, f"edited: {clock.iso(edited)}{_line_end(text)}{' ' * _column(text, at)}"


def _reworded(text: str, begin: int, update: Mapping, key: Scalar, value: Node, words: str) -> Edit:
    start, end = begin + value.begin, begin + value.end
    if update.flow or not isinstance(value, Scalar) or _is_in_braces(update, key):
        return start, end, json.dumps(words, ensure_ascii=False)
    indent = " " * (_column(text, begin + key.begin) + 2)
    lines = [indent + line if line else "" for line in words.split("\n")]
    bar = "|2" if words.startswith((" ", "\t")) else "|"  # else YAML would take the first line's blanks for the indent
    if text[start] in "|>":  # the blank lines below a block are no part of its words
        end = start + len(text[start:end].rstrip())
        comment = re.compile(r"[ \t]+#[^\r\n]*").search(text, start, _line_stop(text, start))
        return start, end, _line_end(text).join([bar + (comment[0] if comment else ""), *lines])
    rest = text[end : _line_stop(text, end)]
    return start, end + len(rest), _line_end(text).join([bar + rest.rstrip(), *lines])


def _is_in_braces(update: Mapping, key: Scalar) -> bool:
    message = update.pairs["message"][1]
    return isinstance(message, Mapping) and message.flow and message.begin < key.begin < message.end


def _column(text: str, at: int) -> int:
    return at - 1 - max(text.rfind(end, 0, at) for end in "\r\n")


def _line_stop(text: str, at: int) -> int:
    found = re.compile(r"[\r\n]|\Z").search(text, at)
    return found.start() if found else len(text)


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
