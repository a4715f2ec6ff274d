"""How updates that are files of their own are moved into the one file of their incident, by adding text to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from status_tool.errors import StatusError
from status_tool.incident_files import fields, formats, parser, update_files
from status_tool.incident_files.forms import Context
from status_tool.incident_files.splice import Splice
from status_tool.incident_files.update_files import FileText
from status_tool.model.incident import Incident
from status_tool.model.update import Kind, Text, Update, UpdateStatus
from status_tool.system import clock
from status_tool.text import yaml_comments, yaml_text
from status_tool.text.yaml_text import Scalar


@dataclass(frozen=True)
class Folded:
    """The file of an incident with all of its updates."""

    text: str
    removed: tuple[str, ...]
    """The paths of the files that have nothing of their own any more, in the order in which they can be removed."""


def fold(text: str, path: str, files: Sequence[FileText], language: str) -> Folded:
    """`text`, the incident's file at `path`, with the updates of `files` among its own; all other text stays.

    `language` is the site's own. An update that is in both places already, as after a fold that was killed, stays once;
    of two versions, the one that was corrected later. StatusError when a file is not valid, when both places have an
    update of one second that is not the same, or when one cannot be added without changing other text or losing a
    comment.
    """
    part = parser.parse(text, path, is_part=True)
    listed = {update.at: update for update in part.updates}
    result = dict(listed)
    for at, group in groupby(sorted(files, key=_time_of), key=_time_of):
        result[at] = _folded(part, path, listed.get(at), list(group), language)
    expected = replace(part, updates=tuple(result[at] for at in sorted(result)), links=(), source="")
    lines = {_time_of(file): _lines(file, result[_time_of(file)]) for file in files}
    for written in (_Lines(lines), None):
        folded = Splice(text, path, part.updates).to(part, expected, written)
        if folded is not None and parser.holds(folded, path, expected):
            folded = _with_comments(folded, path, files)
        if folded is not None and parser.holds(folded, path, expected):
            return Folded(folded, tuple(file.path for file in sorted(files, key=_removal_order)))
    parser.parse(text, path, files=[file for file in files if _time_of(file) not in listed], language=language)
    raise StatusError(
        "its updates cannot be moved into this file without changing other text in it.",
        path,
        hint="Write its updates as a list whose items begin with a dash, each on a line of its own; then run it again.",
    )


def contested(text: str, path: str, files: Sequence[FileText], language: str) -> list[datetime]:
    """The seconds of which both the incident's file and one of `files` have an update, with other words each."""
    part = parser.parse(text, path, is_part=True)
    listed = {update.at: update for update in part.updates}
    own = [file for file in files if not update_files.name_of(file.path).language and _time_of(file) in listed]
    found = update_files.combine(Context(path, part.kind), [], own, language)
    same = [update for update in found.updates if _is_same(update, listed[update.at], language)]
    return [update.at for update in found.updates if update not in same and update.edited == listed[update.at].edited]


def _with_comments(folded: str, path: str, files: Sequence[FileText]) -> str | None:
    """`folded` with the comments of `files` that are not in it, above its list; None where it can have no comment."""
    record, begin = parser.record_of(folded, path)
    there = Counter(yaml_comments.of(formats.of(path).split(folded, path).record, record))
    lines = [f"{comment}\n" for comment in (Counter(_comments(files)) - there).elements()]
    if not lines or record.flow:
        return None if lines else folded
    start = begin + record.pairs["updates"][0].begin
    line_end = "\r\n" if "\r\n" in folded else "\n"
    return folded[:start] + "".join(lines).replace("\n", line_end) + folded[start:]


def _comments(files: Iterable[FileText]) -> Iterator[str]:
    """The comments in the front matter of `files`."""
    for file in files:
        if formats.has_front_matter(file.text):
            parts = formats.of(update_files.SUFFIX).split(file.text, file.path)
            root, _ = formats.of(update_files.SUFFIX).read(parts.record, 1)
            yield from yaml_comments.of(parts.record, root or Scalar("", 1, 0, 0))


def _time_of(file: FileText) -> datetime:
    return update_files.name_of(file.path).at


def _removal_order(file: FileText) -> tuple[datetime, bool]:
    """A translation comes before the file of its update: without that, it would be an error."""
    name = update_files.name_of(file.path)
    return name.at, not name.language


def _folded(part: Incident, path: str, listed: Update | None, files: Sequence[FileText], language: str) -> Update:
    """The update of `files`, which all have one time, and of the list; StatusError when they contradict each other."""
    context = Context(path, part.kind)
    if all(update_files.name_of(file.path).language for file in files):
        said = dict(listed.message.translations) if listed else {}
        left = [file for file in files if not _is_said(file, said, path)]
        found = update_files.combine(context, [listed] if listed else [], left, language)
    else:
        found = update_files.combine(context, [], files, language)
    if context.problems:
        raise StatusError.of(context.problems)
    update = found.updates[0]
    if listed is None or all(update_files.name_of(file.path).language for file in files):
        return update
    return listed if _is_same(update, listed, language) else _corrected(update, listed, files[0].path)


def _is_said(translation: FileText, said: Mapping[str, str], path: str) -> bool:
    """Whether the list has this text already: a fold was killed before it removed the file."""
    name = update_files.name_of(translation.path)
    bare = Update(name.at, UpdateStatus.INVESTIGATING, Text({"": "x"}))
    found = update_files.combine(Context(path, Kind.INCIDENT), [bare], [translation], "x")
    return name.language in said and found.updates[0].message.translations.get(name.language) == said[name.language]


def _is_same(update: Update, listed: Update, language: str) -> bool:
    """Whether the list has all that the files of the update say; some of its translations may be removed already."""
    known = {code or language: text for code, text in listed.message.translations.items()}
    said = {code or language: text for code, text in update.message.translations.items()}
    return replace(update, message=listed.message, edited=listed.edited) == listed and said.items() <= known.items()


def _corrected(update: Update, listed: Update, path: str) -> Update:
    """The version that somebody has corrected after the fold; StatusError when it is not clear which one that is."""
    if update.edited != listed.edited:
        epoch = datetime.min.replace(tzinfo=update.at.tzinfo)
        return max(update, listed, key=lambda version: version.edited or epoch)
    what = f"the incident's file has another update at {clock.iso(update.at)}, with other words."
    raise StatusError(what, path, hint="Rename this file to the next second that is free, then run it again.")


# -- the text of an update in the list -------------------------------------------------------------


class _Lines:
    """Where `Splice` finds the lines of an update."""

    def __init__(self, lines: Mapping[datetime, str | None]) -> None:
        self._lines = lines

    def lines_of(self, update: Update) -> str | None:
        return self._lines.get(update.at)

    def postmortem(self) -> str:
        raise LookupError  # a fold does not change it


def _lines(file: FileText, update: Update) -> str | None:
    """The update as an item of a block list, with the comments of its file; None if it has no record in lines."""
    if update_files.name_of(file.path).language:
        return None
    record = formats.of(update_files.SUFFIX).split(file.text, file.path).record
    message = yaml_text.write({"message": fields.UPDATE.write(update)["message"]})
    return "".join(_indented(f"at: {clock.iso(update.at)}", [*record.splitlines(), *message.splitlines()]))


def _indented(first: str, others: Iterable[str]) -> Iterator[str]:
    yield f"- {first}\n"
    for line in others:
        yield f"  {line}\n" if line else "\n"
