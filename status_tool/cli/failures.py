"""How a failure of a command is printed, and which exit code it has."""

from __future__ import annotations

import contextlib
import errno
import io
import os

import click

from status_tool import __version__
from status_tool.errors import Problem, StatusError, visible
from status_tool.text import conflict_markers

_OF_THE_MACHINE = {
    errno.EACCES: "Check the permissions, and who you are: id",
    errno.EPERM: "Check the permissions, and who you are: id",
    errno.EROFS: "Use a folder on a disk that can be written.",
    errno.ENOSPC: "Make room on the disk.",
    errno.EDQUOT: "Make room: your quota is used up.",
    errno.EFBIG: "Make room: the limit for files is reached.",
    errno.EIO: "The disk does not answer; use another.",
    errno.ENAMETOOLONG: "Use a shorter name.",
    errno.ELOOP: "A link leads back to itself; correct it.",
    errno.ENOTDIR: "A part of this path is a file; use another path, or move the file.",
    errno.EMFILE: "Close some programs, or raise the limit: ulimit -n",
    errno.ENFILE: "Close some programs.",
    errno.EAGAIN: "Close some programs, or raise the limit: ulimit -u",
    errno.ENOMEM: "Close some programs: the memory is full.",
}
"""How to put right what the operating system refuses; no mistake of ours can cause these."""


def is_of_the_machine(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _OF_THE_MACHINE)


def of_the_machine(error: BaseException) -> StatusError:
    """What the operating system refused, as a problem that a person can solve."""
    if not isinstance(error, OSError):
        return StatusError("the memory is full.", hint=_OF_THE_MACHINE[errno.ENOMEM])
    name = error.filename2 or error.filename
    path = os.fsdecode(name) if isinstance(name, str | bytes) else ""
    return StatusError(f"{error.strerror}.", path, hint=_OF_THE_MACHINE.get(error.errno or 0, ""))


def report(error: StatusError) -> None:
    """Prints every problem. Where git left conflicts in incident files, it also says who wrote which side."""
    problems = _with_authors(error).problems
    for problem in problems:
        _print(problem)
    if len(problems) > 1:
        say(f"{len(problems)} problems.")


def report_bug(error: Exception) -> None:
    """Prints an unexpected exception and where it was raised; raises it again with STATUS_DEBUG=1."""
    if os.environ.get("STATUS_DEBUG"):
        raise error
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    location = f"{innermost.tb_frame.f_code.co_filename}:{innermost.tb_lineno}" if innermost else "?"
    say(
        f"This is a bug in status {__version__}, not your mistake: {visible(f'{type(error).__name__}: {error}')}\n"
        f"It happened at {location}. Run the command again with STATUS_DEBUG=1, and report the traceback, please."
    )


def report_usage(error: click.ClickException) -> None:
    """Prints a mistake in the command line, in which what was typed controls no terminal."""
    text = io.StringIO()
    error.show(text)
    say(visible(text.getvalue().rstrip("\n")))


def say(text: str) -> None:
    """Prints on standard error, which may be closed or full."""
    with contextlib.suppress(OSError):
        click.echo(text, err=True, color=False if os.environ.get("NO_COLOR") else None)


def _print(problem: Problem) -> None:
    where = click.style(f"{problem.where}: ", bold=True) if problem.where else ""
    say(f"{where}{click.style(problem.what, fg='red')}")
    if problem.hint:
        say(problem.hint)


def _with_authors(error: StatusError) -> StatusError:
    if not any(conflict_markers.WORDS in problem.what for problem in error.problems):
        return error
    from status_tool.project import conflicts, project

    try:
        return conflicts.with_authors(project.load().settings, error)
    except StatusError:  # the settings have a conflict, too
        return error
