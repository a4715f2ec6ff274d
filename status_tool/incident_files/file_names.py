"""Which names an incident file may have: the name without its suffix is the incident's id, and part of its URL."""

from __future__ import annotations

import re
from pathlib import PurePath

from status_tool.errors import Problem

_ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
LONGEST_ID = 120
"""Characters."""


def problem(name: str) -> Problem | None:
    """Why a file with this name cannot be an incident file; None if it can."""
    stem = name.rpartition(".")[0] or name
    if _ID.fullmatch(stem) and len(stem) <= LONGEST_ID:
        return None
    return Problem(
        f'the file name "{stem}" cannot be part of a URL.',
        hint=f"Rename it in lower-case letters, digits and hyphens, for example {slug(stem)}{PurePath(name).suffix}.",
    )


def slug(title: str) -> str:
    """`Facebook, Instagram & WhatsApp` -> `facebook-instagram-whatsapp`; 1 to 60 characters."""
    import unicodedata

    ascii_text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    hyphenated = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    return hyphenated[:60].rstrip("-") or "incident"
