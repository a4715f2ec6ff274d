"""Which `Incident` the text of a file contains, or which problems the text has.

The tables of `fields` define the keys and their values; `whole_record` has the rules about the whole record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from pathlib import PurePath

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import (
    below_record,
    fields,
    formats,
    links_in_text,
    record_in_text,
    update_files,
    whole_record,
)
from status_tool.incident_files.formats import FileParts
from status_tool.incident_files.forms import Context
from status_tool.incident_files.update_files import FileText, Place
from status_tool.model.incident import Incident
from status_tool.model.update import Kind
from status_tool.system import clock
from status_tool.text import conflict_markers, yaml_text
from status_tool.text.yaml_text import Mapping, Node, Scalar
from status_tool.text.yaml_text import Sequence as NodeSequence


def parse(
    text: str,
    path: str,
    *,
    components: Collection[str] | None = None,
    latest: datetime | None = None,
    files: Sequence[FileText] = (),
    language: str = "",
    is_part: bool = False,
) -> Incident:
    """The incident in `text`. Messages show `path`; its file name without suffix is the incident's id.

    `files` are those of its updates that are files of their own, with names that `update_files.name_of` accepts;
    `language` is the site's own. With `is_part`, these files are not given, so the rules about the whole incident are
    not checked. `components` are the known component ids (None: any id is accepted). A posting time, `ended`,
    `reviewed` or `withdrawn` after `latest` is a problem.
    Raises StatusError with every problem of the files; with the conflict alone, if `text` has conflict markers.
    """
    if conflict := conflict_markers.problem(text, path, below_record.REMEDY):
        others = (conflict_markers.problem(file.text, file.path, below_record.REMEDY) for file in files)
        raise StatusError.of([conflict, *filter(None, others)])
    format = formats.of(path)
    parts = format.split(text, path)
    root, mistakes = format.read(parts.record, parts.first_line)
    context = Context(path, _stated_kind(root), components, latest)
    problems = context.problems
    problems += [Problem(mistake.what, path, mistake.line, mistake.hint) for mistake in mistakes]
    if root is None and not mistakes:
        problems.append(Problem("the record is empty.", path, parts.first_line, fields.RECORD.by_key["updates"].sample))
    problems += below_record.problems_of_postmortem(text, path, parts.postmortem)
    problems += _text_problems(path, parts, root)
    values = fields.RECORD.read(context, root) if root is not None else None
    places: dict[datetime, Place] = {}
    if files:
        listed = (values or {}).get("updates") or ()
        found = update_files.combine(context, listed, files, language)
        places = found.places
        if listed and values:
            values["updates"] = found.updates
    if values is not None and isinstance(root, Mapping):
        whole_record.check_kind(context, root, values)
        if not problems and values["updates"]:  # the rules about the whole record need valid values
            incident = Incident(
                id=PurePath(path).stem,
                postmortem=yaml_text.tidy(parts.postmortem),
                links=links_in_text.find(text, parts, root, files),
                source=source_of(text.encode("utf-8", "surrogatepass"), files),
                **values,
            )
            if not is_part:
                whole_record.check(context, root, incident, _lookup(context, root, places))
            if not problems:
                return incident
    raise StatusError.of(sorted(problems, key=lambda problem: (problem.path != path, problem.path, problem.line or 0)))


def _lookup(context: Context, record: Mapping, places: dict[datetime, Place]) -> Callable[[datetime], Place]:
    """Where each update is: in a file of its own, or in the record."""
    return lambda at: places.get(at) or Place(context, update_node(record, at))


def record_of(text: str, path: str) -> tuple[Mapping, int]:
    """The root node of a valid file's record, and the offset in `text` at which the record begins."""
    format = formats.of(path)
    parts = format.split(text, path)
    root, _ = format.read(parts.record, parts.first_line)
    if not isinstance(root, Mapping):
        raise AssertionError("parse() accepts no other file")
    return root, parts.begin


def update_node(record: Mapping, at: datetime) -> Mapping:
    """The node of the update posted at `at`, in the record of a valid file."""
    items = record.pairs["updates"][1]
    if not isinstance(items, NodeSequence):
        raise AssertionError("parse() accepts no file without a list of updates")
    updates = [item for item in items.items if isinstance(item, Mapping)]
    return next(update for update in updates if clock.parse_time(_text(update.pairs["at"][1])) == at)


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def holds(text: str, path: str, incident: Incident, *, is_part: bool = False) -> bool:
    """Whether `text` parses to exactly `incident`. A changed text is checked by this before it is written."""
    try:
        return parse(text, path, is_part=is_part) == incident
    except StatusError:
        return False


def source_of(content: bytes, files: Sequence[FileText] = ()) -> str:
    """The value of `Incident.source` for these contents: their SHA-256, as 64 hexadecimal digits."""
    digest = hashlib.sha256(content)
    for file in files:
        content = file.text.encode("utf-8", "surrogatepass")
        digest.update(f"\0{PurePath(file.path).name}\0{len(content)}\0".encode("utf-8", "surrogatepass"))
        digest.update(content)
    return digest.hexdigest()


def _stated_kind(root: Node | None) -> Kind:
    """The kind that the record states; `INCIDENT` if it states none, or an unknown one."""
    stated = root.get("kind") if isinstance(root, Mapping) else None
    is_maintenance = isinstance(stated, Scalar) and stated.text == Kind.MAINTENANCE.value
    return Kind.MAINTENANCE if is_maintenance else Kind.INCIDENT


def _text_problems(path: str, parts: FileParts, root: Node | None) -> Iterator[Problem]:
    """Lines of the record that became part of a text of several lines, by their indentation or by quotes."""
    for node in yaml_text.nodes(root) if root else ():
        if not isinstance(node, Scalar) or node.plain:  # a plain text cannot contain a key
            continue
        if stray := record_in_text.find(parts.record[node.begin : node.end]):
            what = (
                f'"{stray.text}" looks like part of the record, but it is in the text that begins on line {node.line}.'
            )
            hint = f"Indent it like the other keys, and close the quotes above it. {below_record.QUOTE}"
            yield Problem(what, path, node.line + stray.number, hint)
