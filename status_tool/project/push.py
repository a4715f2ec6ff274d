"""How what was said is committed and pushed, on top of what others pushed meanwhile."""

from __future__ import annotations

import random
import re
import shlex
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from status_tool.errors import StatusError
from status_tool.project import commit as committing
from status_tool.project.project import Project
from status_tool.project.replay import Replay
from status_tool.project.repository import Repository, Upstream, failed
from status_tool.system import disk
from status_tool.system.programs import Answer

ATTEMPTS = 40
"""How often a push is tried when others are first."""
FAILURES = 4
"""How often it is tried when the remote refuses it, or does not answer."""
TIME_LIMIT = 180.0
"""Seconds after which nothing is tried again."""
_THEIRS = "refs/worktree/status-tool/theirs"
"""Of this work tree alone: another one may push another branch at the same time."""
_PENDING, _ARRIVED = "refs/worktree/status-tool/pending", "refs/worktree/status-tool/arrived"
"""Each with `-ours`, the last commit of ours that was made again, and `-again`, the one that it became. The first pair
is written before that is pushed, so that a push that is killed afterwards does not say the same words twice; the second
is the last pair that is known to have arrived, which holds until another one has."""
_BRANCH = "status/"
"""How the names of branches begin that are pushed where the branch itself is protected."""
_PROTECTED = re.compile(
    r"protected branch|GH006|GH013|not allowed to push|pull request|merge request|required status check|policy", re.I
)
_REFUSED = "[remote rejected]"
_BEHIND = ("non-fast-forward", "fetch first", "stale info", "cannot lock ref", "failed to update ref", "incorrect old")
_NO_LOGIN = re.compile(r"could not read (Username|Password)|Permission denied|Authentication failed|terminal prompts")
_FINAL = re.compile(
    rf"{_NO_LOGIN.pattern}|does not appear to be a git repository|[Rr]epository .*not found|src refspec|pre-push hook"
)
"""What git says when another attempt cannot have another result."""


class Outcome(NamedTuple):
    """What a push came to."""

    commits: int
    """How many commits are on the remote now that were not there before."""
    where: str
    """`origin/main`, or the branch that was pushed instead: `origin/status/2026-11-23-api-errors-1a2b3c4`."""
    is_review: bool
    """Whether it is on a branch that somebody has to merge."""
    said: tuple[str, ...]
    """What the remote said, a line each: most forges name the address at which a pull request is opened."""
    notes: tuple[str, ...]
    """What the person should know of it."""


def push(site: Project, *, review: bool = False, skips_review: bool = False) -> Outcome:
    """Commits the changed incident files, and pushes the branch, or with `review` a branch of its own.

    With `skips_review`, a commit says who did not wait for the review.

    What others pushed meanwhile stays; what was done here is made again on top of it. StatusError when it cannot be
    pushed; all that was written is in a local commit then.
    """
    repository = Repository.of(site.settings)
    with repository.locked():
        repository.refuse_work_under_way()
        branch = repository.branch()
        _refuse_without_site(site, repository)
        notes = committing.commit(site, repository)
        if skips_review:
            notes.append(committing.without_review(repository))
        try:
            return _Push(repository, branch, repository.upstream(branch), site, review, notes).run()
        except StatusError as error:
            raise _with_unpushed(error, repository, branch) from None


def _refuse_without_site(site: Project, repository: Repository) -> None:
    """StatusError when no commit has the settings: incidents alone would be pushed, which nothing publishes."""
    file, top = site.settings.file.resolve(), repository.top.resolve()
    if not file.is_relative_to(top):
        return  # the incidents have a repository of their own
    if not repository.line("ls-tree", "--name-only", "--full-tree", "HEAD", "--", file.relative_to(top).as_posix()):
        hint = 'Commit the site first: git add . && git commit -m "A status site"\nThen: status push'
        raise StatusError("no commit contains the site yet, so nothing was committed or pushed.", hint=hint)


def unpushed(repository: Repository, branch: str) -> list[str]:
    """The subjects of the commits that the remote does not have, as far as is known here; the oldest first."""
    upstream = repository.line("rev-parse", "--verify", "--quiet", f"{branch}@{{upstream}}")
    known = [f"{upstream}..HEAD"] if upstream else ["HEAD", "--not", "--remotes"]
    return repository.line("log", "--reverse", "--format=%s", *known).splitlines()


def _with_unpushed(error: StatusError, repository: Repository, branch: str) -> StatusError:
    """`error`, with what is not pushed yet in its last hint."""
    subjects = unpushed(repository, branch)
    if not subjects:
        return error
    more = [f"  and {len(subjects) - 8} more"] if len(subjects) > 8 else []
    number = "1 commit is" if len(subjects) == 1 else f"{len(subjects)} commits are"
    lines = [f"Nothing is lost; {number} not pushed yet:", *(f"  {subject}" for subject in subjects[:8]), *more]
    *others, last = error.problems
    return StatusError.of([*others, replace(last, hint="\n".join([last.hint, *lines, "To try again: status push"]))])


# -- the push ------------------------------------------------------------------------------------


@dataclass
class _Push:
    """One push, tried until it succeeds, until time is up, or until it is refused for good."""

    repository: Repository
    branch: str
    upstream: Upstream
    site: Project
    review: bool
    notes: list[str]

    def run(self) -> Outcome:
        if not self.repository.commit("HEAD"):
            hint = "Open an incident: status open; or commit your files."
            raise StatusError("there is no commit yet, so there is nothing to push.", hint=hint)
        tip, started, behind, failures = "HEAD", time.monotonic(), 0, 0
        if self.review:
            return self._to_review()
        while True:
            answer = self._pushed(tip, self.upstream.branch)
            if not answer.code:
                return self._done(tip, answer)
            said = f"{answer.said}\n{answer.output.decode('utf-8', 'replace')}"
            is_behind = any(words in said for words in _BEHIND)
            if not is_behind and _REFUSED in said and _PROTECTED.search(said):
                return self._to_review(f"{self.upstream} is protected")
            behind, failures = behind + is_behind, failures + (not is_behind)
            if (
                behind >= ATTEMPTS
                or failures >= FAILURES
                or time.monotonic() - started > TIME_LIMIT
                or _FINAL.search(said)
            ):
                raise self._refused(said, behind >= ATTEMPTS)
            time.sleep(random.uniform(0.05, 0.2 * (behind + 2 * failures)))
            if is_behind:
                tip = self._replayed()

    def _pushed(self, tip: str, branch: str) -> Answer:
        upstream = [] if self.upstream.is_configured or branch != self.upstream.branch else ["--set-upstream"]
        if tip != "HEAD":
            upstream = []
        refspec = f"{self.repository.commit(tip)}:refs/heads/{branch}" if tip != "HEAD" else f"HEAD:refs/heads/{branch}"
        return self.repository.try_git("push", "--porcelain", *upstream, self.upstream.remote, refspec)

    def _fetched(self) -> str:
        """The commit at which the branch of the remote is; empty when the remote has no such branch."""
        source = f"+refs/heads/{self.upstream.branch}:{_THEIRS}"
        tracking = f"+refs/heads/{self.upstream.branch}:refs/remotes/{self.upstream.remote}/{self.upstream.branch}"
        answer = self.repository.try_git("fetch", "--quiet", "--no-tags", self.upstream.remote, source, tracking)
        if answer.code and "couldn't find remote ref" in answer.said:
            return ""
        if answer.code:
            raise failed(answer, ("fetch",))
        return self.repository.commit(_THEIRS)

    def _replayed(self) -> str:
        """The tip of the commits of ours, made again on top of those of the remote."""
        theirs = self._fetched()
        ours = self.repository.commit("HEAD")
        if not theirs or self.repository.is_ancestor(theirs, ours):
            return "HEAD"
        (base, again), common = self._known_to(theirs, ours), self._merge_base(ours, theirs)
        replay = Replay(self.repository, theirs)
        if base:
            replay.follow(common, base, again)
            self._write_pair(_ARRIVED, base, again)
        commits = self.repository.git("rev-list", "--reverse", "--first-parent", f"{base or common}..{ours}")
        for commit in commits.decode().split():
            replay.add(commit)
        self._write_pair(_PENDING, ours, replay.tip)
        self.replayed = ours
        self.replay_notes = replay.notes
        return replay.tip

    def _write_pair(self, name: str, ours: str, again: str) -> None:
        """Writes both references, or none."""
        lines = f"update {name}-ours {ours}\nupdate {name}-again {again}\n"
        self.repository.git("update-ref", "--stdin", stdin=lines.encode())

    def _known_to(self, theirs: str, ours: str) -> tuple[str, str]:
        """The last commit of ours whose words are in `theirs`, and the one that it became there; else both empty."""
        for name in (_PENDING, _ARRIVED):
            said, again = self.repository.commit(f"{name}-ours"), self.repository.commit(f"{name}-again")
            is_there = bool(said and again) and self.repository.is_ancestor(again, theirs)
            if is_there and self.repository.is_ancestor(said, ours):
                return said, again
        return "", ""

    def _merge_base(self, ours: str, theirs: str) -> str:
        base = self.repository.line("merge-base", ours, theirs)
        if not base and self.repository.line("rev-parse", "--is-shallow-repository") == "true":
            self.repository.try_git("fetch", "--quiet", "--unshallow", self.upstream.remote, limit=TIME_LIMIT)
            base = self.repository.line("merge-base", ours, theirs)
        if not base:
            hint = f"Is {self.upstream} the right branch? To see: git log --oneline {self.upstream}"
            raise StatusError("this branch and that of the remote have no commit in common.", hint=hint)
        return base

    replay_notes: Sequence[str] = ()
    replayed: str = ""
    """The commit of this branch that was made again."""

    def _done(self, tip: str, answer: Answer) -> Outcome:
        output = answer.output.decode("utf-8", "replace")
        before, pushed = "", self.repository.commit(tip)
        if match := re.search(r"\t([0-9a-f]+)\.\.[0-9a-f]+", output):
            before = match[1]
        known = self.repository.line("rev-list", "--count", *([f"{before}..{pushed}"] if before else [pushed]))
        count = 0 if "[up to date]" in output else int(known or 0)
        if tip != "HEAD":
            self.notes += self.replay_notes
            self._move_to(pushed)
        return Outcome(count, str(self.upstream), False, (), tuple(self.notes))

    def _move_to(self, commit: str) -> None:
        """Brings the branch, the index and the files to `commit`; changes that are not committed stay.

        The files come first: a process that is killed between the two leaves files that are newer than the branch, and
        the next push finds the same content on the remote.
        """
        old = self.replayed
        if self.repository.commit("HEAD") != old:
            self.notes.append(
                "It is pushed. Somebody has committed here meanwhile; to bring both together: status push"
            )
            return
        with disk.exclusive_lock(self.site.settings.incidents):
            self.repository.try_git("update-index", "--quiet", "--refresh")
            moved = self.repository.try_git("read-tree", "-m", "-u", old, commit)
            if moved.code:
                said = " ".join(moved.said.split()).removeprefix("error: ")
                self.notes.append(
                    f"It is pushed, but your own files could not be brought up to date: {said} "
                    "Commit those changes, or put them aside with git stash; then: status push"
                )
                return
            self.repository.git("update-ref", "-m", "status push", f"refs/heads/{self.branch}", commit, old)

    # -- a branch of its own ---------------------------------------------------------------------

    def _to_review(self, reason: str = "") -> Outcome:
        """Pushes the commits to a branch from which somebody can merge them."""
        theirs = self._fetched()
        tip = self.repository.commit("HEAD" if not theirs else self._replayed())
        if theirs and self.repository.is_ancestor(tip, theirs):
            return Outcome(0, str(self.upstream), False, (), tuple(self.notes))
        name = self._review_branch(tip, theirs)
        answer = self._pushed(tip, name)
        if answer.code:
            raise self._refused(f"{answer.said}\n{answer.output.decode('utf-8', 'replace')}", False)
        said = tuple(line.removeprefix("remote:").strip() for line in answer.said.splitlines() if "remote:" in line)
        count = self.repository.line("rev-list", "--count", f"{theirs}..{tip}" if theirs else tip)
        if reason:
            self.notes.append(f"{reason}, so it was pushed to a branch. Readers see it when that branch is merged.")
        where = f"{self.upstream.remote}/{name}"
        return Outcome(int(count or 0), where, True, tuple(filter(None, said)), (*self.notes, *self.replay_notes))

    def _review_branch(self, tip: str, theirs: str) -> str:
        """The branch that was pushed before, if this only adds to it; else a new name."""
        remote = self.upstream.remote
        pattern = f"refs/remotes/{remote}/{_BRANCH}*"
        for row in self.repository.line("for-each-ref", "--format=%(refname) %(objectname)", pattern).splitlines():
            name, commit = row.rsplit(" ", 1)
            is_merged = theirs and self.repository.is_ancestor(commit, theirs)
            if not is_merged and self.repository.is_ancestor(commit, tip):
                return name.removeprefix(f"refs/remotes/{remote}/")
        subject = self.repository.line("show", "-s", "--format=%s", tip)
        words = re.findall(r"\d{4}-\d\d-\d\d-[a-z0-9._-]+", subject)
        return f"{_BRANCH}{words[0][:60].strip('-._') if words else 'update'}-{tip[:7]}"

    def _refused(self, said: str, others_are_first: bool) -> StatusError:
        where = f"{self.upstream.remote} {shlex.quote(self.upstream.branch)}"
        words = "\n".join(line for line in said.splitlines() if line.strip() and not line.startswith(("To ", "Done")))
        if others_are_first:
            return StatusError(f"others were first {ATTEMPTS} times.", hint="Wait a moment, then: status push")
        hint = "Look whether the remote can be reached, and whether you may push to it."
        if re.search(
            r"could not read (Username|Password)|Permission denied|Authentication failed|terminal prompts", said
        ):
            hint = f"git has to log in, and cannot ask from here. Once by hand: git push {where}"
        return StatusError(f"cannot push to {self.upstream}.", hint=f"{hint}\nGit said: {words}")
