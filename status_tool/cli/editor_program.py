"""Which program edits a message, and what to do when it does not work."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from status_tool.cli import terminal
from status_tool.errors import StatusError

_VARIABLES = ("VISUAL", "EDITOR")
_USUAL = ("sensible-editor", "nano", "vim", "vi")
_NOT_EXECUTABLE, _NOT_FOUND = 126, 127
"""Exit codes of a POSIX shell for a program that it cannot start."""
MESSAGE_OPTION = 'Give the text on the command line: -m "What readers should know."'


def run(file: Path) -> None:
    """Edits `file` until the editor ends; StatusError when there is no editor, or when it fails.

    The value of VISUAL or EDITOR is a command of the shell: a program with options and quotes, or the path of one.
    """
    variable, command = _chosen()
    with _interrupts_left_to_editor():
        code = subprocess.run(["sh", "-c", f'{command} "$@"', command, str(file)]).returncode
    if code:
        what = f"The editor, {command} ({variable})," if variable else f"The editor, {command},"
        raise StatusError(f"{what} {_failure(code)}, so nothing was changed.", hint=_remedy(variable, command))


def _chosen() -> tuple[str, str]:
    """The environment variable that names the editor, if one does, and the command."""
    for variable in _VARIABLES:
        command = os.environ.get(variable, "").strip()
        if command:
            return variable, shlex.quote(command) if os.access(command, os.X_OK) else command
    usual = next(filter(shutil.which, _USUAL), None)
    if usual is None:
        raise StatusError("No editor is installed, so nothing was changed.", hint=MESSAGE_OPTION)
    return "", usual


@contextlib.contextmanager
def _interrupts_left_to_editor() -> Iterator[None]:
    """Ctrl-C in the `with` block is for the editor alone, which inherits no handler, as it would inherit SIG_IGN."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _failure(code: int) -> str:
    if code == _NOT_FOUND:
        return "was not found"
    if code == _NOT_EXECUTABLE:
        return "cannot be executed"
    number = -code if code < 0 else code - 128  # a shell adds 128 to the signal that ended its program
    if number in signal.valid_signals():
        return f"was ended by {signal.Signals(number).name}"
    return f"ended with the exit code {code}"


def _remedy(variable: str, command: str) -> str:
    other = next((name for name in _USUAL[1:] if shutil.which(name) and name not in command), None)
    if other is None:
        return f"{MESSAGE_OPTION}\nOr set {variable or _VARIABLES[1]} to an editor that works."
    again = f"{variable or _VARIABLES[1]}={other} {terminal.typed_command()}"
    return f"{MESSAGE_OPTION}\nOr use another editor:\n  {again}"
