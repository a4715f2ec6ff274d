"""The `status` command: its subcommands, and the exit codes.

0: done. 1: an error in files or settings, or `status overdue` or `status audit` finds something. 2: an error in the
command line. 3: a bug in this program. 130: interrupted; 143 and 129: stopped by SIGTERM, or by a closed terminal.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
from typing import TextIO

import click

from status_tool import __version__
from status_tool.cli import failures
from status_tool.errors import StatusError
from status_tool.system import stop_signals
from status_tool.system.stop_signals import Stopped

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
    "audit",
    "schema",
    "build",
    "serve",
    "deploy",
    "verify",
    "notify",
    "ledger",
    "kit",
    "drill",
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
    for stream in (sys.stdout, sys.stderr):
        _flush(stream)
    gc.freeze()  # so that Python does not collect garbage once more when it exits
    sys.exit(code)


def _flush(stream: TextIO | None) -> None:
    """Flushes a stream, None where it was closed before we began, so that Python need not; it would end with 120."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        stream.flush()
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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
        failures.report(error)
        return 1
    except click.ClickException as error:
        failures.report_usage(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as stopped:
        failures.say("Stopped. To see whether a file was changed: git status")
        cause = stopped.__cause__ if isinstance(stopped, click.Abort) else stopped
        return cause.exit_code if isinstance(cause, Stopped) else 130
    except Exception as error:
        if isinstance(error, OSError) and isinstance(error.__context__, Stopped):
            return error.__context__.exit_code  # its terminal was closed, so nothing can be printed
        if failures.is_of_the_machine(error):
            failures.report(failures.of_the_machine(error))
            return 1
        failures.report_bug(error)
        return 3
    return code or 0


def _require_posix() -> None:
    if sys.platform == "win32":  # its locks, processes and file modes differ from POSIX
        raise StatusError("status does not run on Windows.", hint="Use Linux or macOS; on Windows, run it in WSL.")
