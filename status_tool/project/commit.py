"""How the incident files that have changed are committed, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Sequence

from status_tool.errors import Problem, StatusError
from status_tool.incident_files import store
from status_tool.model.incident import Incident
from status_tool.project.project import Project
from status_tool.project.repository import Change, Repository, failed
from status_tool.system.programs import Answer

LIMIT = 300.0
"""Seconds that a commit may take, with the hooks of the repository."""


def commit(site: Project, repository: Repository) -> list[str]:
    """Commits the changed incident files and nothing else; returns what was left out, and why.

    StatusError when one of them has a problem, or when git, one of its hooks or its signing program refuses.
    """
    if unmerged := [path for path in repository.unmerged() if repository.is_incident_file(path)]:
        raise StatusError("git left a conflict in this file.", unmerged[0], hint="To settle it: status merge")
    changes = repository.changed_incident_files()
    ids = {repository.id_of(change.path) for change in changes if not change.is_deleted}
    left_out = [change.path for change in changes if change.is_deleted and not _is_folded(repository, change, ids)]
    wanted = [change for change in changes if change.path not in left_out]
    notes = [
        f"{path} is missing; that is not committed. To remove it for everybody: git rm {path}" for path in left_out
    ]
    if not wanted:
        return notes
    incidents = _read(site, sorted(ids))
    paths = [change.path for change in wanted]
    if new := [change.path for change in wanted if not change.is_deleted]:
        added = _patiently(repository, "add", "--intent-to-add", "--", *new)
        if added.code:
            raise failed(added, ("add",), _commit_hint(added.said))
    message = _message(incidents, repository, wanted)
    answer = _patiently(repository, "commit", "--quiet", "--only", "--message", message, "--", *paths)
    if answer.code:
        repository.try_git("reset", "--quiet", "--", *_uncommitted(repository, new))
        raise failed(answer, ("commit",), _commit_hint(answer.said))
    return notes


_PAUSES = (0.1, 0.3, 1.0, 3.0)
"""Seconds to wait for another program of git, such as that of an editor, which holds the index for a moment."""


def _patiently(repository: Repository, *args: str) -> Answer:
    """What a command answers that changes the index."""
    answer = repository.try_git(*args, limit=LIMIT)
    for pause in _PAUSES:
        if "index.lock" not in answer.said:
            break
        time.sleep(pause)
        answer = repository.try_git(*args, limit=LIMIT)
    return answer


def _is_folded(repository: Repository, change: Change, ids: set[str]) -> bool:
    """Whether a missing file is that of an update which may be in its incident's file now."""
    parts = change.path.removeprefix(f"{repository.folder}/").split("/")
    return len(parts) > 1 and parts[0] in ids


def _uncommitted(repository: Repository, new: Sequence[str]) -> list[str]:
    """Those of `new` that no commit contains."""
    return [path for path in new if not repository.line("ls-tree", "--full-tree", "HEAD", "--", path)]


def _read(site: Project, ids: Sequence[str]) -> list[Incident]:
    """The incidents; StatusError with every problem of their files."""
    incidents: list[Incident] = []
    problems: list[Problem] = []
    for id in ids:
        try:
            incidents.append(store.read(site.settings, id, site.latest))
        except StatusError as error:
            problems += error.problems
    if problems:
        raise StatusError.of(problems)
    return incidents


def _message(incidents: Sequence[Incident], repository: Repository, changes: Sequence[Change]) -> str:
    """The message of the commit: what was said, in one line; with several incidents, a line for each."""
    lines = [_line(repository, incident, changes) for incident in incidents] or ["Update incident files"]
    if len(lines) == 1:
        return lines[0]
    return "\n".join([f"Update {len(lines)} incidents", "", *lines])


def _line(repository: Repository, incident: Incident, changes: Sequence[Change]) -> str:
    path = next((change.path for change in changes if repository.id_of(change.path) == incident.id), "")
    known = repository.line("ls-tree", "-r", "--name-only", "--full-tree", "HEAD", "--", path)
    verb = "Update" if known or path.count("/") > repository.folder.count("/") + 1 else "Open"
    if incident.withdrawn:
        verb = "Withdraw"
    elif verb == "Open" and incident.is_maintenance:
        verb = "Schedule"
    elif verb == "Update" and incident.last.status.ends:
        verb = {"resolved": "Resolve", "completed": "Complete", "cancelled": "Cancel"}[incident.last.status]
    title = " ".join(str(incident.title).split())
    return f"{verb} {incident.id}: {title if len(title) <= 60 else f'{title[:59]}…'}"


def _commit_hint(said: str) -> str:
    if "user.email" in said or "Please tell me who you are" in said:
        hint = 'Tell git who you are: git config --global user.name "Your name"'
        return f"{hint} && git config --global user.email you@example.org\nThen: status push"
    if "index.lock" in said:
        return "Another program of git is running, or was killed. If none is, delete the file that git names below."
    return "The files are written, but not committed. Correct what git, or one of its hooks, says; then: status push"


def without_review(repository: Repository) -> str:
    """Makes a commit that names who publishes without a review, and says so; it changes no file."""
    who = repository.line("var", "GIT_AUTHOR_IDENT").rpartition(" ")[0].rpartition(" ")[0] or "somebody"
    message = f"Publish without review, by {who}"
    answer = repository.try_git("commit", "--quiet", "--allow-empty", "--only", "--message", message, limit=LIMIT)
    if answer.code:
        raise failed(answer, ("commit",), _commit_hint(answer.said))
    return f"WITHOUT REVIEW, by {who}. The history says so."
