"""Which conflict markers of git a text contains, and how the conflict is resolved.

Git writes each marker at the start of a line (https://git-scm.com/docs/git-merge#_how_conflicts_are_presented):

    <<<<<<< HEAD
    lines of one side
    ||||||| 1a2b3c4
    lines of the common ancestor; only in the styles diff3 and zdiff3
    =======
    lines of the other side
    >>>>>>> other
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from status_tool.errors import Problem

SIZE = 7
"""How many signs a marker has, if the attribute conflict-marker-size says nothing else."""
WORDS = "conflict of git"
"""In `Problem.what` of every problem that is a complete conflict."""
_SIGNS = ("<<<<<<<", "|||||||", ">>>>>>>")
_SIGNS_IN_BYTES = re.compile(b"|".join(re.escape(sign.encode()) for sign in _SIGNS))
# More than seven characters: a conflict in the common ancestor, or the attribute conflict-marker-size.
_MARKER = re.compile(r"^((<|>|\||=)\2{6,})(?: ([^\r\n]*))?\r?$", re.MULTILINE)


class _Marker(NamedTuple):
    line: int
    """From 1."""
    signs: str
    label: str

    @property
    def sign(self) -> str:
        return self.signs[0]

    def __str__(self) -> str:
        return f"{self.signs} {self.label}".rstrip()


def is_possible(content: bytes) -> bool:
    """Whether the content of a file may contain markers; much faster than `problem`."""
    return _SIGNS_IN_BYTES.search(content) is not None


class Versions(NamedTuple):
    """The whole texts between which git left conflicts."""

    base: str | None
    """None where the markers do not tell it."""
    ours: str
    """The version above each `=======`, that of HEAD."""
    theirs: str
    common: str
    """The lines outside of all conflicts."""


def versions(text: str) -> Versions | None:
    """The texts that a text with conflict markers was made of; None when it has no complete conflict."""
    conflict: list[_Marker] = []
    parts: dict[str, list[str]] = {"<": [], "|": [], "=": [], "": []}
    has_base, is_complete = True, False
    marks = {marker.line: marker for marker in _markers(text)}
    for number, line in enumerate(re.findall(r"[^\n]*\n|[^\n]+", text), 1):
        marker = marks.get(number)
        if marker and conflict and len(marker.signs) != len(conflict[0].signs):
            marker = None  # of a conflict inside the common ancestor
        if marker and marker.sign in _FOLLOWING[conflict[-1].sign if conflict else ""]:
            has_base = has_base and not (marker.sign == "=" and conflict[-1].sign == "<")
            conflict = [] if marker.sign == ">" else [*conflict, marker]
            is_complete = is_complete or marker.sign == ">"
            continue
        for sign in conflict[-1].sign if conflict else parts:
            parts[sign].append(line)
    if conflict or not is_complete:
        return None
    base, ours, theirs, common = ("".join(parts[sign]) for sign in ("|", "<", "=", ""))
    return Versions(base if has_base else None, ours, theirs, common)


_FOLLOWING = {"": "<", "<": "|=", "|": "=", "=": ">"}
"""Sign of a marker -> the signs of the markers that may follow it."""


def enlarged(text: str, size: int) -> str:
    """`text` with markers of seven signs in the place of complete conflicts whose markers have only `size` signs."""
    marker = re.compile(rf"^([<|=>])\1{{{max(size, 1) - 1}}}(?=[ \r\n]|\Z)", re.MULTILINE)
    if not 0 < size < SIZE or not {"<", "=", ">"} <= {match[1] for match in marker.finditer(text)}:
        return text
    return marker.sub(lambda match: match[1] * SIZE, text)


def labels(text: str) -> tuple[str, str] | None:
    """What the markers of the first complete conflict call its sides, such as `HEAD`; None without one."""
    complete = (found for found in _conflicts(text) if found[0].sign == "<" and found[-1].sign == ">")
    first = next(complete, None)
    return (first[0].label or "one side", first[-1].label or "the other side") if first else None


def without_markers(text: str) -> list[str]:
    """The lines of `text` that are no markers."""
    marks = {marker.line for marker in _markers(text)}
    return [line for number, line in enumerate(text.split("\n"), 1) if number not in marks]


def problem(text: str, path: str, remedy: str = "") -> Problem | None:
    """The first conflict in `text`, or a marker that is left over from one; None without markers.

    A line of `=======` alone is a heading in Markdown, so it is no marker. `path` is relative to the working directory.
    `remedy` is a way to settle a complete conflict, said before all others.
    """
    if not any(sign in text for sign in _SIGNS):
        return None
    conflicts = list(_conflicts(text))
    if not conflicts:
        return None
    first = conflicts[0]
    is_complete = first[0].sign == "<" and first[-1].sign == ">" and any(marker.sign == "=" for marker in first)
    what = _sides(first) if is_complete else f'a conflict marker of git is left over: "{first[0]}".'
    if len(conflicts) > 1:
        lines = ", ".join(str(conflict[0].line) for conflict in conflicts[1:])
        what += f" More on line{'s' if len(conflicts) > 2 else ''} {lines}."
    hint = remedy + _how_to_resolve(first, path) if is_complete else _how_to_clean(path)
    return Problem(what, path, first[0].line, f"{hint}\nIf it is a text about conflict markers, indent it.")


def _conflicts(text: str) -> Iterator[list[_Marker]]:
    """The markers of each conflict, in the order of their lines; a lone marker is a conflict of one."""
    conflict: list[_Marker] = []
    for marker in _markers(text):
        if conflict and len(marker.signs) != len(conflict[0].signs):
            continue  # of a conflict inside the common ancestor
        if marker.sign == "<" and conflict:
            yield conflict
            conflict = []
        if conflict or marker.sign == "<":
            conflict.append(marker)
        elif marker.sign == ">" or (marker.sign == "|" and marker.label and "|" not in marker.label):
            yield [marker]  # a row of empty cells of a Markdown table has no label
        if marker.sign == ">" and conflict:
            yield conflict
            conflict = []
    if conflict:
        yield conflict


def _markers(text: str) -> Iterator[_Marker]:
    line, counted = 1, 0
    for match in _MARKER.finditer(text):
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        yield _Marker(line, match[1], match[3] or "")


def _sides(conflict: Sequence[_Marker]) -> str:
    """`an unresolved conflict of git: line 10 is from "HEAD", lines 12 to 13 are from "other".`"""
    begin, end = conflict[0], conflict[-1]
    middle = next(marker for marker in conflict if marker.sign == "=")
    base = next((marker for marker in conflict if marker.sign == "|"), None)
    ours, theirs = _names(conflict)
    what = f"an unresolved {WORDS}: {_lines(begin, base or middle)} from {ours}, "
    what += f"{_lines(middle, end)} from {theirs}"
    return f"{what}; {_lines(base, middle)} from before both." if base else f"{what}."


def _names(conflict: Sequence[_Marker]) -> tuple[str, str]:
    """What the markers call the two sides: `"HEAD"` and `"other"`."""
    ours, theirs = (f'"{marker.label}"' if marker.label else "" for marker in (conflict[0], conflict[-1]))
    return ours or "one side", theirs or "the other side"


def _lines(above: _Marker, below: _Marker) -> str:
    """`line 10 is`, `lines 12 to 13 are` or `no line is`: what stands between two markers."""
    first, last = above.line + 1, below.line - 1
    if first > last:
        return "no line is"
    return f"line {first} is" if first == last else f"lines {first} to {last} are"


def _how_to_resolve(conflict: Sequence[_Marker], path: str) -> str:
    file, (ours, theirs) = shlex.quote(path), _names(conflict)
    return (
        f"Keep the right lines, often those of both, and delete the marker lines. Then: git add {file}\n"
        f"Or keep the whole file of {ours}: git checkout --ours -- {file}\n"
        f"or of {theirs}: git checkout --theirs -- {file}. Then: git add {file}"
    )


def _how_to_clean(path: str) -> str:
    return f"Delete the line, and check the lines around it. Then: git add {shlex.quote(path)}"
