"""Where the message of an update comes from: the command line, standard input, or an editor."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import click

from status_tool.cli import terminal
from status_tool.cli.already_open import AlreadyOpen
from status_tool.errors import StatusError
from status_tool.incident_files import record_in_text
from status_tool.model.update import Text
from status_tool.system import disk
from status_tool.text import visibility, yaml_text


@contextmanager
def message(text: str | None, heading: str, initial: str = "", args: Sequence[str] | None = None) -> Iterator[Text]:
    """The message: `text` (the value of -m), standard input for `-`, or what is typed in an editor for None.

    The editor opens a draft file that contains `initial`. When the `with` block raises an exception, that file is
    kept, or one with the text from standard input, and a command that uses it is printed, so that no text is lost:
    the one that was typed, or `status ARGS`.
    StatusError when the message is empty, or looks like part of the record; UsageError when -m is empty.
    """
    draft = _draft(heading, initial) if text is None else None
    read = text or ""
    try:
        if draft:
            read = _edited(draft, heading)
        elif text == "-":
            read = ""  # until it is read, there is nothing to keep
            read = _read_standard_input()
        elif yaml_text.is_blank(terminal.decoded(read)):
            raise click.UsageError('The message is empty. Give one: -m "What readers should know."')
        message_text = yaml_text.tidy(terminal.decoded(read))
        refuse_unsuitable(message_text)
        yield Text({"": message_text})
    except BaseException as error:
        if draft and not _has_text(draft, heading, initial):
            draft.unlink(missing_ok=True)
        elif draft:
            _say_kept(draft, error, _command_with(draft, args) if args else None)
        elif text == "-" and not yaml_text.is_blank(read):
            keep(read, error)
        raise
    if draft:
        draft.unlink(missing_ok=True)


def keep(text: str, error: BaseException, command: str | None = None) -> None:
    """Writes `text` to a file, and says which, and how to use it; prints it when no file can be written.

    `command` uses the text; by default, it is the one that was typed, with the file as its standard input.
    """
    try:
        draft = _written(text)
    except OSError:
        _say(f"Your text:\n{text}")
    else:
        _say_kept(draft, error, command)


def keep_message(text: str, error: BaseException, args: Sequence[str]) -> None:
    """As `keep`, for a message that `status ARGS` can post from a file; the file names that command, too."""
    draft = f"{text}\n{_EXPLANATION}\n# {' '.join(shlex.join(['status', *args]).split())}\n"
    try:
        file = _written(draft)
    except OSError:
        _say(f"Your text:\n{text}")
    else:
        _say_kept(file, error, _command_with(file, args))


def _say(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be closed
        click.echo(text, err=True)


def _say_kept(draft: Path, error: BaseException, command: str | None = None) -> None:
    how_to_use = "" if isinstance(error, AlreadyOpen) else f" To use it:\n  {command or _command_with(draft)}"
    _say(f"Your text is kept in {draft}.{how_to_use}")


def _command_with(draft: Path, args: Sequence[str] | None = None) -> str:
    """The command `status ARGS`, or else the one that was typed, with the text in `draft` as its message."""
    args = list(terminal.typed_args() if args is None else args)
    while "-m" in args or "--message" in args:
        at = next(n for n, arg in enumerate(args) if arg in ("-m", "--message"))
        args = [*args[:at], *args[at + 2 :]]
    args = [arg for arg in args if arg not in ("-m-", "--message=-")]
    return f"{shlex.join(['status', *args, '-m', '-'])} < {shlex.quote(str(draft))}"


def _written(text: str) -> Path:
    """A new temporary file that contains `text`."""
    handle, name = tempfile.mkstemp(prefix="status-message-", suffix=".md")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return Path(name)


def refuse_unsuitable(text: str) -> None:
    """StatusError for an empty message, and for one that would be taken for a part of the record around it."""
    if yaml_text.is_blank(text):
        raise StatusError(
            "The message is empty, so nothing was changed.", hint='Give one: -m "What readers should know."'
        )
    if visibility.shows_nothing(text):
        hint = 'Write at least a word: -m "What readers should know."'
        raise StatusError("The message shows nothing to a reader, so nothing was changed.", hint=hint)
    if line := record_in_text.find(text):
        raise StatusError(
            f'The message contains "{line.text}", which looks like part of the record, so nothing was changed.',
            hint="Use the options of the command: see --help. If it is meant as text, put it into fenced code (```).",
        )


def _read_standard_input() -> str:
    if sys.stdin is None:
        raise StatusError("Standard input is closed.", hint='Give the text: -m "What readers should know."')
    content = sys.stdin.buffer.read()
    try:
        return _without_comments(content.decode("utf-8"))
    except UnicodeDecodeError:
        error = StatusError("Standard input is not UTF-8 text.", hint="Convert it: iconv -t UTF-8")
        _keep_bytes(content)
        raise error from None


def _keep_bytes(content: bytes) -> None:
    """Writes text that cannot be decoded to a file as it is, and says which."""
    try:
        handle, name = tempfile.mkstemp(prefix="status-message-", suffix=".txt")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError:
        _say(f"Your text:\n{content.decode('utf-8', 'replace')}")
    else:
        _say(f"Your text is kept in {name}.")


_EXPLANATION = "# Write what readers should know here, in Markdown, then save and close. These two lines are removed."


def _draft(heading: str, initial: str) -> Path:
    if not terminal.can_ask():
        raise click.UsageError('No message. Give one: -m "What readers should know.", or -m - to read standard input.')
    try:
        return _written(f"{initial}\n{_EXPLANATION}\n# {heading}\n")
    except OSError as error:
        what = f"cannot be written, so no editor was opened: {error.strerror}."
        hint = 'Give the text on the command line: -m "What readers should know."'
        raise StatusError(what, tempfile.gettempdir(), hint=hint) from None


AT_ONCE = 1.0
"""Seconds in which nobody types a message."""


def _edited(file: Path, heading: str) -> str:
    from status_tool.cli import editor_program  # few commands need it, and each starts without it

    started = perf_counter()
    editor_program.run(file)
    text = _without_comments(disk.read_text(file), heading) if file.exists() else ""
    if yaml_text.is_blank(text) and perf_counter() - started < AT_ONCE:
        what = "The message is empty, so nothing was changed. The editor ended at once."
        hint = f'{editor_program.MESSAGE_OPTION}\nOr let the editor wait until you close it: EDITOR="code --wait"'
        raise StatusError(what, hint=hint)
    return text


def _has_text(file: Path, heading: str, initial: str) -> bool:
    """Whether somebody has typed something into `file`; true when it cannot be read."""
    try:
        text = _without_comments(file.read_text("utf-8", "replace"), heading)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return not yaml_text.is_blank(text) and text.strip() != initial.strip()


def _without_comments(text: str, heading: str | None = None) -> str:
    """`text` without the two lines that `_draft` writes below the message, wherever they are now.

    With `heading` None, the second is any heading directly below the first: the draft of another command was kept.
    """
    if heading is None and _EXPLANATION not in text:
        return text
    lines, above = [], ""
    for line in text.splitlines():
        is_heading = line == f"# {heading}" if heading else above == _EXPLANATION and line.startswith("# ")
        if line != _EXPLANATION and not is_heading:
            lines.append(line)
        above = line
    return "\n".join(lines)
