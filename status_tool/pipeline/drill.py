"""How an outage is rehearsed: the whole way from the first word to the public, in a copy, to a host of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from status_tool.deploy import deployment, snapshot, verification
from status_tool.deploy.verification import Address
from status_tool.deploy.verify import Expected, Verdict
from status_tool.errors import StatusError
from status_tool.model.channel import Mode
from status_tool.model.component import ComponentStatus
from status_tool.model.target import Target
from status_tool.notify import notification
from status_tool.notify.ledger import Entry, Ledger
from status_tool.notify.notification import Notification
from status_tool.pipeline import build
from status_tool.pipeline.build import BuildObserver
from status_tool.pipeline.drill_host import Host, given_host, own_host
from status_tool.project.project import Project
from status_tool.settings import settings as site_settings
from status_tool.system import clock, temporary
from status_tool.system.web import Web

TITLE = "Drill: the service does not answer"
WORDS = {
    "open": "This is a drill: nothing of it is happening. The service does not answer; we are looking into it.",
    "update": "This is a drill: nothing of it is happening. We found the cause.",
    "resolve": "This is a drill: nothing of it is happening. The service answers again.",
}
_LEFT_OUT = (".git", ".venv", "node_modules", "__pycache__")
_BRANCH = "drill"
WAIT = timedelta(seconds=60)


@dataclass
class Drill:
    """What a drill did so far: the seconds of each step, and why it ended early."""

    target: str
    steps: dict[str, float] = field(default_factory=dict)
    error: StatusError | None = None

    @property
    def seconds(self) -> float:
        return sum(self.steps.values())

    @property
    def seconds_to_public(self) -> float | None:
        """From the first word until the public had it; None when it did not get so far."""
        until = "Seen by the public"
        if until not in self.steps:
            return None
        names = list(self.steps)
        return sum(self.steps[name] for name in names[: names.index(until) + 1])


def run(site: Project, target: Target | None, observer: BuildObserver, report: Callable[[str, float], None]) -> Drill:
    """Opens, updates and resolves an incident in a copy of `site`, and deploys each word to `target`.

    Without a target, to a branch of a repository of its own behind a web server on this machine. `report` is told of
    each step, with its seconds. The original is not touched.
    """
    drill = Drill(target.name if target else "this machine")

    @contextlib.contextmanager
    def step(name: str) -> Iterator[None]:
        begin = time.monotonic()
        yield
        drill.steps[name] = time.monotonic() - begin
        report(name, drill.steps[name])

    with temporary.folder("status-drill-") as folder, contextlib.ExitStack() as stack:
        try:
            with step("Copied"):
                copy = _copied(site, folder)
                host = given_host(site, target) if target else stack.enter_context(own_host(folder))
            _rehearse(copy, host, observer, step)
        except StatusError as error:
            drill.error = error
    return drill


Step = Callable[[str], contextlib.AbstractContextManager[None]]


def _rehearse(copy: Path, host: Host, observer: BuildObserver, step: Step) -> None:
    component = next((c.id for c in _settings(copy, host).components if not c.retired), None)
    affected = ["-c", f"{component}={ComponentStatus.MAJOR_OUTAGE}"] if component else []
    with step("Opened"):
        _status(copy, "open", TITLE, "--drill", "--anyway", "--no-push", *affected, "-m", WORDS["open"])
    id = _incident_of(copy)
    _publish(copy, host, observer, step, ("Built", "Deployed", "Seen by the public"))
    known = _notify(copy, host, step, "Notified", Ledger())
    with step("Updated"):
        _status(copy, "update", id, "--no-push", "--status", "identified", "-m", WORDS["update"])
        _status(copy, "resolve", id, "--no-push", "-m", WORDS["resolve"])
    _publish(copy, host, observer, step, ("Built again", "Deployed again", "Seen again"))
    _notify(copy, host, step, "Notified again", known)


def _publish(copy: Path, host: Host, observer: BuildObserver, step: Step, names: tuple[str, str, str]) -> None:
    settings, url = _settings(copy, host), host.target.url
    site = Project(settings, clock.now())
    with step(names[0]):
        build.build(settings, partial(site.as_of, None), site.now, observer, is_drill=True)
    with snapshot.take(settings, settings.site) as taken:
        with step(names[1]):
            outcomes = deployment.deploy(
                settings, [host.target], taken, lambda target, text: None, force=False, renew=False
            )
            for outcome in outcomes:
                if outcome.error:
                    raise outcome.error
            host.publish()
        expected = Expected(taken.manifest, taken.state, settings.stale_after)
        with step(names[2]):
            address = Address(host.target.name, url)
            result = verification.verify_all([address], expected, Web(), WAIT, lambda address, look: None)[0]
            if result.look.verdict is not Verdict.OK:
                raise StatusError(f"{result.look.verdict}: {result.look.what}", url, hint="Look at it: status verify")


def _notify(copy: Path, host: Host, step: Step, name: str, known: Ledger) -> Ledger:
    """Says on the channels for drills what they lack; what was said by then. No other channel hears of a drill."""
    settings = _settings(copy, host)
    channels = [channel for channel in settings.channels if channel.is_drill and channel.mode is not Mode.MANUAL]
    if not channels:
        return known
    with step(name):
        speakers, errors = notification.speakers(channels)
        if errors:
            raise StatusError.of([problem for error in errors.values() for problem in error.problems])
        run = Notification(Project(settings, clock.now()), speakers, is_drill=True)
        entries: list[Entry] = []
        done = run.send(run.due(known).messages, known, entries.extend, lambda message, receipt: None)
        for message, receipt in done:
            if not receipt.is_said:
                what = f"the channel {message.speaker.channel.name}: {receipt.outcome}: {receipt.detail}."
                raise StatusError(what, hint="Put it right before you need it; then run the drill again.")
    return Ledger.union(known.text, "".join(f"{entry.line}\n" for entry in entries))


def _settings(copy: Path, host: Host) -> site_settings.Settings:
    found = site_settings.load(copy / site_settings.FILE).built_at(copy / "drill-site", host.target.url)
    return replace(found, targets=(host.target,), mirrors=(), hubs=())


def _copied(site: Project, folder: Path) -> Path:
    """A copy of the site's sources, without its history, in a folder that belongs to no repository."""
    settings, copy = site.settings, folder / "copy"
    built = Path(os.path.realpath(settings.site))

    def left_out(parent: str, names: list[str]) -> list[str]:
        inside = Path(os.path.realpath(parent))
        return [name for name in names if name in _LEFT_OUT or inside / name == built]

    try:
        shutil.copytree(settings.folder, copy, ignore=left_out, ignore_dangling_symlinks=True)
    except (OSError, shutil.Error) as error:
        reasons = [str(entry[2]) for entry in error.args[0]] if isinstance(error, shutil.Error) else [str(error)]
        hint = f"Make room, or correct it; then run the drill again: {reasons[0]}"
        raise StatusError("the site cannot be copied.", settings.folder, hint=hint) from None
    return copy


def _status(copy: Path, *args: str) -> None:
    """Runs `status ARGS` in the copy, as a person does; StatusError with what it says when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "status_tool", *args],
        cwd=copy,
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise StatusError(f"status {args[0]} failed: {said}", hint="Correct what it says, then run the drill again.")


def _incident_of(copy: Path) -> str:
    """The id of the drill's incident."""
    with_drills = Project(site_settings.load(copy / site_settings.FILE), clock.now()).incidents()
    return next(incident.id for incident in reversed(with_drills) if incident.drill)
