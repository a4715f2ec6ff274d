"""Which names an incident file may have: the name without its suffix is the incident's id, and part of its URL."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from pathlib import PurePath

from status_tool.errors import Problem
from status_tool.model import recurrence
from status_tool.text import romanized

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


def new_id(title: str, begin: datetime, zone: tzinfo) -> str:
    """`2026-11-23-api-errors`: the id of a new incident that begins at `begin`, with its day in the site's `zone`."""
    return f"{begin.astimezone(zone):%Y-%m-%d}-{slug(title)}"


def slug(title: str) -> str:
    """`Facebook, Instagram & WhatsApp` -> `facebook-instagram-whatsapp`; 1 to 60 characters, in ASCII."""
    name = romanized.hyphenated(title)[:60].rstrip("-")
    if recurrence.window_begin(f"x-{name}"):  # a name that ends so is reserved for a window of recurring maintenance
        name = re.sub(r"t(\d{4}z)$", r"-\1", name)
    return name or "incident"
