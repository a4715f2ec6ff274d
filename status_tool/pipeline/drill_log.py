"""What was measured in earlier drills, kept beside `mkdocs.yml`, so that the team sees what became slower."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from status_tool.errors import StatusError
from status_tool.pipeline.drill import Drill
from status_tool.system import clock

FILE = "drills.json"
KEPT = 50
"""How many drills the file has at most."""


def last(folder: Path) -> dict[str, Any] | None:
    """The last drill that went to its end; None without one. StatusError when the file is damaged."""
    return next((entry for entry in reversed(_read(folder)) if entry.get("completed")), None)


def add(folder: Path, drill: Drill, at: datetime) -> None:
    """Adds a drill; StatusError when the file cannot be written, or is damaged."""
    to_public = drill.seconds_to_public
    entry = {
        "at": clock.iso(at),
        "target": drill.target,
        "completed": drill.error is None,
        "seconds": round(drill.seconds, 1),
        "seconds_to_public": None if to_public is None else round(to_public, 1),
        "steps": {name: round(seconds, 2) for name, seconds in drill.steps.items()},
    }
    entries = [*_read(folder), entry][-KEPT:]
    new = folder / f"{FILE}.new"
    try:
        new.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", "utf-8")
        new.replace(folder / FILE)
    except OSError as error:
        raise StatusError(
            f"cannot be written: {error.strerror}.", folder / FILE, hint="Check its permissions."
        ) from None


def _read(folder: Path) -> list[dict[str, Any]]:
    file = folder / FILE
    try:
        found = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        found = None
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise StatusError("is not the list of drills.", file, hint="Restore it from git, or remove it.")
    return found
