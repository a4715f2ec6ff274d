"""How commits of this repository are made again on top of those that others pushed meanwhile.

Only objects are written: neither the branch, nor the index, nor any file changes. Incident files that both sides
changed are merged by their content (`incident_files.merging`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import formats, merging, update_file_merging, update_files
from status_tool.incident_files.union import Question
from status_tool.project import endings
from status_tool.project.repository import Repository

_INDEX = "status-push-index"


class Entry(NamedTuple):
    """A file in a tree."""

    mode: str
    blob: str


_REMOVED = Entry("0", "0" * 40)
"""What `git update-index --index-info` takes as the removal of a file."""


@dataclass
class Replay:
    """Commits of ours on top of `tip`, which grows with each."""

    repository: Repository
    tip: str
    notes: list[str] = field(default_factory=list)
    """What the person should know: `(file): (sentence)`."""
    count: int = 0
    """How many commits were made."""
    _renamed: dict[str, str] = field(default_factory=dict)

    def add(self, commit: str) -> None:
        """Makes `commit` again on top of `tip`; one that changes nothing there is left out.

        StatusError when both sides changed the same thing, and a person has to decide.
        """
        base, ours = self._changes(commit)
        paths = [self._target(path) for path in ours]
        theirs = self._entries(self.tip, paths)
        changes: dict[str, Entry | None] = {}
        problems: list[Problem] = []
        for path, our_entry in sorted(ours.items(), key=self._order):
            target = self._target(path)
            try:
                changes |= self._settled(target, base[path], our_entry, theirs.get(target))
            except StatusError as error:
                problems += error.problems
        if problems:
            raise StatusError.of(problems)
        for path in [path for path, entry in changes.items() if entry and self.repository.is_update_file(path)]:
            self._unite_ending(commit, path, changes, is_new=base.get(path) is None)
        changes = {path: entry for path, entry in changes.items() if entry != theirs.get(path)}
        if changes:
            self.tip = self._commit(commit, changes)
            self.count += 1

    def follow(self, base: str, said: str, again: str) -> None:
        """Learns which files of ours, changed from `base` to `said`, have other names in `again`, made of the same."""
        _, ours = self._tree_changes(base, said)
        rows = os.fsdecode(self.repository.git("ls-tree", "-r", "-z", "--full-tree", again)).split("\0")
        there = {path: header.split(" ")[2] for header, path in (row.split("\t", 1) for row in rows if row)}
        by_blob = {blob: path for path, blob in there.items() if self.repository.is_incident_file(path)}
        for path, entry in ours.items():
            if entry and there.get(path) != entry.blob and entry.blob in by_blob:
                self._renamed[path] = by_blob[entry.blob]

    def _order(self, change: tuple[str, Entry | None]) -> tuple[int, str]:
        """An incident's file comes first, then those of its updates, then their translations: they move with it."""
        path = change[0]
        if not self.repository.is_update_file(path):
            return 0, path
        return (2 if update_files.name_of(path).language else 1), path

    def _target(self, path: str) -> str:
        """Where a file of ours is on top of theirs; the files of an incident's updates move with it."""
        if path in self._renamed or not self.repository.is_update_file(path):
            return self._renamed.get(path, path)
        folder, _, name = path.rpartition("/")
        at, language = update_files.name_of(path)
        if language and (update := self._renamed.get(f"{folder}/{update_files.file_name(at)}")):
            return f"{folder}/{update_files.file_name(update_files.name_of(update).at, language)}"
        renamed = (self._renamed.get(f"{folder}{suffix}") for suffix in formats.SUFFIXES)
        moved = next((new for new in renamed if new), None)
        return f"{moved.rpartition('.')[0]}/{name}" if moved else path

    def _settled(
        self, path: str, base: Entry | None, ours: Entry | None, theirs: Entry | None
    ) -> dict[str, Entry | None]:
        """What the commit on top of theirs has at `path`, and maybe at another path."""
        if ours in (base, theirs):
            return {}
        if base is None and theirs is None and ours and self.repository.is_update_file(path):
            return {self._free_name(path): ours}
        if theirs == base:
            return {path: ours}
        if not self.repository.is_incident_file(path):
            what = "both you and others have changed this file."
            hint = "Your words are safe in local commits. To go on: git pull --rebase, then status push"
            raise StatusError(what, path, hint=hint)
        if theirs is None or ours is None:
            self.notes.append(f"{path}: it was removed {'by others' if ours else 'here'}, and changed; it is kept.")
            return {path: ours or theirs}
        texts = [self._text(entry) if entry else None for entry in (base, ours, theirs)]
        before, our_text, their_text = texts[0], texts[1] or "", texts[2] or ""
        is_update_file = self.repository.is_update_file(path)
        merge = update_file_merging.merge if is_update_file else merging.merge
        merged = merge(before, our_text, their_text, path)
        if merged.text is None and base is None and not is_update_file:
            return self._as_another_incident(path, ours)
        if merged.text is None:
            raise StatusError.of(_asked(path, question) for question in merged.questions)
        self.notes += [f"{path}: {note}" for note in merged.notes]
        settled: dict[str, Entry | None] = {path: Entry(theirs.mode, self._blob(merged.text))}
        if merged.moved is not None:
            free = update_file_merging.later_name(path, lambda name: bool(self._entries(self.tip, [name])))
            self._renamed[path] = free
            self.notes.append(f"{path}: others have an update of this second, so yours is {free}.")
            settled[free] = ours
        return settled

    def _unite_ending(self, commit: str, path: str, changes: dict[str, Entry | None], *, is_new: bool) -> None:
        """Makes one ending of two, if the new update file `path` ends what others have ended."""
        if not is_new:
            return
        id = self.repository.id_of(path)
        parent = self.repository.commit(f"{commit}^1")
        before, ours, theirs = (self._files_of(tree, id) for tree in (parent, commit, self.tip))
        united = endings.unite(before, ours, theirs, path)
        if united:
            changes[path] = None
            changes[united.path] = Entry("100644", self._blob(united.text))
            self.notes.append(f"{united.path}: {united.note}")

    def _files_of(self, tree: str, id: str) -> dict[str, str]:
        """Path -> text of the files of the incident `id` in a tree."""
        prefix = "" if self.repository.folder == "." else f"{self.repository.folder}/"
        names = [*(f"{prefix}{id}{suffix}" for suffix in formats.SUFFIXES), f"{prefix}{id}/"]
        entries = self._entries(tree, names) if tree else {}
        return {path: self._text(entry) for path, entry in entries.items() if self.repository.is_incident_file(path)}

    def _free_name(self, path: str) -> str:
        """The path for an update file of ours; another one if the incident's file has an update of its second."""
        folder = path.rpartition("/")[0]
        entries = self._entries(self.tip, [f"{folder}{suffix}" for suffix in formats.SUFFIXES])
        taken = {at for entry in entries.values() for at in merging.times(self._text(entry))}
        at, language = update_files.name_of(path)
        if language or at not in taken:
            return path
        free = update_file_merging.later_name(
            path, lambda name: update_files.name_of(name).at in taken or bool(self._entries(self.tip, [name]))
        )
        self._renamed[path] = free
        self.notes.append(f"{path}: others have an update of this second, so yours is {free}.")
        return free

    def _as_another_incident(self, path: str, ours: Entry) -> dict[str, Entry | None]:
        """Two people gave one name to two incidents: ours gets a name of its own."""
        stem, dot, suffix = path.rpartition(".")
        number = 2
        while self._entries(self.tip, [f"{stem}-{number}{dot}{suffix}"]):
            number += 1
        free = f"{stem}-{number}{dot}{suffix}"
        self._renamed[path] = free
        self.notes.append(f"{path}: others had opened another incident with this name; yours is {free}.")
        return {free: ours}

    # -- objects of git ----------------------------------------------------------------------

    def _changes(self, commit: str) -> tuple[dict[str, Entry | None], dict[str, Entry | None]]:
        """The files that the commit changed since its first parent: before, and after."""
        return self._tree_changes(self.repository.commit(f"{commit}^1"), commit)

    def _tree_changes(self, parent: str, commit: str) -> tuple[dict[str, Entry | None], dict[str, Entry | None]]:
        """The files that differ between two commits: before, and after; without a parent, all of the commit."""
        revisions = [parent, commit] if parent else ["--root", commit]
        output = self.repository.git(
            "diff-tree", "-r", "-z", "--no-renames", "--no-commit-id", "--no-abbrev", *revisions
        )
        fields = iter(os.fsdecode(output).split("\0"))
        before: dict[str, Entry | None] = {}
        after: dict[str, Entry | None] = {}
        for header in fields:
            if not header:
                continue
            old_mode, new_mode, old, new, _ = header.removeprefix(":").split(" ")
            path = next(fields)
            before[path] = None if not old.strip("0") else Entry(old_mode, old)
            after[path] = None if not new.strip("0") else Entry(new_mode, new)
        return before, after

    def _entries(self, tree: str, paths: Iterable[str]) -> dict[str, Entry]:
        """Those of `paths` that are files of the tree."""
        output = self.repository.git("ls-tree", "-z", "--full-tree", tree, "--", *paths)
        entries: dict[str, Entry] = {}
        for row in os.fsdecode(output).split("\0"):
            if row:
                header, path = row.split("\t", 1)
                mode, _, blob = header.split(" ")
                entries[path] = Entry(mode, blob)
        return entries

    def _text(self, entry: Entry) -> str:
        return self.repository.git("cat-file", "blob", entry.blob).decode("utf-8", "surrogateescape")

    def _blob(self, text: str) -> str:
        return self.repository.git("hash-object", "-w", "--stdin", stdin=text.encode()).decode().strip()

    def _commit(self, commit: str, changes: dict[str, Entry | None]) -> str:
        """A commit on top of `tip` with the author and the message of `commit`."""
        index = {"GIT_INDEX_FILE": str(self.repository.git_folder / _INDEX)}
        rows = [f"{mode} {blob}\t{path}\0" for path, entry in changes.items() for mode, blob in [entry or _REMOVED]]
        self.repository.git("read-tree", self.tip, env=index)
        self.repository.git("update-index", "-z", "--index-info", stdin=os.fsencode("".join(rows)), env=index)
        tree = self.repository.line("write-tree", env=index)
        shown = self.repository.git("show", "-s", "--date=raw", "--format=%an%x00%ae%x00%ad%x00%B", commit)
        name, mail, date, message = shown.split(b"\0", 3)
        author = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail, "GIT_AUTHOR_DATE": date}
        env = {key: os.fsdecode(value) for key, value in author.items()}
        signing = ["-S"] if self.repository.line("config", "--type=bool", "commit.gpgSign") == "true" else []
        return (
            self.repository.git("commit-tree", tree, "-p", self.tip, *signing, "-F", "-", stdin=message, env=env)
            .decode()
            .strip()
        )


def _asked(path: str, question: Question) -> Problem:
    ours, theirs = (" ".join(text.split()) for text in (question.ours, question.theirs))
    what = f"both you and others have changed {question.what}."
    hint = f"  yours:  {_cut(ours)}\n  theirs: {_cut(theirs)}\n"
    hint += "Your words are safe in a local commit. To settle it: git pull, then status merge"
    return Problem(what, path, hint=hint)


def _cut(text: str) -> str:
    return (text if len(text) <= 200 else f"{text[:199]}…") or "(removed)"
