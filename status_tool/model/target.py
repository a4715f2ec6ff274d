"""Where a site is deployed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class TargetKind(StrEnum):
    GIT = "git"
    """A branch of a git repository that its host publishes."""
    RCLONE = "rclone"
    """A folder on anything that rclone can write to."""
    COMMAND = "command"
    """Whatever a program of its own uploads to."""


@dataclass(frozen=True)
class Target:
    """A place the site is deployed to; what its kind does not need is empty."""

    name: str
    kind: TargetKind
    url: str = ""
    """Its public address, with a slash at its end; empty where nobody can look."""
    required: bool = True
    """Whether a deployment has failed that has failed here."""
    timeout: timedelta = timedelta(minutes=10)
    """How long a deployment may take here."""
    is_scratch: bool = False
    """Whether it is for drills only: readers do not know it, and nothing else is deployed there."""
    remote: str = "origin"
    branch: str = "gh-pages"
    path: str = ""
    """`name:path` of rclone, or a folder."""
    run: tuple[str, ...] = ()
    """A program and its arguments, in which `{site}` is the folder to upload."""
