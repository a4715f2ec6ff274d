"""What the documents of the Atlassian Statuspage API, version 2, contain, which many programs read.

They have exactly the keys that https://metastatuspage.com/api documents and recorded pages have, as some clients refuse
other keys. A status that the API does not have becomes the nearest one that is not better. Only a replay or a drill has
one key more, `replay` or `drill` in `page`; the texts that programs show, the page's name and the description of its
status, say it too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from functools import cached_property, lru_cache, partial
from itertools import islice
from typing import Any

from status_tool.errors import StatusError
from status_tool.model.component import OPERATIONAL, ComponentStatus
from status_tool.model.incident import Incident
from status_tool.model.update import Kind, UpdateStatus
from status_tool.model.uptime import ComponentSummary
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.system import clock
from status_tool.text import plain_text

FOLDER = "api/v2/"
MOST_RECENT = 50
"""The largest number of incidents, and of maintenance, in a list of the newest."""
ALPHABET = "0123456789bcdfghjklmnpqrstvwxyz"
"""The characters of ids."""

_ROLLUP = {  # indicator, description
    ComponentStatus.OPERATIONAL: ("none", "All Systems Operational"),
    ComponentStatus.UNDER_MAINTENANCE: ("maintenance", "Service Under Maintenance"),
    ComponentStatus.UNKNOWN: ("minor", "Minor Service Outage"),
    ComponentStatus.DEGRADED_PERFORMANCE: ("minor", "Partially Degraded Service"),
    ComponentStatus.PARTIAL_OUTAGE: ("major", "Partial System Outage"),
    ComponentStatus.MAJOR_OUTAGE: ("critical", "Major Service Outage"),
}


def documents(context: RenderContext) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The eight documents as `(path, function that returns its bytes)`."""
    page, summary = _Page(context), context.summary
    unresolved, active, upcoming = map(_newest, (summary.open, summary.running, summary.planned))
    soonest = upcoming[::-1]

    def newest(kind: Kind) -> list[Incident]:
        return list(islice((incident for incident in summary.incidents if incident.kind is kind), MOST_RECENT))

    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "summary": lambda: {
            "components": page.components,
            "incidents": page.incidents(unresolved),
            "scheduled_maintenances": page.incidents([*active, *soonest]),
            "status": page.status,
        },
        "status": lambda: {"status": page.status},
        "components": lambda: {"components": page.components},
        "incidents": lambda: {"incidents": page.incidents(newest(Kind.INCIDENT))},
        "incidents/unresolved": lambda: {"incidents": page.incidents(unresolved)},
        "scheduled-maintenances": lambda: {"scheduled_maintenances": page.incidents(newest(Kind.MAINTENANCE))},
        "scheduled-maintenances/upcoming": lambda: {"scheduled_maintenances": page.incidents(soonest)},
        "scheduled-maintenances/active": lambda: {"scheduled_maintenances": page.incidents(active)},
    }
    for name, document in makers.items():
        yield f"{FOLDER}{name}.json", partial(page.encoded, document)


def _newest(incidents: Iterable[Incident]) -> list[Incident]:
    return sorted(incidents, key=lambda incident: (incident.start, incident.id), reverse=True)


@lru_cache(maxsize=20_000)  # a component is named by many updates
def id_of(name: str) -> str:
    """The id of `component/api`: twelve characters without vowels, which depend only on `name`."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big")
    letters = ""
    for _ in range(12):
        number, index = divmod(number, len(ALPHABET))
        letters += ALPHABET[index]
    return letters


class _Page:
    """The objects of the API for one context."""

    def __init__(self, context: RenderContext) -> None:
        self.context = context
        self.zone = context.settings.timezone
        self.names: dict[str, str] = {}
        """Id -> the name it was computed from."""

    def encoded(self, document: Callable[[], dict[str, Any]]) -> bytes:
        content = {"page": self.page, **document()}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"

    def id(self, kind: str, name: str) -> str:
        """The id of a component, group, incident or update. Raises StatusError if two of them have the same id."""
        full_name = f"{kind}/{name}"
        id = id_of(full_name)
        other = self.names.setdefault(id, full_name)
        if other != full_name:
            raise StatusError(f'"{full_name}" and "{other}" have the same id in the API.', hint="Rename one of them.")
        return id

    def time(self, moment: datetime) -> str:
        """ISO 8601 with milliseconds and the offset of the site's time zone, which is `Z` for UTC."""
        if self.zone.key in ("UTC", "Etc/UTC"):
            return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
        return moment.astimezone(self.zone).isoformat(timespec="milliseconds")

    @cached_property
    def page(self) -> dict[str, Any]:
        settings = self.context.settings
        return {
            "id": self.page_id,
            "name": self.context.marked(settings.site_name),
            "url": settings.site_url.rstrip("/"),
            "time_zone": "Etc/UTC" if self.zone.key == "UTC" else self.zone.key,
            "updated_at": self.time(self.context.content_changed_at or self.context.now),
            **({"replay": True} if self.context.is_replay else {}),
            **({"drill": True} if self.context.is_drill else {}),
        }

    @cached_property
    def page_id(self) -> str:
        return self.id("page", self.context.settings.site_name)

    @property
    def status(self) -> dict[str, str]:
        indicator, description = _ROLLUP[self.context.summary.shown_status]
        occasion = "Drill: " if self.context.is_drill else "Replay: " if self.context.is_replay else ""
        return {"indicator": indicator, "description": f"{occasion}{description}"}

    # -- components ----------------------------------------------------------------------------------

    @cached_property
    def components(self) -> list[dict[str, Any]]:
        """Groups and components, by position; positions count from 1 at the top level and inside each group."""
        groups: dict[str, list[ComponentSummary]] = {}
        top: list[str | ComponentSummary] = []
        for summary in self.context.summary.components:
            name = summary.component.group
            if name and name not in groups:
                top.append(name)
            groups.setdefault(name, []).append(summary)
            if not name:
                top.append(summary)
        entries = []
        for position, entry in enumerate(top, 1):
            if isinstance(entry, str):
                entries.append(self.group(entry, position, groups[entry]))
            else:
                entries.append(self.component(entry, position))
        for name, members in groups.items():
            if name:
                entries += [self.component(member, position) for position, member in enumerate(members, 1)]
        return sorted(entries, key=lambda entry: entry["position"])

    def group(self, name: str, position: int, members: list[ComponentSummary]) -> dict[str, Any]:
        times = [self.times(member) for member in members]
        return {
            "id": self.id("group", name),
            "name": name,
            "status": _component_status(max(member.status for member in members)),
            "created_at": self.time(min(created for created, _ in times)),
            "updated_at": self.time(max(updated for _, updated in times)),
            "position": position,
            "description": None,
            "showcase": False,
            "start_date": None,
            "group_id": None,
            "page_id": self.page_id,
            "group": True,
            "only_show_if_degraded": False,
            "components": [self.id("component", member.component.id) for member in members],
        }

    def component(self, summary: ComponentSummary, position: int) -> dict[str, Any]:
        created, updated = self.times(summary)
        component = summary.component
        return {
            "id": self.id("component", component.id),
            "name": component.name,
            "status": _component_status(summary.status),
            "created_at": self.time(created),
            "updated_at": self.time(updated),
            "position": position,
            "description": component.description or None,
            "showcase": True,
            "start_date": component.since.isoformat() if component.since else None,
            "group_id": self.id("group", component.group) if component.group else None,
            "page_id": self.page_id,
            "group": False,
            "only_show_if_degraded": False,
        }

    def times(self, summary: ComponentSummary) -> tuple[datetime, datetime]:
        """`(created, updated)`: the start of its record, and when the newest update about it was published."""
        published = [incident.last_published_at for incident in summary.incidents]
        starts = [min(incident.start, incident.published_at) for incident in summary.incidents]
        since = summary.component.since
        record_begin = datetime.combine(since, time(), self.zone) if since else None
        created = record_begin or min(starts, default=self.context.content_changed_at or self.context.now)
        return created, max([created, *published])

    # -- incidents -----------------------------------------------------------------------------------

    def incidents(self, incidents: list[Incident]) -> list[dict[str, Any]]:
        return [self.incident(incident) for incident in incidents]

    def incident(self, incident: Incident) -> dict[str, Any]:
        updates = list(self.updates(incident))[::-1]
        monitoring_times = [update.at for update in incident.updates if update.status is UpdateStatus.MONITORING]
        extent = incident.extent_at(self.context.now)
        components = {component["id"]: component for component in self.components}
        document = {
            "id": self.id("incident", incident.id),
            "name": incident.title.in_language(self.context.language.code)[1],
            "status": self.incident_status(incident),
            "created_at": self.time(incident.published_at),
            "updated_at": self.time(incident.changed_at),
            "monitoring_at": self.time(monitoring_times[-1]) if monitoring_times else None,
            "resolved_at": self.time(extent.ended) if extent.ended else None,
            "impact": "maintenance" if incident.is_maintenance and not incident.withdrawn else incident.impact.value,
            "shortlink": self.context.settings.incident_url(incident.id),
            "started_at": self.time(extent.begin),
            "page_id": self.page_id,
            "incident_updates": updates,
            "components": [
                components[self.id("component", id)]
                for id in incident.affected
                if self.id("component", id) in components
            ],
        }
        if incident.window:
            document["scheduled_for"] = self.time(incident.window.begin)
            document["scheduled_until"] = self.time(incident.window.until)
        return document

    def incident_status(self, incident: Incident) -> str:
        if incident.withdrawn:
            return _status_of_withdrawn(incident)
        status = incident.status_at(self.context.now)
        if status is UpdateStatus.RESOLVED and incident.postmortem:
            return "postmortem"
        return _update_status(status)

    def updates(self, incident: Incident) -> Iterator[dict[str, Any]]:
        """The updates of an incident, oldest first; then its post-mortem and its withdrawal, as updates."""
        states: dict[str, ComponentStatus] = {}
        for update in incident.updates:
            changed = incident.component_changes[update.at]
            message = self.context.plain(incident, update.message)
            body = "\n\n".join([message, *self.context.notes(incident, update)])
            yield (
                self.update(
                    incident,
                    clock.iso(update.at),
                    _update_status(update.status),
                    body,
                    update.published_at,
                    update.edited,
                )
                | {"display_at": self.time(update.at)}
                | {"affected_components": self.affected(states, changed) or None}
            )
            states.update(changed)
        final = [*self.postmortem(incident), *self.withdrawal(incident, states)]
        yield from (update for _, update in sorted(final, key=lambda entry: entry[0]))

    def postmortem(self, incident: Incident) -> Iterator[tuple[datetime, dict[str, Any]]]:
        if incident.postmortem and incident.last.status is UpdateStatus.RESOLVED:
            links = self.context.links(incident)
            body = plain_text.plain(incident.postmortem, links, is_postmortem=True)
            at = incident.postmortem_published_at
            yield at, self.update(incident, "post-mortem", "postmortem", body, at, None)

    def withdrawal(
        self, incident: Incident, states: dict[str, ComponentStatus]
    ) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """The update that says why it is withdrawn, and sets the components to operational that are not in `states`."""
        if incident.withdrawn and incident.reason:
            at, language = incident.withdrawal_published_at or incident.withdrawn, self.context.language
            name = f"withdrawn/{clock.iso(incident.withdrawn)}"
            reason = self.context.plain(incident, incident.reason)
            body = language.labelled(language.gettext(phrases.WITHDRAWN), reason)
            changed = {id: OPERATIONAL for id, status in states.items() if status is not OPERATIONAL}
            update = self.update(incident, name, _status_of_withdrawn(incident), body, at, None)
            affected = self.affected(states, changed) or None
            yield at, update | {"display_at": self.time(incident.withdrawn), "affected_components": affected}

    def update(
        self, incident: Incident, name: str, status: str, body: str, at: datetime, edited: datetime | None
    ) -> dict[str, Any]:
        return {
            "id": self.id("update", f"{incident.id}/{name}"),
            "status": status,
            "body": body,
            "incident_id": self.id("incident", incident.id),
            "created_at": self.time(at),
            "updated_at": self.time(edited or at),
            "display_at": self.time(at),
            "affected_components": None,
            "deliver_notifications": True,
            "custom_tweet": None,
            "tweet_id": None,
        }

    def affected(
        self, before: dict[str, ComponentStatus], changed: Mapping[str, ComponentStatus]
    ) -> list[dict[str, str]]:
        components = {component.id: component for component in self.context.settings.components}
        return [
            {
                "code": self.id("component", id),
                "name": " - ".join(filter(None, [components[id].group, components[id].name])),
                "old_status": _component_status(before.get(id, OPERATIONAL)),
                "new_status": _component_status(status),
            }
            for id, status in changed.items()
            if id in components
        ]


def _component_status(status: ComponentStatus) -> str:
    """The status in the API, which has no `unknown`: that becomes `degraded_performance`, never operational."""
    return (ComponentStatus.DEGRADED_PERFORMANCE if status is ComponentStatus.UNKNOWN else status).value


def _update_status(status: UpdateStatus) -> str:
    return (UpdateStatus.COMPLETED if status is UpdateStatus.CANCELLED else status).value


def _status_of_withdrawn(incident: Incident) -> str:
    """The status of what is withdrawn, for which the API has no word: it is over."""
    return (UpdateStatus.COMPLETED if incident.is_maintenance else UpdateStatus.RESOLVED).value
