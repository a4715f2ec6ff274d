"""Which published updates and planned windows were changed or removed without saying so."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from status_tool.errors import Problem, StatusError, Unchecked
from status_tool.incident_files import parser, store, update_files
from status_tool.incident_files.earlier import LaterText
from status_tool.model.incident import Incident
from status_tool.model.update import Kind
from status_tool.project import changed_words, seen
from status_tool.project.project import Project
from status_tool.project.published import History, Version
from status_tool.project.seen import Moment
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
    for id, versions in sorted(seen.by_incident(history.versions_in_order).items()):
        found = _OfIncident(project, id, current.get(id))
        found.compare(versions)
        warnings += found.warnings()
        for name, count in sorted(found.unreadable.items()):
            shown = project.shown(project.settings.incidents / name)
            reason = f"{count} earlier version{'s' * (count > 1)} of {shown} in git cannot be read"
            unchecked.append(Unchecked(WHAT, reason, f"Compare them yourself: git log -p -- {shown}"))
    return warnings, unchecked


class _OfIncident:
    """Compares what was published of one incident with `after`, which it is now; None if it is gone."""

    def __init__(self, project: Project, id: str, after: Incident | None) -> None:
        self.project, self.after = project, after
        self.folder = project.settings.incidents / id
        self.found: dict[tuple[str, str], Problem] = {}
        """Name of a file, part of the incident -> the warning; a part is the time of an update, or the window."""
        self.unreadable: dict[str, int] = {}

    def compare(self, versions: Sequence[Version]) -> None:
        records: dict[str, dict[str, Moment]] = {}
        updates: set[tuple[str, str]] = set()
        for moment in seen.moments(versions):
            for name, text in moment.files.items():
                if "/" in name:
                    updates.add((name, text))
                else:
                    records.setdefault(name, {})[text] = moment
        with_versions = {version.name for version in versions}
        for name, of_record in records.items():
            self._compare_record(name, of_record, with_versions)
        for name, text in sorted(updates):
            self._compare_update(name, text)

    def warnings(self) -> list[Problem]:
        return [self.found[part] for part in sorted(self.found)]

    def _compare_record(self, name: str, versions: Mapping[str, Moment], with_versions: set[str]) -> None:
        """Compares the versions of the incident's own file.

        Most of them are a later one without its last updates. They are not parsed, as a long incident has many.
        """
        later: list[LaterText] = []
        with contextlib.suppress(StatusError):
            text = disk.read_text(self.folder.parent / name)
            later.append(LaterText.of(text, name))
            versions = {other: moment for other, moment in versions.items() if other != text}
        for text in sorted(versions, key=len, reverse=True):
            if any(known.has_all_of(text) for known in later):
                continue
            try:
                before = parser.parse(text, name, is_part=True)
            except StatusError:
                self.unreadable[name] = self.unreadable.get(name, 0) + 1
                continue
            later.append(LaterText.of(text, name))
            if not before.draft:
                known = self._known(before, versions[text], with_versions)
                for part, what, hint in changed_words.of_incident(
                    before, self.after, known, self.project.settings.language
                ):
                    self._warn(name, part, what, hint)

    def _known(self, before: Incident, moment: Moment, with_versions: set[str]) -> set[datetime]:
        """The times of all updates that were published when the incident's own file was `before`."""
        in_files = {update_files.name_of(name).at for name in moment.files if "/" in name}
        unchanged = {
            update.at
            for update in (self.after.updates if self.after else ())
            if update.at <= moment.at
            and f"{self.folder.name}/{(name := update_files.file_name(update.at))}" not in with_versions
            and (self.folder / name).exists()
        }
        return {update.at for update in before.updates} | in_files | unchanged

    def _compare_update(self, name: str, text: str) -> None:
        """Compares a version of the file of one update, or of its message in another language."""
        with contextlib.suppress(StatusError):
            if disk.read_text(self.folder.parent / name) == text:
                return
        file, kinds = update_files.FileText(name, text), [self.after.kind] if self.after else list(Kind)
        contents: list[update_files.Content] = []
        for kind in kinds:
            with contextlib.suppress(StatusError):
                contents.append(update_files.read(file, kind))
        if not contents:
            self.unreadable[name] = self.unreadable.get(name, 0) + 1
            return
        (at, language), own = update_files.name_of(name), self.project.settings.language
        if contents[0].update:
            change = changed_words.of_update(contents[0].update, self.after, own)
        else:
            change = changed_words.of_translation(at, language, contents[0], self.after)
        if change:
            self._warn(name, clock.iso(at), *change)

    def _warn(self, name: str, part: str, what: str, hint: str) -> None:
        """Keeps a warning, about the file that has the update now, or else about the one that had it."""
        is_moved = self.after and any(clock.iso(update.at) == part for update in self.after.updates)
        if self.after and is_moved and not (self.folder.parent / name).exists():
            name = store.path_of(self.project.settings, self.after.id).name
        shown = self.project.shown(self.folder.parent / name)
        self.found[name, part] = Problem(what, shown, hint=hint)
