"""How the message of a published update is replaced in its file without changing any other text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime

from status_tool.errors import StatusError
from status_tool.incident_files import formats, parser, update_files
from status_tool.incident_files.update_files import FileText
from status_tool.model.incident import Incident
from status_tool.model.update import Kind, Text, Update
from status_tool.system import clock
from status_tool.text.yaml_text import Mapping, Node, Scalar

Edit = tuple[int, int, str]
"""`(start, end, replacement)`: `text[start:end]` is replaced by `replacement`."""


def amend(text: str, path: str, message: str, edited: datetime, language: str = "", at: datetime | None = None) -> str:
    """`text`, an incident's file, with `message` as the message of the update posted at `at`, and with `edited`.

    `edited` is the time of the correction. Without an update at `at`, the last update is changed. Of a message in
    several languages, only the translation in `language` (or in the site's language) is replaced. Raises StatusError
    when the file is invalid, or when the message cannot be replaced without changing other text.
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


def amend_file(text: str, path: str, message: str, edited: datetime, kind: Kind) -> str:
    """`text`, the file of one update or of its message in another language, with `message` and `edited`.

    All other text is unchanged. StatusError when the file, of an incident of that kind, is invalid, or when the message
    cannot be replaced without changing other text.
    """
    file = FileText(path, text)
    before = update_files.read(file, kind)
    after = _in_front(text, path, edited)
    begin = len(after) - len(_body(after, path))
    blank = re.compile(r"\ufeff?(?:[ \t]*(?:\r\n|\n|\r))*").match(after, begin)
    start = blank.end() if blank else begin
    end = max(start, len(after.rstrip()))
    after = after[:start] + message.replace("\n", _line_end(text)) + (after[end:] or _line_end(text))
    try:
        is_right = update_files.read(file._replace(text=after), kind) == before.with_message(message, edited)
    except StatusError:
        is_right = False
    if not is_right:
        raise StatusError(
            "this message cannot be replaced without changing other text in the file.",
            path,
            hint=f'Change it by hand, and add this line above the second "---": edited: {clock.iso(edited)}',
        )
    return after


def _body(text: str, path: str) -> str:
    """What is below the front matter of an update file, or the whole text without one."""
    return formats.of(path).split(text, path).postmortem if formats.has_front_matter(text) else text


def _in_front(text: str, path: str, edited: datetime) -> str:
    """`text` with `edited` in its front matter."""
    line = f"edited: {clock.iso(edited)}{_line_end(text)}"
    if not formats.has_front_matter(text):
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        dashes = f"---{_line_end(text)}"
        return f"{mark}{dashes}{line}{dashes}{text.removeprefix(mark)}"
    parts = formats.of(path).split(text, path)
    root, _ = formats.of(path).read(parts.record, parts.first_line)
    end = parts.begin + len(parts.record)
    if not isinstance(root, Mapping):
        return text[:end] + line + text[end:]
    if "edited" in root.pairs:
        start, stop, new = _edited_edit(text, parts.begin, root, edited)
        return text[:start] + new + text[stop:]
    if root.flow:
        start = parts.begin + root.begin + 1
        return f"{text[:start]}edited: {clock.iso(edited)}{', ' if root.pairs else ''}{text[start:]}"
    return text[:end] + line + text[end:]


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
