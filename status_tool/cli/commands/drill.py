"""status drill: an outage rehearsed from the first word to the public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from status_tool.cli import progress, terminal
from status_tool.project import project
from status_tool.project.project import Project
from status_tool.system import clock

if TYPE_CHECKING:
    from status_tool.pipeline.drill import Drill


@click.command(name="drill")
@click.option(
    "--target", metavar="TARGET", help="A target with scratch: true (default: the first one, else this machine)."
)
def command(target: str | None) -> None:
    """Rehearse an outage: open, build, deploy, verify and resolve, in a copy and to a scratch target.

    Everything in the copy says that it is a drill. Readers and feeds hear nothing of it, and of the channels only
    those with drill: true. At the end, the time of each step beside that of the last drill, which drills.json keeps.

    Example: status drill
    """
    from status_tool.pipeline import drill, drill_host, drill_log

    site = project.load()
    scratch = drill_host.scratch_target(site, target)
    before = drill_log.last(site.settings.folder)
    where = f"the target {scratch.name}" if scratch else "a host of its own on this machine"
    terminal.say(f"A drill, in a copy of this site, on {where}:")
    steps = (before or {}).get("steps", {})

    def report(name: str, seconds: float) -> None:
        terminal.say(_line(name, seconds, steps.get(name)))

    done = drill.run(site, scratch, progress.Stopwatch(), report)
    drill_log.add(site.settings.folder, done, site.now)
    if done.error:
        rest = f" What it put on {scratch.name} stays there until the next drill." if scratch else ""
        terminal.say("", f"The drill did not come to its end: be glad that it was one.{rest}")
        raise done.error
    terminal.say(*_summary(site, done, before))


def _line(name: str, seconds: float, before: float | None) -> str:
    earlier = f"   last time {before:6.2f} s" if before is not None else ""
    return f"  {name:<20}{seconds:6.2f} s{earlier}"


def _summary(site: Project, done: Drill, before: dict[str, Any] | None) -> Iterator[str]:
    yield _line("Together", done.seconds, (before or {}).get("seconds"))
    if done.seconds_to_public is not None:
        yield f"From the first word to the public: {done.seconds_to_public:.1f} s, without the time to write it."
    if before:
        days = (site.now - clock.parse_time(before["at"])).days
        yield f"The last drill was {'today' if days == 0 else f'{days} d ago'}."
    else:
        yield "It is the first drill."
    yield "Written to drills.json; commit it, so that the next one is compared with this."
