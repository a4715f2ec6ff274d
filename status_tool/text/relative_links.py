"""Which links of a Markdown text have no scheme, and where they lead on a page or in a document.

Every command imports this module, so it loads the Markdown parser only for a text that may have some.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

# A link whose address does not begin with a scheme, or a definition, whatever its address is.
_POSSIBLE = re.compile(r"\]\(\s*<?(?!https?://|mailto:|tel:)|\]:")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class Links:
    """Where the relative links of a text lead, on the page or in the document that shows the text."""

    page: str = ""
    """The address of the page of the text, without a fragment; empty on that page itself."""
    addresses: Mapping[str, str | None] = field(default_factory=dict)
    """Address as in the text -> address for a link; None if the site does not have the target yet."""


NO_LINKS = Links()


def has_scheme(address: str) -> bool:
    return bool(_SCHEME.match(address))


def are_possible(text: str) -> bool:
    """Whether `text` may contain a relative link; False for nearly all texts that have none."""
    return bool(_POSSIBLE.search(text))


def addresses(text: str, *, is_postmortem: bool = False) -> list[str]:
    """The addresses without a scheme of the links and images in `text`, each once: `#top`, `../docs/about.md`.

    They are percent-encoded, as links are in HTML; the address of a link without one is empty.
    """
    if not are_possible(text):
        return []
    from status_tool.text import markdown_tokens  # takes 50 ms

    tokens = markdown_tokens.inline(markdown_tokens.parse(text, is_postmortem=is_postmortem))
    found = [address for token in tokens if (address := markdown_tokens.address_of(token)) is not None]
    return list(dict.fromkeys(address for address in found if not has_scheme(address)))


def line_of(address: str, text: str) -> int:
    """The number of lines of `text` above the first link with that address; 0 if it is not found as it was typed."""
    shown = (address, unquote(address))
    forms = ("]({})", "]({} ", "](<{}>", "]: {}", "]: <{}>", "{}")
    for typed in (form.format(each) for form in forms for each in shown):
        index = text.find(typed) if typed else -1
        if index >= 0:
            return text.count("\n", 0, index)
    return 0
