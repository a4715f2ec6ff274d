"""status manual: shows a page of the manual, which comes with the program."""

from __future__ import annotations

import click

from status_tool.cli import terminal
from status_tool.errors import one_of
from status_tool.system import package_files


@click.command(name="manual")
@click.argument("page", required=False, shell_complete=lambda ctx, param, typed: _pages_that_begin_with(typed))
def command(page: str | None) -> None:
    """Read a page of the manual, or list its pages.

    It is the manual of this version, and needs no network. On a terminal, your pager shows it.

    Example: status manual settings
    """
    pages = {name: path.read_text("utf-8") for name, path in package_files.manual().items()}
    if page is None:
        titles = {name: text.partition("\n")[0].removeprefix("# ") for name, text in pages.items()}
        terminal.say(*(f"{name:15}{title}" for name, title in titles.items()), "Read one: status manual settings")
    elif page in pages:
        click.echo_via_pager(pages[page])
    else:
        raise click.UsageError(f'No page "{page}". {one_of(page, pages)}')


def _pages_that_begin_with(typed: str) -> list[str]:
    return [name for name in package_files.manual() if name.startswith(typed)]
