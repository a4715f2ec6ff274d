"""How it is written into an incident's file that it is withdrawn, without changing any other text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from status_tool.errors import StatusError
from status_tool.incident_files import fields, formats, parser
from status_tool.model.update import Text


def withdraw(text: str, path: str, at: datetime, reason: Text, posted: datetime | None = None) -> str:
    """`text` with `withdrawn`, `reason` and maybe `withdrawal_posted` added above its updates; all other text stays.

    Raises StatusError when the file is invalid, or when the keys cannot be added without changing other text.
    """
    before = parser.parse(text, path, is_part=True)
    record, begin = parser.record_of(text, path)
    by_key = fields.RECORD.by_key
    values = {"withdrawn": at, "withdrawal_posted": posted, "reason": reason}
    pairs = {key: by_key[key].form.write(value) for key, value in values.items() if value}
    format = formats.of(path)
    after = format.with_pairs(text, begin, record, "updates", pairs)
    if not parser.holds(
        after, path, replace(before, withdrawn=at, withdrawal_posted=posted, reason=reason), is_part=True
    ):
        raise StatusError(
            "it cannot be withdrawn without changing other text in the file.",
            path,
            hint="Add these lines above its updates by hand:\n" + format.write(pairs).rstrip(),
        )
    return after
