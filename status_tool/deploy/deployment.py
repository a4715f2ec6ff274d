"""How the site is deployed to all targets at once, each on its own: one that fails does not stop the others."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from status_tool.deploy.job import Job
from status_tool.deploy.snapshot import Snapshot
from status_tool.deploy.targets import command, git_branch, rclone
from status_tool.errors import StatusError, one_of
from status_tool.model.target import Target, TargetKind
from status_tool.settings.settings import Settings
from status_tool.system import disk, programs
from status_tool.system.threads import Task

DRIVERS: dict[TargetKind, Callable[[Job], str]] = {
    TargetKind.GIT: git_branch.deploy,
    TargetKind.RCLONE: rclone.deploy,
    TargetKind.COMMAND: command.deploy,
}
Report = Callable[[Target, str], None]
_CLEANING_SECONDS = 3.0
"""How long an interrupted deployment may take to clean up."""


@dataclass(frozen=True)
class Outcome:
    """What came of the deployment to a target."""

    target: Target
    error: StatusError | None = None
    """Why it has failed; None if it has not."""


def chosen(settings: Settings, names: Sequence[str]) -> list[Target]:
    """The targets with these names, all without names; StatusError when there is none. Those of drills do not count."""
    by_name = {target.name: target for target in settings.targets if not target.is_scratch}
    if not by_name:
        hint = "Add one below status:\n    targets:\n    - {name: pages, kind: git, branch: gh-pages}"
        raise StatusError("no target is configured.", settings.shown(settings.file), hint=hint)
    for name in names:
        if name not in by_name:
            raise StatusError(f'there is no target "{name}".', hint=one_of(name, by_name))
    return [by_name[name] for name in dict.fromkeys(names)] or list(by_name.values())


def deploy(
    settings: Settings, targets: Sequence[Target], snapshot: Snapshot, report: Report, *, force: bool, renew: bool
) -> list[Outcome]:
    """Deploys `snapshot` to all targets at the same time; `report` is told what is being done, from any thread."""

    def one(target: Target) -> Outcome:
        started = time.monotonic()
        ends = started + target.timeout.total_seconds()
        job = Job(settings, target, snapshot, force, renew, ends, lambda text: report(target, text))
        try:
            with _alone(settings, target, job):
                said = DRIVERS[target.kind](job)
        except StatusError as error:
            job.report(f"FAILED after {time.monotonic() - started:.1f} s")
            return Outcome(target, error)
        job.report(f"OK: {said}, {time.monotonic() - started:.1f} s")
        return Outcome(target)

    tasks = [Task(one, target) for target in targets]
    try:
        return [task.result() for task in tasks]
    except BaseException:  # interrupted: what was started ends, and removes its temporary files
        programs.stop_all()
        for task in tasks:
            task.wait(_CLEANING_SECONDS)
        raise


@contextlib.contextmanager
def _alone(settings: Settings, target: Target, job: Job) -> Iterator[None]:
    """Waits until no other process on this machine deploys to `target`."""
    folder = settings.cache / "targets" / target.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StatusError(f"cannot be written: {error.strerror}.", folder, hint="Check its permissions.") from None
    with disk.exclusive_lock(folder):
        yield
