"""Which texts git could not merge in a file, who wrote them in which commit, and what is under way meanwhile."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from status_tool.errors import StatusError
from status_tool.project.repository import Repository
from status_tool.system import disk
from status_tool.text import conflict_markers

_PICKED = {"REBASE_HEAD": "^", "CHERRY_PICK_HEAD": "^", "REVERT_HEAD": ""}
"""The commit that git applies on top of others: then HEAD is what others have, and this is ours. -> How its base is
found from it."""


class Author(NamedTuple):
    """Who wrote one side of a conflict, and in which commit."""

    name: str
    commit: str = ""
    """The beginning of its id; empty if unknown."""
    at: str = ""
    """`2026-11-23 14:06`, as git says it."""
    subject: str = ""

    def __str__(self) -> str:
        if not self.subject:
            return self.name
        commit = f"commit {self.commit}" if self.commit else "a patch"
        return f'{self.name} ({commit}, {self.at}: "{self.subject}")'

    def is_meant_by(self, text: str) -> bool:
        """Whether a person who types `text` means this side: its commit, or a part of the author's name."""
        by_commit = (
            len(text) >= 4 and bool(self.commit) and (text.startswith(self.commit) or self.commit.startswith(text))
        )
        return by_commit or text.casefold() in self.name.casefold()


class Texts(NamedTuple):
    """The versions of a file; None: the file was not there, or was removed."""

    base: str | None
    """If nobody knows it, what both sides have in common; that need not be a valid file."""
    head: str | None
    other: str | None


@dataclass(frozen=True)
class Work:
    """What git has begun and not ended, as far as it explains the two sides of a conflict."""

    repository: Repository
    other: str = ""
    """The commit that is not HEAD; empty if unknown."""
    base: str = ""
    """The commit that both sides come from; empty if unknown."""
    head: str = "HEAD"
    is_picked: bool = False
    """Whether git puts `other` on top of `head`, which others have already."""
    other_author: Author | None = None
    """Its author, if it is no commit."""

    @classmethod
    def of(cls, repository: Repository) -> Work:
        for name, to_base in _PICKED.items():
            if commit := repository.commit(name):
                return cls(repository, commit, repository.commit(f"{commit}{to_base}"), is_picked=True)
        if commit := repository.commit("MERGE_HEAD"):
            return cls(repository, commit, repository.line("merge-base", "HEAD", commit))
        if patch := _patch_author(repository.git_folder / "rebase-apply"):
            return cls(repository, is_picked=True, other_author=patch)
        return cls(repository)

    @cached_property
    def after(self) -> Work:
        """What there was to unite when nothing is under way any more: the parents of HEAD, if it is a merge."""
        ours, theirs = (self.repository.commit(f"HEAD^{number}") for number in (1, 2))
        if self.other or self.other_author or not theirs:
            return self
        return Work(self.repository, theirs, self.repository.line("merge-base", ours, theirs), ours)

    def stash(self, stages: Mapping[int, str], path: str) -> Work:
        """What `git stash pop` has begun, if the file at `path` is from the newest stash: git keeps no note of it."""
        if self.other or self.other_author or 3 not in stages:
            return self
        if self.repository.line("rev-parse", "--verify", "--quiet", f"stash@{{0}}:{path}") != stages[3]:
            return Work(self.repository, is_picked=True)
        return Work(self.repository, self.repository.commit("stash@{0}"), is_picked=True)

    def authors(self, path: str, labels: tuple[str, str]) -> tuple[Author, Author]:
        """Who wrote the side of HEAD, and the other side; `labels` are their names where git does not know it."""
        head = _author(self.repository, self.head, path) if self.other or self.other_author else None
        other = self.other_author or _author(self.repository, self.other, path)
        return head or Author(labels[0]), other or Author(labels[1])


def stages(repository: Repository) -> dict[str, dict[int, str]]:
    """Path -> number of a stage (1 base, 2 HEAD, 3 the other side) -> blob, for each unmerged file."""
    found: dict[str, dict[int, str]] = {}
    for row in os.fsdecode(repository.git("ls-files", "--unmerged", "--full-name", "-z")).split("\0"):
        if row:
            header, path = row.split("\t", 1)
            _, blob, number = header.split(" ")
            found.setdefault(path, {})[int(number)] = blob
    return found


def unmerged(repository: Repository, path: str, blobs: Mapping[int, str]) -> Texts:
    """The versions of a file that git knows as unmerged; lines that somebody has typed meanwhile are in them, too.

    StatusError when somebody has damaged the markers while settling it by hand.
    """
    texts, now = _versions(repository, path, blobs), _present(repository, path)
    if now is None or not _typed(now, texts):
        return texts
    if found := conflict_markers.versions(now):
        return Texts(found.base or texts.base, found.ours, found.theirs)
    if problem := conflict_markers.problem(now, os.path.relpath(repository.top / path)):
        raise StatusError.of([problem])
    return texts


def settled_by_hand(repository: Repository, path: str, blobs: Mapping[int, str]) -> str | None:
    """The text without markers that somebody has put in the place of the conflict; None if nobody has.

    Without its merge driver, and with a file that it takes for binary, git leaves one of the versions in place.
    """
    now = _present(repository, path)
    if now is None or now in _versions(repository, path, blobs) or conflict_markers.problem(now, path):
        return None
    return now


def _versions(repository: Repository, path: str, blobs: Mapping[int, str]) -> Texts:
    return Texts(*(_text(repository, blobs.get(number), path) for number in (1, 2, 3)))


def _present(repository: Repository, path: str) -> str | None:
    """The text of a file as it is now, with markers of the usual size; None if it is not there."""
    file = repository.top / path
    if not file.is_file():
        return None
    said = repository.line("check-attr", "conflict-marker-size", "--", path).rpartition(" ")[2]
    size = int(said) if said.isdecimal() else conflict_markers.SIZE
    return conflict_markers.enlarged(disk.read_text(file), size)


def marked(repository: Repository, path: str, text: str, work: Work) -> Texts | None:
    """The versions of a text with markers of which git knows nothing any more; None without a complete conflict."""
    found = conflict_markers.versions(text) if conflict_markers.problem(text, path) else None
    if found is None:
        return None
    base = found.base
    if base is None and work.base:
        blob = repository.line("rev-parse", "--verify", "--quiet", f"{work.base}:{path}")
        base = _text(repository, blob, path) if blob else None
    return Texts(base or found.common, found.ours, found.theirs)


def _typed(now: str, texts: Texts) -> set[str]:
    """The lines, other than markers, that none of `texts` has."""
    known = {line.rstrip("\r") for text in texts if text for line in text.split("\n")}
    return {line.rstrip("\r") for line in conflict_markers.without_markers(now)} - known


def _text(repository: Repository, blob: str | None, path: str) -> str | None:
    """A version with the line endings of the work tree; StatusError if it is no text."""
    if blob is None:
        return None
    try:
        return repository.git("cat-file", "--filters", f"--path={path}", blob).decode("utf-8")
    except UnicodeDecodeError:
        hint = "Settle this file by hand, save it as UTF-8, then: git add " + shlex.quote(path)
        raise StatusError("one version of this file is not UTF-8 text.", path, hint=hint) from None


def _author(repository: Repository, revision: str, path: str) -> Author | None:
    if not revision:
        return None
    said = repository.line(
        "log", "-1", "--date=format:%Y-%m-%d %H:%M", "--format=%an%x00%h%x00%ad%x00%s", revision, "--", path
    )
    fields = said.split("\0")
    return Author(*fields) if len(fields) == 4 else None


def _patch_author(folder: Path) -> Author | None:
    """Who wrote the patch that `git am` applies."""
    try:
        script = (folder / "author-script").read_text("utf-8")
        subject = (folder / "final-commit").read_text("utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        return None
    values = dict(word.partition("=")[::2] for word in shlex.split(script))
    return Author(values.get("GIT_AUTHOR_NAME", "the patch"), "", values.get("GIT_AUTHOR_DATE", ""), subject)
