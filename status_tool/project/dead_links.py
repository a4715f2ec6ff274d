"""Which relative links in the texts of incidents lead nowhere on the site."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import unquote

from status_tool.errors import Problem, StatusError, did_you_mean
from status_tool.incident_files import file_names, store, template_store
from status_tool.model.incident import Incident
from status_tool.model.link import Link
from status_tool.model.update import Update, UpdateStatus
from status_tool.render.link_targets import LinkTargets, Target
from status_tool.settings.settings import Settings
from status_tool.system import disk
from status_tool.text import relative_links


def problems(settings: Settings, incidents: Sequence[Incident]) -> Iterator[Problem]:
    """A problem for each link that leads nowhere; `incidents` are all of the site, drafts too."""
    targets = LinkTargets(settings, incidents)
    for incident in incidents:
        for link in incident.links:
            found = targets.find(incident, link.address)
            if isinstance(found, Problem):
                yield replace(found, path=_path(settings, incident, link), line=link.line)
    yield from _in_announcement(settings, targets)


def _path(settings: Settings, incident: Incident, link: Link) -> str:
    """The path of the file that has the link, as messages show it."""
    return settings.shown(settings.incidents / link.file if link.file else store.path_of(settings, incident.file_id))


def _in_announcement(settings: Settings, targets: LinkTargets) -> Iterator[Problem]:
    texts = settings.announcement.text.translations.values() if settings.announcement else ()
    for address in dict.fromkeys(address for text in texts for address in relative_links.addresses(text)):
        found = targets.find(None, address)
        if isinstance(found, Problem):
            source = disk.read_text(settings.file)
            line = relative_links.line_of(address, source) + 1
            yield replace(found, path=settings.shown(settings.file), line=line)


def in_templates(settings: Settings, incidents: Sequence[Incident], now: datetime) -> Iterator[Problem]:
    """A problem for each link in a message template of the site that would lead nowhere from an incident of `now`."""
    for template, path in template_store.own(settings):
        update = Update(now, UpdateStatus.INVESTIGATING, template.message)
        incident = Incident(file_names.new_id(template.name, now, settings.timezone), template.message, (update,))
        targets = LinkTargets(settings, [*incidents, incident])
        texts = template.filled_message({}).translations.values()
        for address in dict.fromkeys(address for text in texts for address in relative_links.addresses(text)):
            found = targets.find(incident, address)
            if isinstance(found, Problem):
                line = relative_links.line_of(address, disk.read_text(path)) + 1
                yield replace(found, path=settings.shown(path), line=line)


def refuse_unpublished(settings: Settings, incidents: Sequence[Incident], files: Mapping[str, bytes]) -> None:
    """StatusError for each link to a page or file in `docs` that is not among `files`, or to a heading that it lacks.

    `files` are what the site generator made, path below the site's root -> content: only it knows which pages it leaves
    out, and which ids their headings have.
    """
    targets = LinkTargets(settings, incidents)
    found = [
        replace(problem, path=_path(settings, incident, link), line=link.line)
        for incident in incidents
        for link in incident.links
        if isinstance(target := targets.find(incident, link.address), Target)
        and target.path in targets.docs.values()
        and (problem := _problem(link, target, files))
    ]
    if found:
        raise StatusError.of(found)


def _problem(link: Link, target: Target, files: Mapping[str, bytes]) -> Problem | None:
    if not target.path:
        return None  # the home page, which is ours
    is_page, shown = target.path.endswith("/"), unquote(link.address)
    content = files.get(f"{target.path}index.html" if is_page else target.path)
    if content is None:
        what = f'the link "{shown}" leads to a file that MkDocs does not publish.'
        return Problem(what, hint="Publish it, for example by another exclude_docs, or remove the link.")
    ids = {html.unescape(match[2].decode("utf-8", "replace")) for match in _ID.finditer(content)} if is_page else ()
    if not is_page or target.fragment in ("", "top", *ids):
        return None
    suggestion = did_you_mean(f"#{target.fragment}", [f"#{id}" for id in ids])
    hint = f"{suggestion} Write the id of a heading on that page, or leave it out.".strip()
    return Problem(f'the link "{shown}" leads to no place on that page.', hint=hint)


_ID = re.compile(rb"""\s(?:id|name)=(["']?)([^"'\s>]+)\1""")


def refuse(settings: Settings, load: Callable[[], Iterable[Incident]], incident: Incident, text: str) -> None:
    """StatusError when a link in `text`, which is about to be written into the file of `incident`, leads nowhere.

    `load` reads all incidents. When another file has a mistake, no link is refused: the next check will name both.
    """
    addresses = relative_links.addresses(text)
    if not addresses:
        return
    try:
        incidents = load()
    except StatusError:
        return
    targets = LinkTargets(settings, [*incidents, incident])
    found = [targets.find(incident, address) for address in addresses]
    if problems := [problem for problem in found if isinstance(problem, Problem)]:
        raise StatusError.of(problems)
