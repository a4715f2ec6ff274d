"""Which files a new status site has: settings, an example, a workflow, the program, and a lock of what it needs."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from status_tool.errors import StatusError
from status_tool.project import git
from status_tool.settings import mkdocs_yml
from status_tool.system import clock, package_files, wheel

_TEXTS = "init_texts"
_NONE_OF_ITS_OWN = Path(os.devnull)
"""The folder of templates of a site that does not exist yet."""
FORGES = {"github": ".github/workflows", "gitlab": "", "forgejo": ".forgejo/workflows"}
"""Forge -> the folder in which it looks for workflows, at the top of the repository."""


_TARGETS = {"forgejo": "    targets:\n    - {name: pages, kind: git, branch: pages}\n"}
"""Forge -> lines of the settings: where its workflow puts the site, if not on the forge's pages by a way of its own."""


@dataclass(frozen=True)
class Place:
    """Where a new site will be."""

    folder: Path
    repository: Path
    """The top folder of its git repository: `folder`, or one above it."""
    branch: str | None
    """The branch that is checked out; None where git does not say."""
    is_new: bool
    """Whether the repository does not exist yet."""
    forge: str = "github"

    @property
    def subfolder(self) -> str:
        """The path of the site in its repository, with a slash at the end: `ops/status/`; empty at the top."""
        path = self.folder.relative_to(self.repository).as_posix()
        return "" if path == "." else f"{path}/"

    @property
    def workflow(self) -> Path:
        """The file of the workflow that publishes."""
        return self.workflow_of(".gitlab-ci" if self.forge == "gitlab" else "publish")

    def workflow_of(self, name: str) -> Path:
        """The file of a workflow, at the top of the repository: a forge looks nowhere else."""
        words = re.findall(r"[\w.]+", self.subfolder) if FORGES[self.forge] else []
        return self.repository / FORGES[self.forge] / f"{'-'.join([name, *words])}.yml"


def place(folder: Path, forge: str = "github") -> Place:
    """Where a site in `folder`, which need not exist, will be. StatusError when a workflow cannot name the folder."""
    folder = _absolute(folder)
    repository = git.repository_of(folder)
    branch = git.branch_of(repository) if repository else git.FIRST_BRANCH
    found = Place(folder, repository or folder, branch, is_new=repository is None, forge=forge)
    if not re.fullmatch(r"[\w ./-]*", found.subfolder):
        what = f'"{found.subfolder}" has a character that has another meaning in a workflow.'
        raise StatusError(what, hint="Choose a folder whose path has only letters, digits, spaces, - and _.")
    return found


def _absolute(folder: Path) -> Path:
    try:
        return Path(os.path.abspath(folder))  # noqa: PTH100  `Path.absolute` keeps "..", which is no parent
    except FileNotFoundError:
        hint = "Change to the folder of your new site."
        raise StatusError("the working directory no longer exists.", hint=hint) from None


def languages() -> list[str]:
    """The codes of the languages in which a new site can be written."""
    return sorted(path.name for path in (package_files.OURS / _TEXTS).iterdir())


def language_above(folder: Path) -> str:
    """The `theme.language` of the nearest `mkdocs.yml` above `folder`, if we can write a site in it; else `en`."""
    for above in _absolute(folder).parents:
        if os.path.isfile(above / mkdocs_yml.FILE):  # noqa: PTH113  False, too, where the folder may not be read
            try:
                node = mkdocs_yml.read(above / mkdocs_yml.FILE).get("theme", "language")
            except StatusError:
                break
            language = mkdocs_yml.text_of(node) if node else None
            return language if language in languages() else "en"
    return "en"


def schedule(random: Random) -> str:
    """When the workflow runs, as cron writes it: every six hours, never at the full hour: `37 1,7,13,19 * * *`."""
    minute, first_hour = random.randrange(1, 60), random.randrange(6)
    return f"{minute} {','.join(str(hour) for hour in range(first_hour, 24, 6))} * * *"


def files(place: Place, language: str, theme: str, now: datetime, random: Random) -> dict[Path, bytes]:
    """Path -> content of every file of a new site with the theme `theme`.

    The program is among them as a wheel, wherever it was installed from: the hash of any other source is not known
    without a network, and an index may have another program of that name. StatusError when there can be no wheel.
    """
    program = wheel.of_this_program()
    values = {
        "today": f"{now:%Y-%m-%d}",
        "now": clock.iso(now),
        "theme": theme,
        "wheel": program.name,
        "digest": program.digest,
        "libraries": (package_files.OURS / "locks" / f"{theme}.lock").read_text("utf-8").rstrip("\n"),
        "branch": _pattern(place.branch or git.FIRST_BRANCH),
        "subfolder": place.subfolder,
        "cron": schedule(random),
        "publish": place.workflow.name,
        "targets": _TARGETS.get(place.forge, ""),
    }
    made = {place.folder / "vendor" / program.name: program.content}
    for folder in ("init", f"init_{place.forge}", f"{_TEXTS}/{language}"):
        for name, template in package_files.files(_NONE_OF_ITS_OWN, folder).items():
            made[_path(place, _filled(name, values))] = _filled(template.read_text("utf-8"), values).encode("utf-8")
    return dict(sorted(made.items()))


def _path(place: Place, name: str) -> Path:
    """Where the file of a template is written. A leading `dot.` becomes `.`: `dot.github/workflows/publish.yml`."""
    path = Path(*(part.replace("dot.", ".", 1) if part.startswith("dot.") else part for part in name.split("/")))
    is_workflow = path.parent == Path(FORGES[place.forge]) and path.suffix == ".yml" and path.name != mkdocs_yml.FILE
    return place.workflow_of(path.stem) if is_workflow else place.folder / path


def _filled(text: str, values: dict[str, str]) -> str:
    """`text` with each placeholder, such as `@today@`, replaced by its value."""
    return re.sub(f"@({'|'.join(values)})@", lambda found: values[found[1]], text)


def _pattern(branch: str) -> str:
    """The pattern of a workflow, between double quotes, that fits this branch only."""
    return json.dumps(re.sub(r"[+!\]]", r"\\\g<0>", branch), ensure_ascii=False)[1:-1]
