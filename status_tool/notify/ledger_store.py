"""Where the ledger is: a file in git's folder, and a reference of its own in the repository and its remote.

A line is in the file before anything else happens. The reference is moved by compare-and-swap, so that of two runs that
want to say the same, one is second and sees it.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from status_tool.errors import StatusError
from status_tool.notify.ledger import Entry, Event, Ledger
from status_tool.project import git
from status_tool.project.git import Refused
from status_tool.system import disk
from status_tool.system.programs import Answer

REFERENCE = "refs/status/ledger"
_THEIRS = "refs/status/ledger-of-the-remote"
_NAME = "ledger.jsonl"
_FOLDER, _JOURNAL = "status-ledger", "journal.jsonl"
ATTEMPTS = 60
"""How often the reference is written when others are first."""
_OTHERS_FIRST = (
    "stale info",
    "non-fast-forward",
    "fetch first",
    "cannot lock ref",
    "failed to update ref",
    "incorrect old",
)
_AUTHOR = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "status notify"), ("EMAIL", "status@localhost"))
}


class Unreachable(Exception):
    """Why the remote does not answer, or refuses the ledger."""


class LedgerStore:
    """The ledger of the repository that `folder` is in; `remote` is empty when it has none."""

    def __init__(self, folder: Path) -> None:
        """StatusError when there is no repository."""
        self.folder = folder
        common = self._line("rev-parse", "--git-common-dir")
        if not common:
            hint = "Make a repository, which keeps what was said: git init"
            raise StatusError("the files are in no git repository.", folder, hint=hint)
        self._place = Path(os.path.realpath(folder / common)) / _FOLDER
        self.journal = self._place / _JOURNAL
        remotes = self._line("remote").split()
        self.remote = "origin" if "origin" in remotes else remotes[0] if remotes else ""

    def read(self) -> Ledger:
        """What is known here, without asking the remote."""
        return Ledger.union(self._journal_text(), self._content(REFERENCE), self._content(_THEIRS))

    def append(self, entries: Sequence[Entry]) -> None:
        """Adds lines to the file, which are on the disk when this returns; StatusError when they cannot be written."""
        with self._locked():
            self._append(entries)

    def claim(self, decide: Callable[[Ledger], Sequence[Entry]], *, offline: bool = False) -> Ledger:
        """The ledger after the lines that `decide` adds to the newest one: nobody else added anything in between.

        `decide` may be asked again. With `offline`, the remote is left alone. Raises `Unreachable`, and then nothing
        was added.
        """
        with self._locked():
            if offline or not self.remote:
                self._append(decide(self.read()))
                return self.read()
            return self._swap(decide)

    def fetch(self) -> None:
        """Takes what the remote has. Raises `Unreachable`."""
        with self._locked():
            self._fetched()

    def publish(self) -> None:
        """Brings the lines of this machine to the remote. Raises `Unreachable`; they stay here then."""
        self.claim(lambda ledger: [])

    # -- the reference -----------------------------------------------------------------------------

    def _swap(self, decide: Callable[[Ledger], Sequence[Entry]]) -> Ledger:
        for attempt in range(ATTEMPTS):
            theirs = self._fetched()
            known = self.read()
            added = list(decide(known))
            wanted = Ledger.union(known.text, "".join(f"{entry.line}\n" for entry in added))
            if wanted.text == self._content(theirs):
                return wanted
            commit = self._committed(wanted, theirs)
            said = self._push(commit, theirs)
            if not said or self._has_arrived(added):
                self._append(added)
                self._line("update-ref", REFERENCE, commit)
                return wanted
            if not any(word in said for word in _OTHERS_FIRST):
                self._append([replace(entry, event=Event.RELEASED, until=None) for entry in added])
                raise Unreachable(said)
            time.sleep(random.uniform(0, min(0.05 * 2 ** min(attempt, 5), 1.0)))
        raise Unreachable(f"others were first {ATTEMPTS} times")

    def _push(self, commit: str, theirs: str) -> str:
        """Replaces the remote's ledger, if that is still `theirs`: why not; empty when it is done."""
        lease = f"--force-with-lease={REFERENCE}:{theirs}"
        try:
            answer = self._run("push", "--quiet", lease, self.remote, f"{commit}:{REFERENCE}")
        except Unreachable as error:
            return str(error)
        return _words(answer) if answer.code else ""

    def _fetched(self) -> str:
        """The commit of the remote's ledger; empty when it has none."""
        answer = self._run("fetch", "--quiet", "--no-tags", self.remote, f"+{REFERENCE}:{_THEIRS}")
        if answer.code == 0:
            return self._line("rev-parse", "--verify", "--quiet", _THEIRS)
        if "couldn't find remote ref" in answer.said:
            self._line("update-ref", "-d", _THEIRS)
            return ""
        raise Unreachable(_words(answer))

    def _has_arrived(self, added: Sequence[Entry]) -> bool:
        """Whether a push that failed has written our lines all the same, as when the answer was lost."""
        if not added:
            return False
        with contextlib.suppress(Unreachable):
            return {entry.line for entry in added} <= set(self._content(self._fetched()).split("\n"))
        return False

    def _committed(self, ledger: Ledger, parent: str) -> str:
        blob = self._git("hash-object", "-w", "--stdin", stdin=ledger.text.encode("utf-8"))
        tree = self._git("mktree", stdin=f"100644 blob {blob}\t{_NAME}\n".encode())
        parents = ["-p", parent] if parent else []
        return self._git("commit-tree", tree, *parents, "-m", "What was said on other channels", stdin=b"")

    def _content(self, revision: str) -> str:
        if not revision:
            return ""
        answer = self._run("cat-file", "blob", f"{revision}:{_NAME}")
        return answer.output.decode("utf-8", "replace") if answer.code == 0 else ""

    # -- the file ----------------------------------------------------------------------------------

    def _journal_text(self) -> str:
        try:
            return self.journal.read_bytes().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise StatusError(
                f"cannot be read: {error.strerror}.", self.journal, hint="Check its permissions."
            ) from None

    def _append(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        lines = "".join(f"{entry.line}\n" for entry in entries).encode("utf-8")
        try:
            handle = os.open(self.journal, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                size = os.fstat(handle).st_size
                if size and os.pread(handle, 1, size - 1) != b"\n":
                    lines = b"\n" + lines  # a full disk has cut off the last line
                written = 0
                while written < len(lines):
                    written += os.write(handle, lines[written:])
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            hint = "Nothing else was sent. Make room, or correct the permissions; then run the command again."
            raise StatusError(f"cannot be written: {error.strerror}.", self.journal, hint=hint) from None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._place.mkdir(exist_ok=True)
            lock = disk.exclusive_lock(self._place)
        except OSError as error:
            raise StatusError(
                f"cannot be written: {error.strerror}.", self._place, hint="Check its permissions."
            ) from None
        with lock:
            yield

    # -- running git -------------------------------------------------------------------------------

    def _run(self, *args: str, stdin: bytes = b"") -> Answer:
        try:
            return git.run(self.folder, *args, stdin=stdin, env=_AUTHOR)
        except Refused as refused:
            if args[0] in ("fetch", "push"):
                raise Unreachable(refused.reason) from None
            raise StatusError(f"{refused.reason}.", hint=refused.hint) from None

    def _line(self, *args: str) -> str:
        answer = self._run(*args)
        return "" if answer.code else os.fsdecode(answer.output).strip()

    def _git(self, *args: str, stdin: bytes) -> str:
        answer = self._run(*args, stdin=stdin)
        if answer.code:
            hint = f"Look for damage, and for a full disk: git fsck\nGit said: {_words(answer)}"
            raise StatusError("git cannot keep the ledger.", self.folder, hint=hint)
        return os.fsdecode(answer.output).strip()


def _words(answer: Answer) -> str:
    """What git said, in one line."""
    said = answer.said.strip() or os.fsdecode(answer.output).strip() or f"git ended with {answer.code}"
    return re.sub(r"://[^/@\s]+@", "://", " ".join(said.split()))[:300]
