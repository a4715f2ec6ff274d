"""The `status` command: its subcommands, and the exit codes.

0: done. 1: an error in files or settings, or `status overdue` lists something. 2: an error in the command line.
3: a bug in this program. 130: interrupted; 143 and 129: stopped by SIGTERM, or by a closed terminal.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys

import click

from status_tool import __version__
from status_tool.errors import StatusError
from status_tool.system import stop_signals
from status_tool.system.stop_signals import Stopped
from status_tool.text import conflict_markers

COMMANDS = (
    "init",
    "open",
    "update",
    "resolve",
    "amend",
    "withdraw",
    "schedule",
    "reschedule",
    "publish",
    "preview",
    "apply",
    "push",
    "merge",
    "list",
    "show",
    "overdue",
    "templates",
    "check",
    "schema",
    "build",
    "serve",
    "manual",
)


class _Commands(click.Group):
    """Imports the module of a command only when that command is needed, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"status_tool.cli.commands.{name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from status_tool.errors import one_of

            raise click.UsageError(f'No command "{args[0]}". {one_of(args[0], COMMANDS)}', ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)
@click.version_option(__version__, prog_name="status", message="%(prog)s %(version)s")
@click.pass_context
def status(ctx: click.Context) -> None:
    """Tell the world what is happening while your own systems are down.

    Incidents are text files in git. These commands write them, check them, and build a static
    site from them. Without a command: what is open, what is due, and what to type.

    \b
    In an outage:  status open "API errors" -c api=major_outage -m "We are looking into it."
                   status update -m "Found the cause." --status identified --next 30m
                   status resolve -m "Error rates are back to normal."

    \b
    Completion:    eval "$(_STATUS_COMPLETE=bash_source status)"     (or zsh_source, fish_source)
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    if ctx.invoked_subcommand is None:
        _show_overview(ctx)


def _show_overview(ctx: click.Context) -> None:
    """What is open and due; where there is no site, the help, and how to make one."""
    from status_tool.cli import overview, terminal
    from status_tool.project import project

    if not project.exists():
        terminal.say(ctx.get_help(), "", "There is no status site here. To make one: status init my-status")
        return
    terminal.say(*overview.lines(project.load()))


def main(args: list[str] | None = None) -> None:
    """Runs a command and ends the process with its exit code."""
    stop_signals.install()
    gc.disable()  # a command is short, and the collector would take a fifth of its time
    code = run(args)
    for stream in (sys.stdout, sys.stderr):  # Python would end with 120 if it could not flush them
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
            continue
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    gc.freeze()  # so that Python does not collect garbage once more when it exits
    sys.exit(code)


def run(args: list[str] | None = None) -> int:
    """Runs a command and returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # so that a character that the terminal cannot encode becomes "?"
    try:
        _require_posix()
        typed = sys.argv[1:] if args is None else args
        code = status.main(typed, prog_name="status", standalone_mode=False, obj=typed)
    except StatusError as error:
        _print_problems(_with_authors(error))
        return 1
    except click.UsageError as error:
        error.show()
        return 2
    except click.ClickException as error:
        error.show()
        return 1
    except (click.Abort, KeyboardInterrupt) as stopped:
        with contextlib.suppress(OSError):  # the terminal may be closed
            click.echo("Stopped. To see whether a file was changed: git status", err=True)
        cause = stopped.__cause__ if isinstance(stopped, click.Abort) else stopped
        return cause.exit_code if isinstance(cause, Stopped) else 130
    except Exception as error:
        if isinstance(error, OSError) and isinstance(error.__context__, Stopped):
            return error.__context__.exit_code  # its terminal was closed, so nothing can be printed
        return _report_bug(error)
    return code or 0


def _require_posix() -> None:
    if sys.platform == "win32":  # its locks, processes and file modes differ from POSIX
        raise StatusError("status does not run on Windows.", hint="Use Linux or macOS; on Windows, run it in WSL.")


def _with_authors(error: StatusError) -> StatusError:
    """`error`; where it names conflicts of git in incident files, it also says who wrote which side."""
    if not any(conflict_markers.WORDS in problem.what for problem in error.problems):
        return error
    from status_tool.project import conflicts, project

    try:
        return conflicts.with_authors(project.load().settings, error)
    except StatusError:  # the settings have a conflict, too
        return error


def _print_problems(error: StatusError) -> None:
    color = False if os.environ.get("NO_COLOR") else None
    for problem in error.problems:
        where = click.style(f"{problem.where}: ", bold=True) if problem.where else ""
        click.echo(f"{where}{click.style(problem.what, fg='red')}", err=True, color=color)
        if problem.hint:
            click.echo(problem.hint, err=True, color=color)
    if len(error.problems) > 1:
        click.echo(f"{len(error.problems)} problems.", err=True)


def _report_bug(error: Exception) -> int:
    """Prints an unexpected exception and where it was raised; returns the exit code."""
    if os.environ.get("STATUS_DEBUG"):
        raise error
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    location = f"{innermost.tb_frame.f_code.co_filename}:{innermost.tb_lineno}" if innermost else "?"
    click.echo(
        f"This is a bug in status {__version__}, not your mistake: {type(error).__name__}: {error}\n"
        f"It happened at {location}. Run the command again with STATUS_DEBUG=1, and report the traceback, please.",
        err=True,
    )
    return 3
