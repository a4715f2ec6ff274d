"""Which incident files git could not merge, what both sides have in them and who wrote it, and how they are settled."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import merging, parser, update_file_merging
from status_tool.incident_files.merging import Merged
from status_tool.incident_files.union import Answers
from status_tool.project import conflict_sides
from status_tool.project.conflict_sides import Author, Texts, Work
from status_tool.project.project import Project
from status_tool.project.repository import Repository
from status_tool.settings.settings import Settings
from status_tool.system import compare_and_swap, disk
from status_tool.text import conflict_markers


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
    by_hand: str | None = None
    """The text that somebody has put in the place of the conflict, without telling git."""
    is_update_file: bool = False

    def merged(self, answers: Answers) -> Merged:
        """What the file contains when both sides are united. StatusError when one side has an error of its own."""
        if self.by_hand is not None:
            if self.is_update_file:
                update_file_merging.check(self.by_hand, self.path)
            else:
                parser.parse(self.by_hand, self.path, is_part=True)
            return Merged(self.by_hand, notes=("Somebody has settled it by hand; that text stays.",))
        if self.ours is None and self.theirs is None:
            return Merged(None, notes=("Both sides removed or renamed it; each new name stays.",))
        if self.ours is None or self.theirs is None:
            removed, kept = (self.our_author, self.theirs) if self.ours is None else (self.their_author, self.ours)
            return Merged(kept, notes=(f"Removed by {removed}, and changed by others: it is kept.",))
        if self.is_update_file:
            return update_file_merging.merge(self.base, self.ours, self.theirs, self.path, answers)
        (base, _), (ours, notes), (theirs, more) = (
            merging.repaired(text, self.path) if text is not None else (None, ())
            for text in (self.base, self.ours, self.theirs)
        )
        merged = merging.merge(base, ours or "", theirs or "", self.path, answers)
        return replace(merged, notes=(*notes, *more, *merged.notes))

    def moved_to(self, repository: Repository) -> str:
        """The path for an update file of ours whose second theirs has, too."""
        return update_file_merging.later_name(self.path, lambda path: (repository.top / path).exists())


def find(repository: Repository, paths: Iterable[str] | None = None) -> list[Conflict]:
    """The conflicts in the incident files, or in those of `paths`. StatusError when one cannot be read."""
    stages, work = conflict_sides.stages(repository), Work.of(repository)
    names = {path for path in stages if repository.is_incident_file(path)} | set(_with_markers(repository))
    wanted = sorted(names) if paths is None else list(paths)
    found = (_conflict(repository, path, stages.get(path), work) for path in wanted)
    return [conflict for conflict in found if conflict is not None]


def misplaced(
    site: Project, repository: Repository, names: Collection[str] | None = None
) -> list[tuple[Conflict, Merged]]:
    """The files without conflict in which git put updates out of order, or two into one second; how they are mended.

    Each with the text in which every update is in its place. `names` are paths from the top; None: all files.
    """
    try:
        site.incidents()
        return []
    except StatusError as error:
        paths = dict.fromkeys(Path(problem.path).resolve() for problem in error.problems if problem.path)
    found = []
    for path in paths:
        top = repository.top.resolve()
        name = path.relative_to(top).as_posix() if path.is_file() and path.is_relative_to(top) else ""
        if name and repository.is_incident_file(name) and (names is None or name in names):
            text = disk.read_text(path)
            repaired, notes = merging.repaired(text, name)
            if notes:
                nobody = Author("")
                found.append((Conflict(name, None, text, text, nobody, nobody), Merged(repaired, notes=notes)))
    return found


def others(repository: Repository) -> list[str]:
    """The other files in which git left a conflict."""
    return [path for path in conflict_sides.stages(repository) if not repository.is_incident_file(path)]


def settle(repository: Repository, conflict: Conflict, merged: Merged) -> None:
    """Writes the text of a file and tells git that its conflict is settled. StatusError when it cannot be written.

    Without a text, both sides have removed the file.
    """
    if merged.text is None:
        repository.git("rm", "-q", "--cached", "--", conflict.path)
        return
    if merged.moved is not None:
        _write(repository, conflict.moved_to(repository), merged.moved)
    _write(repository, conflict.path, merged.text)


def _write(repository: Repository, name: str, text: str) -> None:
    path = repository.top / name
    try:
        old = path.read_bytes() if path.exists() else None
        if old is None:
            path.parent.mkdir(parents=True, exist_ok=True)
        done = compare_and_swap.create(path, text.encode()) if old is None else _swapped(path, old, text)
    except (OSError, compare_and_swap.Overwritten) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        hint = "Nothing was changed. Check the free disk space and the folder’s permissions."
        raise StatusError(f"cannot be written: {reason}.", os.path.relpath(path), hint=hint) from None
    if not done:
        raise StatusError("another program has changed this file.", os.path.relpath(path), hint="Run it again.")
    repository.git("add", "--", name)


def rename(repository: Repository, old: Path, new: Path) -> None:
    """Renames an update file, and tells git. StatusError when it cannot be renamed."""
    try:
        old.rename(new)
    except OSError as error:
        raise StatusError(f"cannot be renamed: {error.strerror}.", os.path.relpath(old)) from None
    repository.git("rm", "-q", "--cached", "--ignore-unmatch", "--", str(old.absolute()))
    repository.git("add", "--", str(new.absolute()))


def _swapped(path: Path, old: bytes, text: str) -> bool:
    return compare_and_swap.swap(path.resolve(), old, text.encode())


def how_to_go_on(repository: Repository) -> str:
    """The command of git that brings to an end what is under way."""
    folder = repository.git_folder
    if (folder / "rebase-merge").exists() or (folder / "rebase-apply").exists():
        return "git am --continue" if (folder / "rebase-apply" / "applying").exists() else "git rebase --continue"
    for name, command in _COMMANDS.items():
        if (folder / name).exists():
            return command
    stash = "; git has kept the stash, remove it when all is there: git stash drop"
    return f"status push{stash if repository.commit('stash@{0}') else ''}"


_COMMANDS = {
    "MERGE_HEAD": "git commit --no-edit",
    "CHERRY_PICK_HEAD": "git cherry-pick --continue",
    "REVERT_HEAD": "git revert --continue",
}
"""File in git's folder -> the command that brings to an end what is under way while it exists."""


def with_authors(settings: Settings, error: StatusError) -> StatusError:
    """`error`, where each problem about a conflict in an incident file says also who wrote which side."""
    if not any(conflict_markers.WORDS in problem.what for problem in error.problems):
        return error
    try:
        repository = Repository.of(settings)
        known = {(repository.top / conflict.path).resolve(): conflict for conflict in find(repository)}
    except StatusError:  # without git, nobody knows who wrote it
        return error
    return StatusError.of(_with_authors(problem, known) for problem in error.problems)


def _with_authors(problem: Problem, known: Mapping[Path, Conflict]) -> Problem:
    conflict = known.get(Path(problem.path).resolve()) if conflict_markers.WORDS in problem.what else None
    if conflict is None or not (conflict.our_author.subject and conflict.their_author.subject):
        return problem
    hint = f"Written by {conflict.our_author}\nand by {conflict.their_author}.\n{problem.hint}"
    return replace(problem, hint=hint)


def _with_markers(repository: Repository) -> Iterator[str]:
    """The incident files that contain a complete conflict, whatever git knows of it."""
    for path in sorted((repository.top / repository.folder).rglob("*")):
        name = path.relative_to(repository.top).as_posix()
        if repository.is_incident_file(name) and path.is_file() and conflict_markers.is_possible(path.read_bytes()):
            yield name


def _conflict(repository: Repository, path: str, blobs: Mapping[int, str] | None, work: Work) -> Conflict | None:
    by_hand, labels = None, ("HEAD", "the other side")
    if blobs:
        work = work.stash(blobs, path)
        texts: Texts | None = conflict_sides.unmerged(repository, path, blobs)
        by_hand = conflict_sides.settled_by_hand(repository, path, blobs)
    else:
        work, text = work.after, disk.read_text(repository.top / path)
        texts = conflict_sides.marked(repository, path, text, work)
        labels = conflict_markers.labels(text) or labels
    if texts is None:
        return None
    head, other = work.authors(path, labels)
    sides = (texts.other, texts.head, other, head) if work.is_picked else (texts.head, texts.other, head, other)
    return Conflict(path, texts.base, *sides, by_hand, repository.is_update_file(path))
