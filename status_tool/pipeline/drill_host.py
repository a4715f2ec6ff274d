"""Where a drill is deployed to: a target of the settings for drills, or a repository and a web server of its own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from status_tool.deploy.targets import git_branch
from status_tool.errors import StatusError
from status_tool.model.target import Target, TargetKind
from status_tool.project import git
from status_tool.project.project import Project

_BRANCH = "drill"


class Host:
    """Where a drill is deployed to."""

    target: Target

    def publish(self) -> None:
        """Does what the host itself does after a deployment."""


class GivenHost(Host):
    def __init__(self, target: Target) -> None:
        self.target = target


def given_host(site: Project, target: Target) -> GivenHost:
    """A target of the settings; the copy has no remotes, so those of the original are looked up."""
    if target.kind is not TargetKind.GIT:
        return GivenHost(target)
    try:
        return GivenHost(replace(target, remote=git_branch.address(site.settings.folder, target.remote)))
    except git.Refused as refused:
        raise StatusError(f"{refused.reason}.", hint=refused.hint) from None


class OwnHost(Host):
    """A repository on this disk, whose branch a web server on this machine publishes."""

    def __init__(self, folder: Path, url: str) -> None:
        self.repository, self.www = folder / "remote.git", folder / "www"
        self.target = Target("drill", TargetKind.GIT, url, remote=str(self.repository), branch=_BRANCH)
        _git(folder, "init", "--bare", "--quiet", str(self.repository))

    def publish(self) -> None:
        _git(self.repository, f"--work-tree={self.www}", "checkout", "--force", "--quiet", _BRANCH)


def _git(folder: Path, *args: str) -> None:
    try:
        answer = git.run(folder, *args)
    except git.Refused as refused:
        raise StatusError(f"{refused.reason}.", hint=refused.hint) from None
    if answer.code:
        raise StatusError(f"git {args[0]}: {answer.said.strip()}", folder)


@contextlib.contextmanager
def own_host(folder: Path) -> Iterator[OwnHost]:
    www = folder / "www"
    www.mkdir()
    server = _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(www)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield OwnHost(folder, f"http://127.0.0.1:{server.server_address[1]}/")
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # all that verify asks at once

    def handle_error(self, *args: object) -> None:
        """Whoever breaks off the connection is no error of the drill."""


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        return


def scratch_target(site: Project, name: str | None) -> Target | None:
    """The target of the settings for drills: the one named, else the first; None without any.

    StatusError when there is none with that name, or when it is one that readers know.
    """
    known = {target.name: target for target in site.settings.targets}
    if name is None:
        return next((target for target in known.values() if target.is_scratch), None)
    if name not in known:
        raise StatusError(f'there is no target "{name}".', hint="Add it to mkdocs.yml, with scratch: true.")
    if not known[name].is_scratch or not known[name].url:
        hint = f"Add scratch: true and its url: to the target {name}, or leave --target out."
        raise StatusError(f'a drill may not go to the target "{name}".', site.shown(site.settings.file), hint=hint)
    return known[name]
