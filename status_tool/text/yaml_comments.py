"""Which comments a YAML text contains."""

from __future__ import annotations

import re

from status_tool.text import yaml_text
from status_tool.text.yaml_text import Node, Scalar

_COMMENT = re.compile(r"(?<![^\s,\[\]{}:])#[^\r\n]*")
_REST_OF_LINE = re.compile(r"[^\r\n]*")


def of(text: str, root: Node) -> list[str]:
    """The comments in `text`, of which `root` was read; each from its `#` on, without the spaces behind it."""
    found: list[str] = []
    position = 0
    scalars = [node for node in yaml_text.nodes(root) if isinstance(node, Scalar)]
    for scalar in sorted(scalars, key=lambda node: node.begin):
        begin, end = scalar.begin, scalar.begin + len(text[scalar.begin : scalar.end].rstrip())
        if not scalar.plain and text[begin] in "|>":  # a comment may be behind this sign
            begin += len(_REST_OF_LINE.match(text, begin)[0])  # type: ignore[index]  # it always matches
        found += _COMMENT.findall(text, position, max(position, begin))
        position = max(position, begin, end)
    return [comment.rstrip() for comment in [*found, *_COMMENT.findall(text, position)]]
