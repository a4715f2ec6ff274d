"""An incident as the text of a new file, and one more update in the text of an old one."""

from __future__ import annotations

from dataclasses import replace

from status_tool.errors import StatusError
from status_tool.incident_files import fields, formats, parser
from status_tool.model.incident import Incident, Update
from status_tool.system import clock
from status_tool.text import yaml_text
from status_tool.text.yaml_text import Sequence

SUFFIX = ".md"
"""The ending of a new file's name."""


def draft(incident: Incident) -> str:
    """The text of a new file that holds `incident`."""
    body = f"\n{incident.postmortem}\n" if incident.postmortem else ""
    return f"---\n{yaml_text.write(fields.RECORD.write(incident))}---\n{body}"


def append_update(text: str, path: str, update: Update) -> str:
    """`text` with `update` inserted after its last one; every other byte stays as it is.

    Raises StatusError when the file is broken, or laid out so that text cannot be added to it.
    """
    before = parser.parse(text, path)
    record, begin = parser.record_of(text, path)
    if update.at <= before.last.at:
        what = f"the update of {clock.iso(update.at)} is not later than the last one, of {clock.iso(before.last.at)}."
        raise StatusError(what, path, hint="Give a later time, or add the update by hand.")
    updates = record.get("updates")
    if not isinstance(updates, Sequence):
        raise AssertionError("parse() accepts no file without a list of updates")
    format, item = formats.of(path), fields.UPDATE.write(update)
    after = format.with_item(text, begin, updates, item)
    if not parser.holds(after, path, replace(before, updates=(*before.updates, update))):
        raise StatusError(
            "an update cannot be added below the last one without a change to other text.",
            path,
            hint="Add the new update by hand:\n" + format.write([item]).rstrip(),
        )
    return after
