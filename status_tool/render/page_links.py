"""Which addresses the relative links in the texts of an incident have on a page, in a feed or in a document."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from urllib.parse import quote

from status_tool.errors import Problem
from status_tool.model.announcement import Announcement
from status_tool.model.incident import Incident
from status_tool.model.summary import Summary
from status_tool.render import link_targets
from status_tool.render.link_targets import LinkTargets, Target
from status_tool.text import relative_links
from status_tool.text.relative_links import Links


class PageLinks:
    """The links of a site whose pages show `summary`; what is later is no target yet."""

    def __init__(self, targets: LinkTargets, summary: Summary) -> None:
        self.targets, self.summary = targets, summary

    @cached_property
    def published(self) -> dict[str, Incident]:
        """Id -> each incident of the site; of recurring maintenance, the id of the file -> its newest occurrence."""
        incidents = sorted(self.summary.incidents, key=lambda incident: incident.start)
        return {name: incident for incident in incidents for name in (incident.series, incident.id) if name}

    def of(self, incident: Incident, root: str, *, own: bool) -> Links:
        """The links of `incident` on a page from which `root` leads to the root of the site.

        `own` is whether that page is the incident's own.
        """
        page = "" if own else f"{root}incidents/{quote(incident.id)}/"
        targets = {link.address: self.targets.find(incident, link.address) for link in incident.links}
        return Links(page, self._addresses(targets, root, incident if own else None))

    def of_announcement(self, announcement: Announcement, root: str) -> Links:
        """As `of`, for the links of the owner's announcement."""
        texts = announcement.text.translations.values()
        found = dict.fromkeys(address for text in texts for address in relative_links.addresses(text))
        return Links(root, self._addresses({address: self.targets.find(None, address) for address in found}, root))

    def _addresses(
        self, targets: Mapping[str, Target | Problem], root: str, shown: Incident | None = None
    ) -> dict[str, str | None]:
        found = {address: target for address, target in targets.items() if isinstance(target, Target)}
        return {address: self._address(target, root, shown) for address, target in found.items()}

    def _address(self, target: Target, root: str, shown: Incident | None) -> str | None:
        """The address of `target` on the page of the incident `shown`, or on another; None if the site has none yet."""
        path, fragment = target.path, target.fragment
        if target.month and target.month not in self.summary.by_month:
            return None
        if target.incident:
            incident = self.published.get(target.incident)
            if incident is None:
                return None
            path = path.replace(target.incident, incident.id, 1)
            fragment = link_targets.anchor_of(incident, fragment)
        is_here = shown is not None and path == f"incidents/{shown.id}/" and not target.query
        address = "" if is_here else (root + quote(path) or "./") + (f"?{target.query}" if target.query else "")
        return f"{address}#{quote(fragment)}" if fragment or not address else address
