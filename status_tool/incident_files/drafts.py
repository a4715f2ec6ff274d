"""How a draft is made public: its text without `draft`, and with the time at which readers see its updates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from status_tool.errors import StatusError
from status_tool.incident_files import formats, parser, update_files
from status_tool.incident_files.update_files import FileText
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.system import clock
from status_tool.text import yaml_splice, yaml_text
from status_tool.text.yaml_text import Mapping


def published(incident: Incident, files: Sequence[FileText], now: datetime, promised_at: datetime | None) -> list[str]:
    """The texts of `files`, the incident's own one first, as the draft `incident` is published `now`.

    Updates get `posted`, as far as that is later. A promise that has lapsed is removed; the last update gets
    `promised_at`, if that is given. All other text stays; StatusError when it cannot.
    """
    (path, text), *updates = files
    own = {update_files.name_of(file.path).at for file in updates if not update_files.name_of(file.path).language}
    record, begin = parser.record_of(text, path)
    text = yaml_splice.without_pair(text, begin, record, "draft")
    for update in incident.updates:
        for key, time in _new_times(update, incident, now, promised_at) if update.at not in own else ():
            record, begin = parser.record_of(text, path)
            text = _with_time(text, begin, parser.update_node(record, update.at), key, time)
    try:
        is_right = not parser.parse(text, path, is_part=True).draft
    except StatusError:
        is_right = False
    if not is_right:
        what = "it cannot be published without changing other text in the file."
        hint = f'Remove the line "draft: true" by hand, and add to its updates: posted: {clock.iso(now)}'
        raise StatusError(what, path, hint=hint)
    return [text, *(_published_update(file, incident, now, promised_at) for file in updates)]


def _published_update(file: FileText, incident: Incident, now: datetime, promised_at: datetime | None) -> str:
    """The text of the file of one update, or of its message in another language, which has no time to change."""
    at, language = update_files.name_of(file.path)
    update = next(update for update in incident.updates if update.at == at)
    text, format = file.text, formats.of(update_files.SUFFIX)
    for key, time in _new_times(update, incident, now, promised_at) if not language else ():
        parts = format.split(text, file.path)
        root, _ = format.read(parts.record, parts.first_line)
        if not isinstance(root, Mapping):
            raise AssertionError("parse() accepts no other file")
        text = _with_time(text, parts.begin, root, key, time)
    return text


def _new_times(
    update: Update, incident: Incident, now: datetime, promised_at: datetime | None
) -> list[tuple[str, datetime | None]]:
    """The keys of an update that get another time, or None: are removed."""
    times: list[tuple[str, datetime | None]] = [("posted", now)] if now > update.published_at else []
    if update is incident.last and promised_at:
        times.append(("next", promised_at))
    elif update.next and update.next <= now:
        times.append(("next", None))
    return times


def _with_time(text: str, begin: int, node: Mapping, key: str, time: datetime | None) -> str:
    if time is None:
        return yaml_splice.without_pair(text, begin, node, key)
    before = "message" if "message" in node.pairs else "status"
    return yaml_splice.with_pair(text, begin, node, key, yaml_text.Bare(clock.iso(time)), before)
