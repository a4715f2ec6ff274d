"""Which updates and post-mortems were published much later than their times say, by the history in git."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from pathlib import Path

from status_tool.errors import Problem, StatusError, Unchecked
from status_tool.incident_files import formats, parser, store, update_files
from status_tool.incident_files.update_files import FileText
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.project import seen
from status_tool.project.project import Project
from status_tool.project.published import History, Version
from status_tool.system import clock
from status_tool.text import yaml_text
from status_tool.text.yaml_text import Scalar

WHAT = "whether anything was published late"
LATE = timedelta(hours=2)
"""How long after its time something is published late."""


@dataclass(frozen=True)
class _News:
    """A part of an incident's files that feeds date by a time in them."""

    name: str
    """`the update of 2026-11-23T13:00:00Z`"""
    at: datetime
    key: str
    """The key that says when it was published."""
    path: Path
    """The file that has it now."""
    line: int | None = None
    mark: re.Pattern[str] | None = None
    """What every version of a file with it contains; None for the post-mortem."""
    file_name: str = ""
    """The name that a file of its own for this update has; empty if it is no update."""

    def is_in(self, files: Mapping[str, str]) -> bool:
        """Whether these files, by their names below the folder of incidents, have it."""
        if self.mark is None:
            return any(_has_postmortem(name, text) for name, text in files.items() if "/" not in name)
        mark = self.mark
        return any(
            (self.file_name and name.endswith(f"/{self.file_name}")) or mark.search(text)
            for name, text in files.items()
        )


def _has_postmortem(name: str, text: str) -> bool:
    try:
        return not yaml_text.is_blank(formats.of(name).split(text, name).postmortem)
    except StatusError:
        return False


def late(
    project: Project, incidents: Iterable[Incident], history: History, since: datetime
) -> tuple[list[Problem], list[Unchecked]]:
    """A warning for what was published `LATE` after its time, or is not published yet then, and does not say so.

    An update with a time before `since`, when `history` begins, counts as entered later: it is no news. Where git does
    not show when something was published, that is unchecked; but a post-mortem without `reviewed` is warned of.
    """
    versions = seen.by_incident(history.versions_in_order)
    warnings: list[Problem] = []
    is_complete = True
    for incident in incidents:
        if not incident.draft and (incident.last_event_at > since or incident.id in versions):
            known = None if history.gap else versions.get(incident.id, [])
            found = _OfIncident(project, incident, known, since)
            warnings += found.warnings()
            is_complete = is_complete and not found.has_unknown
    reason = history.gap.reason if history.gap else "a commit is later than the clock of this machine"
    return warnings, [] if is_complete else [Unchecked(WHAT, reason)]


@dataclass(frozen=True)
class _OfIncident:
    """What one incident has; `versions` are the published ones of its files, oldest first, None if not known."""

    project: Project
    incident: Incident
    versions: Sequence[Version] | None
    since: datetime

    @cached_property
    def news(self) -> list[tuple[_News, datetime | None]]:
        """What is older than `LATE`, and when it was published; None if it is not published."""
        of_record = (version for version in self.versions or () if "/" not in version.name)
        first = next(of_record, None)
        is_old = first is not None and first.before is not None
        return [
            (news, _published(news, self.versions or ()))
            for news in _news(self.incident, store.texts_of(self.project.settings, self.incident.id))
            if news.at <= self.project.now - LATE and (news.at >= self.since or (is_old and news.mark is None))
        ]

    def is_known(self, published: datetime | None) -> bool:
        """Whether git shows when it was published. A commit that is later than now has another clock."""
        latest = self.project.now + store.CLOCK_TOLERANCE
        return self.versions is not None and (published is None or published <= latest)

    @property
    def has_unknown(self) -> bool:
        return any(not self.is_known(published) for news, published in self.news if news.mark)

    def warnings(self) -> Iterator[Problem]:
        now, shown = self.project.now, self.project.shown
        delayed = [
            (news, published)
            for news, published in self.news
            if self.is_known(published) and (published or now) - news.at >= LATE
        ]
        # One warning for each key that is missing: a hint about updates does not help with the post-mortem.
        for (published, _), found in groupby(delayed, key=lambda entry: (entry[1], entry[0].key)):
            late = [news for news, _ in found]
            yield _warning(shown(late[0].path), late, published, now)
        for news, published in self.news:
            if news.mark is None and not self.is_known(published) and self.incident.reviewed is None:
                yield _unknown(shown(news.path), news, now)


def _news(incident: Incident, files: Sequence[FileText]) -> Iterator[_News]:
    """The news in `files`: the incident's own one first, then those of single updates."""
    (path, text), *updates = files
    record, _ = parser.record_of(text, path)
    own, others = Path(path), {Path(file.path).name: file for file in updates}
    for update in incident.updates:
        at, name = clock.iso(update.at), update_files.file_name(update.at)
        if name in others:
            file, line, mark = Path(others[name].path), 1, _mark("at", at)
        else:
            node = parser.update_node(record, update.at).pairs["at"][1]
            file, line, mark = own, node.line, _mark("at", _written(node, update.at))
        yield _News(f"the update of {at}", update.published_at, "posted", file, line, mark, name)
        if update.edited:
            yield _correction(update, files)
    if incident.withdrawn:
        published, node = incident.withdrawal_posted or incident.withdrawn, record.pairs["withdrawn"][1]
        mark = _mark("withdrawn", _written(node, incident.withdrawn))
        yield _News("the withdrawal", published, "withdrawal_posted", own, node.line, mark)
    if incident.postmortem:
        yield _News("the post-mortem", incident.postmortem_published_at, "reviewed", own)


def _correction(update: Update, files: Sequence[FileText]) -> _News:
    """The correction of `update`, in the incident's own file or in one of this update alone."""
    name, edited = f"the correction of the update of {clock.iso(update.at)}", update.edited or update.at
    (path, text), *updates = files
    for file in updates:
        if Path(file.path).name.startswith(update.stamp) and (node := update_files.edited_node(file, edited)):
            mark = _mark("edited", _written(node, edited))
            return _News(name, edited, "edited", Path(file.path), node.line, mark)
    node = parser.update_node(parser.record_of(text, path)[0], update.at).pairs["edited"][1]
    return _News(name, edited, "edited", Path(path), node.line, _mark("edited", _written(node, edited)))


def _mark(key: str, written: str) -> re.Pattern[str]:
    """What a version contains that has the value `written` at `key`."""
    return re.compile(rf"""(?<!\w)["']?{key}["']?\s*:\s*["']?{re.escape(written)}""")


def _written(node: yaml_text.Node, time: datetime) -> str:
    return node.text if isinstance(node, Scalar) else clock.iso(time)


def _published(news: _News, versions: Sequence[Version]) -> datetime | None:
    """When it was published, `seen.BEFORE` if before the first of `versions`; None if none has it."""
    return next((moment.at for moment in seen.moments(versions) if news.is_in(moment.files)), None)


def _warning(path: str, found: Sequence[_News], published: datetime | None, now: datetime) -> Problem:
    news, more = found[0], f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    length = clock.short((published or now) - news.at)
    when = f"was published at {clock.iso(published)}" if published else "is not published yet"
    what = f"{news.name}{more} {when}, {length} after its time, {clock.iso(news.at)}."
    hint = "Feeds date it by its time, so it is no news for many readers. Write when readers could see it, as "
    hint += f"{news.key}: {clock.iso(published or now)}"
    return Problem(what, path, news.line, hint)


def _unknown(path: str, news: _News, now: datetime) -> Problem:
    what = f'"reviewed" is missing, so feeds date the post-mortem by the last update, {clock.iso(news.at)}.'
    return Problem(what, path, hint=f"Write when it was published, for example: reviewed: {clock.iso(now)}")
