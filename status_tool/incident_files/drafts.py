"""How a draft is made public: its text without `draft`, and with the time at which readers see its updates."""

from __future__ import annotations

from datetime import datetime

from status_tool.errors import StatusError
from status_tool.incident_files import parser
from status_tool.system import clock
from status_tool.text import yaml_splice, yaml_text


def published(text: str, path: str, now: datetime, promised_at: datetime | None) -> str:
    """`text` of a draft as it is published `now`; all other text stays.

    Updates get `posted`, as far as that is later. A promise that has lapsed is removed; the last update gets
    `promised_at`, if that is given. StatusError when it cannot be done without changing other text.
    """
    before = parser.parse(text, path)
    record, begin = parser.record_of(text, path)
    after = yaml_splice.without_pair(text, begin, record, "draft")
    for update in before.updates:
        pairs: dict[str, datetime | None] = {}
        if now > update.published_at:
            pairs["posted"] = now
        if update is before.last and promised_at:
            pairs["next"] = promised_at
        elif update.next and update.next <= now:
            pairs["next"] = None
        for key, time in pairs.items():
            record, begin = parser.record_of(after, path)
            node = parser.update_node(record, update.at)
            if time is None:
                after = yaml_splice.without_pair(after, begin, node, key)
            else:
                after = yaml_splice.with_pair(after, begin, node, key, yaml_text.Bare(clock.iso(time)), "message")
    try:
        if not parser.parse(after, path).draft:
            return after
    except StatusError:
        pass
    raise StatusError(
        "it cannot be published without changing other text in the file.",
        path,
        hint=f'Remove the line "draft: true" by hand, and add to its updates: posted: {clock.iso(now)}',
    )
