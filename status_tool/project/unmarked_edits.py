"""Which published updates and planned windows were changed or removed without saying so."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from status_tool.errors import Problem, StatusError, Unchecked
from status_tool.incident_files import formats, parser, union
from status_tool.incident_files.earlier import LaterText
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.project.project import Project
from status_tool.project.published import History
from status_tool.system import clock, disk

WHAT = "whether published words changed"


def unmarked(
    project: Project, incidents: Iterable[Incident], history: History
) -> tuple[list[Problem], list[Unchecked]]:
    """A warning for every published update whose text changed without `edited`, or which was removed.

    Also for every published window of planned work that changed without an update.

    Also what could not be compared, and why.
    """
    current = {incident.id: incident for incident in incidents}
    unchecked = [Unchecked(WHAT, history.gap.reason, history.gap.hint)] if history.gap else []
    warnings: list[Problem] = []
    for name, versions in groupby(history.versions, key=lambda version: version[0]):
        path = project.settings.incidents / name
        if path.suffix in formats.SUFFIXES and "/" not in name:
            shown = project.shown(path)
            found, unreadable = _of_file(name, {text for _, text in versions}, path, current)
            warnings += (replace(problem, path=shown) for problem in found)
            if unreadable:
                reason = f"{unreadable} earlier version{'s' * (unreadable > 1)} of {shown} in git cannot be read"
                unchecked.append(Unchecked(WHAT, reason, f"Compare them yourself: git log -p -- {shown}"))
    return warnings, unchecked


def _of_file(name: str, versions: set[str], path: Path, current: Mapping[str, Incident]) -> tuple[list[Problem], int]:
    """The warnings about one file, in the order of its updates, and how many of its versions are no incident.

    Most versions are a later one without its last updates. They are not parsed, as a long incident has many.
    """
    warnings: dict[str, Problem] = {}
    later: list[LaterText] = []
    unreadable = 0
    with contextlib.suppress(StatusError):
        text = disk.read_text(path)
        later.append(LaterText.of(text, name))
        versions = versions - {text}
    for text in sorted(versions, key=len, reverse=True):
        if any(known.has_all_of(text) for known in later):
            continue
        try:
            before = parser.parse(text, name)
        except StatusError:
            unreadable += 1
            continue
        later.append(LaterText.of(text, name))
        if not before.draft:
            changes = _changes(before, current.get(before.id))
            warnings |= {part: Problem(what, hint=hint) for part, what, hint in changes}
    return [warnings[part] for part in sorted(warnings)], unreadable


def _changes(before: Incident, after: Incident | None) -> Iterator[tuple[str, str, str]]:
    """`(part, what is wrong, remedy)` for each part of `before` that `after` does not hold as it was.

    A part is the time of an update, or the planned window.
    """
    present = {update.at: update for update in after.updates} if after else {}
    for update in before.updates:
        at = clock.iso(update.at)
        name, same_time = f"the update of {at}", present.get(update.at)
        if same_time and (same_time.edited != update.edited or _as_before(same_time, update) == update):
            continue
        if after and _is_united(update, after, is_taken=same_time is not None):
            continue
        if same_time is None:
            yield at, f"{name} was published and is now missing.", "Put it back, and correct it with a new update."
        else:
            hint = "Add the time of the change, as edited: 2026-11-23T14:52:00Z, or use status amend."
            yield at, f"{name} was published, and changed without `edited`.", hint
    if after and before.scheduled != after.scheduled and present.keys() <= {update.at for update in before.updates}:
        hint = (
            "Calendars and feeds do not notice it. "
            f"Put the old window back, and move it: status reschedule {after.id}\n"
            f"Or, for another rule, say so in an update: status update {after.id}"
        )
        yield "scheduled", "the planned window was published, and changed without an update that says so.", hint


def _is_united(update: Update, after: Incident, *, is_taken: bool) -> bool:
    """Whether a merge put the words of `update` into another one, or moved it, as its second `is_taken`."""
    return any(
        all(text in other.message.translations.get(code, "") for code, text in update.message.translations.items())
        and (other.edited is not None or (is_taken and abs(other.at - update.at) <= union.MOVED))
        for other in after.updates
        if other.at != update.at
    )


def _as_before(after: Update, before: Update) -> Update:
    """`after` without what may change: the promise, and when it was published, if that was added."""
    return replace(after, next=before.next, posted=after.posted if before.posted else None)
