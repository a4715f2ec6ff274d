"""Which update a file of its own contains: its name is the time, its front matter the record, its body the message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from typing import NamedTuple

from status_tool.errors import Problem, StatusError, did_you_mean
from status_tool.incident_files import below_record, fields, formats
from status_tool.incident_files.forms import Context
from status_tool.model.update import Kind, Text, Update
from status_tool.system import clock
from status_tool.text import conflict_markers, language_codes
from status_tool.text.yaml_text import Mapping, Node, Scalar

SUFFIX = ".md"
EXAMPLE = "20261123T140500Z.md"
LARGEST = 1_000_000
"""Bytes that an update file may have: one message is never as long, and telephones must load the page."""
_NAME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(?:\.([^.]*))?\.md", re.ASCII)
_MEANT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)[Tt _-]?(\d\d)[:.h_-]?(\d\d)(?:[:.m_-]?(\d\d))?(?:[.,]\d+)?[s ]?([Zz]?)\.[A-Za-z]+",
    re.ASCII,
)


class FileText(NamedTuple):
    """A file, by its path as messages show it, and its text."""

    path: str
    text: str


class Name(NamedTuple):
    """What the name of an update file says."""

    at: datetime
    language: str = ""
    """The language of the message, if it is not the site's own."""


def name_of(path: str) -> Name:
    """What the name of the file at `path` says; ValueError when it is none of an update file."""
    match = _NAME.fullmatch(PurePath(path).name)
    if match is None:
        raise ValueError("not the name of an update file")
    year, month, day, hour, minute, second, language = match.groups()
    at = clock.parse_time(f"{year}-{month}-{day}T{hour}:{minute}:{second}Z")
    if language is not None and not language_codes.is_known(language):
        raise ValueError("not a language")
    return Name(at, language or "")


def file_name(at: datetime, language: str = "") -> str:
    """`20261123T140500Z.md`, or in a language `20261123T140500Z.fr.md`."""
    return f"{at:%Y%m%dT%H%M%SZ}{f'.{language}' if language else ''}{SUFFIX}"


def name_problem(name: str) -> Problem | None:
    """Why a file in the folder of an incident's updates cannot be one of an update; None if it can."""
    match = _NAME.fullmatch(name)
    if match and match[7] is not None and not language_codes.is_known(match[7]):
        hint = f"{did_you_mean(match[7], language_codes.CODES)} Write a language code such as en, fr or pt-BR."
        return Problem(f'the file name ends in the unknown language "{match[7]}".', hint=hint.strip())
    try:
        name_of(name)
    except ValueError:
        what = f'the file name "{name}" is not the time of an update.'
        if match:
            what = f'the file name "{name}" is a time that does not exist.'
        return Problem(what, hint=_name_hint(name))
    return None


def _name_hint(name: str) -> str:
    meant = _MEANT.fullmatch(name)
    if meant:
        day, time = "-".join(meant.groups()[:3]), ":".join([meant[4], meant[5], meant[6] or "00"])
        try:
            suggested = file_name(clock.parse_time(f"{day}T{time}Z"))
        except ValueError:
            meant = None
        else:
            zone = "" if meant[7] else ", if that is the time in UTC"
            return f"Rename it to {suggested}{zone}."
    return f"Name it by the update's time in UTC, for example {EXAMPLE}, or move it elsewhere."


# -- what the files contain ------------------------------------------------------------------------


class Place(NamedTuple):
    """Where an update is: the node that has its keys, and the context that knows the path of its file."""

    context: Context
    node: Mapping


@dataclass(frozen=True)
class Found:
    """The updates of an incident's files."""

    updates: tuple[Update, ...]
    """Oldest first."""
    places: dict[datetime, Place]
    """The places of those that are in files of their own."""


class Content(NamedTuple):
    """What one file contains: an update, or the message of one in another language."""

    message: str
    edited: datetime | None
    update: Update | None = None
    """The whole update, if the file is that of an update."""

    def with_message(self, message: str, edited: datetime) -> Content:
        """The same with another message, which was written at the time `edited`."""
        update = self.update and replace(self.update, message=Text({"": message}), edited=edited)
        return Content(message, edited, update)


class _Translation(NamedTuple):
    """The message of an update in another language."""

    path: str
    name: Name
    message: str
    edited: datetime | None


def combine(context: Context, listed: Sequence[Update], files: Iterable[FileText], language: str) -> Found:
    """The updates `listed` in the incident's one file, and those of `files`; what is wrong with these is reported.

    `language` is the site's own.
    """
    known = {update.at: (update, context.path) for update in listed}
    places: dict[datetime, Place] = {}
    translations: list[_Translation] = []
    unread: set[datetime] = set()
    for file in files:
        name, of_file = name_of(file.path), replace(context, path=file.path)
        if conflict := conflict_markers.problem(file.text, file.path, below_record.REMEDY):
            context.problems.append(conflict)
            unread.add(name.at)
        elif name.language:
            translation = _read_translation(of_file, file, name)
            translations += [translation] if translation else []
        elif found := _read_update(of_file, file, name.at):
            update, node = found
            if update.at in known:
                _report_second(of_file, node, update, known[update.at][1])
                continue
            known[update.at], places[update.at] = (update, file.path), Place(of_file, node)
        else:
            unread.add(name.at)
    for translation in translations:
        if translation.name.at in known:
            update, path = known[translation.name.at]
            known[update.at] = (_translated(context, update, path, translation, language), path)
        elif translation.name.at not in unread:
            what = f"no update has the time {clock.iso(translation.name.at)}, of which this is the message."
            hint = f"Write the update first, as {file_name(translation.name.at)}, or correct the file name."
            context.problems.append(Problem(what, translation.path, hint=hint))
    return Found(tuple(known[at][0] for at in sorted(known)), places)


def read(file: FileText, kind: Kind) -> Content:
    """What the file of an incident of that kind contains; StatusError with every problem of the file."""
    context, name = Context(file.path, kind), name_of(file.path)
    content = None
    if conflict := conflict_markers.problem(file.text, file.path, below_record.REMEDY):
        context.problems.append(conflict)
    elif name.language:
        translation = _read_translation(context, file, name)
        content = translation and Content(translation.message, translation.edited)
    elif found := _read_update(context, file, name.at):
        content = Content(str(found[0].message), found[0].edited, found[0])
    if content is None or context.problems:
        raise StatusError.of(context.problems)
    return content


def edited_node(file: FileText, edited: datetime) -> Node | None:
    """The value of `edited` in a valid file, if that is its time; otherwise None."""
    if not formats.has_front_matter(file.text):
        return None
    parts = formats.of(SUFFIX).split(file.text, file.path)
    root, _ = formats.of(SUFFIX).read(parts.record, parts.first_line)
    node = root.get("edited") if isinstance(root, Mapping) else None
    return node if isinstance(node, Scalar) and clock.parse_time(node.text) == edited else None


def _report_second(context: Context, node: Mapping, update: Update, other: str) -> None:
    what = f"a second update at {clock.iso(update.at)} (the first is in {other})."
    hint = "If both say the same: status merge --fold. Otherwise give this one the next free second: status merge"
    context.add_problem(node, what, hint)


def _read_update(context: Context, file: FileText, at: datetime) -> tuple[Update, Mapping] | None:
    parts = _split(context, file)
    if parts is None:
        return None
    root, mistakes = formats.of(SUFFIX).read(parts.record, parts.first_line)
    context.problems.extend(Problem(mistake.what, file.path, mistake.line, mistake.hint) for mistake in mistakes)
    message = below_record.read_message(context, file.text, parts.postmortem)
    if root is None:
        if not mistakes:
            what, hint = '"status" is missing.', fields.UPDATE.by_key["status"].sample
            context.problems.append(Problem(what, file.path, 1, hint))
        return None
    update = fields.read_update_file(context, root, at, Text({"": message}) if message else None)
    return (update, root) if update and isinstance(root, Mapping) else None


def _split(context: Context, file: FileText) -> formats.FileParts | None:
    try:
        return formats.of(SUFFIX).split(file.text, file.path)
    except StatusError as error:
        for problem in error.problems:
            hint = 'Write "---" on the first line, then status: monitoring, then another line "---", then the message.'
            if problem.line != 1:
                hint = 'Put a line "---" above the message.'
            context.problems.append(replace(problem, hint=hint))
        return None


def _read_translation(context: Context, file: FileText, name: Name) -> _Translation | None:
    """A message in another language; its front matter may be missing, and holds nothing but `edited`."""
    edited = None
    if not formats.has_front_matter(file.text):
        message = below_record.read_message(context, file.text, file.text.removeprefix("\ufeff"))
    else:
        parts = _split(context, file)
        if parts is None:
            return None
        root, mistakes = formats.of(SUFFIX).read(parts.record, parts.first_line)
        context.problems.extend(Problem(mistake.what, file.path, mistake.line, mistake.hint) for mistake in mistakes)
        values = fields.TRANSLATION_FILE.read(context, root) if root else {}
        edited = (values or {}).get("edited")
        if edited and isinstance(root, Mapping):
            fields.check_future(context, root, "edited", edited)
        if edited and root and edited < name.at:
            what, hint = '"edited" is earlier than the time in the file name.', "Write the time of the correction."
            context.add_problem(root, what, hint)
        message = below_record.read_message(context, file.text, parts.postmortem)
    return _Translation(file.path, name, message, edited) if message else None


def _translated(context: Context, update: Update, path: str, translation: _Translation, language: str) -> Update:
    """`update`, which is in the file `path`, with a text of its message in another language."""
    texts = {code or language: text for code, text in update.message.translations.items()}
    code = translation.name.language
    if code in texts:
        what = f"a second message in {code} for the update of {clock.iso(update.at)} (the first is in {path})."
        context.problems.append(Problem(what, translation.path, 1, "Keep one of the two."))
        return update
    edited = max((time for time in (update.edited, translation.edited) if time), default=None)
    return replace(update, message=Text({**texts, code: translation.message}), edited=edited)
