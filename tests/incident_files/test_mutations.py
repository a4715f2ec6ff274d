"""A damaged incident file is refused, or it says as much as before: no update is lost, and no component looks better.

What no program can see is listed in `UNDETECTABLE`: the damaged file is one that somebody may have meant.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import histories
import pytest
import strategies
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from status_tool.errors import StatusError
from status_tool.incident_files import formats, parser, writer
from status_tool.model.component import OPERATIONAL, ComponentStatus
from status_tool.model.incident import Incident
from status_tool.system import clock
from status_tool.text import yaml_text
from status_tool.text.yaml_text import Mapping, Node, Scalar, Sequence

MUTATED = 1_000
"""How many damaged files of each collection are tried."""
LATEST = clock.parse_time("2027-01-01T00:00:00Z")
"""A time after every update: a later one is refused as an update in the future."""


@dataclass(frozen=True)
class File:
    """The text of a valid incident file."""

    text: str
    path: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines(keepends=True)


# -- the files ------------------------------------------------------------------------------------


def demo() -> list[File]:
    folder = Path(__file__).parents[2] / "incidents"
    return [File(path.read_text("utf-8"), path.name) for path in sorted(folder.glob("*.md"))]


def cases() -> list[File]:
    """The valid files among the case files, in every style of YAML."""
    folder = Path(__file__).parents[1] / "cases" / "incident_file"
    read = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("*.yml"))]
    return [File(case["text"], case.get("path", "x.yml")) for case in read if "gives" in case]


def recorded() -> list[File]:
    """Real incidents, as files of each format."""
    stories = histories.recorded(histories.RECORDED).stories
    files = [File("\n".join(histories.lines(story)) + "\n", f"{story.id}.yml") for story in stories]
    return files + [File(writer.draft(parser.parse(file.text, file.path)), f"{file.path[:-3]}md") for file in files]


# -- the mutations --------------------------------------------------------------------------------

Mutation = Callable[[File, random.Random, File], str]
"""`(file, dice, another file)` -> the damaged text."""


def on_a_line(change: Callable[[str, random.Random], str]) -> Mutation:
    """`change` of one line, which has its line end."""

    def mutate(file: File, dice: random.Random, _: File) -> str:
        lines = file.lines
        number = dice.randrange(len(lines))
        lines[number] = change(lines[number], dice)
        return "".join(lines)

    return mutate


def on_a_match(pattern: str, change: Callable[[str, random.Random], str]) -> Mutation:
    """`change` of one place in the text that `pattern` matches; the text as it is when there is none."""

    def mutate(file: File, dice: random.Random, _: File) -> str:
        matches = list(re.finditer(pattern, file.text, re.MULTILINE))
        if not matches:
            return file.text
        match = dice.choice(matches)
        return file.text[: match.start()] + change(match[0], dice) + file.text[match.end() :]

    return mutate


def move_line(file: File, dice: random.Random, _: File) -> str:
    lines = file.lines
    line = lines.pop(dice.randrange(len(lines)))
    lines.insert(dice.randrange(len(lines) + 1), line)
    return "".join(lines)


def swap_lines(file: File, dice: random.Random, _: File) -> str:
    lines = file.lines
    number = dice.randrange(max(1, len(lines) - 1))
    lines[number : number + 2] = reversed(lines[number : number + 2])
    return "".join(lines)


def items(file: File) -> list[tuple[int, int]]:
    """The first line and the line after the last of each update, from 0, where each begins on a line of its own."""
    lines = file.lines
    record = formats.of(file.path).split(file.text, file.path)
    root, _ = yaml_text.read(record.record, record.first_line)
    updates = root.get("updates") if isinstance(root, Mapping) else None
    found = updates.items if isinstance(updates, Sequence) else []
    begins = [item.line - 1 for item in found]
    end = max(last_line(found[-1]) if found else 0, *begins, 0) + 1
    return list(zip(begins, [*begins[1:], min(end, len(lines))], strict=True))


def last_line(node: Node) -> int:
    return max(inner.line - 1 for inner in yaml_text.nodes(node))


def swap_items(file: File, dice: random.Random, _: File) -> str:
    lines, found = file.lines, items(file)
    if len(found) < 2:
        return file.text
    (a, b), (c, d) = sorted(dice.sample(found, 2))
    return "".join(lines[:a] + lines[c:d] + lines[b:c] + lines[a:b] + lines[d:])


def move_item(file: File, dice: random.Random, _: File) -> str:
    """An update anywhere else, such as below the closing line or in a message; as often as not it is indented."""
    lines, (begin, end) = file.lines, dice.choice(items(file))
    moved = indented(lines[begin:end], dice.choice([0, 0, 2, 4]))
    del lines[begin:end]
    at = dice.randrange(len(lines) + 1)
    return "".join(lines[:at] + moved + lines[at:])


def indent_lines(file: File, dice: random.Random, _: File) -> str:
    """Some lines, an update, or everything below a line, further right or left."""
    lines = file.lines
    begin = dice.randrange(len(lines))
    begin, end = dice.choice([(begin, begin + dice.randrange(1, 8)), (begin, len(lines)), dice.choice(items(file))])
    return "".join(lines[:begin] + indented(lines[begin:end], dice.choice([-4, -2, 2, 4, 6, 8])) + lines[end:])


def indented(lines: list[str], width: int) -> list[str]:
    return [" " * width + line if width > 0 else line.removeprefix(" " * -width) for line in lines]


def insert_line(*choices: str) -> Mutation:
    def mutate(file: File, dice: random.Random, _: File) -> str:
        lines = file.lines
        lines.insert(dice.randrange(len(lines) + 1), dice.choice(choices))
        return "".join(lines)

    return mutate


def insert_character(file: File, dice: random.Random, _: File) -> str:
    at = dice.randrange(len(file.text) + 1)
    return file.text[:at] + dice.choice("#-:|>\"'{}[],&*!%@`? \t\r\n0a\u2028\x85\ufeff") + file.text[at:]


def truncate(file: File, dice: random.Random, _: File) -> str:
    return file.text[: dice.randrange(len(file.text))]


def join_halves(file: File, dice: random.Random, other: File) -> str:
    """The beginning of the file, and the end of another."""
    first, second = file.lines, other.lines
    return "".join(first[: dice.randrange(len(first))] + second[dice.randrange(len(second)) :])


MARKERS = "<<<<<<< HEAD\n", "=======\nx\n>>>>>>> other\n", "<<<<<<< HEAD\n  x: y\n=======\n>>>>>>> other\n"
MUTATIONS: dict[str, Mutation] = {
    "delete a line": on_a_line(lambda line, dice: ""),
    "duplicate a line": on_a_line(lambda line, dice: line * 2),
    "indent a line": on_a_line(lambda line, dice: " " * dice.choice([1, 2, 4, 6, 8]) + line),
    "indent a line by a tab": on_a_line(lambda line, dice: "\t" + line),
    "dedent a line": on_a_line(lambda line, dice: line.removeprefix(" " * dice.choice([1, 2, 4]))),
    "comment a line": on_a_line(lambda line, dice: "#" + line),
    "join two lines": on_a_line(lambda line, dice: line.rstrip("\r\n") + dice.choice(["", " "])),
    "swap two lines": swap_lines,
    "swap two updates": swap_items,
    "move a line": move_line,
    "move an update": move_item,
    "indent lines": indent_lines,
    "insert ---": insert_line("---\n", "---\n", "--- \r\n", "...\n"),
    "insert conflict markers": insert_line(*MARKERS),
    "insert a fence": insert_line("```\n", "    ```\n"),
    "insert a character": insert_character,
    "delete a character": on_a_match(r"[\s\S]", lambda _, dice: ""),
    "change a character": on_a_match(r"[\s\S]", lambda _, dice: dice.choice("#-:|>\"'{}[],&*! \tx0")),
    "change a digit of a time": on_a_match(r"(?<=[-\dT:])\d(?=[-\d:TZ])", lambda _, dice: str(dice.randrange(10))),
    "change a letter of a key": on_a_match(r"(?<=^  )\w|(?<=- )\w|^\w", lambda _, dice: dice.choice("aetx")),
    "delete quotes": on_a_match(r"[\"'|>]", lambda _, dice: ""),
    "insert quotes": on_a_match(r"(?<=[ :,{]) |$", lambda found, dice: found + dice.choice("\"'")),
    "CRLF": lambda file, dice, other: file.text.replace("\n", "\r\n"),
    "CRLF on a line": on_a_line(lambda line, dice: line.replace("\n", "\r\n")),
    "CR": on_a_match(r"\n", lambda _, dice: "\r"),
    "byte order mark": lambda file, dice, other: "\ufeff" + file.text,
    "tabs": on_a_match(r"^ +", lambda found, dice: "\t" * (len(found) // 2)),
    "truncate": truncate,
    "halves of two files": join_halves,
}


# -- what may not happen --------------------------------------------------------------------------


def is_better(before: Incident, after: Incident) -> bool:
    """Whether readers of `after` see less than those of `before`, after any of the updates or at any time of one."""
    if (after.draft and not before.draft) or (after.withdrawn and not before.withdrawn):
        return True
    pairs = zip(states_after_each(before), states_after_each(after), strict=True)
    if any(has_better(old, new) for old, new in pairs):
        return True
    if any(new.status.ends and not old.status.ends for old, new in zip(before.updates, after.updates, strict=True)):
        return True
    return any(has_better(before.states_at(time), after.states_at(time)) for time in moments(before))


def states_after_each(incident: Incident) -> Iterator[dict[str, ComponentStatus]]:
    states: dict[str, ComponentStatus] = {}
    for update in incident.updates:
        states.update(incident.component_changes[update.at])
        yield dict(states)


def has_better(before: dict[str, ComponentStatus], after: dict[str, ComponentStatus]) -> bool:
    return any(after.get(id, OPERATIONAL) < status for id, status in before.items())


def moments(incident: Incident) -> Iterator[datetime]:
    yield incident.start
    for update in incident.updates:
        yield update.at
    yield LATEST


def broken_law(file: File, damaged: str, other: File) -> str:
    """What is wrong with the damaged file; empty if it is refused, says as much, or is undetectable."""
    before = parser.parse(file.text, file.path, latest=LATEST)
    try:
        after = parser.parse(damaged, file.path, components=before.affected, latest=LATEST)
    except StatusError as error:
        placed = all(problem.path == file.path and problem.line for problem in error.problems)
        return "" if placed else f"no place: {error}"
    if any(excuse(file, damaged, other) for excuse in UNDETECTABLE):
        return ""
    if len(after.updates) != len(before.updates):
        return f"{len(before.updates)} updates became {len(after.updates)}"
    return "better than before" if is_better(before, after) else ""


# -- what no program can see ----------------------------------------------------------------------


def data(file: File) -> Any:
    """The record and the post-mortem as dicts, lists and texts."""
    parts = formats.of(file.path).split(file.text, file.path)
    root, _ = yaml_text.read(parts.record)
    return {"record": plain(root), "post-mortem": parts.postmortem.split()}


def plain(node: Node | None) -> Any:
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.pairs.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text if isinstance(node, Scalar) else None


def is_part(part: Any, whole: Any) -> bool:
    """Whether `part` is `whole` without some of its items and keys."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and is_part(value, whole[key]) for key, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        waiting = iter(whole)
        return all(any(is_part(item, other) for other in waiting) for item in part)
    return bool(part == whole)


Excuse = Callable[[File, str, File], bool]
"""`(file, damaged text, another file)` -> whether the damage is of that kind."""


def a_whole_item_or_key_is_gone(file: File, damaged: str, _: File) -> bool:
    """It was deleted or made a comment. Everything else is as it was, so its lines are in no text."""
    before, after = data(file), data(File(damaged, file.path))
    return before["post-mortem"] == after["post-mortem"] and is_part(after["record"], before["record"])


def a_whole_key_is_in_another_update(file: File, damaged: str, _: File) -> bool:
    """All keys are there with their whole values."""
    before, after = data(file), data(File(damaged, file.path))
    is_same = before["post-mortem"] == after["post-mortem"]
    return is_same and sorted(values(before["record"])) == sorted(values(after["record"]))


def values(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """`(key, text)` of everything below `value`."""
    if isinstance(value, dict):
        for inner_key, inner in value.items():
            yield from values(inner, inner_key)
    elif isinstance(value, list):
        for inner in value:
            yield from values(inner, key)
    else:
        yield key, str(value)


def a_time_is_another_one_in_the_same_order(file: File, damaged: str, _: File) -> bool:
    before, after = data(file), data(File(damaged, file.path))
    return bool(masked(before) == masked(after))


def masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: masked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    try:
        return clock.parse_time(value) and "time"
    except ValueError:
        return value


def the_end_of_a_file_without_closing_line_is_cut_off(file: File, damaged: str, _: File) -> bool:
    return not file.path.endswith(".md") and file.text.startswith(damaged)


def its_end_is_that_of_another_file(file: File, damaged: str, other: File) -> bool:
    """Every update of which the beginning is in the file is there: none is in a text or in the post-mortem."""
    if file.text.startswith(damaged):
        return False
    kept = equal_characters(file.text, damaged) + equal_characters(other.text[::-1], damaged[::-1])
    updates = data(File(damaged, file.path))["record"]["updates"]
    return kept >= len(damaged) and len(updates) == len(re.findall(r"\bat[\"']?: *[\"']?\d{4}-", damaged))


def equal_characters(one: str, other: str) -> int:
    """The number of characters at the beginning that are the same in both."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


UNDETECTABLE = {
    a_whole_item_or_key_is_gone: "Nothing says that there was one. A comment is the way to take it out.",
    a_whole_key_is_in_another_update: "Its value is right there too.",
    a_time_is_another_one_in_the_same_order: "It may have been that time. Everything else is as it was.",
    the_end_of_a_file_without_closing_line_is_cut_off: "What is left is a whole record. A .md file has a closing line.",
    its_end_is_that_of_another_file: "Both halves are whole lines of a record.",
}
"""Each kind of damage after which the file is one that somebody may have meant, and why."""


# -- the law --------------------------------------------------------------------------------------


def check(files: list[File], seed: int) -> None:
    """Damages one of `files`, chosen by `seed`."""
    dice = random.Random(seed)
    file, other, name = dice.choice(files), dice.choice(files), dice.choice(list(MUTATIONS))
    damaged = MUTATIONS[name](file, dice, other)
    wrong = broken_law(file, damaged, other)

    assert not wrong, f"seed {seed}, {name}: {wrong}\n{file.text}\n=====>\n{damaged}"


@pytest.mark.slow
@pytest.mark.skipif(
    not histories.RECORDED.is_file(), reason="the recorded incidents are not here; the demo is their twin"
)
def test_a_damaged_file_of_a_real_incident_is_refused_or_says_as_much() -> None:
    files = recorded()
    for seed in range(MUTATED):
        check(files, seed)


@pytest.mark.slow
def test_a_damaged_file_of_the_demo_is_refused_or_says_as_much() -> None:
    files = demo() + cases()
    for seed in range(MUTATED):
        check(files, seed)


files = st.one_of(
    strategies.layouts().map(lambda layout: File(*layout)),
    strategies.incidents().map(lambda incident: File(writer.draft(incident), "x.md")),
)


@pytest.mark.slow
@settings(max_examples=300)
@given(files, files, st.integers(0, 2**32))
def test_a_damaged_file_in_any_layout_is_refused_or_says_as_much(file: File, other: File, seed: int) -> None:
    check([file, other], seed)


TWO = File(
    """\
title: API errors
updates:
- at: 2026-11-23T10:00:00Z
  status: investigating
  components: {api: major_outage}
  message: We see errors.
- at: 2026-11-23T11:00:00Z
  status: monitoring
  components: {api: partial_outage}
  message: Some are left.
""",
    "x.yml",
)
OTHER = File(TWO.text.replace("11-23", "11-24").replace("errors.", "delays."), "x.yml")


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("monitoring\n  components: {api: partial_outage}", "resolved", "better than before"),
        ("major_outage", "operational", "better than before"),
        ("title", "draft: true\ntitle", "better than before"),
        ("partial_outage", "unknown", "better than before"),
        ("monitoring", "identified", ""),
        ("partial_outage", "major_outage", ""),
        ("Some are left.", "Some.", ""),
        ("monitoring", "monitored", ""),
        (TWO.text[TWO.text.index("- at: 2026-11-23T11") :], "who: You.\n", "2 updates became 1"),
    ],
)
def test_the_law_can_be_broken(old: str, new: str, wrong: str) -> None:
    assert old in TWO.text
    assert broken_law(TWO, TWO.text.replace(old, new), OTHER) == wrong


@pytest.mark.parametrize(
    ("kind", "damaged"),
    [
        (a_whole_item_or_key_is_gone, TWO.text.replace("  components: {api: major_outage}\n", "")),
        (a_whole_item_or_key_is_gone, TWO.text.replace("  components: {api: m", "  # components: {api: m")),
        (
            a_whole_key_is_in_another_update,
            TWO.text.replace("investigating", "x").replace("monitoring", "investigating").replace("x", "monitoring"),
        ),
        (a_time_is_another_one_in_the_same_order, TWO.text.replace("T11", "T12")),
        (the_end_of_a_file_without_closing_line_is_cut_off, TWO.text[: TWO.text.index("rors.")]),
        (its_end_is_that_of_another_file, TWO.text[:130] + OTHER.text[130:]),
    ],
)
def test_each_kind_of_undetectable_damage_is_no_other(kind: Excuse, damaged: str) -> None:
    assert [excuse for excuse in UNDETECTABLE if excuse(TWO, damaged, OTHER)] == [kind]


def test_each_kind_of_undetectable_damage_does_not_excuse_an_update_in_a_text() -> None:
    lost = re.sub(r"errors\..*", "errors. - at 11:00", TWO.text, flags=re.DOTALL)

    assert [excuse for excuse in UNDETECTABLE if excuse(TWO, lost, OTHER)] == []
