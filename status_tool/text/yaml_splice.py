"""How one item of a list, or one pair of a mapping, is taken out of a YAML text or put into it; all else stays.

Every function takes the text, the offset `begin` at which the YAML in it begins, and nodes that were read from there.
"""

from __future__ import annotations

import json
import re

from status_tool.text import yaml_edit, yaml_text
from status_tool.text.yaml_text import Mapping, Node, Scalar, Sequence


def item_text(text: str, begin: int, items: Sequence, index: int) -> str:
    """The lines of an item of a list without brackets, with the comments above it, from its dash on in column 0."""
    first = _line_begin(text, begin + items.items[0].begin)
    start = _block_end(text, begin, items.items[index - 1]) if index else first
    lines = text[start : _block_end(text, begin, items.items[index])].splitlines()
    return "".join(f"{_outdented(line, items.column)}\n" for line in lines)


def with_item_text(text: str, begin: int, items: Sequence, index: int, item: str) -> str:
    """`text` with the lines `item`, as `item_text` returns them, as the item `index` of a list without brackets."""
    if index:
        offset = _block_end(text, begin, items.items[index - 1])
    else:
        offset = _line_begin(text, begin + items.items[0].begin)
    line_end = _line_end_of(text)
    block = line_end.join(" " * items.column + line if line else line for line in item.removesuffix("\n").split("\n"))
    if offset and text[offset - 1] not in "\r\n":
        block = line_end + block
    return f"{text[:offset]}{block}{line_end}{text[offset:]}"


def with_new_item(text: str, begin: int, items: Sequence, index: int, item: dict[str, object]) -> str:
    """`text` with `item` written as the item `index` of the list."""
    if not items.flow:
        return with_item_text(text, begin, items, index, yaml_text.write([item]))
    inserted = json.dumps(yaml_edit.flat(item), ensure_ascii=False)
    if index:
        offset = begin + items.items[index - 1].end
        return f"{text[:offset]}, {inserted}{text[offset:]}"
    offset = begin + items.items[0].begin
    return f"{text[:offset]}{inserted}, {text[offset:]}"


def without_item_text(text: str, begin: int, items: Sequence, index: int) -> str:
    """`text` without what `item_text` returns for an item of a list without brackets that has another one."""
    first = _line_begin(text, begin + items.items[0].begin)
    start = _block_end(text, begin, items.items[index - 1]) if index else first
    return text[:start] + text[_block_end(text, begin, items.items[index]) :]


def without_item(text: str, begin: int, items: Sequence, index: int) -> str:
    """`text` without an item of a list that has another one."""
    item = items.items[index]
    if not items.flow:
        return text[: _line_begin(text, begin + item.begin)] + text[_block_end(text, begin, item) :]
    if index:
        return text[: begin + items.items[index - 1].end] + text[begin + item.end :]
    return text[: begin + item.begin] + text[begin + items.items[1].begin :]


def with_pair(text: str, begin: int, mapping: Mapping, key: str, value: object, before: str) -> str:
    """`text` with `value` as the value of `key`; a new key is put before the key `before`."""
    if key not in mapping.pairs:
        return yaml_edit.with_pairs(text, begin, mapping, before, {key: value})
    key_node, old = mapping.pairs[key]
    if mapping.flow:
        new = json.dumps(yaml_edit.flat(value), ensure_ascii=False)
        return text[: begin + old.begin] + new + text[begin + old.end :]
    start, end = begin + key_node.begin, begin + content_end(text, begin, old)
    indent = " " * (start - _line_begin(text, start))
    first, *others = yaml_text.write({key: value}).splitlines()
    comment = _comment_on_first_line(text, begin, key_node, old)
    if not comment and others and (behind := _COMMENT.match(text, end)):  # below "|", it would become text
        comment, end = behind[0], behind.end()
    lines = [first + comment, *(indent + line if line else line for line in others)]
    return text[:start] + _line_end_of(text).join(lines) + text[end:]


_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_COMMENT_BEHIND_SIGNS = re.compile(r"[^\r\n#]*?([ \t]+#[^\r\n]*)")


def _comment_on_first_line(text: str, begin: int, key: Scalar, value: Node) -> str:
    """The comment behind `key: |`, or behind a key whose value begins on a line below it; empty if there is none."""
    is_block = isinstance(value, Scalar) and not value.plain and text[begin + value.begin] in "|>"
    if value.line == key.line and not is_block:
        return ""
    match = _COMMENT_BEHIND_SIGNS.match(text, begin + key.end)
    return match[1] if match else ""


def without_pair(text: str, begin: int, mapping: Mapping, key: str) -> str:
    """`text` without the pair `key`, which is not the only one."""
    keys = list(mapping.pairs)
    following = keys[keys.index(key) + 1 :]
    start = begin + mapping.pairs[key][0].begin
    if mapping.flow and not following:
        before = mapping.pairs[keys[-2]][1]
        return text[: begin + before.end] + text[begin + mapping.pairs[key][1].end :]
    if mapping.flow or (following and _is_behind_dash(text, start)):
        return text[:start] + text[begin + mapping.pairs[following[0]][0].begin :] if following else text
    return text[: _line_begin(text, start)] + text[_block_end(text, begin, mapping.pairs[key][1]) :]


def content_end(text: str, begin: int, node: Node) -> int:
    """The offset, from `begin`, behind the last character of the node itself; blank lines below it are not part."""
    if isinstance(node, Mapping) and not node.flow and node.pairs:
        return content_end(text, begin, list(node.pairs.values())[-1][1])
    if isinstance(node, Sequence) and not node.flow and node.items:
        return content_end(text, begin, node.items[-1])
    written = text[begin + node.begin : begin + node.end]
    return node.begin + len(written.rstrip()) if isinstance(node, Scalar) else node.end


def _block_end(text: str, begin: int, node: Node) -> int:
    """The offset in `text` of the line below the last line of the node."""
    match = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)?").match(text, begin + content_end(text, begin, node))
    return match.end() if match else len(text)


def _line_begin(text: str, offset: int) -> int:
    return max(text.rfind(end, 0, offset) for end in "\r\n") + 1


def _is_behind_dash(text: str, offset: int) -> bool:
    return bool(text[_line_begin(text, offset) : offset].strip())


def _outdented(line: str, columns: int) -> str:
    return line[columns:] if not line[:columns].strip() else line.lstrip()


def _line_end_of(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
