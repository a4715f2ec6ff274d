"""`status push` brings what was said to the remote, on top of what others pushed, and loses nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import repository
import sites
from repository import git
from sites import API_ERRORS, status

from status_tool.system import clock

pytestmark = pytest.mark.slow
NAME = "2026-11-23-api-errors.md"
NOW = clock.parse_time(sites.NOW)


@pytest.fixture(autouse=True)
def people(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in repository.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """The repository that Ann (`a`) and Bob (`b`) push to; both have cloned it."""
    site = sites.make(tmp_path / "a", {NAME: API_ERRORS})
    repository.create(site)
    hub = tmp_path / "hub.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(hub))
    git(site, "remote", "add", "origin", str(hub))
    git(site, "push", "-q", "-u", "origin", "main")
    git(tmp_path, "clone", "-q", str(hub), "b")
    return hub


def refusing(hub: Path, script: str) -> None:
    hook = hub / "hooks" / "pre-receive"
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)


def say(site: Path, text: str, *args: str, minutes: int = 0) -> sites.Said:
    return status(site, "update", "api-errors", "-m", text, *args, now=NOW + timedelta(minutes=minutes))


def on_hub(hub: Path, name: str = NAME, branch: str = "main") -> str:
    return git(hub, "show", f"{branch}:incidents/{name}")


def test_only_the_incident_files_are_committed_and_all_else_stays_as_it_was(hub: Path, tmp_path: Path) -> None:
    site = tmp_path / "a"
    (site / "staged.txt").write_text("staged")
    git(site, "add", "staged.txt")
    (site / "mkdocs.yml").write_text(f"{(site / 'mkdocs.yml').read_text()}# changed\n")
    (site / "incidents" / ".draft.swp").write_text("of an editor")
    before = git(site, "status", "--porcelain")
    say(site, "Found it.")
    said = status(site, "push")

    assert (said.code, said.err, said.out) == (0, "", "Pushed 1 commit to origin/main.\n")
    assert git(site, "show", "--format=%s", "--name-only", "HEAD") == (
        "Update 2026-11-23-api-errors: API errors\n\nincidents/2026-11-23-api-errors.md\n"
    )
    assert git(site, "status", "--porcelain") == before
    assert "Found it." in on_hub(hub)
    assert status(site, "push").out == "Nothing to push: origin/main has everything that was said here.\n"


def test_two_updates_at_once_both_survive_in_the_order_of_time(hub: Path, tmp_path: Path) -> None:
    say(tmp_path / "a", "Ann.", "--push", minutes=2)
    said = say(tmp_path / "b", "Bob.", "--push", minutes=1)

    assert (said.code, said.err) == (0, "")
    text = on_hub(hub)
    assert text.index("We are looking") < text.index("Bob.") < text.index("Ann.")
    for site in (tmp_path / "a", tmp_path / "b"):
        assert status(site, "push", now=NOW + timedelta(minutes=3)).code == 0
        assert sites.incident_text(site, NAME) == text
        assert git(site, "status", "--porcelain") == ""
    assert git(hub, "log", "--format=%p %s", "main").count("Update 2026") == 2


def test_two_people_who_resolve_leave_one_resolution_and_both_texts(hub: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        said = status(tmp_path / name, "resolve", "-m", f"Fixed, says {name}.", "--push")

    assert "Others had ended it already (resolved, 2026-11-23T14:05:00Z); your words were added to theirs." in said.out
    text = on_hub(hub)
    assert (text.count("status: resolved"), text.count("Fixed, says a."), text.count("Fixed, says b.")) == (1, 1, 1)


@pytest.mark.parametrize("settings", ["files", "append"])
def test_so_do_two_whose_updates_are_files(settings: str, hub: Path, tmp_path: Path) -> None:
    for name, updates in (("a", settings), ("b", "files")):
        file = tmp_path / name / "mkdocs.yml"
        file.write_text(file.read_text().replace("    renewed_by", f"    updates: {updates}\n    renewed_by"))
    for minutes, name in enumerate(("a", "b")):
        now = NOW + timedelta(minutes=minutes)
        said = status(tmp_path / name, "resolve", "-m", f"Fixed, says {name}.", "--push", now=now)

    assert "Others had ended it already (resolved, 2026-11-23T14:05:00Z); your words were added to theirs." in said.out
    shown = json.loads(status(tmp_path / "b", "show", "api-errors", "--json", now=NOW + timedelta(hours=1)).out)
    assert [update["status"] for update in shown["updates"]] == ["investigating", "resolved"]
    assert shown["updates"][-1]["message"] == "Fixed, says a.\n\nFixed, says b."
    assert git(tmp_path / "b", "status", "--porcelain") == " M mkdocs.yml\n"


def test_what_both_opened_is_one_incident_and_another_one_gets_a_name_of_its_own(hub: Path, tmp_path: Path) -> None:
    for minute, name in enumerate(("a", "b")):
        now = NOW + timedelta(minutes=minute)
        said = status(tmp_path / name, "open", "No logins", "-m", f"Down, says {name}.", "--push", now=now)
    assert "Others had opened it already; your words are an update of theirs." in said.out
    assert on_hub(hub, "2026-11-23-no-logins.md").count("says") == 2

    for name, until in (("a", "2h"), ("b", "3h")):
        said = status(
            tmp_path / name, "schedule", "Work", "--from", "+1d", "--until", until, "-m", "Planned.", "--push"
        )
    assert "others had opened another incident with this name; yours is incidents/2026-11-24-work-2.md." in said.out
    assert on_hub(hub, "2026-11-24-work.md") != on_hub(hub, "2026-11-24-work-2.md")


def test_what_both_changed_is_named_and_nothing_is_pushed(hub: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        path = tmp_path / name / "incidents" / NAME
        path.write_text(path.read_text().replace("API errors", f"API down, says {name}"))
        said = status(tmp_path / name, "push")

    assert said.code == 1
    assert said.err == (
        'incidents/2026-11-23-api-errors.md: both you and others have changed "title".\n'
        "  yours:  API down, says b\n"
        "  theirs: API down, says a\n"
        "Your words are safe in a local commit. To settle it: git pull, then status merge\n"
        "Nothing is lost; 1 commit is not pushed yet:\n"
        "  Update 2026-11-23-api-errors: API down, says b\n"
        "To try again: status push\n"
    )
    assert "says a" in on_hub(hub)
    assert git(tmp_path / "b", "status", "--porcelain") == ""


def test_a_file_that_others_removed_is_kept_when_it_was_changed_here(hub: Path, tmp_path: Path) -> None:
    git(tmp_path / "a", "rm", "-q", f"incidents/{NAME}")
    git(tmp_path / "a", "commit", "-q", "-m", "x")
    git(tmp_path / "a", "push", "-q")
    said = say(tmp_path / "b", "Still down.", "--push")

    assert f"incidents/{NAME}: it was removed by others, and changed; it is kept." in said.out
    assert "Still down." in on_hub(hub)


def test_a_missing_file_is_not_removed_for_everybody(hub: Path, tmp_path: Path) -> None:
    (tmp_path / "a" / "incidents" / NAME).unlink()
    said = status(tmp_path / "a", "push")

    assert said.code == 0
    assert f"To remove it for everybody: git rm incidents/{NAME}" in said.out
    assert on_hub(hub) == API_ERRORS


def test_other_commits_come_along_unless_both_changed_the_same_file(hub: Path, tmp_path: Path) -> None:
    say(tmp_path / "a", "Ann.", "--push", minutes=1)
    (tmp_path / "b" / "docs" / "about.md").write_text("# About us\n")
    repository.commit(tmp_path / "b")
    assert say(tmp_path / "b", "Bob.", "--push", minutes=2).out.endswith("Pushed 2 commits to origin/main.\n" + THEN)
    assert git(hub, "show", "main:docs/about.md") == "# About us\n"

    (tmp_path / "a" / "docs" / "about.md").write_text("# Us\n")
    repository.commit(tmp_path / "a")
    said = say(tmp_path / "a", "Ann again.", "--push", minutes=3)
    assert said.code == 1
    assert said.err.startswith("docs/about.md: both you and others have changed this file.\n")
    assert "Nothing is lost; 2 commits are not pushed yet:\n  x\n  Update" in said.err
    assert said.err.endswith("To try again: status push\nYour words are written, but readers do not see them yet.\n")


THEN = 'To end it:   status resolve api-errors -m "What was done."\n'


def test_a_file_with_an_error_is_not_committed(hub: Path, tmp_path: Path) -> None:
    path = tmp_path / "a" / "incidents" / NAME
    path.write_text(path.read_text().replace("investigating", "fixed"))
    said = status(tmp_path / "a", "push")

    assert said.code == 1
    assert said.err.startswith(f'incidents/{NAME}:5: unknown status "fixed".')
    assert git(tmp_path / "a", "log", "--format=%s") == "x\n"


@pytest.mark.parametrize(
    ("words", "is_review"),
    [
        ("GH006: Protected branch update failed for refs/heads/main.", True),
        ("GitLab: You are not allowed to push code to protected branches on this project.", True),
        ("Not allowed to push to protected branch main", True),
        ("out of disk", False),
    ],
)
def test_a_protected_branch_is_not_forced(words: str, is_review: bool, hub: Path, tmp_path: Path) -> None:
    address = "https://forge.example.org/new"
    refusing(
        hub, f'while read a b ref; do case $ref in refs/heads/main) echo "{words}"; exit 1; esac; done; echo {address}'
    )
    said = say(tmp_path / "a", "Found it.", "--push")

    if not is_review:
        assert (said.code, said.out.count("Pushed")) == (1, 0)
        assert f"remote: {words}" in said.err
        assert "1 commit is not pushed yet:\n  Update 2026-11-23-api-errors: API errors\n" in said.err
        return
    commit = git(tmp_path / "a", "rev-parse", "--short=7", "HEAD").strip()
    branch = f"status/2026-11-23-api-errors-{commit}"
    assert (said.code, said.err) == (0, "")
    assert f"Pushed 1 commit to origin/{branch}.\norigin/main is protected" in said.out
    assert f"\n{address}\n" in said.out
    assert "Found it." in on_hub(hub, branch=branch)

    assert f"Pushed 2 commits to origin/{branch}." in say(tmp_path / "a", "More.", "--push", minutes=1).out
    assert "More." in on_hub(hub, branch=branch)


def test_review_pushes_to_a_branch_where_others_can_merge(hub: Path, tmp_path: Path) -> None:
    say(tmp_path / "a", "Ann.", "--push")
    say(tmp_path / "b", "Bob.", minutes=1)
    said = status(tmp_path / "b", "push", "--review")

    assert said.code == 0
    branch = said.out.split("origin/")[1].split(".\n")[0]
    assert {"Ann.", "Bob."} <= set(on_hub(hub, branch=branch).split())
    assert "Bob." not in on_hub(hub)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/nowhere.git", "does not appear to be a git repository"),
        ("http://127.0.0.1:1/x.git", "Failed to connect"),
    ],
)
def test_a_remote_that_is_gone_leaves_the_words_in_a_commit(
    address: str, words: str, hub: Path, tmp_path: Path
) -> None:
    git(tmp_path / "a", "remote", "set-url", "origin", address)
    said = say(tmp_path / "a", "Found it.", "--push")

    assert said.code == 1
    assert words in said.err
    assert (
        "1 commit is not pushed yet:\n  Update 2026-11-23-api-errors: API errors\nTo try again: status push" in said.err
    )
    git(tmp_path / "a", "remote", "set-url", "origin", str(hub))
    assert status(tmp_path / "a", "push").out == "Pushed 1 commit to origin/main.\n"


def test_work_of_git_that_is_under_way_is_left_alone(hub: Path, tmp_path: Path) -> None:
    site = tmp_path / "a"
    say(site, "Found it.")
    for name in ("MERGE_HEAD", "CHERRY_PICK_HEAD", "BISECT_LOG", "rebase-merge"):
        (site / ".git" / name).write_text("x")
        before = sites.snapshot(site)
        said = status(site, "push")
        assert (said.code, "is under way in this repository, so nothing was changed." in said.err) == (1, True)
        assert sites.snapshot(site) == before
        (site / ".git" / name).unlink()
    git(site, "checkout", "-q", "--detach")
    assert "no branch is checked out" in status(site, "push").err


def test_a_site_that_was_never_committed_is_not_pushed_in_part(tmp_path: Path) -> None:
    status(tmp_path, "init", "s")
    before = sites.snapshot(tmp_path / "s")
    said = status(tmp_path / "s", "push")

    assert (said.code, sites.snapshot(tmp_path / "s")) == (1, before)
    assert said.err == (
        "no commit contains the site yet, so nothing was committed or pushed.\n"
        'Commit the site first: git add . && git commit -m "A status site"\nThen: status push\n'
    )


def test_without_a_repository_or_a_remote_the_next_step_is_named(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {NAME: API_ERRORS})
    shutil.rmtree(site / ".git")
    assert status(site, "push").err.startswith("incidents: the files are in no git repository.\n")
    (site / ".git").mkdir()
    repository.create(site)
    said = say(site, "Found it.", "--push")
    assert said.err.startswith("this repository has no remote to push to.\n")
    (site / ".gitignore").write_text("incidents/\n")
    assert "git ignores the files in this folder." in status(site, "push").err


def test_a_hook_that_refuses_is_heard_and_the_words_stay(hub: Path, tmp_path: Path) -> None:
    site = tmp_path / "a"
    hook = site / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho 'no commits on Fridays' >&2\nexit 1\n")
    hook.chmod(0o755)
    status(site, "open", "No logins", "-m", "x")
    said = status(site, "push")

    assert said.code == 1
    assert said.err == (
        "git commit failed.\nThe files are written, but not committed. Correct what git, or one of its hooks, says; "
        "then: status push\nGit said: no commits on Fridays\n"
    )
    assert git(site, "status", "--porcelain") == "?? incidents/2026-11-23-no-logins.md\n"


def test_a_lock_that_git_left_is_named_and_one_that_goes_is_waited_for(hub: Path, tmp_path: Path) -> None:
    lock = tmp_path / "a" / ".git" / "index.lock"
    lock.touch()
    said = say(tmp_path / "a", "Found it.", "--push")
    assert said.code == 1
    assert said.err.startswith("git add failed.\nAnother program of git is running, or was killed. If none is, delete")

    threading.Timer(0.2, lock.unlink).start()
    assert status(tmp_path / "a", "push").out == "Pushed 1 commit to origin/main.\n"


def test_the_setting_pushes_and_no_push_does_not(hub: Path, tmp_path: Path) -> None:
    site = tmp_path / "a"
    settings = site / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("    renewed_by", "    push: true\n    renewed_by"))

    assert "Publish it:  status push" in say(site, "One.", "--no-push").out
    assert "Pushed 1 commit to origin/main." in say(site, "Two.", minutes=1).out
    assert {"One.", "Two."} <= set(on_hub(hub).split())


def test_changes_that_are_not_committed_stay_when_the_files_cannot_move(hub: Path, tmp_path: Path) -> None:
    (tmp_path / "a" / "docs" / "about.md").write_text("# Ann\n")
    repository.commit(tmp_path / "a")
    status(tmp_path / "a", "push")
    (tmp_path / "b" / "docs" / "about.md").write_text("# Bob is still writing\n")
    said = say(tmp_path / "b", "Found it.", "--push")

    assert said.code == 0
    assert "It is pushed, but your own files could not be brought up to date:" in said.out
    assert "Found it." in on_hub(hub)
    assert (tmp_path / "b" / "docs" / "about.md").read_text() == "# Bob is still writing\n"
    git(tmp_path / "b", "stash", "-q")
    assert "Nothing to push" in status(tmp_path / "b", "push").out
    assert git(tmp_path / "b", "rev-parse", "HEAD") == git(hub, "rev-parse", "main")


@pytest.mark.parametrize("place", ["worktree", "shallow", "folder", "GIT_DIR"])
def test_repositories_of_every_shape(place: str, hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "c"
    if place == "worktree":
        git(tmp_path / "b", "checkout", "-q", "--detach")
        git(tmp_path / "b", "worktree", "add", "-q", str(site), "main")
    elif place == "shallow":
        git(tmp_path, "clone", "-q", "--depth", "1", f"file://{hub}", "c")
    elif place == "folder":
        git(tmp_path, "clone", "-q", str(hub), "whole")
        git(tmp_path / "whole", "mv", "-k", "mkdocs.yml", "docs", "incidents", ".")
        (tmp_path / "whole" / "status page").mkdir()
        git(tmp_path / "whole", "mv", "mkdocs.yml", "docs", "incidents", "status page")
        git(tmp_path / "whole", "commit", "-q", "-m", "x")
        git(tmp_path / "whole", "push", "-q")
        site = tmp_path / "whole" / "status page"
        for name in ("a", "b"):
            git(tmp_path / name, "pull", "-q")
        (site / "incidents" / "2026-11-23-é.txt").write_text("x")
    else:
        git(tmp_path, "clone", "-q", str(hub), "c")
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    if place != "folder":
        monkeypatch.delenv("GIT_DIR", raising=False) if place != "GIT_DIR" else None
        other = tmp_path / "a"
        status(other, "update", "api-errors", "-m", "Ann.", "--push")
    said = say(site, "Carl.", "--push", minutes=1)

    assert (said.code, said.err) == (0, "")
    monkeypatch.delenv("GIT_DIR", raising=False)
    path = "status page/incidents" if place == "folder" else "incidents"
    assert "Carl." in git(hub, "show", f"main:{path}/{NAME}")
    assert git(site, "status", "--porcelain", "--untracked-files=no") == ""


def test_an_update_file_of_a_second_that_others_have_in_the_incidents_file_gets_the_next_one(
    hub: Path, tmp_path: Path
) -> None:
    say(tmp_path / "a", "Ann.", "--push", minutes=1)
    folder = tmp_path / "b" / "incidents" / NAME.removesuffix(".md")
    folder.mkdir()
    (folder / "20261123T140600Z.md").write_text("---\nstatus: identified\n---\nBob.\n")
    (folder / "20261123T140600Z.fr.md").write_text("Robert.\n")
    (folder / "20261123T130000Z.fr.md").write_text("De la liste.\n")
    said = status(tmp_path / "b", "push", now=NOW + timedelta(minutes=2))

    assert (said.code, said.err) == (0, "")
    assert "others have an update of this second" in said.out
    assert sorted(path.name for path in folder.iterdir()) == [
        "20261123T130000Z.fr.md",
        "20261123T140601Z.fr.md",
        "20261123T140601Z.md",
    ]
    assert status(tmp_path / "b", "list", now=NOW + timedelta(minutes=2)).code == 0


@pytest.mark.parametrize("settings", ["files", "append"])
@pytest.mark.parametrize(
    "more", ["nothing", "others go on", "a word here", "a word here, refused once", "a correction"]
)
def test_a_push_that_is_killed_when_all_is_pushed_says_nothing_twice(
    settings: str, more: str, hub: Path, tmp_path: Path
) -> None:
    ann, bob = tmp_path / "a", tmp_path / "b"
    for site in (ann, bob):
        text = (site / "mkdocs.yml").read_text()
        (site / "mkdocs.yml").write_text(text.replace("    components:", f"    updates: {settings}\n    components:"))
    for site, name in ((ann, "Ann"), (bob, "Bob")):
        assert say(site, f"{name} knows.").code == 0
    assert status(ann, "push").code == 0
    kill_after_push(bob, hub)
    assert all_messages(hub).count("Bob knows.") == 1
    if more == "others go on":
        assert say(ann, "Ann goes on.", minutes=2).code == 0
        assert status(ann, "push").code == 0
    if more.startswith("a word here"):
        assert say(bob, "Bob goes on.", minutes=2).code == 0
    if "refused once" in more:
        assert say(ann, "Ann, too.", minutes=3).code == 0
        assert status(ann, "push").code == 0
        refusing(hub, "exit 1")
        assert status(bob, "push").code == 1
        (hub / "hooks" / "pre-receive").unlink()
    if more == "a correction":
        assert status(bob, "amend", "-m", "Bob knows. Or not.", now=NOW + timedelta(minutes=2)).code == 0
    said = status(bob, "push")

    assert (said.code, said.err) == (0, "")
    found = all_messages(hub)
    assert (found.count("Bob knows."), found.count("Ann knows.")) == (1, 1)
    assert (found.count("goes on."), found.count("Or not.")) == (more[:6] in ("others", "a word"), "cor" in more)
    assert git(bob, "rev-parse", "HEAD") == git(hub, "rev-parse", "main")
    assert git(bob, "status", "--porcelain", "--", "incidents") == ""
    assert status(bob, "check").err.count("\n") == status(ann, "check").err.count("\n")


def kill_after_push(site: Path, hub: Path) -> None:
    """`status push`, which is killed as soon as the hub has everything."""
    hook, pid = hub / "hooks" / "post-receive", site.parent / "pid"
    hook.write_text(f"#!/bin/sh\nkill -9 $(cat {pid})\n")
    hook.chmod(0o755)
    command = f"echo $$ > {pid}; exec {Path(sys.executable).with_name('status')} push"
    done = subprocess.run(["sh", "-c", command], cwd=site, env={**os.environ, "SOURCE_DATE_EPOCH": sites.EPOCH})
    assert done.returncode == -9
    hook.unlink()
    time.sleep(0.3)


def all_messages(hub: Path) -> str:
    names = git(hub, "ls-tree", "-r", "--name-only", "main", "incidents").split()
    return "\n".join(git(hub, "show", f"main:{name}") for name in names)
