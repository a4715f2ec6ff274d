"""Whether something builds the site again before its pages are too old, as far as the repository shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from status_tool.errors import Problem, StatusError, Unchecked
from status_tool.project import git
from status_tool.settings.settings import Settings
from status_tool.system import clock, disk
from status_tool.text import cron, yaml_text
from status_tool.text.yaml_text import Mapping as YamlMapping
from status_tool.text.yaml_text import Node, Scalar, Sequence

WORKFLOWS = (".github/workflows", ".forgejo/workflows", ".gitea/workflows")
"""The folders with the workflows of GitHub and of hosts that understand the same files; these have the schedule."""
ELSEWHERE = (
    ".gitlab-ci.yml", ".woodpecker.yml", ".woodpecker.yaml", ".woodpecker", ".circleci/config.yml", ".build.yml",
    ".builds", ".cirrus.yml", ".drone.yml", "azure-pipelines.yml", "bitbucket-pipelines.yml", "Jenkinsfile",
)  # fmt: skip
"""The files and folders of other hosts, which keep schedules in their settings."""
WHAT = "whether the pages are built again in time"
EXAMPLE = "renewed_by: cron on host-2"
_BUILDS = re.compile(r"\b(?:status|status_tool|mkdocs|properdocs)\s+build\b")
_CALLED = re.compile(r"\./(.+)")


@dataclass(frozen=True)
class Workflow:
    """What a workflow says: its schedules as cron writes them, and whether it builds the site."""

    schedules: tuple[str, ...]
    builds: bool
    called: tuple[str, ...] = ()
    """The paths of the workflows that it calls."""


def check(settings: Settings) -> tuple[list[Problem], list[Unchecked]]:
    """What is wrong with the renewal of the pages, and what cannot be said about it. Nothing if `renewed_by` is set."""
    if settings.renewed_by:
        return [], []
    top = git.repository_of(settings.folder) or settings.folder
    workflows: dict[str, Workflow] = {}
    unreadable: list[str] = []
    for path in _workflow_files(top):
        try:
            workflows[path.relative_to(top).as_posix()] = read(disk.read_text(path))
        except (StatusError, ValueError):
            unreadable.append(settings.shown(path))
    schedules = list(_schedules(workflows))
    if schedules:
        return _pauses(settings, settings.shown(top / schedules[0][0]), [schedule for _, schedule in schedules])
    file = settings.shown(settings.file)
    if unreadable:
        hint = f"Correct it; or, if something else builds the site, say what in {file}: {EXAMPLE}"
        return [], [Unchecked(WHAT, f"{unreadable[0]} cannot be read", hint)]
    if elsewhere := next((name for name in ELSEWHERE if (top / name).exists()), None):
        hint = f"If there is one, say so in {file}: {EXAMPLE}"
        return [], [Unchecked(WHAT, f"the schedule of {elsewhere} is in the settings of its host", hint)]
    what = (
        f"nothing is known to build the site again, and {clock.short(settings.stale_after)} after a build its pages "
        "say that they are out of date."
    )
    hint = f"Build it on a schedule: status manual deploying. If something does that already, say what: {EXAMPLE}"
    return [Problem(what, file, hint=hint)], []


def read(text: str) -> Workflow:
    """The workflow in `text`; ValueError when it is none."""
    root, _ = yaml_text.read(text)
    if not isinstance(root, YamlMapping):
        raise ValueError("not a workflow")
    events, jobs = root.get("on"), root.get("jobs")
    schedule = events.get("schedule") if isinstance(events, YamlMapping) else None
    entries = schedule.items if isinstance(schedule, Sequence) else []
    crons = [entry.get("cron") for entry in entries if isinstance(entry, YamlMapping)]
    texts = list(_texts(jobs)) if jobs else []
    return Workflow(
        schedules=tuple(cron.text for cron in crons if isinstance(cron, Scalar)),
        builds=any(key == "run" and _BUILDS.search(text) for key, text in texts),
        called=tuple(found[1] for key, text in texts if key == "uses" and (found := _CALLED.fullmatch(text))),
    )


def _texts(node: Node, key: str = "") -> Iterator[tuple[str, str]]:
    """`(key, text)` of every text below `node`; a text in a list has the key of the list."""
    if isinstance(node, Scalar):
        yield key, node.text
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _texts(item, key)
    else:
        for name, (_, value) in node.pairs.items():
            yield from _texts(value, name)


def _workflow_files(top: Path) -> list[Path]:
    folders = (top / name for name in WORKFLOWS)
    return [path for folder in folders for path in sorted(folder.glob("*")) if path.suffix in (".yml", ".yaml")]


def _schedules(workflows: Mapping[str, Workflow]) -> Iterator[tuple[str, str]]:
    """`(path, schedule)` of every workflow that builds the site, or calls one that does."""
    for path, workflow in workflows.items():
        called = (workflows.get(name) for name in workflow.called)
        if workflow.builds or any(other and other.builds for other in called):
            yield from ((path, schedule) for schedule in workflow.schedules)


def _pauses(settings: Settings, path: str, schedules: Iterable[str]) -> tuple[list[Problem], list[Unchecked]]:
    """Whether the pauses of `schedules`, the first of which is in the file `path`, are short enough."""
    try:
        pause = cron.longest_pause([cron.Schedule.of(schedule) for schedule in schedules])
    except ValueError as error:
        hint = f"If it builds the site in time, say so in {settings.shown(settings.file)}: {EXAMPLE}"
        return [], [Unchecked(WHAT, f"the schedule in {path} is not understood: {error}", hint)]
    if pause < settings.stale_after:
        return [], []
    what = (
        f"up to {clock.short(pause)} pass between two builds on schedule, but a page says after "
        f"{clock.short(settings.stale_after)} that it is out of date."
    )
    hint = (
        f'Build more often, for example: - cron: "17 */6 * * *"\nOr set stale_after in {settings.shown(settings.file)}.'
    )
    return [Problem(what, path, hint=hint)], []
