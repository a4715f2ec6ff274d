"""What a person asked for who filled in a form of a forge, and who that is: read from an event, which anyone may forge.

Forges write the inputs of a workflow that was started by hand into a file of JSON (`GITHUB_EVENT_PATH`, which Forgejo
and Gitea have too); GitLab sets them as variables of a pipeline.
https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_dispatch
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from status_tool.errors import StatusError, one_of
from status_tool.text import yaml_text

ACTIONS = ("open", "update", "resolve", "open_another")
MAX_BYTES = 1_000_000
"""Of the file of an event. The inputs of a form have 65,535 characters at most."""
MAX_TEXT = 20_000
"""Characters of a message."""
FIELDS = ("action", "incident", "title", "components", "status", "message", "next")
_TRUSTED = ("OWNER", "MEMBER", "COLLABORATOR")
_ACTORS = ("GITHUB_ACTOR", "GITHUB_TRIGGERING_ACTOR", "GITLAB_USER_LOGIN")
"""Variables that name who started a run, or started it again."""


@dataclass(frozen=True)
class Speech:
    """What is to be said; a field that was left empty is empty."""

    action: str
    incident: str
    title: str
    components: tuple[str, ...]
    """Each as `-c` takes it: `api=major_outage`."""
    status: str
    message: str
    next: str
    speaker: str
    """Who says it: a name on the forge; empty when that is unknown."""


def read(path: Path | None, environment: Mapping[str, str], speakers: tuple[str, ...]) -> Speech:
    """The speech in the event file `path`, or else in the variables `STATUS_ACTION`, `STATUS_MESSAGE` and so on.

    `speakers` are the only ones who may speak, if there are any. StatusError when a stranger speaks, or when something
    is missing or cannot be published.
    """
    event = _event(path) if path else {}
    if path and not isinstance(event.get("inputs"), dict):
        hint = "Start the workflow by hand, with its form: workflow_dispatch."
        raise StatusError("this event is not that of a form.", path, hint=hint)
    values = event["inputs"] if path else {name: environment.get(f"STATUS_{name.upper()}", "") for name in FIELDS}
    texts = {name: _text(name, values.get(name)) for name in FIELDS}
    speaker = _speaker(event, environment, speakers)
    action = texts["action"].lower()
    if action not in ACTIONS:
        raise StatusError(f'unknown action "{texts["action"]}".', hint=one_of(action, ACTIONS))
    if not texts["message"]:
        raise StatusError("the message is missing.", hint="Write what readers should know.")
    if action.startswith("open") and not texts["title"]:
        raise StatusError("the title is missing.", hint="Write what is wrong, in one line.")
    if texts["message"] == "-":
        raise StatusError('the message is "-", which says nothing.', hint="Write what readers should know.")
    return Speech(
        action=action,
        incident=texts["incident"],
        title=texts["title"],
        components=tuple(part for part in re.split(r"[,;\s]+", texts["components"]) if part),
        status="" if texts["status"] in ("", "unchanged") else texts["status"],
        message=_with_lines(texts["message"]),
        next=texts["next"],
        speaker=speaker,
    )


def _event(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            what = f"this event has {path.stat().st_size / 1e6:.0f} MB, and no form is that large."
            raise StatusError(what, path, hint="Nothing was read. Shorten the message.")
        event = json.loads(path.read_bytes())
    except OSError as error:
        raise StatusError(f"cannot be read: {error.strerror}.", path, hint="Name the file of the event.") from None
    except (ValueError, RecursionError):
        raise StatusError("this is not the JSON of an event.", path, hint="Name the file of the event.") from None
    if not isinstance(event, dict):
        raise StatusError("this is not the JSON of an event.", path, hint="Name the file of the event.")
    return event


def _text(name: str, value: object) -> str:
    """The value of a field; StatusError when it is no text, or cannot be shown to readers."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise StatusError(f'"{name}" must be a text, not {json.dumps(value)[:40]}.', hint="Fill in the form again.")
    text = value.strip()
    if character := yaml_text.unwanted(text.replace("\r\n", "\n").replace("\r", "\n")):
        raise StatusError(f'"{name}" contains the character U+{ord(character):04X}.', hint="Remove it.")
    if name != "message" and ("\n" in text or "\r" in text):
        raise StatusError(f'"{name}" has several lines.', hint="Write one line; put the rest into the message.")
    if len(text) > MAX_TEXT:
        hint = "Shorten it, and write the rest later."
        raise StatusError(f'"{name}" has {len(text)} characters; {MAX_TEXT} are possible.', hint=hint)
    return text


def _with_lines(message: str) -> str:
    r"""A form has one line for the message: `\n`, as typed, begins another one there."""
    return message.replace("\\n", "\n") if "\n" not in message else message


def _speaker(event: Mapping[str, Any], environment: Mapping[str, str], speakers: tuple[str, ...]) -> str:
    """Who speaks; StatusError when the event, or the run, is that of somebody who may not."""
    sender = event.get("sender")
    login = sender.get("login") if isinstance(sender, dict) else None
    names = [
        name for name in (login, *(environment.get(variable) for variable in _ACTORS)) if isinstance(name, str) and name
    ]
    association = event.get("author_association")
    if association is not None and association not in _TRUSTED:
        hint = f"Those may speak whom the forge calls {', '.join(_TRUSTED)}."
        raise StatusError(f"{names[0] if names else 'somebody'} is a stranger to this repository.", hint=hint)
    known = {speaker.casefold() for speaker in speakers}
    strangers = [name for name in names if name.casefold() not in known]
    if speakers and (strangers or not names):
        who = strangers[0] if strangers else "somebody whose name is not known"
        hint = "The setting speakers names those who may; add the name there."
        raise StatusError(f"{who} may not speak for this site.", hint=hint)
    return names[0] if names else ""
