"""How the message of a published update is replaced in its file without changing any other text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime

from status_tool.errors import StatusError
from status_tool.incident_files import parser
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update
from status_tool.system import clock
from status_tool.text.yaml_text import Mapping, Node, Scalar

Edit = tuple[int, int, str]
"""`(start, end, replacement)`: `text[start:end]` is replaced by `replacement`."""


def amend(text: str, path: str, message: str, edited: datetime, language: str = "", at: datetime | None = None) -> str:
    """`text` with `message` as the message of the update posted at `at`, and `edited` as its time of correction.

    Without an update at `at`, the last update is changed. Of a message in several languages, only the translation
    in `language` (or in the site's language) is replaced. Raises StatusError when the file is invalid, or when the
    message cannot be replaced without changing other text.
    """
    before = parser.parse(text, path, is_part=True)
    root, begin = parser.record_of(text, path)
    corrected = next((update for update in before.updates if update.at == at), before.last)
    update = parser.update_node(root, corrected.at)
    code = corrected.message.in_language(language)[0]
    key, value = update.pairs["message"]
    if isinstance(value, Mapping):
        key, value = value.pairs[code]
    edits = [_edited_edit(text, begin, update, edited), _message_edit(text, begin, update, key, value, message)]
    after = text
    for start, end, replacement in sorted(edits, reverse=True):
        after = after[:start] + replacement + after[end:]
    if not parser.holds(after, path, _amended(before, corrected, message, edited, code), is_part=True):
        raise StatusError(
            "this message cannot be replaced without changing other text in the file.",
            path,
            hint=f'Change it by hand, and add this line below "at" of the update: edited: {clock.iso(edited)}',
        )
    return after


def _amended(before: Incident, corrected: Update, message: str, edited: datetime, code: str) -> Incident:
    """`before` with `message` as the text of `corrected` in the language `code`."""
    translations = Text({**corrected.message.translations, code: message})
    after = replace(corrected, message=translations, edited=edited)
    return replace(before, updates=tuple(after if update is corrected else update for update in before.updates))


def _edited_edit(text: str, begin: int, update: Mapping, edited: datetime) -> Edit:
    """Inserts the key `edited` before `message`, or replaces its value."""
    if "edited" in update.pairs:
        old = update.pairs["edited"][1]
        quotes = '"' if text[begin + old.begin] == '"' else ""
        return begin + old.begin, begin + old.end, f"{quotes}{clock.iso(edited)}{quotes}"
    offset = begin + update.pairs["message"][0].begin
    if update.flow:
        quotes = '"' if text[offset] == '"' else ""  # JSON stays JSON
        return offset, offset, f"{quotes}edited{quotes}: {quotes}{clock.iso(edited)}{quotes}, "
    return offset, offset, f"edited: {clock.iso(edited)}{_line_end(text)}{' ' * _column(text, offset)}"


def _message_edit(text: str, begin: int, update: Mapping, key: Scalar, value: Node, message: str) -> Edit:
    """Replaces `value`, the message in one language, whose key is `key`."""
    start, end = begin + value.begin, begin + value.end
    if update.flow or not isinstance(value, Scalar) or _is_in_braces(update, key):
        return start, end, json.dumps(message, ensure_ascii=False)
    indent = " " * (_column(text, begin + key.begin) + 2)
    lines = [indent + line if line else "" for line in message.split("\n")]
    # Without the 2, YAML would take leading spaces of the first line as part of the indentation.
    header = "|2" if message.startswith((" ", "\t")) else "|"
    if text[start] in "|>":  # the blank lines below a block scalar are not part of its text
        end = start + len(text[start:end].rstrip())
        comment = re.compile(r"[ \t]+#[^\r\n]*").search(text, start, _line_stop(text, start))
        return start, end, _line_end(text).join([header + (comment[0] if comment else ""), *lines])
    rest = text[end : _line_stop(text, end)]
    return start, end + len(rest), _line_end(text).join([header + rest.rstrip(), *lines])


def _is_in_braces(update: Mapping, key: Scalar) -> bool:
    """Whether `key` is in a flow mapping, `message: {en: ...}`."""
    message = update.pairs["message"][1]
    return isinstance(message, Mapping) and message.flow and message.begin < key.begin < message.end


def _column(text: str, offset: int) -> int:
    """The column of `offset`, from 0."""
    return offset - 1 - max(text.rfind(end, 0, offset) for end in "\r\n")


def _line_stop(text: str, offset: int) -> int:
    """The offset of the end of the line that contains `offset`."""
    match = re.compile(r"[\r\n]|\Z").search(text, offset)
    return match.start() if match else len(text)


def _line_end(text: str) -> str:
    """The line ending that `text` uses."""
    return "\r\n" if "\r\n" in text else "\n"
