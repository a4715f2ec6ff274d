"""Where a relative link in a text of an incident leads on the site, or why it leads nowhere.

A path is first a file, as seen from the incident file, then an address of the site; with a slash before it, it is first
an address of the site, then a file as seen from the site's folder.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from status_tool.errors import Problem, did_you_mean
from status_tool.model import recurrence
from status_tool.model.incident import Incident
from status_tool.settings.settings import Settings
from status_tool.system import fingerprint
from status_tool.text import heading_anchors
from status_tool.text.heading_anchors import Heading

OWN_FILES = (
    *(f"feed.{suffix}" for suffix in ("atom", "rss", "json")),
    *(f"status.{suffix}" for suffix in ("json", "txt", "schema.json")),
    *(
        "maintenance.ics",
        "badge.svg",
        "badge.json",
        "embed.js",
        "embed.html",
        "llms.txt",
        "sitemap.xml",
        "voice.txt",
        "voice.xml",
        "manifest.json",
        "app.webmanifest",
    ),
    *("history/index.json", "history/", "subscribe/", ""),
    *(f"api/v2/{name}.json" for name in ("summary", "status", "components", "incidents", "incidents/unresolved")),
    *(f"api/v2/scheduled-maintenances{name}.json" for name in ("", "/upcoming", "/active")),
)
"""The paths below the site's root that every site has, whatever its incidents and components are."""

_PAGE_SUFFIXES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
_HOST = re.compile(r"(?:[\w-]+\.)+(?P<domain>[^\W\d_]{2,})(?::\d+)?(?:[/?#].*)?")
_MAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[\w-]+")
_FILE_SUFFIXES = "csv gif htm html ics jpeg jpg json log markdown md pdf png svg txt webp xml yaml yml zip".split()
_MONTH = re.compile(r"history/(\d{4})-(0[1-9]|1[0-2])(?:/|-\d+/|\.json)")
_INCIDENT = re.compile(r"incidents/([^/]+)/(?:replay/([^/]+)/)?")


@dataclass(frozen=True)
class Target:
    """A place on the site."""

    path: str
    """Below the site's root, not percent-encoded: `about/`, `incidents/2026-11-23-api-errors/`."""
    query: str = ""
    fragment: str = ""
    """The id of an element of the page, not percent-encoded."""
    incident: str = ""
    """The id of the incident whose page it is; of recurring maintenance, also the id of its file alone."""
    month: date | None = None
    """The first day of the month, if it is a page of the history."""


class LinkTargets:
    """Finds the targets of links on the site with these settings and incidents, of which some may be drafts."""

    def __init__(self, settings: Settings, incidents: Sequence[Incident]) -> None:
        self.settings, self.incidents = settings, {incident.id: incident for incident in incidents}
        self.folder = Path(os.path.normpath(settings.incidents))

    def find(self, incident: Incident | None, address: str) -> Target | Problem:
        """Where the link `address` in a text of `incident` leads; if that is nowhere, a problem without its place.

        Without `incident`, the text is in the settings.
        """
        try:
            parts = urlsplit(address)
        except ValueError:
            return Problem(
                f'the address "{address}" of a link cannot be read.', hint="Write, for example, https://example.org/a"
            )
        if address.startswith("//"):
            return Problem(f'the link "{address}" has no scheme.', hint=f"Write https:{address}")
        path, fragment = unquote(parts.path), unquote(parts.fragment)
        if path:
            target = next(self._candidates(incident, path), None)
        else:
            target = Target(f"incidents/{incident.id}/", incident=incident.id) if incident and "#" in address else None
        if target is None:
            return self._nowhere(address, path, self.folder if incident else self.settings.folder)
        fragment = fragment or target.fragment
        of_target = self._incident(target.incident) if path else incident
        if of_target is None:
            return replace(target, query=parts.query, fragment=fragment)
        if of_target.draft and not (incident and incident.draft):
            what = f'the link "{unquote(address)}" leads to a draft, which is not published.'
            return Problem(what, hint="Publish it too, or remove the link.")
        anchor = anchor_of(of_target, fragment)
        if fragment and not anchor:
            return _no_anchor(of_target, address, fragment)
        return replace(target, query=parts.query, fragment=anchor)

    def _incident(self, id: str) -> Incident | None:
        """The incident with that id, or whose occurrence has it."""
        return self.incidents.get(id) or self.incidents.get(recurrence.series_id(id))

    def _candidates(self, incident: Incident | None, path: str) -> Iterator[Target]:
        """The places that `path` may mean, the likeliest first."""
        if path.startswith("/"):
            root = urlsplit(self.settings.site_url).path or "/"
            yield from self._of_path(path[1:])
            yield from self._of_path(path.removeprefix(root)) if path.startswith(root) else ()
            yield from self._of_file(self.settings.folder / path[1:])
            return
        yield from self._of_file((self.folder if incident else self.settings.folder) / path)
        if incident:  # as seen from the file of one of its updates
            yield from self._of_file(self.folder / incident.file_id / path)
        for base in ("incidents/", f"incidents/{incident.id}/", "") if incident else ("",):
            yield from self._of_path(base + path)

    def _of_file(self, file: Path) -> Iterator[Target]:
        """The page of a file: of an incident, or of one in the folder of the site's own pages."""
        path, docs = Path(os.path.normpath(file)), Path(os.path.normpath(self.settings.docs))
        if path.parent == self.folder and path.stem in self.incidents and path.is_file():
            yield Target(f"incidents/{path.stem}/", incident=path.stem)
        elif path.parent.parent == self.folder and (of_update := self._update(path)):
            yield of_update
        elif path.is_relative_to(docs):
            name = path.relative_to(docs).as_posix()
            names = (name, *(posixpath.normpath(f"{name}/{index}") for index in ("index.md", "README.md")))
            yield from (Target(self.docs[name]) for name in names if name in self.docs)

    def _update(self, path: Path) -> Target | None:
        """The place of an update by its file, `<id>/20261123T140500Z.md`, also when the incident's file has it."""
        incident, stamp = self.incidents.get(path.parent.name), path.name.partition(".")[0]
        found = next((update for update in incident.updates if update.stamp == stamp), None) if incident else None
        if incident is None or found is None or path.suffix != ".md":
            return None
        return Target(f"incidents/{incident.id}/", fragment=found.anchor, incident=incident.id)

    @cached_property
    def docs(self) -> dict[str, str]:
        """Path below the folder of the site's own pages -> path below the site's root: `about.md` -> `about/`."""
        root = str(self.settings.docs)
        names = [Path(path).relative_to(root).as_posix() for path in fingerprint.files(self.settings.docs)]
        shown = [name for name in names if not re.match(r"templates/|(?:.*/)?\.", name)]  # as MkDocs excludes them
        return {name: _published(name) for name in shown}

    @cached_property
    def pages(self) -> set[str]:
        """The paths below the site's root that depend on no incident."""
        of_component = ("", "feed.atom", "feed.rss", "feed.json", "badge.svg", "badge.json")
        ids = self.settings.component_ids
        return {*OWN_FILES, *self.docs.values(), *(f"components/{id}/{name}" for id in ids for name in of_component)}

    def _of_path(self, path: str) -> Iterator[Target]:
        """The page at `path` below the site's root, also without its slash or with `index.html`."""
        normal = posixpath.normpath(path) if path else "."
        if normal.startswith(".."):
            return
        name = "" if normal == "." else f"{normal}/" if path.endswith(("/", "/.", "/..")) else normal
        for page in (name.removesuffix("index.html"), f"{name}/"):
            if page in self.pages:
                yield Target(page)
            elif month := _MONTH.fullmatch(page):
                yield Target(page, month=date(int(month[1]), int(month[2]), 1))
            elif (parts := _INCIDENT.fullmatch(page)) and self._has_page(parts[1], parts[2]):
                yield Target(page, incident=parts[1])

    def _has_page(self, id: str, step: str | None) -> bool:
        """Whether there is an incident, or an occurrence, with this id; and the step of its replay, if one is given."""
        incident = self._incident(id)
        if incident is None or (id != incident.id and not (incident.scheduled and incident.scheduled.repeat)):
            return False
        return step is None or (incident.replay and any(update.stamp == step for update in incident.updates))

    # -- what is wrong with a link that leads nowhere ------------------------------------------------

    def _nowhere(self, address: str, path: str, folder: Path) -> Problem:
        """What is wrong with a link in a file of `folder`, and what was probably meant."""
        shown = unquote(address)
        docs = os.path.relpath(self.settings.docs, folder)
        how_to = f"Write a file as seen from this one ({docs}/about.md), an address of the site (/about/), or https://…"
        if not address:
            return Problem("a link has no address.", hint=f"{how_to} If it is no link: \\[text]()")
        what = f'the link "{shown}" leads nowhere.'
        if _MAIL.fullmatch(shown):
            return Problem(what, hint=f"Did you mean mailto:{shown}?")
        if re.fullmatch(r"\+?[\d() -]{6,}", shown):
            return Problem(what, hint=f"Did you mean tel:{shown.replace(' ', '')}?")
        host = _HOST.fullmatch(shown)
        if host and (shown.startswith("www.") or host["domain"].lower() not in _FILE_SUFFIXES):
            return Problem(what, hint=f"Did you mean https://{shown}?")
        below = self.settings.folder if path.startswith("/") else folder
        file = Path(os.path.normpath(below / path.lstrip("/")))
        if file.is_file():
            is_own = file.is_relative_to(self.settings.docs)
            how = "MkDocs leaves it out: give it another name." if is_own else f"Move it to {self.settings.docs.name}/."
            return Problem(f'the link "{shown}" leads to a file that is not published.', hint=f"{how} {how_to}")
        suggestion = did_you_mean(path.replace("\\", "/"), self._known(path, folder)) if path else ""
        return Problem(what, hint=f"{suggestion} {how_to}".strip())

    def _known(self, path: str, folder: Path) -> Iterator[str]:
        """What may be meant by a path that leads nowhere."""
        if path.startswith("/"):
            yield from (f"/{page}" for page in self.pages)
            yield from (f"/incidents/{id}/" for id in self.incidents)
            return
        yield from (os.path.relpath(self.settings.docs / name, folder) for name in self.docs)
        yield from (os.path.relpath(entry.path, folder) for entry in os.scandir(self.folder))
        yield from self.pages


def anchor_of(incident: Incident, fragment: str) -> str:
    """The id of the element on the page of `incident` that `fragment` means; empty if it means none."""
    ids = ["top", *(update.anchor for update in incident.updates)]
    ids += ["post-mortem"] if incident.postmortem else []
    ids += ["withdrawn"] if incident.withdrawn else []
    return fragment if fragment in ids else heading_anchors.find(fragment, _headings(incident))


def _headings(incident: Incident) -> Sequence[Heading]:
    if not incident.postmortem:
        return ()
    from status_tool.text import markdown_text  # takes 50 ms

    return markdown_text.headings_of(incident.postmortem)


def _no_anchor(incident: Incident, address: str, fragment: str) -> Problem:
    names = [heading_anchors.forge_name(heading.text) for heading in _headings(incident)]
    names += [update.anchor for update in incident.updates]
    suggestion = did_you_mean(f"#{fragment}", [f"#{name}" for name in names])
    hint = "Write a heading of the post-mortem (#what-happened), or an update (#u-20261123T140500Z)."
    return Problem(
        f'the link "{unquote(address)}" leads to no place on that page.', hint=f"{suggestion} {hint}".strip()
    )


def _published(name: str) -> str:
    """The path of a file of the site's own pages below the site's root, as MkDocs gives it with directory URLs."""
    stem, suffix = posixpath.splitext(name)
    if suffix not in _PAGE_SUFFIXES:
        return name
    folder, _, last = stem.rpartition("/")
    path = folder if last in ("index", "README") else stem
    return f"{path}/" if path else ""
