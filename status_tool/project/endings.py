"""How two endings of one incident become one, if that of ours is a file of its own: theirs gets the words of both.

Two endings in the list of one file are united where that file is merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from status_tool.errors import StatusError
from status_tool.incident_files import amend, parser, update_files
from status_tool.incident_files.update_files import FileText
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update
from status_tool.system import clock

Texts = Mapping[str, str]
"""Path -> text of the files of one incident: its own, and those of its updates."""


class United(NamedTuple):
    """What becomes of the files on top of theirs."""

    path: str
    """The file that has the ending of theirs."""
    text: str
    note: str


def unite(base: Texts, ours: Texts, theirs: Texts, ending: str) -> United | None:
    """The ending of theirs with the words of the one in the new file `ending` of ours.

    None when both are to stay: theirs has not ended, it had ended before, or the words cannot be put together.
    """
    try:
        before, our_side, their_side = (_incident(texts) for texts in (base, ours, theirs))
    except StatusError:
        return None
    if our_side is None or their_side is None or (before and before.last.status.ends):
        return None
    our_end, their_end = our_side.last, their_side.last
    is_ours = update_files.name_of(ending).at == our_end.at and our_end.status.ends
    if not is_ours or not their_end.status.ends or not _are_plain(our_end, their_end):
        return None
    words = f"{their_end.message}\n\n{our_end.message}"
    edited = max(time for time in (their_end.edited, their_end.published_at, our_end.published_at) if time)
    path = _file_of(theirs, their_end)
    try:
        if "/" in path.removeprefix(_record(theirs).rpartition(".")[0]):
            text = amend.amend_file(theirs[path], path, words, edited, their_side.kind)
        else:
            text = amend.amend(theirs[path], path, words, edited, at=their_end.at)
    except StatusError:
        return None
    said = f"{their_end.status}, {clock.iso(their_end.at)}"
    return United(path, text, f"Others had ended it already ({said}); your words were added to theirs.")


def _are_plain(*updates: Update) -> bool:
    """Whether each message is one text."""
    return all(isinstance(update.message, Text) and list(update.message.translations) == [""] for update in updates)


def _record(texts: Iterable[str]) -> str:
    """The path of the incident's own file: the shortest one."""
    return min(texts, key=len)


def _incident(texts: Texts) -> Incident | None:
    if not texts:
        return None
    record = _record(texts)
    files = [FileText(path, text) for path, text in sorted(texts.items()) if path != record]
    return parser.parse(texts[record], record, files=files)


def _file_of(texts: Texts, update: Update) -> str:
    record = _record(texts)
    own = f"{record.rpartition('.')[0]}/{update_files.file_name(update.at)}"
    return own if own in texts else record
