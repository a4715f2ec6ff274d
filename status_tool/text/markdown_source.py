"""How the relative links of a Markdown text get other addresses while it stays Markdown, for programs that read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from status_tool.text import relative_links
from status_tool.text.relative_links import Links

if TYPE_CHECKING:
    from status_tool.text.markdown_tokens import Token

# What may be the address of a link or of a definition. In code it is none: the parser decides.
_ADDRESS = re.compile(
    r"(?:\]\(\s*|\[[^\]]+\]:\s*)(?:<(?P<quoted>[^<>\n]*)>|(?P<bare>(?:[^\s<>()\\]|\\.|\([^\s()]*\))+))"
)


def with_addresses(text: str, links: Links, *, is_postmortem: bool = False) -> str:
    """`text` in which every link of `links` has its address there; a link that has none yet is left as it is."""
    if not links.addresses or not relative_links.are_possible(text):
        return text
    for match in reversed(list(_ADDRESS.finditer(text))):
        name = "quoted" if match["quoted"] is not None else "bare"
        address = _parsed(match[name])
        target = links.addresses.get(address)
        if target:
            changed = text[: match.start(name)] + target + text[match.end(name) :]
            if _is_same(text, changed, address, target, is_postmortem):
                text = changed
    return text


def _parsed(address: str) -> str:
    """The address as it is in HTML."""
    from status_tool.text import markdown_tokens  # takes 50 ms, so only for a text with relative links

    tokens = markdown_tokens.inline(markdown_tokens.parse(f"[x](<{address}>)", is_postmortem=False))
    return next((found for token in tokens if (found := markdown_tokens.address_of(token)) is not None), "")


def _is_same(text: str, changed: str, address: str, target: str, is_postmortem: bool) -> bool:
    """Whether `changed` is `text` in all but links that led to `address` and lead to `target` now."""
    from status_tool.text import markdown_tokens

    before, after = (_content(markdown_tokens.parse(each, is_postmortem=is_postmortem)) for each in (text, changed))
    different = [pair for pair in zip_longest(before, after) if pair[0] != pair[1]]
    return bool(different) and all(
        old is not None and new is not None and old[:2] == new[:2] and (old[2], new[2]) == (address, target)
        for old, new in different
    )


def _content(tokens: Sequence[Token]) -> list[tuple[str, str, str | None]]:
    """`(type, text, address)` of every token."""
    from status_tool.text import markdown_tokens

    return [
        part
        for token in tokens
        for part in (
            (token.type, "" if token.children else token.content, None),
            *((child.type, child.content, markdown_tokens.address_of(child)) for child in token.children or ()),
        )
    ]
