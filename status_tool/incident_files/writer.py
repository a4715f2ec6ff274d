"""How an incident is written as the text of a new file, and how an update is added to the text of an existing one."""

from __future__ import annotations

from dataclasses import replace

from status_tool.errors import StatusError
from status_tool.incident_files import fields, formats, parser
from status_tool.incident_files import update_files as names
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.system import clock
from status_tool.text import yaml_text
from status_tool.text.yaml_text import Sequence

SUFFIX = ".md"
"""The suffix of a new file."""


def draft(incident: Incident) -> str:
    """The text of a new file that contains `incident`."""
    body = f"\n{incident.postmortem}\n" if incident.postmortem else ""
    return f"---\n{record_text(incident)}---\n{body}"


def record_text(incident: Incident) -> str:
    """The record of `incident` as YAML, without its post-mortem."""
    return yaml_text.write(fields.RECORD.write(incident))


def update_file(update: Update, message: str = "") -> str:
    """The text of a file that contains `update` alone, with `message`, or else its message in the site's own language.

    Its name is `update_files.file_name(update.at)`.
    """
    record = {key: value for key, value in fields.UPDATE.write(update).items() if key not in ("at", "message")}
    return f"---\n{yaml_text.write(record)}---\n{message or update.message}\n"


def update_files(update: Update, language: str) -> list[tuple[str, str]]:
    """`(name, text)` of the files that contain `update` alone; the others than the first are translations.

    `language` is the site's own. StatusError when the message has no text in it.
    """
    texts = dict(update.message.translations)
    own = texts.pop("", "") or texts.pop(language, "")
    if not own:
        what = f"the message has no text in the site's own language, {language}."
        raise StatusError(
            what, hint=f"Write one; in a file of its own an update has it, and {', '.join(texts)} beside."
        )
    files = [(names.file_name(update.at), update_file(update, own))]
    return files + [(names.file_name(update.at, code), translation_file(text)) for code, text in texts.items()]


def translation_file(text: str) -> str:
    """The text of a file with the message of an update in another language."""
    written = f"{text}\n"
    return f"---\n---\n{written}" if formats.has_front_matter(written) else written


def append_update(text: str, path: str, update: Update) -> str:
    """`text` with `update` added after its last one; all other text is unchanged.

    Raises StatusError when the file is invalid, when `update` is not later than its last update, or when the update
    cannot be added without changing other text.
    """
    before = parser.parse(text, path, is_part=True)
    record, begin = parser.record_of(text, path)
    if update.at <= before.last.at:
        what = f"the new update ({clock.iso(update.at)}) is not later than the last one ({clock.iso(before.last.at)})."
        raise StatusError(what, path, hint="Choose a later time, or add the update by hand.")
    updates = record.get("updates")
    if not isinstance(updates, Sequence):
        raise AssertionError("parse() accepts no file without a list of updates")
    format, item = formats.of(path), fields.UPDATE.write(update)
    after = format.with_item(text, begin, updates, item)
    if not parser.holds(after, path, replace(before, updates=(*before.updates, update)), is_part=True):
        raise StatusError(
            "an update cannot be added after the last one without changing other text in the file.",
            path,
            hint="Add the new update by hand:\n" + format.write([item]).rstrip(),
        )
    return after
