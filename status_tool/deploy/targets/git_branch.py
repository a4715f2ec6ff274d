"""How the site gets to a branch that its host publishes: that of GitHub, Codeberg, and every other forge."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
from pathlib import Path

from status_tool.deploy.host_copy import LOOKED_AT, HostCopy
from status_tool.deploy.job import Job
from status_tool.errors import StatusError
from status_tool.outputs import manifest
from status_tool.project import git
from status_tool.system import temporary
from status_tool.system.programs import Answer

_ATTEMPTS = 3
"""How often a push is tried again that somebody else was faster than."""
_REMOTE_REF = "refs/status/there"
_NO_HOOKS = ("-c", "core.hooksPath=/dev/null")
"""Hooks are for what people write."""


def deploy(job: Job) -> str:
    """Commits the site to the branch, on top of what is there, and pushes it; StatusError when it cannot."""
    if importlib.util.find_spec("ghp_import") is None:
        raise StatusError("ghp-import is not installed.", hint="Install it: pip install ghp-import")
    with temporary.folder("status-git-") as folder:
        return _Push(job, folder).run()


class _Push:
    """One deployment to a branch, from a repository of its own: no branch and no file of the person's is touched."""

    def __init__(self, job: Job, folder: Path) -> None:
        self.job, self.folder = job, folder
        self.branch = job.target.branch
        self.ref = f"refs/heads/{self.branch}"
        try:
            self.address = address(job.settings.folder, job.target.remote)
        except git.Refused as refused:
            raise StatusError(f"{refused.reason}.", hint=refused.hint) from None

    def run(self) -> str:
        self.prepare()
        for attempt in range(_ATTEMPTS):
            head = self.fetch()
            if head and not self.job.renew and self.has_this_site():
                return "has this site already"
            self.job.report("writing the branch" if attempt == 0 else "others were faster: trying again")
            self.commit(head)
            # Not --force: whoever was faster is seen, and what they have deployed is looked at.
            pushed = self.try_git(self.folder, *_NO_HOOKS, "push", "--quiet", self.address, f"{self.ref}:{self.ref}")
            if not pushed.code:
                return f"pushed to {self.branch}"
            if "rejected" not in pushed.said:
                break
        raise _failed("push", pushed)

    def prepare(self) -> None:
        """A new repository with the settings of the person's, so that credentials and proxies are the same."""
        self.git("init", "--bare", "--quiet")
        found = self.try_git(self.job.settings.folder, "rev-parse", "--path-format=absolute", "--git-common-dir")
        if not found.code:
            theirs = Path(found.output.decode("utf-8", "surrogateescape").strip()) / "config"
            own = self.folder / "config"
            own.write_text(f'[include]\n\tpath = "{theirs}"\n{own.read_text("utf-8")}', "utf-8")

    def fetch(self) -> str:
        """The last commit of the branch on the host; empty when there is none."""
        listed = self.git("ls-remote", self.address, self.ref).output.decode("ascii", "replace")
        if not listed.strip():
            return ""
        self.git("fetch", "--quiet", "--depth=1", "--no-tags", self.address, f"+{self.ref}:{_REMOTE_REF}")
        self.there().refuse_drill(self.job.snapshot)
        if not self.job.force:
            names = self.git("ls-tree", "--name-only", _REMOTE_REF).output.decode("utf-8", "replace").splitlines()
            self.there().refuse_unless_replaceable(self.job.snapshot, next(iter(names), ""))
        return self.git("rev-parse", _REMOTE_REF).output.decode("ascii").strip()

    def there(self) -> HostCopy:
        found = {name: self.try_git(self.folder, "cat-file", "blob", f"{_REMOTE_REF}:{name}") for name in LOOKED_AT}
        return HostCopy.of({name: answer.output for name, answer in found.items() if not answer.code})

    def has_this_site(self) -> bool:
        there = self.there()
        is_signed = manifest.SIGNATURE in self.job.snapshot.extras
        return there.manifest == self.job.snapshot.manifest and not there.is_signed and not is_signed

    def commit(self, head: str) -> None:
        """Lets ghp-import make a commit of the whole site, on top of `head`."""
        self.try_git(self.folder, "update-ref", *((self.ref, head) if head else ("-d", self.ref)))
        name = self.try_git(self.job.settings.folder, "config", "user.name").output.decode("utf-8", "replace").strip()
        mail = self.try_git(self.job.settings.folder, "config", "user.email").output.decode("utf-8", "replace").strip()
        message = f"Publish the site of {self.job.snapshot.state.written:%Y-%m-%d %H:%M} UTC"
        answer = self.job.run(
            [sys.executable, "-m", "ghp_import", "-n", "-b", self.branch, "-m", message, str(self.content(head))],
            self.folder,
            {"GIT_COMMITTER_NAME": name or "status", "GIT_COMMITTER_EMAIL": mail or "status@localhost"},
        )
        if answer.code:
            raise _failed("fast-import", answer)

    def content(self, head: str) -> Path:
        """The folder to commit: the site, and the files that others have put on the branch, such as GitHub's CNAME."""
        site = self.job.snapshot.folder
        others = self.others() if head else []
        if not others:
            return site
        folder = self.folder / "content"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(site, folder, copy_function=_linked)
        for path in others:
            if not os.path.lexists(folder / path) and not any(parent.is_file() for parent in (folder / path).parents):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(self.git("cat-file", "blob", f"{_REMOTE_REF}:{path}").output)
        return folder

    def others(self) -> list[str]:
        """The files of the branch that no deployment has put there."""
        ours = {*self.there().manifest.digests, manifest.NAME, manifest.SIGNATURE, ".nojekyll"}
        listed = self.git("ls-tree", "-r", "-z", "--full-tree", _REMOTE_REF).output.decode("utf-8", "surrogateescape")
        rows = [row.partition("\t") for row in listed.split("\0") if row]
        return [path for mode, _, path in rows if mode.startswith("100") and path not in ours]

    def git(self, *args: str) -> Answer:
        answer = self.try_git(self.folder, *args)
        if answer.code:
            raise _failed(args[0], answer)
        return answer

    def try_git(self, folder: Path, *args: str) -> Answer:
        try:
            return git.run(folder, *args, limit=self.job.seconds_left)
        except git.Refused as refused:
            if "took more than" in refused.reason:
                raise self.job.too_late() from None
            raise StatusError(f"{refused.reason}.", hint=refused.hint) from None


def address(site: Path, remote: str) -> str:
    """The address of a remote of the site's repository, or `remote` itself, if it is one; absolute for a folder."""
    named = git.run(site, "remote", "get-url", "--push", remote)
    found = remote if named.code else named.output.decode("utf-8", "replace").strip()
    if named.code and re.fullmatch(r"[\w.-]+", remote) and not (site / remote).exists():
        hint = f"Add it: git remote add {remote} ADDRESS; or correct remote: of the target in mkdocs.yml."
        raise StatusError(f'this repository has no remote "{remote}".', hint=hint)
    is_path = "://" not in found and not re.match(r"[^/]+:", found)
    if not is_path:
        return found
    top = git.repository_of(site) if not named.code else None
    return str(((top or site) / found).resolve())


def _linked(source: str, target: str) -> None:
    """A copy of a file that nobody changes."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _failed(command: str, answer: Answer) -> StatusError:
    said = [line.strip() for line in answer.said.splitlines() if line.strip()]
    if "Traceback" in answer.said:  # of ghp-import: what git said stands before it
        said = [line for line in said if line.startswith(("fatal:", "error:", "warning:"))] or said[-1:]
    why = next((line for line in said if line.startswith(("fatal:", "error:", "remote:", "!"))), "")
    why = why or (said[-1] if said else f"exit code {answer.code}")
    return StatusError(f"git {command}: {why}", hint="\n".join(["git said:", *said[-4:]]) if len(said) > 1 else "")
