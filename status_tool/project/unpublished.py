"""How much of what was said here is not committed or not pushed yet, as far as git knows without the network."""

from __future__ import annotations

import re
from typing import NamedTuple

from status_tool.project import git
from status_tool.settings.settings import Settings

_AHEAD = re.compile(rb"^# branch\.ab \+(\d+) -(\d+)$", re.MULTILINE)
"""https://git-scm.com/docs/git-status#_branch_headers"""


class Unpublished(NamedTuple):
    """What the branch that is pushed to does not have."""

    files: int
    """Files in the folder of the incidents that differ from the last commit, or are new."""
    commits: int
    """Commits, of whatever; 0 also where it is not known which branch is pushed to."""
    behind: int
    """Commits of others, of the last fetch, that are not in the files here."""


def find(settings: Settings) -> Unpublished | None:
    """None when git does not say, for example because there is no repository."""
    options = ("--porcelain=v2", "--branch", "--untracked-files=all", "--no-renames")
    try:
        said = git.read(settings.incidents, "--no-optional-locks", "status", *options, "--", ".")
    except git.Refused:
        return None
    ahead = _AHEAD.search(said)
    files = sum(not line.startswith(b"#") for line in said.splitlines())
    return Unpublished(files, *((int(ahead[1]), int(ahead[2])) if ahead else (0, 0)))
