"""Which incident files git could not merge, what both sides have in them and who wrote it, and how they are settled."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import merging
from status_tool.incident_files.merging import Merged
from status_tool.incident_files.union import Answers
from status_tool.project.project import Project
from status_tool.project.repository import Repository
from status_tool.settings.settings import Settings
from status_tool.system import compare_and_swap, disk
from status_tool.text import conflict_markers

_PICKED = ("REBASE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")
"""The commit that git applies on top of others: then HEAD is what others have, and this is ours."""


class Author(NamedTuple):
    """Who wrote one side of a conflict, and in which commit."""

    name: str
    commit: str
    """The beginning of its id; empty if unknown."""
    at: str
    """`2026-11-23 14:06`, as git says it."""
    subject: str

    def __str__(self) -> str:
        return f'{self.name} (commit {self.commit}, {self.at}: "{self.subject}")' if self.commit else self.name

    def is_meant_by(self, text: str) -> bool:
        """Whether a person who types `text` means this side: its commit, or a part of the author's name."""
        by_commit = (
            len(text) >= 4 and bool(self.commit) and (text.startswith(self.commit) or self.commit.startswith(text))
        )
        return by_commit or text.casefold() in self.name.casefold()


@dataclass(frozen=True)
class Conflict:
    """One file; `ours` is what is put on top of `theirs`, which others have already. None: that side removed it."""

    path: str
    """From the top of the repository."""
    base: str | None
    ours: str | None
    theirs: str | None
    our_author: Author
    their_author: Author

    def merged(self, answers: Answers) -> Merged:
        """What the file contains when both sides are united. StatusError when one side has an error of its own."""
        if self.ours is None or self.theirs is None:
            removed, kept = (self.our_author, self.theirs) if self.ours is None else (self.their_author, self.ours)
            return Merged(kept, notes=(f"Removed by {removed}, and changed by others: it is kept.",))
        (base, _), (ours, notes), (theirs, more) = (
            merging.repaired(text, self.path) if text is not None else (None, ())
            for text in (self.base, self.ours, self.theirs)
        )
        merged = merging.merge(base, ours or "", theirs or "", self.path, answers)
        return replace(merged, notes=(*notes, *more, *merged.notes))


def find(repository: Repository, paths: Iterable[str] | None = None) -> list[Conflict]:
    """The conflicts in the incident files, or in those of `paths`."""
    stages = _stages(repository)
    names = {path for path in stages if repository.is_incident_file(path)} | set(_with_markers(repository))
    wanted = sorted(names) if paths is None else list(paths)
    return [conflict for path in wanted if (conflict := _conflict(repository, path, stages.get(path))) is not None]


def misplaced(site: Project, repository: Repository) -> list[tuple[Conflict, str, tuple[str, ...]]]:
    """The files without conflict in which git put updates out of order, or two into one second; how they are mended.

    Each with the text in which every update is in its place, and with what was moved.
    """
    try:
        site.incidents()
        return []
    except StatusError as error:
        paths = dict.fromkeys(Path(problem.path).resolve() for problem in error.problems if problem.path)
    found = []
    for path in paths:
        name = path.relative_to(repository.top.resolve()).as_posix() if path.is_file() else ""
        if name and repository.is_incident_file(name):
            text = disk.read_text(path)
            repaired, notes = merging.repaired(text, name)
            if notes:
                nobody = Author("", "", "", "")
                found.append((Conflict(name, None, text, text, nobody, nobody), repaired, notes))
    return found


def others(repository: Repository) -> list[str]:
    """The other files in which git left a conflict."""
    return [path for path in _stages(repository) if not repository.is_incident_file(path)]


def settle(repository: Repository, conflict: Conflict, text: str) -> None:
    """Writes the text of a file and tells git that its conflict is settled. StatusError when it cannot be written."""
    path = repository.top / conflict.path
    try:
        old = path.read_bytes() if path.exists() else None
        done = compare_and_swap.create(path, text.encode()) if old is None else _swapped(path, old, text)
    except (OSError, compare_and_swap.Overwritten) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        hint = "Nothing was changed. Check the free disk space and the folder’s permissions."
        raise StatusError(f"cannot be written: {reason}.", os.path.relpath(path), hint=hint) from None
    if not done:
        raise StatusError("another program has changed this file.", os.path.relpath(path), hint="Run it again.")
    repository.git("add", "--", conflict.path)


def _swapped(path: Path, old: bytes, text: str) -> bool:
    return compare_and_swap.swap(path.resolve(), old, text.encode())


def how_to_go_on(repository: Repository) -> str:
    """The command of git that brings to an end what is under way."""
    folder = repository.git_folder
    if (folder / "rebase-merge").exists() or (folder / "rebase-apply").exists():
        return "git am --continue" if (folder / "rebase-apply" / "applying").exists() else "git rebase --continue"
    for name, command in (("MERGE_HEAD", "git commit --no-edit"), ("CHERRY_PICK_HEAD", "git cherry-pick --continue")):
        if (folder / name).exists():
            return command
    return "status push"


def with_authors(settings: Settings, error: StatusError) -> StatusError:
    """`error`, where each problem about a conflict in an incident file says also who wrote which side."""
    if not any(_WORDS in problem.what for problem in error.problems):
        return error
    try:
        repository = Repository.of(settings)
        known = {(repository.top / conflict.path).resolve(): conflict for conflict in find(repository)}
    except StatusError:  # without git, nobody knows who wrote it
        return error
    return StatusError.of(_with_authors(problem, known) for problem in error.problems)


_WORDS = "conflict of git"


def _with_authors(problem: Problem, known: Mapping[Path, Conflict]) -> Problem:
    conflict = known.get(Path(problem.path).resolve()) if _WORDS in problem.what else None
    if conflict is None or not (conflict.our_author.commit and conflict.their_author.commit):
        return problem
    hint = f"Written by {conflict.our_author}\nand by {conflict.their_author}.\n{problem.hint}"
    return replace(problem, hint=hint)


# -- where both sides come from --------------------------------------------------------------------


def _stages(repository: Repository) -> dict[str, dict[int, str]]:
    """Path -> number of a stage (1 base, 2 HEAD, 3 the other side) -> blob, for each unmerged file."""
    stages: dict[str, dict[int, str]] = {}
    for row in os.fsdecode(repository.git("ls-files", "--unmerged", "--full-name", "-z")).split("\0"):
        if row:
            header, path = row.split("\t", 1)
            _, blob, number = header.split(" ")
            stages.setdefault(path, {})[int(number)] = blob
    return stages


def _with_markers(repository: Repository) -> Iterator[str]:
    """The incident files that contain a complete conflict, whatever git knows of it."""
    for path in sorted((repository.top / repository.folder).rglob("*")):
        name = path.relative_to(repository.top).as_posix()
        if repository.is_incident_file(name) and path.is_file() and conflict_markers.is_possible(path.read_bytes()):
            yield name


def _conflict(repository: Repository, path: str, stages: dict[int, str] | None) -> Conflict | None:
    if stages:
        base, head, other = (_blob(repository, stages.get(number)) for number in (1, 2, 3))
    else:
        text = disk.read_text(repository.top / path)
        found = conflict_markers.versions(text) if conflict_markers.problem(text, path) else None
        if found is None:
            return None
        base, head, other = found
    other_revision, is_picked = _other_side(repository)
    authors = _author(repository, "HEAD", path, "HEAD"), _author(repository, other_revision, path, "the other side")
    if is_picked:
        return Conflict(path, base, other, head, authors[1], authors[0])
    return Conflict(path, base, head, other, *authors)


def _blob(repository: Repository, blob: str | None) -> str | None:
    return None if blob is None else repository.git("cat-file", "blob", blob).decode("utf-8", "replace")


def _other_side(repository: Repository) -> tuple[str, bool]:
    """The revision of the other side; and whether git puts it on top of HEAD, which others have already."""
    for name in _PICKED:
        if commit := repository.commit(name):
            return commit, True
    if commit := repository.commit("MERGE_HEAD"):
        return commit, False
    return repository.commit("stash@{0}"), True


def _author(repository: Repository, revision: str, path: str, otherwise: str) -> Author:
    said = repository.line(
        "log", "-1", "--date=format:%Y-%m-%d %H:%M", "--format=%an%x00%h%x00%ad%x00%s", revision, "--", path
    )
    fields = said.split("\0")
    return Author(*fields) if revision and len(fields) == 4 else Author(otherwise, "", "", "")
