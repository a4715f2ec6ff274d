"""What an incident file may contain: one row for each key of the record, of an update and of a window.

Keys are written in the order of the rows; they are read in any order. `Field.name` is the name of an attribute of
`Incident`, `Update` or `Window`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from status_tool.incident_files import forms
from status_tool.incident_files.forms import Context, Field, Schema
from status_tool.model import recurrence, synonyms
from status_tool.model.component import OPERATIONAL, Impact
from status_tool.model.update import Kind, Text, Update
from status_tool.model.window import Window
from status_tool.system import clock
from status_tool.text import table
from status_tool.text.table import Form, Table
from status_tool.text.yaml_text import Mapping, Node, Sequence

# -- a window of maintenance ---------------------------------------------------------------------

WINDOW = Table[Context](
    '"scheduled"',
    (
        Field(
            "from",
            forms.TIME,
            "When the work will begin.",
            "2026-12-01T02:00:00Z",
            required=True,
            attribute="begin",
        ),
        Field("until", forms.TIME, "When the work will be over.", "2026-12-01T04:00:00Z", required=True),
        Field("repeat", forms.RULE, "How the window recurs: a rule of RFC 5545.", "FREQ=WEEKLY;COUNT=8"),
    ),
)


def _read_window(context: Context, node: Node, _: Field) -> Window | None:
    window = _window(context, node, WINDOW)
    problem = recurrence.problem(window.repeat, replace(window, repeat="")) if window and window.repeat else ""
    if problem and isinstance(node, Mapping):
        hint = "Write, for example, FREQ=WEEKLY;COUNT=8 or FREQ=MONTHLY;BYDAY=1TU;UNTIL=20271231T000000Z."
        context.add_problem(node.place_of("repeat"), problem, hint)
    return window


def _window(context: Context, node: Node, keys: Table[Context]) -> Window | None:
    values = keys.read(context, node)
    if values is None or not keys.is_complete(values):
        return None
    window = Window(**values)
    if window.until <= window.begin:
        what = f"the window ends ({clock.iso(window.until)}) before it begins ({clock.iso(window.begin)})."
        context.add_problem(node, what, '"until" must be later than "from".')
        return None
    return window


WINDOW_FORM = Form(_read_window, lambda window: WINDOW.write(window), lambda context: WINDOW.schema(context))

MOVED_WINDOW = Table[Context]('"scheduled" of an update', WINDOW.fields[:2])
"""An update moves a window; a rule is part of the record, as it says which windows there are."""


def _read_moved_window(context: Context, node: Node, _: Field) -> Window | None:
    if isinstance(node, Mapping) and node.get("repeat") is not None:
        hint = 'Remove it: an update moves one window. To end the rule, add UNTIL to "repeat" above the updates.'
        context.add_problem(node.place_of("repeat"), '"repeat" cannot be in an update.', hint)
        return None
    return _window(context, node, MOVED_WINDOW)


MOVED_WINDOW_FORM = Form(
    _read_moved_window, lambda window: MOVED_WINDOW.write(window), lambda context: MOVED_WINDOW.schema(context)
)

# -- an update -----------------------------------------------------------------------------------

UPDATE = Table[Context](
    "an update",
    (
        Field("at", forms.TIME, "When the update was posted.", clock.EXAMPLE, required=True),
        Field("posted", forms.TIME, "When it was published, if later than `at`.", "2026-11-23T14:17:00Z"),
        Field("status", forms.STATUS, "The status of the work from this update on.", "investigating", required=True),
        Field(
            "components", forms.COMPONENTS, "The components this update changes, and to what.", "{api: partial_outage}"
        ),
        Field(
            "next",
            forms.TIME_OR_DURATION,
            "When the next update will be posted: a time, or how long after this one.",
            "30m",
        ),
        Field("edited", forms.TIME, "When the message was corrected, if it was corrected.", "2026-11-23T14:52:00Z"),
        Field(
            "window",
            forms.TIME,
            "A time in the window of recurring maintenance that it is about.",
            "2026-12-08T02:00:00Z",
        ),
        Field(
            "scheduled",
            MOVED_WINDOW_FORM,
            "The planned window of maintenance from this update on, if it moves it.",
            "{from: 2026-12-03T02:00:00Z, until: 2026-12-03T04:00:00Z}",
        ),
        Field("message", forms.TEXT, "The text for readers. Markdown.", "We are looking into it.", required=True),
    ),
)


_UNITED = " If git put them so: status merge"


def _read_updates(context: Context, node: Node, field: Field) -> tuple[Update, ...] | None:
    """The updates; an update that is not later than the one above it is a problem."""
    if not isinstance(node, Sequence):
        context.add_problem(node, f'"{field.key}" must be a list; each item begins with "- ".', field.sample)
        return None
    table.refuse_tag(context, node)
    if not node.items:
        context.add_problem(node, f'"{field.key}" is empty.', field.sample)
    updates: dict[datetime, tuple[Update, Node]] = {}
    for item in node.items:
        update = _read_update(context, item)
        if update is None:
            continue
        if update.at in updates:
            context.add_problem(
                item,
                f"a second update at {clock.iso(update.at)} (the first is on line {updates[update.at][1].line}).",
                "Two updates cannot have the same time: change one of them by a second." + _UNITED,
            )
            continue
        updates[update.at] = (update, item)
    _check_order(context, node, list(updates.values()))
    return tuple(update for update, _ in updates.values())


def _check_order(context: Context, node: Sequence, updates: list[tuple[Update, Node]]) -> None:
    """The oldest update must be first: sorted by a mistyped time, the newest would have no effect."""
    wrong = [(above, below) for above, below in pairwise(updates) if below[0].at < above[0].at]
    if len(wrong) > 1 and len(wrong) == len(updates) - 1:
        hint = "Put the oldest first: the last update in the file is the one that holds now."
        context.add_problem(node, "the newest update is first.", hint)
        return
    for (above, above_item), (below, item) in wrong:
        what = (
            f"the update of {clock.iso(below.at)} is below a later one ({clock.iso(above.at)}, line {above_item.line})."
        )
        hint = "The oldest update must be first: correct the time of one of them, or move it to its place." + _UNITED
        context.add_problem(item, what, hint)


def _read_update(context: Context, node: Node) -> Update | None:
    values = UPDATE.read(context, node)
    return _update(context, node, values) if values is not None and isinstance(node, Mapping) else None


def _update(context: Context, node: Mapping, values: dict[str, Any]) -> Update | None:
    """The update with these values, by `Field.name`, which were read from `node`; None when it is not complete."""
    _resolve_next(context, node, values)
    _check_update(context, node, values)
    return Update(**values) if UPDATE.is_complete(values) else None


UPDATE_FILE = Table[Context]("an update file", tuple(f for f in UPDATE.fields if f.key not in ("at", "message")))
"""The front matter of an update that is a file of its own: the file's name is `at`, its body the message."""
TRANSLATION_FILE = Table[Context]("the front matter of a translation", (UPDATE.by_key["edited"],))
"""The front matter of a message in another language."""
_ELSEWHERE = {
    "at": '"at" cannot be in an update file: the name of the file is its time.',
    "message": '"message" cannot be in an update file: the message is below the second "---".',
}


def read_update_file(context: Context, node: Node, at: datetime, message: Text | None) -> Update | None:
    """The update of a file whose name says `at`; `node` is its front matter. None when something is missing."""
    if isinstance(node, Mapping):
        for key in _ELSEWHERE.keys() & node.pairs.keys():
            hint = "Remove it." if key == "at" else "Move the text there."
            context.add_problem(node.pairs[key][0], _ELSEWHERE[key], hint)
        node = replace(node, pairs={key: pair for key, pair in node.pairs.items() if key not in _ELSEWHERE})
    values = UPDATE_FILE.read(context, node)
    if values is None or not isinstance(node, Mapping):
        return None
    values["at"] = at
    if message:
        values["message"] = message
    return _update(context, node, values)


def _resolve_next(context: Context, node: Mapping, values: dict[str, Any]) -> None:
    """Replaces a duration in `values["next"]` by the time it means: counted from `posted`, or else from `at`."""
    key = "posted" if "posted" in values else "at"
    at, time_or_duration = values.get(key), values.get("next")
    if at is None or time_or_duration is None:
        return
    if isinstance(time_or_duration, timedelta):
        try:
            values["next"] = at + time_or_duration
        except OverflowError:
            values["next"] = at
    if values["next"] <= at:
        what = f'"next" must be later than {_named(node, key)}.'
        context.add_problem(node.place_of("next"), what, "Write, for example: next: 30m")


def _check_update(context: Context, node: Mapping, values: dict[str, Any]) -> None:
    at, status, edited, posted = (values.get(key) for key in ("at", "status", "edited", "posted"))
    for key in ("at", "posted", "edited"):
        check_future(context, node, key, values.get(key))
    if posted and at and posted < at:
        hint = 'Write when it was published, or remove "posted".'
        context.add_problem(node.place_of("posted"), f'"posted" is earlier than {_named(node, "at")}.', hint)
    elif edited and at and edited < (posted or at):
        what = f'"edited" is earlier than {_named(node, "posted" if posted else "at")}.'
        context.add_problem(node.place_of("edited"), what, "Write the time of the correction.")
    not_operational = [id for id, state in values.get("components", {}).items() if state is not OPERATIONAL]
    if status and status.ends and not_operational:
        ids = ", ".join(not_operational)
        what = f'"{status}" sets every component to operational, but this update sets {ids} to another status.'
        earlier_status = "verifying" if status in Kind.MAINTENANCE.statuses else "monitoring"
        hint = f'Remove {ids} here, or use the status "{earlier_status}".'
        context.add_problem(node.place_of("components"), what, hint)


_HOW_TO_PLAN = " For planned work, write kind: maintenance."


def check_future(context: Context, node: Mapping, key: str, time: datetime | None) -> None:
    """Reports a time later than `context.latest`."""
    if time and context.latest and time > context.latest:
        context.add_problem(
            node.place_of(key),
            f"{_named(node, key)} is in the future: {clock.iso(time)}.",
            "Correct it, or set this machine's clock." + (_HOW_TO_PLAN if key in ("at", "ended") else ""),
        )


def _named(node: Mapping, key: str) -> str:
    """A key as messages name it; the time of an update file is its name."""
    return "the time in the file name" if key == "at" and key not in node.pairs else f'"{key}"'


def _updates_schema(context: Context) -> Schema:
    return {"type": "array", "minItems": 1, "items": UPDATE.schema(context)}


UPDATES = Form(_read_updates, lambda updates: [UPDATE.write(update) for update in updates], _updates_schema)

# -- the record ----------------------------------------------------------------------------------

RECORD = Table[Context](
    "an incident file",
    (
        Field("title", forms.LINE, "What does not work, in one line.", "API errors", required=True),
        Field(
            "kind", forms.enum(Kind, synonyms.KINDS), "Whether it is an incident or planned maintenance.", "incident"
        ),
        Field(
            "scheduled",
            WINDOW_FORM,
            "When maintenance is planned: its start and its end.",
            "{from: 2026-12-01T02:00:00Z, until: 2026-12-01T04:00:00Z}",
        ),
        Field("started", forms.TIME, "When it began, if not at the first update.", "2026-11-23T13:58:00Z"),
        Field("ended", forms.TIME, "When it ended, if not at the last update.", "2026-11-23T15:20:00Z"),
        Field(
            "reviewed",
            forms.TIME,
            "When the post-mortem was published, if not at the last update.",
            "2026-11-27T09:00:00Z",
        ),
        Field(
            "impact",
            forms.enum(Impact, synonyms.IMPACTS),
            "How severe it is, if not as its component statuses imply.",
            "major",
            attribute="stated_impact",
        ),
        Field("draft", forms.FLAG, "`true`: the incident is not published.", "true"),
        Field("drill", forms.FLAG, "`true`: a rehearsal, which only the site of a drill shows.", "true"),
        Field("withdrawn", forms.TIME, "When it was withdrawn, as published by mistake.", "2026-11-23T14:20:00Z"),
        Field(
            "withdrawal_posted",
            forms.TIME,
            "When the withdrawal was published, if later than `withdrawn`.",
            "2026-11-23T14:32:00Z",
        ),
        Field("reason", forms.TEXT, "Why it was withdrawn. Markdown.", "Our probe was wrong; the API worked."),
        Field(
            "replay",
            forms.FLAG,
            "`true`: readers can go through the home page as it stood at each of its updates.",
            "true",
        ),
        Field("who", forms.TEXT, "Who is affected. Markdown.", "Customers in the EU."),
        Field("workaround", forms.TEXT, "What readers can do meanwhile. Markdown.", "Use the mobile app."),
        Field("contact", forms.TEXT, "Where readers get help. Markdown.", "Call +1 555 0100."),
        Field(
            "updates",
            UPDATES,
            "The updates, each with its time; the oldest first.",
            f"- at: {clock.EXAMPLE}\n  status: investigating\n  message: Looking into it.",
            required=True,
        ),
    ),
)
