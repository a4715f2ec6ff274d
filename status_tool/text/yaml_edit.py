"""How an item or a key is added to a YAML text without other changes."""

from __future__ import annotations

import json
import re

from status_tool.text import yaml_text
from status_tool.text.yaml_text import Mapping, Sequence


def with_item(text: str, begin: int, items: Sequence, item: dict[str, object]) -> str:
    """`text` with `item` added after the last of `items`, a non-empty sequence that was read from `text[begin:]`."""
    if items.flow:
        after_last = begin + items.items[-1].end
        return f"{text[:after_last]}, {json.dumps(flat(item), ensure_ascii=False)}{text[after_last:]}"
    return _with_block(text, begin + items.end, yaml_text.write([item]), items.column)


def with_pairs(text: str, begin: int, mapping: Mapping, key: str, pairs: dict[str, object]) -> str:
    """`text` with `pairs` added before the key `key` of `mapping`, which was read from `text[begin:]`."""
    offset = begin + mapping.pairs[key][0].begin
    if mapping.flow:
        inserted = json.dumps(flat(pairs), ensure_ascii=False)[1:-1] + ", "
        return text[:offset] + inserted + text[offset:]
    line_end = "\r\n" if "\r\n" in text else "\n"
    line_begin = max(begin, *(text.rfind(end, 0, offset) + 1 for end in "\r\n"))
    indent = " " * (offset - line_begin)
    first, *others = yaml_text.write(pairs).splitlines()
    lines = [first, *(indent + line if line else line for line in others), indent]
    return text[:offset] + line_end.join(lines) + text[offset:]


def _with_block(text: str, offset: int, block: str, column: int) -> str:
    """`text` with `block`, indented to `column`, inserted below the line that contains or ends at `offset`."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    if offset and text[offset - 1] not in "\r\n":
        rest = re.compile(r"[^\r\n]*(\r\n|\n|\r)?").match(text, offset)
        offset = rest.end() if rest else offset
    lines = [" " * column + line if line else line for line in block.splitlines()]
    inserted = line_end.join(lines) + line_end
    if offset and text[offset - 1] not in "\r\n":
        inserted = line_end + inserted
    return text[:offset] + inserted + text[offset:]


def flat(value: object) -> object:
    """`value` as `yaml_text.write` takes it, with only JSON types; JSON is also YAML on one line."""
    if isinstance(value, dict):
        return {key: flat(inner) for key, inner in value.items()}
    if isinstance(value, yaml_text.Inline):
        return dict(value.pairs)
    return value.text if isinstance(value, yaml_text.Bare | yaml_text.Block) else value
