"""The message of an update: from the command line, standard input, or an editor, whose text is never lost."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from status_tool.cli import terminal
from status_tool.errors import StatusError
from status_tool.model.incident import Text
from status_tool.system import disk
from status_tool.text import yaml_text


@contextmanager
def message(text: str | None, what: str, present: str = "") -> Any:
    """The message from `-m`, standard input or the editor, which starts with the text `present`, as Text.

    The file of the editor is deleted only when the block of the `with` statement has ended without an exception.
    """
    draft = _draft(what, present) if text is None else None
    try:
        if draft:
            text = _edited(draft, what)
        elif text == "-":
            text = _piped()
        words = yaml_text.tidy(terminal.decoded(text or ""))
        if yaml_text.is_blank(words):
            raise StatusError(
                "The message is empty, so nothing was changed.", hint='Give one: -m "What readers should know."'
            )
        yield Text({"": words})
    except BaseException:
        if draft and _has_text(draft, what):
            click.echo(f"Your text is kept in {draft}.", err=True)
        elif draft:
            draft.unlink(missing_ok=True)
        raise
    if draft:
        draft.unlink(missing_ok=True)


def _piped() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise StatusError("Standard input is not UTF-8 text.", hint="Convert it: iconv -t UTF-8") from None


_ABOUT = "# Write what readers should know here, in Markdown, then save and close. These two lines are removed."


def _draft(what: str, present: str) -> Path:
    if not terminal.can_ask():
        raise click.UsageError('No message. Give one: -m "What readers should know.", or -m - to read standard input.')
    handle, name = tempfile.mkstemp(prefix="status-message-", suffix=".md")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{present}\n{_ABOUT}\n# {what}\n")
    return Path(name)


def _edited(file: Path, what: str) -> str:
    click.edit(filename=str(file))
    return _without_comments(disk.read_text(file), what) if file.exists() else ""


def _has_text(file: Path, what: str) -> bool:
    try:
        return not yaml_text.is_blank(_without_comments(file.read_text("utf-8", "replace"), what))
    except OSError:
        return False


def _without_comments(text: str, what: str) -> str:
    """`text` without our own two lines, wherever they are."""
    return "\n".join(line for line in text.splitlines() if line not in (_ABOUT, f"# {what}"))
