"""What `status` alone says: what is open, what is due, what is not published, and the commands of the moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import click

from status_tool.cli import terminal
from status_tool.cli.commands import overdue
from status_tool.incident_files import store
from status_tool.model.incident import Incident
from status_tool.model.overdue import Lapse
from status_tool.model.summary import Summary
from status_tool.project import unpublished
from status_tool.project.project import Project
from status_tool.system import clock

SOON = timedelta(hours=24)
"""How far ahead planned work is listed."""


def lines(site: Project) -> Iterator[str]:
    """The lines for the site. A file that cannot be read hides no other, and is never passed over in silence."""
    readable = list(store.readable(site.settings))
    unread = len(store.ids(site.settings)) - len(readable)
    site = site.when_shown(readable)
    summary = site.summary(readable)
    lapses = site.lapses(summary)
    yield f"{terminal.bold(site.settings.site_name or 'Status')}, {site.time(site.now)}"
    if unread:
        number = "1 incident file has" if unread == 1 else f"{unread} incident files have"
        yield _red(f"{number} an error, so something may be missing here: status check")
    current = [*summary.open, *summary.running]
    yield from _section("Open", [line for incident in current for line in _current(site, incident, lapses)])
    soon = [incident for incident in summary.planned if incident.start <= site.now + SOON]
    yield from _section("Planned", [line for incident in soon for line in _planned(site, incident, lapses)])
    if later := len(summary.planned) - len(soon):
        yield from ("", f"{later} more planned, later than {SOON // timedelta(hours=1)} h from now: status list")
    if not (current or summary.planned or unread):
        yield from ("", "Nothing is open or planned, as far as the files here say.")
    drafts = [incident for incident in readable if incident.draft]
    drafted = [f"{site.name_of(incident)}  {incident.title}" for incident in drafts]
    yield from _section("Drafts, which readers do not see", drafted)
    not_published = list(_not_published(site))
    yield from _section("Not published", not_published)
    publish = [f"status publish {site.name_of(incident)}" for incident in drafts[:1]]
    publish += ["status push"] if not_published else []
    yield from _section("Now", [*_commands(site, summary, lapses), *publish, *_ALWAYS])


def _section(heading: str, content: Sequence[str]) -> Iterator[str]:
    if content:
        yield from ("", terminal.bold(heading), *(f"  {line}" for line in content))


def _red(text: str) -> str:
    return click.style(text, fg="red")


def _current(site: Project, incident: Incident, lapses: Sequence[Lapse]) -> Iterator[str]:
    impact = "maintenance" if incident.is_maintenance else f"impact {incident.impact_at(site.now) or 'not known'}"
    yield f"{site.name_of(incident)}  {incident.title}"
    yield f"  {incident.status_at(site.now)}, {impact}, {site.extent(incident)}"
    yield from _due(site, incident, lapses)


def _planned(site: Project, incident: Incident, lapses: Sequence[Lapse]) -> Iterator[str]:
    yield f"{site.name_of(incident)}  {incident.title}"
    yield f"  {site.extent(incident)}: begins in {clock.short(incident.start - site.now)}"
    yield from _due(site, incident, lapses)


def _due(site: Project, incident: Incident, lapses: Sequence[Lapse]) -> Iterator[str]:
    """What is late, or by when the next update is promised."""
    late = [lapse for lapse in lapses if lapse.incident == incident]
    yield from (f"  {_red(f'overdue: {overdue.sentence(lapse, site)}')}" for lapse in late)
    promised_at = site.settings.promised(incident, incident.last)
    if promised_at and promised_at > site.now:
        yield f"  next update promised by {site.time(promised_at)}, in {clock.short(promised_at - site.now)}"
    elif not late and not incident.is_maintenance:
        yield "  no next update is promised"


def _not_published(site: Project) -> Iterator[str]:
    found = unpublished.find(site.settings)
    if found is None:
        return
    if found.files:
        yield f"{_counted(found.files, 'changed file')} in {site.shown(site.settings.incidents)}"
    if found.commits:
        yield f"{_counted(found.commits, 'commit')} not pushed"
    if found.behind:
        yield f"{_counted(found.behind, 'commit')} of others not in the files here: git pull"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count > 1)}"


_ALWAYS = ("status open          (asks step by step)", "status --help")


def _commands(site: Project, summary: Summary, lapses: Sequence[Lapse]) -> list[str]:
    """The commands for what is late, or else worst, or else planned next."""
    urgent = [lapse.incident for lapse in lapses] + [*summary.open, *summary.running]
    if urgent:
        name = site.name_of(urgent[0])
        return [f'status update {name} -m "What you know now."', f'status resolve {name} -m "What was done."']
    return [f"status show {site.name_of(incident)}" for incident in summary.planned[:1]]
