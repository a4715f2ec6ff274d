"""status init: creates a new status site, ready to push."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random

import click
from click.core import ParameterSource

from status_tool.cli import terminal
from status_tool.errors import StatusError
from status_tool.mkdocs import default_theme
from status_tool.project import git, new_site, project
from status_tool.project.new_site import Place
from status_tool.system import clock

_NAMES = {"github": "GitHub", "gitlab": "GitLab", "forgejo": "your Forgejo, such as Codeberg"}
_HOSTS = {"github": "GitHub Pages", "gitlab": "GitLab Pages", "forgejo": "the pages of Forgejo"}
_SETTINGS = {
    "github": ["  in its settings: Pages > Build and deployment > Source: GitHub Actions"],
    "gitlab": ["  Build > Pipeline schedules: a new schedule, every six hours: 37 */6 * * *"],
    "forgejo": ["  in its settings: Units > Actions: enabled"],
}
"""What the owner sets on the forge before the first push."""
_MAY_EXIST = ("README.md", ".gitignore")
"""Files that an existing repository may have; they are not changed."""


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--language",
    type=click.Choice(new_site.languages()),
    help="The language of what is written (default: theme.language of an mkdocs.yml above DIR, else en).",
)
@click.option(
    "--forge",
    type=click.Choice(list(new_site.FORGES)),
    default="github",
    help="Whose workflows are written (default: github).",
)
@click.option(
    "--offline-kit",
    "kit",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Of the site you are in, make a folder for a USB stick, from which a bare machine can publish.",
)
def command(folder: Path, language: str | None, forge: str, kit: Path | None) -> None:
    """Create a new status site in DIR.

    It contains settings, a first incident file, a page about the site, workflows that publish it and with
    which a phone can say something, and this program, so that a workflow can install it. DIR becomes a git
    repository, unless it is in one.

    With --offline-kit, nothing of that: the folder gets the program with everything it needs, the repository,
    and a card to print. It may be made again.

    Example: status init my-status
    Example: status init --offline-kit /media/stick/status
    """
    if kit:
        given = click.get_current_context().get_parameter_source
        others = [name for name in ("folder", "language", "forge") if given(name) is ParameterSource.COMMANDLINE]
        if others:
            raise click.UsageError("--offline-kit is of the site you are in. Leave out the other folder and options.")
        _make_kit(kit)
        return
    place = new_site.place(folder, forge)
    language = language or new_site.language_above(folder)
    files = new_site.files(place, language, default_theme(), clock.now(), Random())
    names = {path: _name(path, folder, place) for path in files}
    unchanged = [path for path in files if path.name in _MAY_EXIST and os.path.isfile(path)]  # noqa: PTH113
    new = {path: content for path, content in files.items() if path not in unchanged}
    conflicts = [names[path] for path in new if os.path.lexists(path)]
    if conflicts:
        raise StatusError(
            "already exists, so nothing was written.",
            ", ".join(conflicts),
            hint="Choose another folder: status init my-status",
        )
    has_git = _write(new, place)
    terminal.say(
        f"Created a status site in {terminal.bold(folder)}:",
        *(f"  {names[path]}" for path in new),
        *(f"  {names[path]} already exists and is unchanged" for path in unchanged),
        *_notes(place, names, has_git),
        "",
        *_next_steps(folder, place, has_git),
    )


def _make_kit(folder: Path) -> None:
    from status_tool.project import offline_kit

    site = project.load()
    kit = offline_kit.make(site.settings, folder, site.now, lambda what: terminal.say(f"Packing {what} …"))
    terminal.say(
        f"Made the kit in {terminal.bold(folder)}: {kit.files} files, {kit.size / 1e6:.0f} MB, commit {kit.commit}.",
        *kit.notes,
        "",
        f"Print it:       {folder / 'card.html'}",
        f"Try it:         sh {shlex.quote(str(folder / 'start.sh'))} /tmp/rehearsal",
        "Make it again:  after every change of the program, and every month",
    )


def _name(path: Path, folder: Path, place: Place) -> str:
    """`path` as the owner would type it, who typed `folder`."""
    inside = path.is_relative_to(place.folder)
    return str(folder / path.relative_to(place.folder)) if inside else os.path.relpath(path)


def _write(files: Mapping[Path, bytes], place: Place) -> bool:
    """Writes all files and makes the repository, or nothing at all; returns whether git is installed."""
    with contextlib.ExitStack() as undo:
        for path, content in files.items():
            try:
                _create(path, content, undo)
            except OSError as error:
                hint = "All new files were removed again. Check the free space and the permissions of the folder."
                raise StatusError(f"cannot be written: {error.strerror}.", os.path.relpath(path), hint=hint) from None
        has_git = True
        if place.is_new:
            undo.callback(shutil.rmtree, place.repository / ".git", ignore_errors=True)
            has_git = git.create(place.repository)
        undo.pop_all()
    return has_git


def _create(path: Path, content: bytes, undo: contextlib.ExitStack) -> None:
    """Writes a new file, in folders made for it; `undo` gets what removes them again."""
    for folder in reversed(path.parents):
        if not folder.exists():
            folder.mkdir()
            undo.callback(_remove, folder)
    with path.open("xb") as file:
        undo.callback(_remove, path)
        file.write(content)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()


def _notes(place: Place, names: Mapping[Path, str], has_git: bool) -> list[str]:
    """What the owner must do before the first push, beside the next steps."""
    notes = []
    if not has_git:
        notes.append(f"git is not installed. Install it, then make the repository: git init -b {git.FIRST_BRANCH}")
    elif ignored := git.ignored(place.repository, names):
        forced = " ".join(shlex.quote(names[path]) for path in ignored)
        notes.append(f"Your rules for git leave out files that the site needs. Add them: git add --force {forced}")
    if place.branch is None:
        workflow = names[place.workflow]
        notes.append(f"git names no branch, so {workflow} publishes {git.FIRST_BRANCH}. Write your branch there.")
    return ["", *notes] if notes else []


def _top(place: Place) -> Path:
    """What has to be added to git outside the folder of the site."""
    return place.workflow.parent if place.forge != "gitlab" else place.workflow


def _next_steps(folder: Path, place: Place, has_git: bool) -> list[str]:
    here = [] if folder == Path() else [f"  cd {shlex.quote(str(folder))}"]
    added = ["."] if not place.subfolder else [".", shlex.quote(os.path.relpath(_top(place), place.folder))]
    branch = place.branch or git.FIRST_BRANCH
    published = has_git and git.has_remote(place.repository)
    push = "git push" if published else f"git remote add origin ADDRESS && git push -u origin {shlex.quote(branch)}"
    return [
        "Next:",
        *here,
        "  edit mkdocs.yml: set the name, the address and your components",
        "  status serve                            preview the site on this machine",
        f'  git add {" ".join(added)} && git commit -m "A status site"',
        "",
        f"Publish it on {_HOSTS[place.forge]}, in this order:",
        *([] if published else [f"  create an empty repository on {_NAMES[place.forge]}"]),
        *_SETTINGS[place.forge],
        f"  {push}",
        "",
        'In an outage:      status open "API errors" -c api=major_outage -m "We are looking into it."',
        "On other machines: README.md says how to install this program and what to type",
    ]
