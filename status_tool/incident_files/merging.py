"""What an incident file contains after two people have changed it at the same time: the words of both."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from status_tool.errors import StatusError
from status_tool.incident_files import formats, parser, writer
from status_tool.incident_files.splice import Splice
from status_tool.incident_files.union import Answers, Question, Union
from status_tool.model.incident import Incident
from status_tool.system import clock
from status_tool.text import conflict_markers, yaml_comments


@dataclass(frozen=True)
class Merged:
    """The result of a merge: a text; or the questions that have to be answered first."""

    text: str | None
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should know of it, a sentence each."""
    moved: str | None = None
    """Of two update files of one second, the text of ours, which needs a file of the next free second."""


def merge(base: str | None, ours: str, theirs: str, path: str, answers: Answers | None = None) -> Merged:
    """`theirs` with what `ours` changed since `base`; all other text of `theirs` is unchanged.

    `path` is shown in messages, and its name is the id of the incident. With `base` None, both sides have written the
    file; of a `base` that is no valid incident file, only the times of its updates count. An update of ours whose
    second has another update of theirs gets the next free second. Of two updates that end the incident, that of theirs
    stays, and gets the words of the other. Raises StatusError when `ours` or `theirs` is not a valid incident file,
    as by `parser.parse`.
    """
    if ours in (base, theirs):
        return Merged(theirs)
    if theirs == base:
        return Merged(ours)
    is_part = not all(_is_whole(text, path) for text in (ours, theirs))
    our_side, their_side = (parser.parse(text, path, is_part=is_part) for text in (ours, theirs))
    union = Union(_before(base, path), our_side, their_side, answers or {}, times(base or ""), is_part=is_part)
    expected = union.incident()
    if union.questions:
        return Merged(None, tuple(union.questions), tuple(union.notes))
    for text in _texts(ours, our_side, theirs, their_side, expected, path):
        if text is not None and parser.holds(text, path, expected, is_part=is_part):
            return Merged(text, notes=(*union.notes, *_lost_comments(base or "", ours, theirs, text, path)))
    what = "the whole file"
    return Merged(None, (Question("file", what, base or "", ours, theirs),), tuple(union.notes))


def _is_whole(text: str, path: str) -> bool:
    """Whether the file is valid without updates in files of their own."""
    try:
        parser.parse(text, path)
    except StatusError:
        return False
    return True


def _before(base: str | None, path: str) -> Incident | None:
    """What `base` contains; None if there was none, or nobody can tell.

    After a criss-cross merge, git's own base has conflict markers; those are settled first if that needs no answer.
    """
    if base is None:
        return None
    try:
        sides = conflict_markers.versions(base)
        text = merge(sides.base or sides.common, sides.ours, sides.theirs, path).text if sides else base
        return parser.parse(text, path, is_part=True) if text else None
    except StatusError:
        return None


_AT = re.compile(r"\bat[\"']?:[ \t]*[\"']?(\d[^\s\"',}]*)")


def times(text: str) -> frozenset[datetime]:
    """The times of the updates in the text of an incident file, which need not be valid."""
    found: set[datetime] = set()
    for match in _AT.finditer(text):
        with contextlib.suppress(ValueError):
            found.add(clock.parse_time(match[1]))
    return frozenset(found)


def _texts(
    ours: str, our_side: Incident, theirs: str, their_side: Incident, expected: Incident, path: str
) -> Iterator[str | None]:
    """Texts that may contain `expected`, those with most of the text of both sides first."""
    for source in (Splice(ours, path, our_side.updates), None):
        yield Splice(theirs, path, their_side.updates).to(their_side, expected, source)
    yield Splice(ours, path, our_side.updates).to(our_side, expected, Splice(theirs, path, their_side.updates))
    text = writer.draft(expected) if path.endswith(writer.SUFFIX) else writer.record_text(expected)
    yield text.replace("\n", "\r\n") if "\r\n" in theirs else text


def repaired(text: str, path: str) -> tuple[str, tuple[str, ...]]:
    """`text` with its updates in the order of time, each in a second of its own; and what was moved.

    git unites two texts line by line, so it may put an update above an earlier one, or below one of the same second.
    A text that has no such problem, or another one, is returned as it is.
    """
    splice = Splice(text, path)
    notes: list[str] = []
    try:
        items, _ = splice.items()
        while not items.flow and (wrong := splice.first_out_of_order()) is not None:
            notes.append(splice.move_to_its_place(wrong))
            items, _ = splice.items()
        parser.parse(splice.text, path, is_part=True)
    except (StatusError, LookupError, ValueError, AssertionError):
        return text, ()
    return splice.text, tuple(notes)


def _lost_comments(base: str, ours: str, theirs: str, merged: str, path: str) -> Iterator[str]:
    """A note for each comment that the merged text does not have, unless it is an old one that a side removed."""
    known, mine, others = (_comments(text, path) for text in (base, ours, theirs))
    kept = {*_comments(merged, path)}
    for whose, comments, removed in (
        ("of yours", mine, {*known} - {*others}),
        ("of others", others, {*known} - {*mine}),
    ):
        for comment in dict.fromkeys(comments):
            if comment not in kept | removed:
                yield f"This comment {whose} was left out: {comment}"


def _comments(text: str, path: str) -> list[str]:
    format = formats.of(path)
    try:
        parts = format.split(text, path)
    except StatusError:  # a base that cannot be read
        return []
    root, _ = format.read(parts.record, parts.first_line)
    return yaml_comments.of(parts.record, root) if root else []
