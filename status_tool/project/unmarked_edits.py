"""Which published updates were changed or removed without saying so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import formats, parser
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.project import git
from status_tool.project.project import Project
from status_tool.system import clock, disk

LOOK_BACK = timedelta(days=90)
"""How old the published versions are that today's files are compared with."""


def unmarked(project: Project, incidents: Iterable[Incident]) -> list[Problem]:
    """A warning for every published update whose text changed without `edited`, or which was removed."""
    current = {incident.id: incident for incident in incidents}
    warnings: dict[tuple[str, str], Problem] = {}
    for name, text in git.published(project.settings.incidents, project.now - LOOK_BACK):
        path = project.settings.incidents / name
        if path.suffix not in formats.SUFFIXES or "/" in name:
            continue
        try:
            if path.is_file() and disk.read_text(path) == text:
                continue
            before = parser.parse(text, name)
        except StatusError:
            continue  # a file that could not be read was never on a page
        after = current.get(before.id)
        if before.draft or before == after:
            continue
        for update, what, hint in _changes(before, after):
            warnings[name, clock.iso(update.at)] = Problem(what, project.shown(path), hint=hint)
    return [warnings[key] for key in sorted(warnings)]


def _changes(before: Incident, after: Incident | None) -> Iterator[tuple[Update, str, str]]:
    """`(update, what is wrong, remedy)` for each update of `before` that `after` does not hold as it was."""
    present = {update.at: update for update in after.updates} if after else {}
    for update in before.updates:
        name = f"the update of {clock.iso(update.at)}"
        if update.at not in present:
            yield update, f"{name} was published and is now missing.", "Put it back, and correct it with a new update."
        elif present[update.at].edited == update.edited and replace(present[update.at], next=update.next) != update:
            hint = "Add the time of the change, as edited: 2026-11-23T14:52:00Z, or use status amend."
            yield update, f"{name} was published, and changed without `edited`.", hint
