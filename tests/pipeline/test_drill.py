"""A drill goes the whole way, says everywhere that it is one, and leaves nothing behind but its figures."""

from __future__ import annotations

import json
from pathlib import Path

import channel_stub
import hosts
import pytest
import repository
import sites
from channel_stub import Reply
from sites import API_ERRORS, snapshot, status

from status_tool.incident_files import parser
from status_tool.model.incident import Incident
from status_tool.render import context
from status_tool.settings import settings as site_settings
from status_tool.system import clock

DRILL = API_ERRORS.replace("title: API errors", "title: API drill\ndrill: true")
ID = "2026-11-23-api-errors"


@pytest.fixture
def shown(tmp_path: Path) -> dict[str, str]:
    """Path -> content of the files of a drill's site, as text."""
    site = sites.make(tmp_path / "s")
    return texts(site, is_drill=True)


def texts(site: Path, *, is_drill: bool) -> dict[str, str]:
    found = site_settings.load(site / "mkdocs.yml")
    incidents: list[Incident] = [
        parser.parse(DRILL, f"{ID}.md"),
        parser.parse(sites.RESOLVED, "2026-11-20-slow-website.yml"),
    ]
    made = context.SiteContext.of(found).with_incidents(incidents, clock.parse_time(sites.NOW), is_drill=is_drill)
    files = sites.planned(made)
    return {file.path: file.make().decode("utf-8", "replace") for file in files}


def test_every_page_and_document_of_a_drill_says_that_it_is_one(shown: dict[str, str]) -> None:
    pages = [text for path, text in shown.items() if path.endswith(".html") and path != "embed.html"]

    assert pages
    assert all("Drill: nothing of this is happening." in page for page in pages)
    assert shown["status.txt"].startswith("Drill: nothing of this is happening.\n")
    assert json.loads(shown["status.json"])["drill"] is True
    summary = json.loads(shown["api/v2/summary.json"])
    assert (summary["page"]["drill"], summary["status"]["description"]) == (True, "Drill: Major Service Outage")
    assert "Drill: " in shown["badge.svg"]
    assert "Drill: " in shown["embed.html"]


def test_a_drill_is_in_no_feed_no_history_and_no_figure(shown: dict[str, str]) -> None:
    assert "API drill" in shown["index.html"]
    assert "API drill" in shown[f"incidents/{ID}/index.html"]
    assert f"incidents/{ID}/feed.atom" not in shown
    for path in ("feed.atom", "feed.rss", "feed.json", "history/index.html", "history/2026-11.json"):
        assert "API drill" not in shown[path]
        assert "Slow website" in shown[path] or path.endswith("history/index.html")
    assert "API drill" not in shown["components/api/index.html"]
    assert "100%" in shown["components/api/index.html"].replace("\u00a0", "").replace(" ", "")


def test_a_site_that_is_no_drill_has_nothing_of_it(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    named = {"status.schema.json", "assets/status.js"}  # they know the word

    assert {path for path, text in texts(site, is_drill=False).items() if "rill" in text} == named


@pytest.mark.slow
def test_a_drill_goes_the_whole_way_and_leaves_its_figures(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-20-slow-website.yml": sites.RESOLVED})
    repository.create(site)
    before = snapshot(site)
    first = status(site, "drill")
    second = status(site, "drill")
    kept = json.loads((site / "drills.json").read_text())

    assert (first.code, first.err, second.code) == (0, "", 0)
    assert "It is the first drill." in first.out
    assert "Seen by the public" in second.out and "last time" in second.out
    assert [entry["completed"] for entry in kept] == [True, True]
    assert list(kept[0]["steps"])[:5] == ["Copied", "Opened", "Built", "Deployed", "Seen by the public"]
    assert {path: text for path, text in snapshot(site).items() if path != "drills.json"} == before


@pytest.mark.slow
def test_a_scratch_target_gets_the_drill_and_the_others_do_not(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    with hosts.served(hosts.Host(tmp_path / "www")) as host:
        scratch = f"{{name: rehearsal, kind: rclone, path: {tmp_path}/www, url: '{host.url}', scratch: true}}"
        site = hosts.make(tmp_path / "s", scratch, f"{{name: real, kind: rclone, path: {tmp_path}/real}}")
        said = status(site, "drill")

    assert (said.code, said.err) == (0, "")
    assert not (tmp_path / "real").exists()
    state = json.loads((tmp_path / "www" / "status.json").read_text())
    assert (state["drill"], state["status"], state["open"]) == (True, "operational", [])
    page = next((tmp_path / "www" / "incidents").glob("*drill*/index.html")).read_text()
    assert "The service answers again." in page
    assert status(site, "drill", "--target", "real").err.startswith("mkdocs.yml: a drill may not go to the target")
    assert status(site, "drill", "--target", "x").err.startswith('there is no target "x".')


@pytest.mark.slow
def test_a_drill_that_fails_says_where_and_is_kept_as_that(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-20-slow-website.yml": sites.RESOLVED})
    target = "{name: no, kind: command, run: ['false'], url: 'http://127.0.0.1:9/', scratch: true}"
    scratch = f"    targets:\n    - {target}\n"
    text = (site / "mkdocs.yml").read_text()
    (site / "mkdocs.yml").write_text(text.replace("    components:", f"{scratch}    components:"))
    said = status(site, "drill")

    assert (said.code, said.err) == (1, "false ended with the exit code 1.\n")
    assert "The drill did not come to its end" in said.out
    assert json.loads((site / "drills.json").read_text())[0]["completed"] is False


def test_a_damaged_list_of_drills_is_not_overwritten(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    (site / "drills.json").write_text("by hand")

    assert "drills.json: is not the list of drills.\n" in status(site, "drill").err
    assert (site / "drills.json").read_text() == "by hand"


def test_open_may_mark_an_incident_as_a_drill(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    said = status(site, "open", "A rehearsal", "--drill", "-m", "This is a drill.")

    assert "It is a drill: only the site of a drill shows it." in said.out
    assert "\ndrill: true\n" in sites.incident_text(site, "2026-11-23-a-rehearsal.md")


@pytest.mark.slow
def test_a_drill_speaks_on_its_own_channels_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with channel_stub.serving(Reply(200, {"id": "7"})) as test, channel_stub.serving() as real:
        channels = (
            f"    - {{name: test, kind: mastodon, url: '{test.url}', token_env: T_TOKEN, drill: true}}\n"
            f"    - {{name: real, kind: mastodon, url: '{real.url}', token_env: T_TOKEN, mode: auto}}\n"
        )
        lines = f"    channels:\n{channels}".replace("{", "{{").replace("}", "}}")
        site = sites.make(
            tmp_path / "s",
            {"2026-11-23-api-errors.md": API_ERRORS},
            settings=sites.SETTINGS.replace("    components:", f"{lines}    components:"),
        )
        monkeypatch.setenv("T_TOKEN", "a-secret-token")
        said = status(site, "drill")
        steps = json.loads((site / "drills.json").read_text())[0]["steps"]

    assert said.code == 0, said.err
    posts = [request.json["status"] for request in test.requests]
    assert [post.partition("\n")[2].partition(":")[0] for post in posts] == ["Drill"] * 3
    assert (real.requests, {"Notified", "Notified again"} <= steps.keys()) == ([], True)
    assert [request.json.get("in_reply_to_id") for request in test.requests] == [None, "7", "7"]


@pytest.mark.slow
def test_a_channel_that_fails_in_a_drill_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with channel_stub.serving(Reply(401, {"error": "The access token is invalid"})) as test:
        channel = f"{{{{name: test, kind: mastodon, url: '{test.url}', token_env: T_TOKEN, drill: true}}}}"
        lines = f"    channels:\n    - {channel}\n"
        settings = sites.SETTINGS.replace("    components:", f"{lines}    components:")
        site = sites.make(tmp_path / "s", settings=settings)
        monkeypatch.setenv("T_TOKEN", "a-secret-token")
        said = status(site, "drill")

    assert said.code == 1
    assert "the channel test: rejected: it answers 401: The access token is invalid." in said.err


@pytest.mark.slow
def test_a_branch_for_drills_is_that_of_the_repository_itself(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    repository.git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    hook = tmp_path / "hub.git" / "hooks" / "post-receive"  # as a forge publishes a branch
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nGIT_WORK_TREE={tmp_path}/www git checkout -q -f drills\n")
    hook.chmod(0o755)
    with hosts.served(hosts.Host(tmp_path / "www")) as host:
        site = hosts.make(tmp_path / "s", f"{{name: x, kind: git, branch: drills, url: '{host.url}', scratch: true}}")
        repository.create(site)
        repository.git(site, "remote", "add", "origin", "../hub.git")
        said = status(site, "drill")

    assert said.code == 0, said.err
    assert "status.json" in repository.git(tmp_path / "hub.git", "ls-tree", "--name-only", "drills").split()


@pytest.mark.slow
def test_a_drill_never_replaces_a_site_that_is_none(tmp_path: Path) -> None:
    """As when two names lead to one folder, which the settings cannot know."""
    (tmp_path / "www").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "www")
    with hosts.served(hosts.Host(tmp_path / "www")) as host:
        scratch = f"{{name: rehearsal, kind: rclone, path: {tmp_path}/link/, url: '{host.url}', scratch: true}}"
        site = hosts.make(tmp_path / "s", scratch, f"{{name: real, kind: rclone, path: {tmp_path}/www}}")
        hosts.build(site)
        assert status(site, "deploy").code == 0
        before = snapshot(tmp_path / "www")
        said = status(site, "drill")

    assert (said.code, snapshot(tmp_path / "www")) == (1, before)
    assert "it has a site that is no drill, so the drill was not deployed." in said.err
