"""Which audit the site keeps: the file `audit.json` beside `mkdocs.yml`, which `status audit --write` writes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from status_tool.errors import StatusError
from status_tool.settings.settings import Settings
from status_tool.system import clock, disk

FILE = "audit.json"
"""Its name beside `mkdocs.yml`, and on the site."""
TIME = "audited_at"
"""The key with the time of the audit."""


@dataclass(frozen=True)
class KeptAudit:
    """The time of an audit, and its document as the file has it."""

    at: datetime
    content: bytes


def file(settings: Settings) -> Path:
    return settings.folder / FILE


def read(settings: Settings) -> KeptAudit | None:
    """The audit that the site keeps; None when it keeps none. StatusError when its file is something else."""
    path = file(settings)
    if not os.path.lexists(path):
        return None
    import json  # only a site with an audit needs it

    text = disk.read_text(path)
    try:
        return KeptAudit(clock.parse_time(json.loads(text)[TIME]), text.encode())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        hint = "Write it again: status audit --write. Or remove it."
        raise StatusError("this is no audit of this program.", settings.shown(path), hint=hint) from None


def write(settings: Settings, document: Mapping[str, object]) -> Path:
    """Writes `document` in place of the audit that is kept, whole or not at all; StatusError when that fails."""
    import json

    path = file(settings)
    content = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    temporary = path.with_name(f".{FILE}.{os.getpid()}.new")
    try:
        temporary.write_text(content, "utf-8")
        temporary.replace(path)
    except OSError as error:
        hint = "Check the free space and the permissions of the folder."
        raise StatusError(f"cannot be written: {error.strerror}.", settings.shown(path), hint=hint) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return path
