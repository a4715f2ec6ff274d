"""What the deployment to one target has to do, and how it runs other programs in the time that it has."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from status_tool.deploy.snapshot import Snapshot
from status_tool.errors import StatusError
from status_tool.model.target import Target
from status_tool.settings.settings import Settings
from status_tool.system import programs
from status_tool.system.programs import Answer


@dataclass(frozen=True)
class Job:
    """A site to deploy to a target until the monotonic time `ends`."""

    settings: Settings
    target: Target
    snapshot: Snapshot
    force: bool
    """Whether a newer site, or files of others, may be replaced."""
    renew: bool
    """Whether files are uploaded that the host says it has."""
    ends: float
    report: Callable[[str], None]
    """Is told what is being done."""

    @property
    def seconds_left(self) -> float:
        """Raises StatusError when there are none."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise self.too_late()
        return left

    def too_late(self) -> StatusError:
        seconds = self.target.timeout.total_seconds()
        hint = "Look whether the host can be reached. To give it more time, set timeout: of the target in mkdocs.yml."
        return StatusError(f"it took more than {seconds:g} s, and was stopped.", hint=hint)

    def run(self, command: Sequence[str], folder: Path | None = None, env: Mapping[str, str] | None = None) -> Answer:
        """Runs a program; StatusError when it cannot be started, or when the time is over."""
        limit = self.seconds_left
        try:
            return programs.run(command, folder, {**os.environ, **(env or {})}, limit=limit, ends_with_us=True)
        except programs.TookTooLong:
            raise self.too_late() from None
        except FileNotFoundError:
            hint = "Install it, or correct run: of the target in mkdocs.yml."
            raise StatusError(f"{command[0]} was not found.", hint=hint) from None
        except OSError as error:
            raise StatusError(f"{command[0]} cannot be run: {error.strerror}.", hint="Check its permissions.") from None
