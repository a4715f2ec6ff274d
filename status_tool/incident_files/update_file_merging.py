"""What a file of one update contains after two people have changed it, or have written one of the same second."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import PurePath

from status_tool.errors import StatusError
from status_tool.incident_files import fields, formats, update_files
from status_tool.incident_files.forms import Context
from status_tool.incident_files.merging import Merged
from status_tool.incident_files.union import Answers, Question, Side, Union
from status_tool.incident_files.update_files import FileText
from status_tool.model.incident import Incident
from status_tool.model.update import Kind, Text, Update, UpdateStatus
from status_tool.system import clock
from status_tool.text import yaml_splice
from status_tool.text.yaml_text import Mapping

_SITE_LANGUAGE = "site"
"""Stands for the site's own language, which does not matter here."""


def merge(base: str | None, ours: str, theirs: str, path: str, answers: Answers | None = None) -> Merged:
    """`theirs` with what `ours` changed since `base`, as `merging.merge` does for the file of an incident.

    `path` is that of an update file; its name is the time. With `base` None, both sides have written one of this time:
    that of theirs stays, and that of ours is `Merged.moved`. StatusError when a side is not valid.
    """
    if ours in (base, theirs):
        return Merged(theirs)
    if theirs == base:
        return Merged(ours)
    name = update_files.name_of(path)
    if name.language:
        return _translation(base, ours, theirs, path, answers or {})
    sides = [None if text is None else _incident(_read(text, path, name.at), path) for text in (base, ours, theirs)]
    if sides[1] is None or sides[2] is None:
        raise AssertionError("both sides have a text")
    union = Union(sides[0], sides[1], sides[2], answers or {}, is_part=True)
    updates = union.incident().updates
    if union.questions:
        return Merged(None, tuple(union.questions), tuple(union.notes))
    expected = next(update for update in updates if update.at == name.at)
    moved = ours if len(updates) > 1 else None
    text = _with_update(theirs, path, sides[2].first, expected)
    if text is None:
        return Merged(None, (Question("file", "the whole file", base or "", ours, theirs),))
    return Merged(text, notes=() if moved else tuple(union.notes), moved=moved)


def check(text: str, path: str) -> None:
    """StatusError with every problem of an update file."""
    name = update_files.name_of(path)
    if not name.language:
        _read(text, path, name.at)
        return
    context = Context(path, Kind.INCIDENT)
    update = Update(name.at, UpdateStatus.INVESTIGATING, Text({"": "x"}))
    update_files.combine(context, [update], [FileText(path, text)], _SITE_LANGUAGE)
    if context.problems:
        raise StatusError.of(context.problems)


def later_name(path: str, taken: Callable[[str], bool]) -> str:
    """The path of an update file of the next second that is free."""
    at, language = update_files.name_of(path)
    while True:
        at += timedelta(seconds=1)
        later = str(PurePath(path).with_name(update_files.file_name(at, language)))
        if not taken(later):
            return later


def _incident(update: Update, path: str) -> Incident:
    return Incident(PurePath(path).parent.name, Text({"": "x"}), (update,), kind=_kind(update))


def _kind(update: Update) -> Kind:
    return next(kind for kind in Kind if update.status in kind.statuses)


def _read(text: str, path: str, at: datetime) -> Update:
    """The update in the text; StatusError with every problem if there is none."""
    for kind in Kind:  # the incident's file knows which
        context = Context(path, kind)
        found = update_files.combine(context, (), [FileText(path, text)], _SITE_LANGUAGE)
        if found.updates and not context.problems:
            return found.updates[0]
    raise StatusError.of(context.problems)


def _with_update(text: str, path: str, before: Update, expected: Update) -> str | None:
    """`text`, which contains `before`, with the values of `expected`; None when it cannot get them."""
    written = fields.UPDATE.write(expected)
    for key, field in fields.UPDATE.by_key.items():
        if key not in ("at", "message") and getattr(before, field.name) != getattr(expected, field.name):
            parts = formats.of(path).split(text, path)
            record, _ = formats.of(path).read(parts.record, parts.first_line)
            if not isinstance(record, Mapping):
                return None
            if key in written:
                text = yaml_splice.with_pair(text, parts.begin, record, key, written[key], "status")
            else:
                text = yaml_splice.without_pair(text, parts.begin, record, key)
    if before.message != expected.message:
        body = formats.of(path).split(text, path).postmortem
        said = str(expected.message).replace("\n", "\r\n" if "\r\n" in text else "\n")
        text = text.removesuffix(body) + body.replace(body.strip(), said)
    try:
        return text if _read(text, path, expected.at) == expected else None
    except StatusError:
        return None


def _translation(base: str | None, ours: str, theirs: str, path: str, answers: Answers) -> Merged:
    """The message of an update in another language: one of the two holds."""
    name = update_files.name_of(path)
    for text in (ours, theirs):
        check(text, path)
    if "message" in answers:
        return Merged(ours if answers["message"] is Side.OURS else theirs)
    what = f"the message of the update of {clock.iso(name.at)} in {name.language}"
    return Merged(None, (Question("message", what, base or "", ours, theirs),))
