"""Real servers on this machine: what is deployed arrives, and whenever a deployment is killed, readers have a site."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import datetime
from pathlib import Path

import environments
import hosts
import pytest
import sites
from hosts import PAGES, Host
from sites import dead_links, snapshot, status

pytestmark = pytest.mark.slow
MOMENTS = int(os.environ.get("STATUS_PROOF_MOMENTS", "6"))
"""At how many moments a deployment is killed."""


def pages(version: int, count: int = 40) -> dict[str, str]:
    """A site whose pages lead to each other in a circle; every version has other pages."""
    names = [f"incidents/{version * 10 + number}/" for number in range(count)]
    found = {"index.html": "".join(f'<a href="{name}">x</a>' for name in names) + f"version {version}"}
    for name, following in zip(names, [*names[1:], names[0]], strict=True):
        links = f'<a href="../../{following}">next</a> <a href="../../">home</a> <a href="feed.atom">feed</a>'
        found[f"{name}index.html"] = f"{links} version {version}"
        found[f"{name}feed.atom"] = f"<feed>{version}</feed>"
    return {**found, "style.css": f"/* {version} */"}


@pytest.mark.parametrize("kind", ["sftp", "webdav", "s3"])
def test_a_server_gets_the_site_what_changed_and_nothing_else(kind: str, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with hosts.rclone_serving(kind, tmp_path / "store") as path:
        site = hosts.make(tmp_path / "s", f'{{name: web, kind: rclone, path: "{path}"}}')
        www = tmp_path / "store" / ("www/pages" if kind == "s3" else "www")
        built = hosts.build(site)
        first = status(site, "deploy")
        assert (first.code, first.err, snapshot(www)) == (0, "", snapshot(built))

        hosts.build(site, {"index.html": "Changed.", "new/index.html": "New."}, hosts.later(1))
        second = status(site, "deploy")
        assert (second.code, "web  OK: 3 files uploaded, 3 deleted, " in second.out) == (0, True)
        assert snapshot(www) == snapshot(built)
        assert "has this site already" in status(site, "deploy").out


def test_s3_as_others_wrote_it_gets_the_site(tmp_path: Path) -> None:
    """moto keeps what it gets in memory, and serves it to readers as well."""
    programs = environments.made("moto", "moto[s3,server]>=5.1,<6")
    with hosts.moto_serving(programs) as url:
        keys = "access_key_id=key,secret_access_key=secret,force_path_style=true,acl=public-read"
        path = f":s3,provider=Other,endpoint='{url}',{keys}:www"
        site = hosts.make(tmp_path / "s", f"{{name: web, kind: rclone, path: \"{path}\", url: '{url}www/'}}")
        hosts.build(site, pages(1))
        assert status(site, "deploy").code == 0
        hosts.build(site, pages(2), hosts.later(1))
        assert status(site, "deploy").code == 0

        built = snapshot(site / "site")
        there = {path: urllib.request.urlopen(f"{url}www/{path}").read() for path in built}
        assert there == built
        listed = urllib.request.urlopen(f"{url}www?list-type=2").read().decode()
        assert sorted(re.findall("<Key>(.*?)</Key>", listed)) == sorted(built)


@pytest.mark.skipif(not shutil.which("nginx"), reason="needs nginx")
def test_a_folder_behind_nginx_is_deployed_and_verified(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    with hosts.nginx_serving(tmp_path / "www") as url:
        site = hosts.make(tmp_path / "s", f"{{name: web, kind: rclone, path: {tmp_path}/www, url: '{url}'}}")
        hosts.build(site, pages(1))
        assert status(site, "deploy").code == 0
        right = status(site, "verify", "web", "--wait", "0")
        (tmp_path / "www" / "style.css").write_text("/* 1")
        wrong = status(site, "verify", "web", "--wait", "0")

    assert (right.code, wrong.code) == (0, 1)
    assert "web  OK: 83 files are as they were built." in right.out
    assert "web  DIFFERS: 1 of 83 files differ." in wrong.out


def test_a_server_that_is_gone_or_refuses_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with hosts.rclone_serving("sftp", tmp_path / "store") as path:
        wrong = path.replace("user=u", "user=nobody")
        site = hosts.make(tmp_path / "w", f'{{name: web, kind: rclone, path: "{wrong}"}}')
        hosts.build(site)
        refused = status(site, "deploy")
    gone = status(site, "deploy")

    for said in (refused, gone):
        assert (said.code, said.err.startswith("web: rclone: ")) == (1, True)
    assert "unable to authenticate" in refused.err
    assert "connection refused" in gone.err


def test_a_full_disk_leaves_the_site_that_is_there(tmp_path: Path) -> None:
    site = hosts.make(tmp_path / "s", f"{{name: web, kind: rclone, path: {tmp_path}/www}}")
    hosts.build(site, pages(1))
    status(site, "deploy")
    hosts.build(site, {**pages(2), "large.css": "x" * 200_000}, hosts.later(1))
    done = sites.on_a_full_disk(100_000, ["deploy"], site)

    assert done.returncode == 1
    assert done.stderr.startswith("web: rclone: ")
    assert dead_links(tmp_path / "www") == []
    assert "version 1" in (tmp_path / "www" / "index.html").read_text()
    assert status(site, "deploy").code == 0
    assert snapshot(tmp_path / "www") == snapshot(site / "site")


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_whenever_it_is_killed_readers_have_a_site_and_the_next_one_repairs_it(kind: str, tmp_path: Path) -> None:
    dice = random.Random(kind)
    (tmp_path / "store" / "www").mkdir(parents=True)
    with hosts.rclone_serving("s3", tmp_path / "store") as bucket:
        path = bucket if kind == "s3" else f"{tmp_path}/store/www/pages"
        site = hosts.make(tmp_path / "s", f'{{name: web, kind: rclone, path: "{path}"}}')
        www = tmp_path / "store/www/pages"
        hosts.build(site, pages(0))
        begin = time.monotonic()
        assert status(site, "deploy").code == 0
        usual = time.monotonic() - begin
        for version in range(1, MOMENTS + 1):
            hosts.build(site, pages(version), hosts.later(version))
            kill_after(dice.uniform(0.05, usual), site, hosts.later(version))

            assert dead_links(www) == []
            assert "version" in (www / "index.html").read_text()
            if version % 3 == 0:
                assert status(site, "deploy", now=hosts.later(version)).code == 0
                assert snapshot(www) == snapshot(site / "site")


def kill_after(seconds: float, site: Path, now: datetime) -> None:
    """`status deploy`, of which everything is killed after `seconds`."""
    program = [sys.executable, "-m", "status_tool", "deploy"]
    env = {**os.environ, "SOURCE_DATE_EPOCH": sites.epoch(now)}
    process = subprocess.Popen(program, cwd=site, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(0.3)  # rclone stops by itself when its parent is gone


def test_each_host_gets_its_own_word_and_the_others_are_unharmed(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with hosts.rclone_serving("webdav", tmp_path / "store") as path:
        site = hosts.make(
            tmp_path / "s",
            f'{{name: dav, kind: rclone, path: "{path}"}}',
            f"{{name: folder, kind: rclone, path: {tmp_path}/www}}",
            "{name: gone, kind: rclone, path: ':webdav,url=http://127.0.0.1:9:x', required: false}",
        )
        built = hosts.build(site, PAGES)
        said = status(site, "deploy")

    assert said.code == 0
    assert "gone: rclone: " in said.err
    assert snapshot(tmp_path / "store" / "www") == snapshot(tmp_path / "www") == snapshot(built)
    with hosts.served(Host(tmp_path / "www")) as host:
        site = hosts.make(tmp_path / "v", url=host.url)
        assert "site  OK" in status(site, "verify", "--wait", "0").out
