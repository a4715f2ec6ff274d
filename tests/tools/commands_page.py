"""`docs/commands.md`, made of what `--help` prints: `make manual` writes it."""

from __future__ import annotations

import sys

from click.testing import CliRunner

from status_tool.cli.main import COMMANDS, status

INTRODUCTION = """\
# Commands

Made from `--help` by `make manual`.

`INCIDENT` is an id, or a part of an id or title, in any script, that fits a single incident. A part is looked for in
ids first, then in titles. Left out, it is the only open one. A time is ISO 8601 with its zone, `16:07` (today, in the
site's zone), `-5m` or `+30m`. Without `-m` the editor opens; `-m -` reads standard input. Colour is for terminals only,
and `NO_COLOR` turns it off.

Exit codes: 0 done; 1 an error in your files or settings; 2 an error in the command line; 3 a bug in `status`; 130
interrupted; 129 its terminal was closed; 143 stopped by SIGTERM.
"""


def shown(*args: str) -> str:
    result = CliRunner().invoke(status, [*args, "--help"], prog_name="status", terminal_width=88, max_content_width=88)
    return f"```text\n{result.output.rstrip()}\n```\n"


def page() -> str:
    parts = [INTRODUCTION, shown()]
    for name in COMMANDS:
        parts += [f"## status {name}\n", shown(name)]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
