"""`status deploy`: each target on its own, nothing of others overwritten, and never an older site."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import hosts
import pytest
import repository
import sites
from hosts import PAGES
from repository import git
from sites import snapshot, status


def folder(path: Path, more: str = "") -> str:
    return f"{{name: second, kind: rclone, path: {path}{more}}}"


def script(text: str, more: str = "") -> str:
    """A target whose program is that Python text."""
    return (
        f"{{name: own, kind: command, run: [{sys.executable}, -c, {json.dumps(text)}, '{{site}}', '{{name}}']{more}}}"
    )


@pytest.mark.slow
def test_a_folder_gets_the_site_and_then_what_changed(tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", folder(tmp_path / "www"))
    built = hosts.build(site)
    said = status(site, "deploy")

    assert (said.code, said.err) == (0, "")
    assert "second  OK: 5 files uploaded, 0 deleted, " in said.out
    assert snapshot(tmp_path / "www") == snapshot(built)
    assert "has this site already" in status(site, "deploy", "second").out
    hosts.build(site, {**PAGES, "index.html": "New.", "new/index.html": "New."}, hosts.later(1))
    (tmp_path / "www" / "style.css").unlink()
    (tmp_path / "www" / "feed.atom").write_text("half")
    (tmp_path / "www" / "CNAME").write_text("of the owner")

    assert "second  OK: 3 files uploaded, 0 deleted, " in status(site, "deploy").out
    (tmp_path / "www" / "CNAME").unlink()
    assert snapshot(tmp_path / "www") == snapshot(built)


@pytest.mark.slow
def test_a_path_begins_in_the_folder_of_the_settings(tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", "{name: second, kind: rclone, path: ../www}")
    built = hosts.build(site)

    assert status(site / "docs", "deploy").code == 0
    assert snapshot(tmp_path / "www") == snapshot(built)


@pytest.mark.slow
def test_what_the_site_no_longer_has_is_deleted(tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", folder(tmp_path / "www"))
    hosts.build(site)
    status(site, "deploy")
    built = hosts.build(site, {"index.html": "Alone."}, hosts.later(1))

    assert "second  OK: 2 files uploaded, 3 deleted, " in status(site, "deploy").out
    assert snapshot(tmp_path / "www") == snapshot(built)


@pytest.mark.slow
def test_a_folder_with_files_of_others_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "precious.txt").write_text("x")
    site = hosts.make(tmp_path / "s", folder(tmp_path / "www"))
    hosts.build(site)
    said = status(site, "deploy")

    assert said.code == 1
    assert said.err == (
        "second: it has files that no deployment has put there, such as precious.txt, so nothing was deployed.\n"
        "Correct the target in mkdocs.yml; or, if these files may be overwritten: status deploy --force\n"
    )
    assert list(snapshot(tmp_path / "www")) == ["precious.txt"]
    assert status(site, "deploy", "--force").code == 0
    assert (tmp_path / "www" / "precious.txt").read_text() == "x"


@pytest.mark.parametrize("kind", [pytest.param("rclone", marks=pytest.mark.slow), "git"])
def test_an_older_site_never_replaces_a_newer_one(kind: str, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "r.git")
    target = {"rclone": folder(tmp_path / "www"), "git": f"{{name: second, kind: git, remote: {tmp_path}/r.git}}"}[kind]
    site = hosts.make(tmp_path / "s", target)
    hosts.build(site)
    assert status(site, "deploy").code == 0
    hosts.build(site, {"index.html": "Old."}, hosts.later(-5))
    said = status(site, "deploy")

    assert said.code == 1
    assert said.err == (
        "second: the site there was built at 2026-11-23T14:05:00Z, and this one earlier, at 2026-11-23T14:00:00Z, "
        "so nothing was deployed.\n"
        "Get the newest files and build again: git pull && status build\n"
        "Or, if the older one is right: status deploy --force\n"
    )
    assert "Old." not in shown(tmp_path, kind)
    assert status(site, "deploy", "--force").code == 0
    assert "Old." in shown(tmp_path, kind)


def shown(folder: Path, kind: str) -> str:
    if kind == "git":
        return git(folder / "r.git", "show", "gh-pages:index.html")
    return (folder / "www" / "index.html").read_text()


def test_a_branch_gets_a_commit_and_the_repository_of_the_person_nothing(tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", "{name: pages, kind: git, branch: pages}")
    hosts.build(site)
    repository.create(site)
    git(tmp_path, "init", "-q", "--bare", "r.git")
    git(site, "remote", "add", "origin", "../r.git")
    before = git(site, "for-each-ref")
    for minutes in (0, 1):
        hosts.build(site, {**PAGES, "index.html": f"After {minutes}."}, hosts.later(minutes))
        assert status(site, "deploy").code == 0

    assert git(site, "for-each-ref") == before
    assert git(site, "status", "--porcelain", "--", "docs", "incidents") == ""
    assert git(tmp_path / "r.git", "log", "--format=%s", "pages").splitlines() == [
        "Publish the site of 2026-11-23 14:06 UTC",
        "Publish the site of 2026-11-23 14:05 UTC",
    ]
    names = git(tmp_path / "r.git", "ls-tree", "-r", "--name-only", "pages").splitlines()
    assert sorted(names) == sorted([*PAGES, ".nojekyll", "manifest.json", "status.json"])
    assert "has this site already" in status(site, "deploy").out


def test_a_branch_with_files_of_others_is_left_alone(tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", "{name: pages, kind: git, branch: main}")
    hosts.build(site)
    repository.create(site)
    git(tmp_path, "init", "-q", "--bare", "r.git")
    git(site, "remote", "add", "origin", str(tmp_path / "r.git"))
    git(site, "push", "-q", "origin", "main")
    said = status(site, "deploy")

    assert (said.code, "pages: it has files that no deployment has put there" in said.err) == (1, True)
    assert "mkdocs.yml" in git(tmp_path / "r.git", "ls-tree", "--name-only", "main")


def test_a_program_of_its_own_gets_the_folder(tmp_path: Path) -> None:
    site = hosts.make(
        tmp_path / "s",
        script(f"import shutil, sys; shutil.copytree(sys.argv[1], {str(tmp_path / 'www')!r}); print(sys.argv[2])"),
    )
    built = hosts.build(site)
    said = status(site, "deploy")

    assert (said.code, said.err, "own  OK: own, " in said.out) == (0, "", True)
    assert snapshot(tmp_path / "www") == snapshot(built)


@pytest.mark.parametrize(
    ("text", "more", "error"),
    [
        (
            "import sys; print('No quota is left.'); sys.exit(7)",
            "",
            f"own: {sys.executable} ended with the exit code 7.\nIt said:\nNo quota is left.\n",
        ),
        pytest.param(
            "import time; time.sleep(60)",
            ", timeout: 1s",
            "own: it took more than 1 s, and was stopped.\nLook whether the host can be reached. To give it more "
            "time, set timeout: of the target in mkdocs.yml.\n",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_target_that_fails_does_not_stop_the_others(text: str, more: str, error: str, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "r.git")
    pages = f"{{name: pages, kind: git, remote: {tmp_path}/r.git}}"
    site = hosts.make(tmp_path / "s", script(text, more), pages)
    hosts.build(site)
    said = status(site, "deploy")

    assert (said.code, said.err) == (1, error)
    assert "pages  OK: pushed to gh-pages" in said.out
    optional = hosts.make(tmp_path / "o", script(text, f"{more}, required: false"), pages)
    hosts.build(optional, written=hosts.later(1))
    said = status(optional, "deploy")
    assert (said.code, said.err) == (0, f"{error}It is not required, so the deployment has not failed.\n")


def test_a_program_that_is_missing_and_a_remote_that_is_missing_are_named(tmp_path: Path) -> None:
    site = hosts.make(
        tmp_path / "s",
        "{name: own, kind: command, run: [no-such-program]}",
        "{name: pages, kind: git, remote: nowhere}",
    )
    hosts.build(site)

    assert status(site, "deploy").err == (
        "own: no-such-program was not found.\nInstall it, or correct run: of the target in mkdocs.yml.\n"
        'pages: this repository has no remote "nowhere".\n'
        "Add it: git remote add nowhere ADDRESS; or correct remote: of the target in mkdocs.yml.\n"
        "2 problems.\n"
    )


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda site: (site / "manifest.json").unlink(), "site: no site is built here.\nBuild it: status build\n"),
        (
            lambda site: (site / "index.html").write_text("by hand"),
            "site/index.html: this file is not as the build wrote it, so nothing was deployed.\n"
            "Build the site again: status build\n",
        ),
        (
            lambda site: (site / "feed.atom").unlink(),
            "site: feed.atom is missing, so nothing was deployed.\nBuild the site again: status build\n",
        ),
        (
            lambda site: (site / ".status-journal").write_text("index.html\n"),
            "site: the last build did not finish, so nothing was deployed.\nBuild it: status build\n",
        ),
    ],
)
def test_a_site_that_is_not_whole_is_not_deployed(harm: object, said: str, tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", script("raise SystemExit(9)"))
    hosts.build(site)
    harm(site / "site")  # type: ignore[operator]
    found = status(site, "deploy")

    assert (found.code, found.err) == (1, said)


def test_a_replay_is_not_deployed(tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", script("print('uploaded')"))
    hosts.build(site, is_replay=True)

    assert "this site is a replay" in status(site, "deploy").err
    assert status(site, "deploy", "--force").code == 0


def test_a_target_that_is_not_there_is_named(tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", script("pass"))
    assert status(site, "deploy", "owm").err == 'there is no target "owm".\nDid you mean "own"? Use one of: own.\n'
    assert "no target is configured." in status(sites.make(tmp_path / "none"), "deploy").err


OPEN = '{"written": "2026-11-23T14:00:00Z", "open": [{"id": "2026-11-23-unknown"}]}'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("state", "error"),
    [
        (OPEN, "reports an open incident that this one does not know, 2026-11-23-unknown, so nothing was deployed."),
        ('{"written": "2100-01-01T00:00:00Z"}', "the site there was built in the future, at 2100-01-01T00:00:00Z"),
        (
            '{"written": "2026-11-23T14:06:00Z"}',
            "the site there was built at 2026-11-23T14:06:00Z, and this one earlier",
        ),
        ('{"written": "2026-11-23T14:00:00Z", "open": null}', ""),
        ('{"written": "2026-11-23T14:00:00Z", "open": [1, {"id": []}]}', ""),
        ('{"written": "2026-11-23T14:06:00Z", "drill": true}', ""),
    ],
    ids=["unknown incident", "future", "newer", "null", "odd", "drill"],
)
def test_what_readers_know_is_not_taken_from_them(state: str, error: str, tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", f"{{name: web, kind: rclone, path: {tmp_path}/www}}")
    hosts.build(site)
    assert status(site, "deploy").code == 0
    (tmp_path / "www" / "status.json").write_text(state)
    refused = status(site, "deploy")
    forced = status(site, "deploy", "--force", "--all")

    assert (refused.code, error in refused.err) == (1 if error else 0, True)
    assert forced.code == 0
    assert snapshot(tmp_path / "www") == snapshot(site / "site")


@pytest.mark.parametrize("manifest", ["<html>parked", "[]", "null", "", "3"])
def test_a_folder_of_others_with_a_file_of_that_name_is_left_alone(manifest: str, tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text("mine")
    (tmp_path / "www" / "manifest.json").write_text(manifest)
    site = hosts.make(tmp_path / "s", f"{{name: web, kind: rclone, path: {tmp_path}/www}}")
    hosts.build(site)
    said = status(site, "deploy")

    assert (said.code, (tmp_path / "www" / "index.html").read_text()) == (1, "mine")
    assert "it has files that no deployment has put there" in said.err


@pytest.mark.slow
def test_a_name_that_is_no_text_in_the_manifest_of_a_host_stops_nothing(tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", f"{{name: web, kind: rclone, path: {tmp_path}/www}}")
    hosts.build(site)
    status(site, "deploy")
    (tmp_path / "www" / "manifest.json").write_text(f'{{"\\ud800": "{"0" * 64}"}}')

    assert status(site, "deploy").code == 0
    assert snapshot(tmp_path / "www") == snapshot(site / "site")


def test_a_site_from_the_future_is_not_deployed(tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", f"{{name: web, kind: rclone, path: {tmp_path}/www}}")
    hosts.build(site, written=hosts.later(60))
    said = status(site, "deploy")

    assert (said.code, (tmp_path / "www").exists()) == (1, False)
    assert "this site says that it was built at 2026-11-23T15:05:00Z, which is in the future." in said.err


def test_files_that_others_put_on_the_branch_stay(tmp_path: Path) -> None:
    """GitHub commits CNAME, the name of the site, to that branch."""
    hub = tmp_path / "hub.git"
    repository.git(tmp_path, "init", "-q", "--bare", "-b", "main", str(hub))
    site = hosts.make(tmp_path / "s", f"{{name: web, kind: git, remote: '{hub}', branch: pages}}")
    hosts.build(site)
    assert status(site, "deploy").code == 0
    repository.git(tmp_path, "clone", "-q", "-b", "pages", str(hub), "other")
    (tmp_path / "other" / "CNAME").write_text("status.example.org\n")
    (tmp_path / "other" / "sub").mkdir()
    (tmp_path / "other" / "sub" / "verify.txt").write_text("ok\n")
    repository.commit(tmp_path / "other")
    repository.git(tmp_path / "other", "push", "-q")
    built = hosts.build(site, {"index.html": "Changed."}, hosts.later(1))
    said = status(site, "deploy", now=hosts.later(1))

    assert said.code == 0, said.err
    names = set(repository.git(hub, "ls-tree", "-r", "--name-only", "pages").split())
    assert names == {*(path for path in snapshot(built)), "CNAME", "sub/verify.txt", ".nojekyll"}


def test_what_a_program_prints_is_shown_in_part(tmp_path: Path) -> None:
    loud = "python3 -c 'print(\"x\" * 1_000_000)'; exit 3"
    site = hosts.make(tmp_path / "s", f"{{name: web, kind: command, run: [sh, -c, {json.dumps(loud)}]}}")
    hosts.build(site)
    said = status(site, "deploy")

    assert (said.code, len(said.err) < 1_000) == (1, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_deployment_that_is_stopped_ends_at_once_with_all_that_it_started(number: int, tmp_path: Path) -> None:
    site = hosts.make(
        tmp_path / "s",
        f"{{name: a, kind: command, run: [sh, -c, 'echo $$ > {tmp_path}/pid; sleep 100']}}",
        f"{{name: b, kind: rclone, path: {tmp_path}/www}}",
    )
    hosts.build(site)
    process = subprocess.Popen(
        [sys.executable, "-m", "status_tool", "deploy"],
        cwd=site,
        env={**os.environ, "SOURCE_DATE_EPOCH": sites.EPOCH, "TMPDIR": str(tmp_path)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(300):
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip():
            break
        time.sleep(0.05)
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    child = int((tmp_path / "pid").read_text())

    assert (process.returncode, "Stopped." in err) == (128 + number, True)
    assert not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]
    assert not list(tmp_path.glob("status-*"))
