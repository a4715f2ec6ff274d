"""Which updates and post-mortems were published much later than their times say, by the history in git."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import groupby
from pathlib import Path

from status_tool.errors import Problem, StatusError, Unchecked
from status_tool.incident_files import formats, parser, store
from status_tool.model.incident import Incident
from status_tool.project.project import Project
from status_tool.project.published import History, Version
from status_tool.system import clock, disk
from status_tool.text import yaml_text
from status_tool.text.yaml_text import Scalar

WHAT = "whether anything was published late"
LATE = timedelta(hours=2)
"""How long after its time something is published late."""
_BEFORE = datetime.min.replace(tzinfo=UTC)
"""For what was published before the history that is read begins."""
_DRAFT = re.compile(r"""^["']?draft["']?\s*:\s*["']?true\b""", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class _News:
    """A part of an incident file that feeds date by a time in the file."""

    name: str
    """`the update of 2026-11-23T13:00:00Z`"""
    at: datetime
    key: str
    """The key that says when it was published."""
    line: int | None = None
    mark: re.Pattern[str] | None = None
    """What every version of the file with it contains; None for the post-mortem."""

    def is_in(self, text: str, path: str) -> bool:
        """Whether readers of this version of the file had it."""
        if _DRAFT.search(text):
            return False
        if self.mark:
            return self.mark.search(text) is not None
        try:
            return not yaml_text.is_blank(formats.of(path).split(text, path).postmortem)
        except StatusError:
            return False


def late(
    project: Project, incidents: Iterable[Incident], history: History, since: datetime
) -> tuple[list[Problem], list[Unchecked]]:
    """A warning for what was published `LATE` after its time, or is not published yet then, and does not say so.

    An update with a time before `since`, when `history` begins, counts as entered later: it is no news. Where git does
    not show when something was published, that is unchecked; but a post-mortem without `reviewed` is warned of.
    """
    versions: dict[str, list[Version]] = {}
    for version in history.versions_in_order:
        if version.name.endswith(formats.SUFFIXES) and "/" not in version.name:
            versions.setdefault(Path(version.name).stem, []).append(version)
    warnings: list[Problem] = []
    is_complete = True
    for incident in incidents:
        if not incident.draft and (incident.last_event_at > since or incident.id in versions):
            known = None if history.gap else versions.get(incident.id, [])
            found = _OfFile(project, incident, known, since)
            warnings += found.warnings()
            is_complete = is_complete and not found.has_unknown
    reason = history.gap.reason if history.gap else "a commit is later than the clock of this machine"
    return warnings, [] if is_complete else [Unchecked(WHAT, reason)]


@dataclass(frozen=True)
class _OfFile:
    """What one file has; `versions` are its published ones, oldest first, None if they are not known."""

    project: Project
    incident: Incident
    versions: Sequence[Version] | None
    since: datetime

    @cached_property
    def news(self) -> list[tuple[_News, datetime | None]]:
        """What is older than `LATE`, and when it was published; None if it is not published."""
        path = store.path_of(self.project.settings, self.incident.id)
        is_old = bool(self.versions and self.versions[0].before is not None)
        return [
            (news, _published(news, self.versions or ()))
            for news in _news(self.incident, disk.read_text(path), path.name)
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
        now, shown = self.project.now, self.project.shown(store.path_of(self.project.settings, self.incident.id))
        delayed = [
            (news, published)
            for news, published in self.news
            if self.is_known(published) and (published or now) - news.at >= LATE
        ]
        # One warning for each key that is missing: a hint about updates does not help with the post-mortem.
        for (published, _), found in groupby(delayed, key=lambda entry: (entry[1], entry[0].key)):
            yield _warning(shown, [news for news, _ in found], published, now)
        for news, published in self.news:
            if news.mark is None and not self.is_known(published) and self.incident.reviewed is None:
                yield _unknown(shown, news, now)


def _news(incident: Incident, text: str, path: str) -> Iterator[_News]:
    record, _ = parser.record_of(text, path)
    for update in incident.updates:
        node, at = parser.update_node(record, update.at), clock.iso(update.at)
        yield _dated(f"the update of {at}", update.published_at, "posted", node.pairs, "at")
        if update.edited:
            yield _dated(f"the correction of the update of {at}", update.edited, "edited", node.pairs, "edited")
    if incident.withdrawn:
        withdrawn = incident.withdrawal_posted or incident.withdrawn
        yield _dated("the withdrawal", withdrawn, "withdrawal_posted", record.pairs, "withdrawn")
    if incident.postmortem:
        yield _News("the post-mortem", incident.postmortem_published_at, "reviewed")


def _dated(name: str, at: datetime, key: str, pairs: Mapping[str, tuple[Scalar, yaml_text.Node]], mark: str) -> _News:
    """News that a version has if it has the time at the key `mark`, written as in `pairs`."""
    node = pairs[mark][1]
    written = re.escape(node.text if isinstance(node, Scalar) else clock.iso(at))
    return _News(name, at, key, node.line, re.compile(rf"""(?<!\w)["']?{mark}["']?\s*:\s*["']?{written}"""))


def _published(news: _News, versions: Sequence[Version]) -> datetime | None:
    """When it was published, `_BEFORE` if before the first of `versions`; None if none has it."""
    if versions and versions[0].before is not None and news.is_in(versions[0].before, versions[0].name):
        return _BEFORE
    return next((version.at for version in versions if news.is_in(version.text, version.name)), None)


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
