"""A workflow of GitHub Actions, and its shell steps as a runner runs them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import yaml
from sites import NOW

from status_tool.project import new_site
from status_tool.project.new_site import Place
from status_tool.system import clock


def of_a_new_site(
    subfolder: str = "", branch: str | None = "main", seed: int = 0, name: str = "", forge: str = "github"
) -> str:
    """The workflow that `status init` writes: the one that publishes, or that of the name."""
    top = Path("/repository")
    place = Place(top / subfolder, top, branch, is_new=False, forge=forge)
    made = new_site.files(place, "en", "material", clock.parse_time(NOW), Random(seed))
    return made[place.workflow_of(name) if name else place.workflow].decode()


def steps(text: str, *jobs: str) -> list[dict[str, Any]]:
    """The steps of these jobs, or of all, in their order."""
    found = yaml.safe_load(text)["jobs"]
    return [step for name, job in found.items() if not jobs or name in jobs for step in job.get("steps", ())]


def run(
    text: str,
    repository: Path,
    env: Mapping[str, str],
    *,
    jobs: tuple[str, ...] = ("build",),
    without: tuple[str, ...] = (),
) -> Iterator[tuple[str, subprocess.CompletedProcess[str]]]:
    """Runs each shell step of these jobs, or of all, in turn, without those of the names in `without`.

    Yields its name and what it printed.
    """
    defaults = yaml.safe_load(text).get("defaults", {"run": {"working-directory": "."}})
    folder = repository / defaults["run"].get("working-directory", ".")
    for step in steps(text, *jobs):
        if "run" in step and step["name"] not in without:
            command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
            where = repository / step.get("working-directory", folder)
            yield step["name"], subprocess.run(command, cwd=where, env=env, capture_output=True, text=True)
