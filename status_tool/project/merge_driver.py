"""How git on this machine unites incident files by itself: a merge driver (gitattributes(5)).

It works for `git pull`, `rebase` and the like in this repository. The merge buttons of forges ignore drivers.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path, PurePath

from status_tool.errors import StatusError
from status_tool.incident_files import formats, merging, update_file_merging, update_files
from status_tool.incident_files.merging import Merged
from status_tool.project import git
from status_tool.project.git import Refused
from status_tool.project.repository import Repository

NAME = "status"
_ARGUMENTS = "merge --driver %O %A %B %L %P"


def install(repository: Repository) -> Path:
    """Tells git of the driver and of the files it is for, in this repository alone; returns the file that says which.

    What is installed already stays. StatusError when it cannot be written.
    """
    repository.git("config", f"merge.{NAME}.name", "Incident files, by their content")
    program = "status" if shutil.which("status") else shlex.join([sys.executable, "-m", "status_tool"])
    repository.git("config", f"merge.{NAME}.driver", f"{program} {_ARGUMENTS}")
    attributes = repository.git_path("info/attributes")
    prefix = "" if repository.folder == "." else f"{repository.folder}/"
    lines = [f"{_quoted(f'{prefix}**/*{suffix}')} merge={NAME}" for suffix in formats.SUFFIXES]
    try:
        attributes.parent.mkdir(exist_ok=True)
        old = attributes.read_text("utf-8") if attributes.exists() else ""
        new = [line for line in lines if line not in old.splitlines()]
        if new:
            with attributes.open("a", encoding="utf-8") as file:
                file.write("".join(f"{line}\n" for line in ([""] if old and not old.endswith("\n") else []) + new))
    except OSError as error:
        raise StatusError(f"cannot be written: {error.strerror}.", attributes) from None
    return attributes


def _quoted(pattern: str) -> str:
    return f'"{pattern}"' if " " in pattern else pattern


def merge(base: Path, ours: Path, theirs: Path, marker_size: int, path: str) -> bool:
    """Writes the united text to the file `ours`, as git expects it; False when it has conflict markers then."""
    try:
        before, head, other = (file.read_bytes().decode("utf-8") for file in (base, ours, theirs))
        if _is_picking():  # then HEAD is what others have
            head, other = other, head
        merged = _merged(before or None, head, other, path)
        if merged.text is not None and merged.moved is None:
            ours.write_bytes(merged.text.encode())
            return True
    except (StatusError, UnicodeDecodeError):  # one side has an error of its own, which the person must see
        pass
    labels = [word for label in ("HEAD", "base", "other") for word in ("-L", label)]
    size = f"--marker-size={marker_size}"
    return git.run(Path.cwd(), "merge-file", size, *labels, str(ours), str(base), str(theirs)).code == 0


def _merged(base: str | None, ours: str, theirs: str, path: str) -> Merged:
    if update_files.name_problem(PurePath(path).name) is None:
        return update_file_merging.merge(base, ours, theirs, path)
    before, head, other = (text and merging.repaired(text, path)[0] for text in (base, ours, theirs))
    return merging.merge(before, head or "", other or "", path)


def _is_picking() -> bool:
    try:
        folder = Path(os.fsdecode(git.read(Path.cwd(), "rev-parse", "--absolute-git-dir")).strip())
    except Refused:
        return False
    return any((folder / name).exists() for name in ("rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD"))
