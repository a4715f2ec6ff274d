"""How a person at a terminal is asked one question: `?` explains it, `<` goes back, a wrong answer is asked again."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import click

from status_tool.cli import terminal
from status_tool.errors import StatusError, visible
from status_tool.system.stop_signals import Stopped

Value = TypeVar("Value")
WIDEST = 80
"""Columns, on a terminal that has more."""
_BACK = ("<", "back")
_PROMPT = "> "
INTERRUPTED, HUNG_UP = 130, 129
"""Exit codes: as after Ctrl-C, which Ctrl-D is like, and of a closed terminal."""


class Unfinished(Exception):
    """The person has stopped."""

    def __init__(self, line: str, exit_code: int) -> None:
        self.line = line
        """What was typed and not ended by Enter."""
        self.exit_code = exit_code


class Back(Exception):
    """The person wants the question before this one."""


@dataclass(frozen=True)
class Question(Generic[Value]):
    """What is asked, and how the answer is understood."""

    text: str
    help: str
    read: Callable[[str], Value]
    """An answer -> its value; UsageError or StatusError, which say how to put it right, for a wrong one."""
    default: str | None = None
    """What Enter answers; None if there must be an answer."""


def ask(question: Question[Value]) -> Value:
    """The value of the answer. Raises Back, or Unfinished when the person stops."""
    say(question.text)
    while True:
        try:
            typed = terminal.decoded(_line()).strip()
            if typed.lower() in _BACK:
                raise Back
            if typed == "?":
                say(question.help)
            elif typed or question.default is not None:
                return question.read(typed or question.default or "")
            else:
                say("This needs an answer. ? explains, < goes back, Ctrl-C stops.")
        except UnicodeDecodeError:
            say("This is not UTF-8 text. Set your terminal to UTF-8, or write it without accents.")
        except click.UsageError as error:
            say(error.message)
        except StatusError as error:
            say(str(error))


def _line() -> str:
    """A line that was typed. On a whole terminal it can be edited, and what is pasted stays one answer."""
    begun = ""
    try:
        begun_line = edited_lines()
        if begun_line:
            try:
                return input(_PROMPT)
            except KeyboardInterrupt:
                begun = os.fsencode(begun_line()).decode("utf-8", "replace")
                raise
        click.echo(_PROMPT, nl=False, err=True)
        line = sys.stdin.readline()
    except (KeyboardInterrupt, EOFError, OSError) as stopped:  # an OSError, if the terminal was closed
        otherwise = HUNG_UP if isinstance(stopped, OSError) else INTERRUPTED
        code = stopped.exit_code if isinstance(stopped, Stopped) else otherwise
        raise Unfinished(begun, code) from None
    if not line:
        raise Unfinished("", INTERRUPTED)
    return line


def edited_lines() -> Callable[[], str] | None:
    """From now on, `input` lets a line be edited, and what is pasted stays one line, with its line ends.

    Returns a function that returns what has been typed of the line; None where there is no whole terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    try:
        import readline
    except ImportError:  # where Python was built without it
        return lambda: ""
    for setting in ("convert-meta off", "input-meta on", "output-meta on", "enable-bracketed-paste on"):
        readline.parse_and_bind(f"set {setting}")
    return readline.get_line_buffer


def say(text: str = "") -> None:
    """Prints `text` on the terminal, its lines wrapped where it is narrow. Raises Unfinished when it is closed."""
    try:
        for line in text.split("\n"):
            indent = " " * (len(line) - len(line.lstrip()))
            wrapped = textwrap.wrap(visible(line), width(), subsequent_indent=indent, break_on_hyphens=False)
            click.echo("\n".join(wrapped), err=True)
    except OSError:
        raise Unfinished("", HUNG_UP) from None


def width() -> int:
    """The columns for a text."""
    return max(10, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))
