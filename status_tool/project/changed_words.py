"""How the words and the window of an incident differ from what was published, without saying so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from status_tool.incident_files import union
from status_tool.incident_files.update_files import Content
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.system import clock

WINDOW = "scheduled"
"""The name of the planned window among the parts of an incident."""
_MARK = "Add the time of the change, as edited: 2026-11-23T14:52:00Z, or use status amend."
_PUT_BACK = "Put it back, and correct it with a new update."


def of_incident(
    before: Incident, after: Incident | None, known: set[datetime], language: str
) -> Iterator[tuple[str, str, str]]:
    """`(part, what is wrong, remedy)` for each part of `before` that `after` does not hold as it was.

    A part is the time of an update, or the planned window. `known` are the times of all updates that were published
    with `before`.
    """
    for update in before.updates:
        if change := of_update(update, after, language):
            yield clock.iso(update.at), *change
    if after and before.scheduled != after.scheduled and {update.at for update in after.updates} <= known:
        hint = (
            "Calendars and feeds do not notice it. "
            f"Put the old window back, and move it: status reschedule {after.id}\n"
            f"Or, for another rule, say so in an update: status update {after.id}"
        )
        yield WINDOW, "the planned window was published, and changed without an update that says so.", hint


def of_update(update: Update, after: Incident | None, language: str) -> tuple[str, str] | None:
    """`(what is wrong, remedy)` if `after` does not hold a published update as it was."""
    present = {update.at: update for update in after.updates} if after else {}
    name, same_time = f"the update of {clock.iso(update.at)}", present.get(update.at)
    if same_time and (same_time.edited != update.edited or _as_before(same_time, update, language) == update):
        return None
    if after and _is_united(update, after, is_taken=same_time is not None):
        return None
    if same_time is None:
        return f"{name} was published and is now missing.", _PUT_BACK
    return f"{name} was published, and changed without `edited`.", _MARK


def of_translation(at: datetime, language: str, before: Content, after: Incident | None) -> tuple[str, str] | None:
    """As `of_update`, for the message of the update posted at `at` in another language."""
    update = next((update for update in after.updates if update.at == at), None) if after else None
    name = f"the text in {language} of the update of {clock.iso(at)}"
    text = update.message.translations.get(language) if update else None
    if text == before.message or (update and update.edited and update.edited > (before.edited or at)):
        return None
    if text is None:
        return f"{name} was published and is now missing.", _PUT_BACK
    return f"{name} was published, and changed without `edited`.", _MARK


def _is_united(update: Update, after: Incident, *, is_taken: bool) -> bool:
    """Whether a merge put the words of `update` into another one, or moved it, as its second `is_taken`."""
    return any(
        all(text in other.message.translations.get(code, "") for code, text in update.message.translations.items())
        and (other.edited is not None or (is_taken and abs(other.at - update.at) <= union.MOVED))
        for other in after.updates
        if other.at != update.at
    )


def _as_before(after: Update, before: Update, language: str) -> Update:
    """`after` without what may change: the promise, when it was published, if that was added, and more languages.

    `language` is the site's own.
    """
    texts = {code or language: text for code, text in after.message.translations.items()}
    has_all = all(texts.get(code or language) == text for code, text in before.message.translations.items())
    message = before.message if has_all else after.message
    return replace(after, next=before.next, posted=after.posted if before.posted else None, message=message)
