"""Which `Incident` the text of a file contains, or which problems the text has.

The tables of `fields` define the keys and their values; this module checks the rules about the whole record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import PurePath
from typing import Any

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import fields, formats, links_in_text, record_in_text
from status_tool.incident_files.formats import FileParts
from status_tool.incident_files.forms import Context
from status_tool.model.incident import Incident
from status_tool.model.update import UNDER_WAY, Kind, Update
from status_tool.system import clock
from status_tool.text import conflict_markers, translations, yaml_text
from status_tool.text.yaml_text import Mapping, Node, Scalar, Sequence


def parse(
    text: str,
    path: str,
    *,
    components: Collection[str] | None = None,
    latest: datetime | None = None,
) -> Incident:
    """The incident in `text`. Messages show `path`; its file name without suffix is the incident's id.

    `components` are the known component ids (None: any id is accepted). A posting time, `ended`, `reviewed`
    or `withdrawn` after `latest` is a problem.
    Raises StatusError with every problem of the file; with the conflict alone, if it has conflict markers.
    """
    if conflict := conflict_markers.problem(text, path, _REMEDY):
        raise StatusError.of([conflict])
    format = formats.of(path)
    parts = format.split(text, path)
    root, mistakes = format.read(parts.record, parts.first_line)
    context = Context(path, _stated_kind(root), components, latest)
    problems = context.problems
    problems += [Problem(mistake.what, path, mistake.line, mistake.hint) for mistake in mistakes]
    if root is None and not mistakes:
        problems.append(Problem("the record is empty.", path, parts.first_line, fields.RECORD.by_key["updates"].sample))
    problems += _postmortem_problems(text, path, parts.postmortem)
    problems += _text_problems(path, parts, root)
    values = fields.RECORD.read(context, root) if root is not None else None
    if values is not None and isinstance(root, Mapping):
        _check_kind(context, root, values)
        if not problems and values["updates"]:  # the rules about the whole record need valid values
            incident = Incident(
                id=PurePath(path).stem,
                postmortem=yaml_text.tidy(parts.postmortem),
                links=links_in_text.find(text, parts, root),
                source=source_of(text.encode("utf-8", "surrogatepass")),
                **values,
            )
            _check_times(context, root, incident)
            _check_windows(context, root, incident)
            _check_moves(context, root, incident)
            _check_withdrawal(context, root, incident)
            if not problems:
                return incident
    raise StatusError.of(sorted(problems, key=lambda problem: problem.line or 0))


_REMEDY = "To unite what both sides say: status merge\n"


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
    if not isinstance(items, Sequence):
        raise AssertionError("parse() accepts no file without a list of updates")
    updates = [item for item in items.items if isinstance(item, Mapping)]
    return next(update for update in updates if clock.parse_time(_text(update.pairs["at"][1])) == at)


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def holds(text: str, path: str, incident: Incident) -> bool:
    """Whether `text` parses to exactly `incident`. A changed text is checked by this before it is written."""
    try:
        return parse(text, path) == incident
    except StatusError:
        return False


def source_of(content: bytes) -> str:
    """The value of `Incident.source` for a file with this content: its SHA-256, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _stated_kind(root: Node | None) -> Kind:
    """The kind that the record states; `INCIDENT` if it states none, or an unknown one."""
    stated = root.get("kind") if isinstance(root, Mapping) else None
    is_maintenance = isinstance(stated, Scalar) and stated.text == Kind.MAINTENANCE.value
    return Kind.MAINTENANCE if is_maintenance else Kind.INCIDENT


def _postmortem_problems(text: str, path: str, postmortem: str) -> Iterator[Problem]:
    begin = len(text) - len(postmortem)
    if character := translations.unwanted(postmortem):
        line = text.count("\n", 0, text.index(character, begin)) + 1
        yield Problem(f"the post-mortem contains the character U+{ord(character):04X}.", path, line, "Remove it.")
    if stray := record_in_text.at_start(postmortem) or record_in_text.find(postmortem):
        end = text.count("\n", 0, begin)
        what = f'"{stray.text}" looks like part of the record, but it is below the second "---", in the post-mortem.'
        hint = f'Move it above that "---" (line {end}), or delete the "---" if the record continues below it. {_QUOTE}'
        yield Problem(what, path, end + stray.number + 1, hint)


_QUOTE = "If it is meant as text, put it into fenced code (```)."


def _text_problems(path: str, parts: FileParts, root: Node | None) -> Iterator[Problem]:
    """Lines of the record that became part of a text of several lines, by their indentation or by quotes."""
    for node in yaml_text.nodes(root) if root else ():
        if not isinstance(node, Scalar) or node.plain:  # a plain text cannot contain a key
            continue
        if stray := record_in_text.find(parts.record[node.begin : node.end]):
            what = (
                f'"{stray.text}" looks like part of the record, but it is in the text that begins on line {node.line}.'
            )
            hint = f"Indent it like the other keys, and close the quotes above it. {_QUOTE}"
            yield Problem(what, path, node.line + stray.number, hint)


# -- rules about the whole record ----------------------------------------------------------------


def _check_kind(context: Context, record: Mapping, values: dict[str, Any]) -> None:
    """Maintenance must have `scheduled`, and not `started` or `ended`; an incident must not have `scheduled`."""
    has_window = record.get("scheduled") is not None
    if context.kind is Kind.INCIDENT:
        if has_window:
            what = '"scheduled" is only for maintenance.'
            context.add_problem(record.place_of("scheduled"), what, 'Add "kind: maintenance".')
        return
    if not has_window:
        sample = fields.RECORD.by_key["scheduled"].sample
        context.add_problem(record.place_of("kind"), 'maintenance must have "scheduled".', sample)
    for key in ("started", "ended"):
        if key in values:
            hint = 'Remove it: "scheduled" and the updates say when it was.'
            context.add_problem(record.place_of(key), f'maintenance cannot have "{key}".', hint)


def _check_times(context: Context, record: Mapping, incident: Incident) -> None:
    started, ended, reviewed, first = incident.started, incident.ended, incident.reviewed, incident.first.at
    if started and started > first:
        what = f'"started" ({clock.iso(started)}) is later than the first update ({clock.iso(first)}).'
        context.add_problem(record.place_of("started"), what, 'Correct the time, or remove "started".')
    if ended and ended < incident.start:
        what = f'"ended" ({clock.iso(ended)}) is earlier than the start ({clock.iso(incident.start)}).'
        context.add_problem(record.place_of("ended"), what, 'Correct the time, or remove "ended".')
    if ended and not incident.last.status.ends:
        what = f'"ended" is set, but the status of the last update is "{incident.last.status}".'
        hint = 'Add an update with the status "resolved", or remove "ended".'
        context.add_problem(record.place_of("ended"), what, hint)
    if reviewed and not incident.postmortem:
        hint = 'Write one below the second "---" of a .md file, or remove "reviewed".'
        context.add_problem(record.place_of("reviewed"), '"reviewed" is set, but there is no post-mortem.', hint)
    if reviewed and reviewed < first:
        what = f'"reviewed" ({clock.iso(reviewed)}) is earlier than the first update ({clock.iso(first)}).'
        context.add_problem(record.place_of("reviewed"), what, 'Correct the time, or remove "reviewed".')
    fields.check_future(context, record, "ended", ended)
    fields.check_future(context, record, "reviewed", reviewed)


def _check_windows(context: Context, record: Mapping, incident: Incident) -> None:
    """An update has `window` only in recurring maintenance, which has no post-mortem or replay: of which window?"""
    if incident.scheduled and incident.scheduled.repeat:
        if incident.postmortem:
            hint = "Write it as an incident of its own, or as a page in docs/."
            context.add_problem(record.place_of("scheduled"), "recurring maintenance has no post-mortem.", hint)
        if incident.replay:
            hint = 'Remove "replay": only an incident that is a page of its own can have one.'
            context.add_problem(record.place_of("replay"), "recurring maintenance has no replay.", hint)
        return
    updates = record.get("updates")
    for item in updates.items if isinstance(updates, Sequence) else ():
        if isinstance(item, Mapping) and item.get("window") is not None:
            hint = 'Remove it, or add "repeat" to "scheduled".'
            context.add_problem(item.place_of("window"), '"window" is only for recurring maintenance.', hint)


def _check_moves(context: Context, record: Mapping, incident: Incident) -> None:
    """An update may move the window of planned work that has not ended; one that no update has begun, to any time."""
    for update in incident.updates:
        if update.scheduled is None:
            continue
        place = update_node(record, update.at).place_of("scheduled")
        if not incident.is_maintenance:
            context.add_problem(place, "only maintenance has a window that can be moved.", 'Remove "scheduled" here.')
        elif update is incident.first:
            hint = 'Put the window into "scheduled" above the updates, and remove it here.'
            context.add_problem(place, "the first update announces the window and cannot move it.", hint)
        elif update.status.ends:
            what = f'"{update.status}" ends the work, so this update cannot move it.'
            context.add_problem(place, what, 'Remove "scheduled" here, or correct the status.')
        elif update.scheduled.until <= update.at:
            what = f"the window ends ({clock.iso(update.scheduled.until)}) before this update."
            context.add_problem(place, what, 'Correct "until"; or, if the work is over, use the status "completed".')
        else:
            _check_new_begin(context, place, incident, update)


def _check_new_begin(context: Context, place: Node, incident: Incident, update: Update) -> None:
    if not incident.scheduled or incident.scheduled.repeat or not (windows := incident.move(update)):
        return  # `update.window` says which window of a rule it is, and only the site's zone says when that begins
    before, after = windows
    if after.begin == before.begin:
        return
    begun = next((known for known in incident.updates if known.at <= update.at and known.status in UNDER_WAY), None)
    if begun:
        what = f'the work began with the update of {clock.iso(begun.at)}, so "from" cannot change.'
        context.add_problem(place, what, f"Write from: {clock.iso(before.begin)}, and when it ends as until.")
    elif after.begin < update.at:
        what = f'"from" ({clock.iso(after.begin)}) is earlier than this update.'
        hint = 'Correct the time; or, if the work has begun, use the status "in_progress" instead of "scheduled".'
        context.add_problem(place, what, hint)


def _check_withdrawal(context: Context, record: Mapping, incident: Incident) -> None:
    """`withdrawn` and `reason` stand together, and no update is later."""
    withdrawn, first = incident.withdrawn, incident.first.at
    by_key = fields.RECORD.by_key
    if incident.reason and withdrawn is None:
        what = '"reason" says why an incident was withdrawn, but "withdrawn" is missing.'
        hint = f'{by_key["withdrawn"].sample}, or remove "reason".'
        context.add_problem(record.place_of("reason"), what, hint)
    if incident.withdrawal_posted and withdrawn is None:
        what = '"withdrawal_posted" is set, but "withdrawn" is missing.'
        hint = f"Remove it; or {by_key['withdrawn'].sample[0].lower()}{by_key['withdrawn'].sample[1:]}"
        context.add_problem(record.place_of("withdrawal_posted"), what, hint)
    if withdrawn is None:
        return
    if incident.reason is None:
        what = '"withdrawn" is set, but "reason" is missing.'
        context.add_problem(record.place_of("withdrawn"), what, by_key["reason"].sample)
    fields.check_future(context, record, "withdrawn", withdrawn)
    fields.check_future(context, record, "withdrawal_posted", incident.withdrawal_posted)
    if incident.withdrawal_posted and incident.withdrawal_posted < withdrawn:
        hint = 'Write when the withdrawal was published, or remove "withdrawal_posted".'
        what = '"withdrawal_posted" is earlier than "withdrawn".'
        context.add_problem(record.place_of("withdrawal_posted"), what, hint)
    if withdrawn < first:
        what = f'"withdrawn" ({clock.iso(withdrawn)}) is earlier than the first update ({clock.iso(first)}).'
        context.add_problem(record.place_of("withdrawn"), what, "Correct the time.")
        return
    for update in incident.updates:
        if update.published_at > withdrawn:
            what = f'this update ({clock.iso(update.published_at)}) is later than "withdrawn" ({clock.iso(withdrawn)}).'
            hint = 'Remove it; or, if it was no mistake, remove "withdrawn" and "reason".'
            context.add_problem(update_node(record, update.at), what, hint)
