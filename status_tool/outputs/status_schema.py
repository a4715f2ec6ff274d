"""What the JSON Schema (draft 2020-12) of `/status.json` is; the site contains it as `/status.schema.json`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from status_tool.model.component import ComponentStatus, Impact
from status_tool.model.update import UpdateStatus

FILE = "status.schema.json"
VERSION = 2
"""The version of our JSON documents. It increases when a key is removed or changes its meaning, not for a new key."""

ValueSchema = dict[str, Any]
"""The JSON Schema of a value."""
Keys = dict[str, tuple[ValueSchema, str]]
"""The keys of an object: key -> (schema of its value, description)."""

_TIME: ValueSchema = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
_TIME_OR_NULL: ValueSchema = {"anyOf": [_TIME, {"type": "null"}]}
_NEXT: tuple[ValueSchema, str] = (_TIME_OR_NULL, "By when the next update is promised; null where none is.")
_URL: ValueSchema = {"type": "string", "format": "uri", "pattern": "^https?://"}
_LINE: ValueSchema = {"type": "string", "minLength": 1}
_TEXTS: ValueSchema = {"type": "object", "additionalProperties": _LINE}
_STATE: ValueSchema = {"enum": [status.value for status in ComponentStatus]}

_COMMON: Keys = {
    "id": (_LINE, "The incident's id, for ever."),
    "title": (_LINE, "What is wrong or planned, in the site's language if it was written in it."),
    "titles": (_TEXTS, "The title in each language it was written in, by language code."),
    "url": (_URL, "Its page."),
}
_OPEN: Keys = {
    **_COMMON,
    "status": ({"enum": [status.value for status in UpdateStatus if not status.ends]}, "Where the work stands."),
    "impact": (
        {"enum": [*(impact.value for impact in Impact), "maintenance"]},
        "How bad it is at this time; maintenance for planned work.",
    ),
    "started": (_TIME, "When it began."),
    "updated": (_TIME, "When the last update was posted."),
    "until": (_TIME_OR_NULL, "The planned end, if the clock ends it; null where the end is not known."),
    "next": _NEXT,
}
_PLANNED: Keys = {
    **_COMMON,
    "from": (_TIME, "When the work will begin."),
    "until": (_TIME, "When it will be over."),
    "next": _NEXT,
}
_CANCELLED: Keys = {
    **_COMMON,
    "from": (_TIME, "When the work would have begun."),
    "until": (_TIME, "When it would have been over; until then it is listed."),
    "cancelled": (_TIME, "When it was cancelled."),
}
_WITHDRAWN: Keys = {
    **_COMMON,
    "withdrawn": (_TIME, "When it was withdrawn."),
    "reason": (_LINE, "Why, in Markdown, in the site's language if it was written in it."),
    "reasons": (_TEXTS, "The reason in each language it was written in, by language code."),
}
_COMPONENT: Keys = {
    "id": (_LINE, "The component's id, for ever."),
    "name": (_LINE, "Its name for readers."),
    "status": (_STATE, "Its state."),
}
_TRANSITION: Keys = {
    "at": (_TIME, "When planned work begins or ends."),
    "status": (_STATE, "The overall state from then on, if no update is posted before."),
    "headlines": (_TEXTS, "The overall state in one line, by language code, as above."),
}


def schema(url: str) -> dict[str, Any]:
    """The schema of the document at `{url}status.json`; it allows no other keys."""
    keys: Keys = {
        "$schema": ({"const": f"{url}{FILE}"}, "The address of this schema."),
        "version": ({"const": VERSION}, "The version of the keys of this document."),
        "replay": ({"type": "boolean"}, "Whether it shows a chosen time, `written`, and so never the present state."),
        "drill": ({"const": True}, "There in a rehearsal only: nothing of this is happening."),
        "name": ({"type": "string"}, "The name of the site."),
        "url": (_URL, "Its address."),
        "written": (_TIME, "When the site was built; the document describes the state at this time."),
        "content": (_TIME_OR_NULL, "When an update or a post-mortem was last published or corrected."),
        "stale_after": ({"type": "integer", "minimum": 1}, "Seconds after `written` from which it is out of date."),
        "digest": (
            _LINE,
            "Changes when there is something new for readers, and only then; a new build alone does not change it.",
        ),
        "status": (_STATE, "The overall state; what is not known is never operational."),
        "headline": (_LINE, "The overall state in one line, in the site's language."),
        "headlines": (_TEXTS, "The same in every language that has our phrases, by code."),
        "components": (_list(_COMPONENT), "Every component, in the order of the page."),
        "open": (_list(_OPEN), "What is open, the worst first, then the maintenance under way."),
        "planned": (_list(_PLANNED), "The maintenance to come, the soonest first."),
        "cancelled": (_list(_CANCELLED), "The maintenance to come that was cancelled, the soonest first."),
        "withdrawn": (_list(_WITHDRAWN), "What was published by mistake and withdrawn in the last day, newest first."),
        "transitions": (_list(_TRANSITION), "What the clock alone will change, the soonest first."),
        "mirrors": ({"type": "array", "items": _URL}, "Other addresses of the same site."),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{url}{FILE}",
        "title": "The state of a status site",
        **_object(keys, optional=("drill",)),
    }


def _object(keys: Keys, optional: Collection[str] = ()) -> ValueSchema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key in keys if key not in optional],
        "properties": {key: {"description": text, **schema} for key, (schema, text) in keys.items()},
    }


def _list(keys: Keys) -> ValueSchema:
    return {"type": "array", "items": _object(keys)}
