"""status push: commits the incident files that have changed, and pushes them."""

from __future__ import annotations

import click

from status_tool.cli import pushing
from status_tool.project import project


@click.command(name="push")
@pushing.no_review_option
@click.option("--review", is_flag=True, help="Push to a branch of its own, which somebody merges.")
def command(review: bool) -> None:
    """Commit the incident files that have changed, and push them.

    Nothing else is committed. When others were first, what they pushed stays, and what was done here is made
    again on top of it. Where the branch is protected, it is pushed to another one, and the address of the
    pull request is shown. With the setting require_review, it always goes to another branch, unless
    --no-review says who did not wait.

    Example: status push
    """
    pushing.push(project.load(), review=review)
