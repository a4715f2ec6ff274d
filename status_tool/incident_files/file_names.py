"""Which names an incident file may have: without its ending, a name is the incident's id and address."""

from __future__ import annotations

import re
from pathlib import PurePath

from status_tool.errors import Problem

_ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
LONGEST_ID = 120


def problem(name: str) -> Problem | None:
    """Why a file of this name cannot be an incident; None if it can."""
    stem = name.rpartition(".")[0] or name
    if _ID.fullmatch(stem) and len(stem) <= LONGEST_ID:
        return None
    return Problem(
        f'the name "{stem}" cannot be an address.',
        hint=f"Rename it in lower-case letters, digits and hyphens, for example {slug(stem)}{PurePath(name).suffix}.",
    )


def slug(words: str) -> str:
    """`Facebook, Instagram & WhatsApp` -> `facebook-instagram-whatsapp`; never empty."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    kept = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return kept[:60].rstrip("-") or "incident"
