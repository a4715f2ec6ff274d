"""YAML as values, each with the place it came from; and values as YAML that people would write.

The only user of PyYAML. The tree is built from libyaml's events, so that no depth of nesting can
exhaust the stack, and every plain scalar stays the text it is: `no` is text, `1.10` is text, a time
is text, as whoever knows the field decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import yaml

DEEPEST = 24
"""Levels of nesting; an incident file needs four, a large `mkdocs.yml` nine."""


class Mistake(NamedTuple):
    """Where YAML itself is broken: `line` counts from 1."""

    line: int
    what: str
    hint: str = ""


# Not frozen: a file holds dozens, and a frozen one takes four times as long to make.
@dataclass(slots=True)
class Scalar:
    text: str
    line: int
    begin: int
    end: int
    plain: bool = True
    tag: str | None = None

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in {"", "~", "null", "Null", "NULL"}


@dataclass(slots=True)
class Sequence:
    items: list[Node]
    line: int
    begin: int
    end: int
    column: int
    """Where its dashes stand."""
    flow: bool
    tag: str | None = None
    is_null = False


@dataclass(slots=True)
class Mapping:
    pairs: dict[str, tuple[Scalar, Node]]
    line: int
    begin: int
    end: int
    flow: bool
    tag: str | None = None
    is_null = False

    def get(self, key: str) -> Node | None:
        pair = self.pairs.get(key)
        return None if pair is None or pair[1].is_null else pair[1]

    def place_of(self, key: str) -> Node:
        """The node of the key, or this mapping when the key is absent."""
        pair = self.pairs.get(key)
        return pair[0] if pair else self


Node = Scalar | Sequence | Mapping

_REMEDIES = {
    "mapping values are not allowed": (
        'Write "key: value", with a space after the colon; put a text that holds a colon below "message: |".'
    ),
    "could not find expected ':'": (
        'Write "key: value", with a space after the colon; put a text of several lines below "message: |", indented.'
    ),
    "cannot start any token": "Put the text in quotes; indent with spaces, never with tabs.",
    "did not find expected key": (
        'Align the keys of one item; put a text that begins with a sign or holds quotes below "message: |".'
    ),
    "did not find expected '-' indicator": 'Align the "-" of all items.',
    "control characters are not allowed": "Remove the invisible character.",
    "unknown escape character": "Use single quotes around a text that holds a backslash.",
    "expected ',' or": "Close the bracket or the brace, and separate the items by commas.",
}

_QUOTES = (
    'Put a text that begins with a sign in quotes, close the quotes that are open, or write it below "message: |".'
)


def read(text: str, first_line: int = 1) -> tuple[Node | None, list[Mistake]]:
    """The one document in `text`, and what is wrong with it; None when it is empty or unreadable.

    `first_line` is the line of the file on which `text` begins.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + first_line
        return None, [Mistake(line, "invalid Unicode: unpaired surrogate.", "Remove it.")]
    reading = _Reading(text, first_line)
    try:
        root = reading.document()
    except _Unreadable as unreadable:
        return None, [*reading.mistakes, unreadable.args[0]]
    except yaml.YAMLError as error:
        return None, [*reading.mistakes, _mistake(error, text, first_line)]
    return root, reading.mistakes


_TOO_DEEP = f"nested more than {DEEPEST} levels deep."


class _Unreadable(Exception):
    """Carries the Mistake after which reading on makes no sense."""


def _mistake(error: yaml.YAMLError, text: str, first_line: int) -> Mistake:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    above = text[: found.start()].count("\n") if mark is None and (found := _UNWANTED.search(text)) else 0
    line = (mark.line if mark else above) + first_line
    if "nesting depth" in what:  # PyYAML 6.0.4 has a limit of its own, which it checks ahead of the events
        return Mistake(line, _TOO_DEEP)
    hint = next((remedy for sign, remedy in _REMEDIES.items() if sign in what), _QUOTES)
    return Mistake(line, f"not valid YAML: {what}.", hint)


_Event = Any
"""A `yaml.Event`. By its stubs, each of its marks may be None; those of libyaml never are."""


class _Reading:
    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.next_event: Callable[[], _Event] = yaml.CSafeLoader(text).get_event
        self.first_line = first_line
        self.anchors: dict[str, Node] = {}
        self.mistakes: list[Mistake] = []

    def document(self) -> Node | None:
        self.next_event()  # the stream begins
        if isinstance(self.next_event(), yaml.StreamEndEvent):
            return None
        root = self.node(self.next_event(), 0)
        self.next_event()  # the document ends
        after = self.next_event()
        if not isinstance(after, yaml.StreamEndEvent):
            self.mistakes.append(
                Mistake(self.line(after), "a second YAML document begins here.", "Keep one record per file.")
            )
        return root

    def line(self, event: _Event) -> int:
        return int(event.start_mark.line) + self.first_line

    def node(self, event: _Event, depth: int) -> Node:
        if depth > DEEPEST:
            raise _Unreadable(Mistake(self.line(event), _TOO_DEEP))
        kind = type(event)
        if kind is yaml.ScalarEvent:
            begin, end = event.start_mark, event.end_mark
            line, plain = begin.line + self.first_line, not event.style
            found: Node = Scalar(event.value, line, begin.index, end.index, plain, event.tag)
        elif kind is yaml.MappingStartEvent:
            found = self.mapping(event, depth)
        elif kind is yaml.SequenceStartEvent:
            found = self.sequence(event, depth)
        else:
            return self.alias(event)
        if event.anchor:
            self.anchors[event.anchor] = found
        return found

    def alias(self, event: _Event) -> Node:
        if event.anchor not in self.anchors:
            what = f'the alias "*{event.anchor}" has no anchor "&{event.anchor}" above it.'
            raise _Unreadable(Mistake(self.line(event), what))
        known = self.anchors[event.anchor]
        return replace(known, line=self.line(event), begin=event.start_mark.index, end=event.end_mark.index)

    def sequence(self, start: _Event, depth: int) -> Sequence:
        items: list[Node] = []
        while type(event := self.next_event()) is not yaml.SequenceEndEvent:
            items.append(self.node(event, depth + 1))
        end_mark: Any = event.end_mark
        flow, begin = bool(start.flow_style), start.start_mark.index
        end = items[-1].end if items and not flow else end_mark.index
        return Sequence(items, self.line(start), begin, end, self.column_of_dashes(begin), flow, start.tag)

    def column_of_dashes(self, begin: int) -> int:
        """How far in the first dash stands of a list that begins there, be it with an anchor."""
        before = _BEFORE_DASH.match(self.text, begin)
        dash = before.end() if before else begin
        return dash - 1 - max(self.text.rfind(end, 0, dash) for end in "\r\n")

    def mapping(self, start: _Event, depth: int) -> Mapping:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        last: Node | None = None
        end_mark: Any
        while type(event := self.next_event()) is not yaml.MappingEndEvent:
            key = self.node(event, depth + 1)
            last = self.node(self.next_event(), depth + 1)
            if not isinstance(key, Scalar):
                self.mistakes.append(Mistake(key.line, "a key must be a text, not a list or a mapping."))
            elif key.text in pairs:
                first = pairs[key.text][0].line
                what = f'"{key.text}" is given twice (first on line {first}).'
                self.mistakes.append(Mistake(key.line, what, "Keep one of the two."))
            else:
                pairs[key.text] = (key, last)
        flow, end_mark = bool(start.flow_style), event.end_mark
        end = last.end if last and not flow else end_mark.index
        return Mapping(pairs, self.line(start), start.start_mark.index, end, flow, start.tag)


_BEFORE_DASH = re.compile(r"(?:[&!][^\s]+|\s+|#[^\r\n]*)*")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufeff]")


def tidy(text: str) -> str:
    """Text from a keyboard, ready to be kept: `\\n` line ends, no control characters, no outer blank lines."""
    if not text.replace("\n", "").isprintable():  # nearly every text is, which is told sooner than searched
        text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return "\n".join([line.rstrip() for line in text.split("\n")]).strip("\n")


def unwanted(text: str) -> str | None:
    """The first character of `text` that no feed or page may carry, if there is one."""
    found = _UNWANTED.search(text)
    return found[0] if found else None


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing of `text`: spaces, and characters of no width."""
    return all(map(_is_unseen, text))


def _is_unseen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Cf"


@dataclass(frozen=True)
class Bare:
    """A text that needs no quotes, such as a time."""

    text: str


@dataclass(frozen=True)
class Block:
    """A text to be written below its key, line by line, after `|`."""

    text: str


@dataclass(frozen=True)
class Inline:
    """A mapping to be written on one line, in braces."""

    pairs: dict[str, object]


class _Dumper(yaml.SafeDumper):  # libyaml would escape every text that holds an emoji
    def ignore_aliases(self, data: object) -> bool:
        return True


_STR, _MAP = "tag:yaml.org,2002:str", "tag:yaml.org,2002:map"
_Dumper.add_representer(Bare, lambda d, bare: d.represent_scalar("tag:yaml.org,2002:timestamp", bare.text))
_Dumper.add_representer(Block, lambda d, block: d.represent_scalar(_STR, block.text + "\n", style="|"))
_Dumper.add_representer(Inline, lambda d, inline: d.represent_mapping(_MAP, inline.pairs, flow_style=True))


def write(value: object) -> str:
    """`value`, its texts tidy, as YAML: keys in their order, a line end at the end."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
