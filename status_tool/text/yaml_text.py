"""How YAML is read as a tree of nodes with their positions, and how values are written as YAML.

The only user of PyYAML. The tree is built from libyaml's events with a limit on the depth, so that nesting cannot
exhaust the stack. Every plain scalar is read as text (`no`, `1.10`, a time); the form of its field converts it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import yaml

from status_tool.text import yaml_1_2

MAX_DEPTH = 24
"""The largest number of nested levels; an incident file needs four, a large `mkdocs.yml` nine."""


class Mistake(NamedTuple):
    """A syntax error in YAML. `line` counts from 1."""

    line: int
    what: str
    hint: str = ""


# Not frozen: a file has dozens of nodes, and creating a frozen one takes four times as long.
@dataclass(slots=True)
class Scalar:
    """A text. In every node, `line` counts from 1; `begin` and `end` are offsets in the text that was read."""

    text: str
    line: int
    begin: int
    end: int
    plain: bool = True
    """Whether it has no quotes, and is not a block scalar."""
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
    """The column of its dashes, from 0."""
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
        """The value of the key; None when it is absent or null."""
        pair = self.pairs.get(key)
        return None if pair is None or pair[1].is_null else pair[1]

    def place_of(self, key: str) -> Node:
        """The node of the key, or this mapping when the key is absent."""
        pair = self.pairs.get(key)
        return pair[0] if pair else self


Node = Scalar | Sequence | Mapping

_HINTS = {
    "mapping values are not allowed": (
        'Write "key: value", with a space after the colon; put a text that contains a colon below "message: |".'
    ),
    "could not find expected ':'": (
        'Write "key: value", with a space after the colon; put a text of several lines below "message: |", indented.'
    ),
    "cannot start any token": "Put the text in quotes; indent with spaces, never with tabs.",
    "did not find expected key": (
        'Align the keys of one item; put a text with quotes or a special first character below "message: |".'
    ),
    "did not find expected '-' indicator": 'Align the "-" of all items.',
    "control characters are not allowed": "Remove the invisible character.",
    "unknown escape character": "Use single quotes around a text that contains a backslash.",
    "expected ',' or": "Close the bracket or the brace, and separate the items by commas.",
}

_DEFAULT_HINT = (
    'Put a text that begins with a special character in quotes, close open quotes, or write it below "message: |".'
)


def read(text: str, first_line: int = 1) -> tuple[Node | None, list[Mistake]]:
    """The root node of `text`, or None when it is empty or unreadable; and its syntax errors.

    `first_line` is the line of the file on which `text` begins, from 1.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + first_line
        return None, [Mistake(line, "invalid Unicode: unpaired surrogate.", "Remove it.")]
    builder = _TreeBuilder(text, first_line)
    try:
        root = builder.document()
    except _Unreadable as unreadable:
        return None, [*builder.mistakes, unreadable.args[0]]
    except yaml.YAMLError as error:
        return None, [*builder.mistakes, _mistake(error, text, first_line)]
    return root, builder.mistakes


def _too_deep(line: int) -> Mistake:
    return Mistake(line, f"nested more than {MAX_DEPTH} levels deep.", "Remove brackets, or indent less.")


class _Unreadable(Exception):
    """Its argument is the Mistake after which reading cannot continue."""


def _mistake(error: yaml.YAMLError, text: str, first_line: int) -> Mistake:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    lines_above = text[: match.start()].count("\n") if mark is None and (match := _UNWANTED.search(text)) else 0
    line = (mark.line if mark else lines_above) + first_line
    if "nesting depth" in what:  # PyYAML 6.0.4 has its own limit, which it checks before it emits the events
        return _too_deep(line)
    hint = next((hint for fragment, hint in _HINTS.items() if fragment in what), _DEFAULT_HINT)
    return Mistake(line, f"not valid YAML: {what}.", hint)


_Event = Any
"""A `yaml.Event`. Its type stubs allow marks to be None; those of libyaml never are."""


class _TreeBuilder:
    """Builds nodes from the events of libyaml."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        separators = yaml_1_2.separators(text)
        self.separators = {ord(stand_in): chr(separator) for separator, stand_in in separators.items()}
        self.without_separators = text.translate(separators) if separators else text
        self.has_half = yaml_1_2.has_half(text)
        readable = yaml_1_2.without_halves(self.without_separators) if self.has_half else self.without_separators
        self.next_event: Callable[[], _Event] = yaml.CSafeLoader(readable).get_event
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
                Mistake(
                    self.line(after),
                    "a second YAML document begins here.",
                    'Delete the line "---", or move what is below it into a file of its own.',
                )
            )
        return root

    def line(self, event: _Event) -> int:
        return int(event.start_mark.line) + self.first_line

    def node(self, event: _Event, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise _Unreadable(_too_deep(self.line(event)))
        kind = type(event)
        if kind is yaml.ScalarEvent:
            begin, end = event.start_mark, event.end_mark
            line, plain = begin.line + self.first_line, not event.style
            text = self.written(event) if self.has_half or self.separators else event.value
            node: Node = Scalar(text, line, begin.index, end.index, plain, event.tag)
        elif kind is yaml.MappingStartEvent:
            node = self.mapping(event, depth)
        elif kind is yaml.SequenceStartEvent:
            node = self.sequence(event, depth)
        else:
            return self.alias(event)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def written(self, event: _Event) -> str:
        """The value of a scalar, with what was replaced for libyaml."""
        value: str = event.value
        raw = self.without_separators[event.start_mark.index : event.end_mark.index]
        if self.has_half and yaml_1_2.has_half(raw):
            value = self.joined(event, raw) if event.style == '"' else yaml_1_2.restored(value, raw)
        return value.translate(self.separators)

    def joined(self, event: _Event, raw: str) -> str:
        """The value of the scalar `raw`, which is in double quotes, with each pair of halves as one character."""
        if lone := yaml_1_2.lone_half(raw):
            offset, escape = lone
            what = f"{escape} is half of a character, and its other half is not beside it."
            hint = r"Write both halves, for example \ud83d\udd25, or the character itself."
            self.mistakes.append(Mistake(self.line(event) + raw.count("\n", 0, offset), what, hint))
            return str(event.value)
        events = yaml.parse(yaml_1_2.joined(raw), yaml.CSafeLoader)
        return next(event.value for event in events if isinstance(event, yaml.ScalarEvent))

    def alias(self, event: _Event) -> Node:
        if event.anchor not in self.anchors:
            what = f'the alias "*{event.anchor}" has no anchor "&{event.anchor}" above it.'
            raise _Unreadable(Mistake(self.line(event), what))
        node = self.anchors[event.anchor]
        return replace(node, line=self.line(event), begin=event.start_mark.index, end=event.end_mark.index)

    def sequence(self, start: _Event, depth: int) -> Sequence:
        items: list[Node] = []
        while type(event := self.next_event()) is not yaml.SequenceEndEvent:
            items.append(self.node(event, depth + 1))
        end_mark: Any = event.end_mark
        flow, begin = bool(start.flow_style), start.start_mark.index
        end = items[-1].end if items and not flow else end_mark.index
        return Sequence(items, self.line(start), begin, end, self.column_of_dashes(begin), flow, start.tag)

    def column_of_dashes(self, begin: int) -> int:
        """The column of the first dash of the sequence at offset `begin`, where an anchor or a tag may be first."""
        match = _BEFORE_DASH.match(self.text, begin)
        dash = match.end() if match else begin
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
                what = f'"{key.text}" appears twice (first on line {first}).'
                self.mistakes.append(Mistake(key.line, what, "Keep one of the two."))
            else:
                pairs[key.text] = (key, last)
        flow, end_mark = bool(start.flow_style), event.end_mark
        end = last.end if last and not flow else end_mark.index
        return Mapping(pairs, self.line(start), start.start_mark.index, end, flow, start.tag)


def nodes(root: Node) -> Iterator[Node]:
    """`root` and every node below it. The content of an anchor is visited once, however many aliases it has."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Mapping) and id(node.pairs) not in seen:
            seen.add(id(node.pairs))
            waiting += [child for pair in node.pairs.values() for child in pair]
        elif isinstance(node, Sequence) and id(node.items) not in seen:
            seen.add(id(node.items))
            waiting += node.items


_BEFORE_DASH = re.compile(r"(?:[&!][^\s]+|\s+|#[^\r\n]*)*")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufeff\u202d\u202e]")
_TURNING = re.compile("[\u202a-\u202c\u2066-\u2069]")


def tidy(text: str) -> str:
    """`text` with `\\n` line endings, and without control characters, trailing spaces and outer blank lines."""
    if not text.replace("\n", "").isprintable():  # rarely true; this check is faster than the search
        text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return "\n".join([line.rstrip() for line in text.split("\n")]).strip("\n")


def unwanted(text: str) -> str | None:
    """The first character of `text` that feeds and pages may not contain; None if there is none."""
    match = _UNWANTED.search(text)
    return match[0] if match else None


def turning(text: str) -> str | None:
    """The first character of `text` that may turn around what stands beside it on a line; None if there is none."""
    match = _TURNING.search(text)
    return match[0] if match else None


def without_turning(text: str) -> str:
    return _TURNING.sub("", text)


def is_blank(text: str) -> bool:
    """Whether `text` has no visible character, only spaces and characters without width."""
    return all(map(_is_invisible, text))


_EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks without any ink, such as the filler of Korean and the empty pattern of Braille."""


def _is_invisible(character: str) -> bool:
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return character.isspace() or character in _EMPTY or is_selector or unicodedata.category(character) == "Cf"


@dataclass(frozen=True)
class Bare:
    """A text to be written without quotes, such as a time."""

    text: str


@dataclass(frozen=True)
class Block:
    """A text to be written below its key, line by line, after `|`."""

    text: str


@dataclass(frozen=True)
class Inline:
    """A mapping to be written on one line, in braces."""

    pairs: dict[str, object]


class _Dumper(yaml.SafeDumper):  # not libyaml, which escapes every text that contains an emoji
    def ignore_aliases(self, data: object) -> bool:
        return True


_STR, _MAP = "tag:yaml.org,2002:str", "tag:yaml.org,2002:map"
_Dumper.add_representer(Bare, lambda d, bare: d.represent_scalar("tag:yaml.org,2002:timestamp", bare.text))
_Dumper.add_representer(Block, lambda d, block: d.represent_scalar(_STR, block.text + "\n", style="|"))
_Dumper.add_representer(Inline, lambda d, inline: d.represent_mapping(_MAP, inline.pairs, flow_style=True))


def write(value: object) -> str:
    """`value` as YAML, keys in their order, with a line ending at the end. Its texts must be `tidy`."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
