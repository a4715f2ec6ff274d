"""Which published words were changed without saying so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import parser
from status_tool.model.incident import Incident, Update
from status_tool.project import git
from status_tool.project.project import Project
from status_tool.system import clock, disk

REMEMBERED = timedelta(days=90)
"""How far back published versions are looked at."""


def unmarked(project: Project, incidents: Iterable[Incident]) -> list[Problem]:
    """A warning for every published update that reads otherwise now, without `edited`, or is gone."""
    known = {incident.id: incident for incident in incidents}
    found: dict[tuple[str, str], Problem] = {}
    for name, text in git.published(project.settings.incidents, project.now - REMEMBERED):
        path = project.settings.incidents / name
        if path.suffix not in parser.SUFFIXES or "/" in name:
            continue
        try:
            if path.is_file() and disk.read_text(path) == text:
                continue
            before = parser.parse(text, name)
        except StatusError:
            continue  # it was never on a page
        after = known.get(before.id)
        if before.draft or before == after:
            continue
        for update, what, hint in _changes(before, after):
            found[name, clock.iso(update.at)] = Problem(what, project.shown(path), hint=hint)
    return [found[key] for key in sorted(found)]


def _changes(before: Incident, after: Incident | None) -> Iterator[tuple[Update, str, str]]:
    now = {update.at: update for update in after.updates} if after else {}
    for update in before.updates:
        name = f"the update of {clock.iso(update.at)}"
        if update.at not in now:
            yield (
                update,
                f"{name} was published, and is gone.",
                "Put it back, and correct it by another.",
            )
        elif now[update.at].edited == update.edited and replace(now[update.at], next=update.next) != update:
            hint = "Add the time of the change, as edited: 2026-11-23T14:52:00Z, or use status amend."
            yield update, f"{name} was published, and reads otherwise now.", hint
