"""What `/say/` has: a page for those who respond, which composes an update and opens the forge's page for a new file.

No reader is led to it. It has all that it needs when it is loaded, so that it works without a network from then on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from status_tool.incident_files import template_store
from status_tool.model.component import ComponentStatus, Impact
from status_tool.model.forge import MAX_ADDRESS
from status_tool.model.incident import Incident
from status_tool.model.update import Kind, UpdateStatus
from status_tool.outputs import security_policy
from status_tool.render import phrases
from status_tool.render.context import RenderContext
from status_tool.system import clock

MAX_TAKEN = 100
"""How many ids of the newest incidents the page knows, so that it gives none of them to a new one."""
PAGE, SCRIPT = "say/index.html", "say/say.js"


def page(context: RenderContext) -> bytes:
    settings = context.settings
    if settings.say is None:
        raise AssertionError("only a site with the setting has this page")
    html = context.templates.render(
        "say.html",
        context=context,
        settings=settings,
        forge=settings.say,
        forge_name=settings.say.forge.title,
        written=context.now,
        path=_folder(context),
        groups=list(_groups(context)),
        states=[(status.value, phrases.component_status(context.language, status)) for status in ComponentStatus],
        impacts=[(impact.value, _impact(context, impact)) for impact in Impact],
        data=Markup(_embedded(_data(context))),
    )
    return security_policy.with_policy(html).encode("utf-8")


def script(context: RenderContext) -> bytes:
    return context.templates.render("say.js").encode("utf-8")


def _embedded(data: dict[str, Any]) -> str:
    """JSON as the text of a `<script>`, which no text in it can end."""
    return re.sub(r"[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", json.dumps(data, ensure_ascii=False))


def _folder(context: RenderContext) -> str:
    """The folder of the incident files, from the top of the repository: `incidents`, `ops/status/incidents`."""
    settings, say = context.settings, context.settings.say
    inside = settings.incidents
    name = inside.relative_to(settings.folder).as_posix() if inside.is_relative_to(settings.folder) else inside.name
    return "/".join(filter(None, [say.folder if say else "", name]))


def _groups(context: RenderContext) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each group of components that exist: its name, and the `(id, name)` of each."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for summary in context.summary.components:
        groups.setdefault(summary.component.group, []).append((summary.component.id, summary.component.name))
    yield from groups.items()


def _impact(context: RenderContext, impact: Impact) -> str:
    return context.language.gettext(phrases.IMPACT[impact])


def _data(context: RenderContext) -> dict[str, Any]:
    settings, summary = context.settings, context.summary
    say = settings.say
    if say is None:
        raise AssertionError("only a site with the setting has this page")
    current = (*summary.open, *summary.running, *summary.planned)
    path_parameter, text_parameter = say.parameters
    templates, _ = template_store.load(settings)
    return {
        "written": clock.iso(context.now),
        "zone": str(settings.timezone),
        "site": settings.site_name,
        "url": context.site_url,
        "folder": _folder(context),
        "page": say.address,
        "pathParameter": path_parameter,
        "textParameter": text_parameter,
        "maxAddress": MAX_ADDRESS,
        "statuses": {kind.value: _statuses(context, kind) for kind in Kind},
        "final": [status.value for status in UpdateStatus if status.ends],
        "promise": _minutes(settings.promise),
        "rhythm": {impact.value: _minutes(length) for impact, length in settings.rhythm.items()},
        "incidents": [_incident(context, incident) for incident in current],
        "taken": [incident.file_id for incident in summary.incidents[:MAX_TAKEN]],
        "templates": [
            {
                "name": template.name,
                "kind": template.kind.value,
                "status": template.status.value if template.status else "",
                "title": str(template.title.in_language(context.language.code)[1]) if template.title else "",
                "message": template.message.in_language(context.language.code)[1],
            }
            for template in templates
        ],
    }


def _minutes(length: Any) -> int | None:
    return int(length.total_seconds() // 60) if length else None


def _statuses(context: RenderContext, kind: Kind) -> list[list[str]]:
    return [[status.value, phrases.update_status(context.language, status)] for status in kind.statuses]


def _incident(context: RenderContext, incident: Incident) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": incident.id,
        "file": incident.file_id,
        "title": incident.title.in_language(context.language.code)[1],
        "kind": incident.kind.value,
        "status": incident.status_at(context.now).value,
        "components": {id: status.value for id, status in incident.states_at(context.now).items()},
        "last": clock.iso(max(update.at for update in incident.updates)),
    }
    if incident.series and incident.window:
        found["window"] = [clock.iso(incident.window.begin), clock.iso(incident.window.until)]
    return found
