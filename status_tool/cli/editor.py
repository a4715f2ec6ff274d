"""Where the message of an update comes from: the command line, standard input, or an editor."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from status_tool.cli import terminal
from status_tool.errors import StatusError
from status_tool.incident_files import record_in_text
from status_tool.model.update import Text
from status_tool.system import disk
from status_tool.text import yaml_text


@contextmanager
def message(text: str | None, heading: str, initial: str = "") -> Iterator[Text]:
    """The message: `text` (the value of -m), standard input for `-`, or what is typed in an editor for None.

    The editor opens a draft file that contains `initial`. When the `with` block raises an exception, the file is kept
    and its path is printed, so that no typed text is lost. StatusError when the message is empty, or looks like
    part of the record.
    """
    draft = _draft(heading, initial) if text is None else None
    try:
        if draft:
            text = _edited(draft, heading)
        elif text == "-":
            text = _read_standard_input()
        elif yaml_text.is_blank(terminal.decoded(text or "")):
            raise click.UsageError('The message is empty. Give one: -m "What readers should know."')
        message_text = yaml_text.tidy(terminal.decoded(text or ""))
        _refuse_unsuitable(message_text)
        yield Text({"": message_text})
    except BaseException:
        if draft and _has_text(draft, heading):
            click.echo(f"Your text is kept in {draft}.", err=True)
        elif draft:
            draft.unlink(missing_ok=True)
        raise
    if draft:
        draft.unlink(missing_ok=True)


def _refuse_unsuitable(text: str) -> None:
    """StatusError for an empty message, and for one that would be taken for a part of the record around it."""
    if yaml_text.is_blank(text):
        raise StatusError(
            "The message is empty, so nothing was changed.", hint='Give one: -m "What readers should know."'
        )
    if line := record_in_text.find(text):
        raise StatusError(
            f'The message contains "{line.text}", which looks like part of the record, so nothing was changed.',
            hint="Use the options of the command: see --help. If it is meant as text, put it into fenced code (```).",
        )


def _read_standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise StatusError("Standard input is not UTF-8 text.", hint="Convert it: iconv -t UTF-8") from None


_EXPLANATION = "# Write what readers should know here, in Markdown, then save and close. These two lines are removed."


def _draft(heading: str, initial: str) -> Path:
    if not terminal.can_ask():
        raise click.UsageError('No message. Give one: -m "What readers should know.", or -m - to read standard input.')
    handle, name = tempfile.mkstemp(prefix="status-message-", suffix=".md")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{initial}\n{_EXPLANATION}\n# {heading}\n")
    return Path(name)


def _edited(file: Path, heading: str) -> str:
    click.edit(filename=str(file))
    return _without_comments(disk.read_text(file), heading) if file.exists() else ""


def _has_text(file: Path, heading: str) -> bool:
    try:
        return not yaml_text.is_blank(_without_comments(file.read_text("utf-8", "replace"), heading))
    except OSError:
        return False


def _without_comments(text: str, heading: str) -> str:
    """`text` without the two lines that `_draft` writes below the message, wherever they are now."""
    return "\n".join(line for line in text.splitlines() if line not in (_EXPLANATION, f"# {heading}"))
