"""A draft is in no output until somebody publishes it, and a review never silences anybody."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
import repository
import sites
from repository import git
from sites import API_ERRORS, status

from status_tool.system import clock

NOW = clock.parse_time(sites.NOW)
NAME = "2026-11-23-no-logins.md"


def draft(site: Path, *args: str) -> sites.Said:
    return status(site, "open", "No logins", "-c", "website=partial_outage", "-m", "Secret words.", "--draft", *args)


def test_a_draft_is_in_no_file_of_the_site(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": API_ERRORS})
    said = draft(site)

    assert said.code == 0
    assert said.out.startswith("Drafted No logins: investigating, impact major.\n")
    assert "It is a draft: no reader sees it.\n" in said.out
    assert "To publish:  status publish no-logins\n" in said.out
    files = sites.files_of(sites.context_at(site))
    assert not [path for path, content in files.items() if b"Secret words" in content or b"no-logins" in content]
    assert "No logins" not in status(site, "list").out.split("Past")[0].split("Draft")[0]


def test_publishing_a_draft_is_news_of_now(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {})
    draft(site, "--next", "30m")
    said = status(site, "publish", now=NOW + timedelta(hours=1))

    assert said.code == 0, said.err
    assert said.out.startswith(f"Published No logins. Wrote incidents/{NAME}\n")
    assert sites.incident_text(site, NAME) == (
        "---\ntitle: No logins\nupdates:\n- at: 2026-11-23T14:05:00Z\n  status: investigating\n"
        "  components: {website: partial_outage}\n  posted: 2026-11-23T15:05:00Z\n"
        "  message: |\n    Secret words.\n---\n"
    )
    assert status(site, "publish", "no-logins").err.endswith(
        f"{NAME}: 2026-11-23-no-logins is not a draft: it is published.\n"
    )
    assert status(site, "publish").err.startswith("There is no draft.\n")


def test_a_new_promise_can_be_made_when_a_draft_is_published(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {})
    draft(site, "--next", "30m")
    status(site, "publish", "--next", "20m", now=NOW + timedelta(hours=1))

    assert "  next: 2026-11-23T15:25:00Z\n" in sites.incident_text(site, NAME)


def test_planned_work_can_be_a_draft(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    said = status(site, "schedule", "Work", "--from", "+1d", "--until", "2h", "-m", "Planned.", "--draft")

    assert "It is a draft: no reader sees it.\n" in said.out
    assert status(site, "publish", "work").code == 0


def test_a_preview_shows_the_page_the_feed_and_the_sms(tmp_path: Path) -> None:
    site = sites.make(
        tmp_path / "s", {"2026-11-23-api-errors.md": API_ERRORS.replace("API errors", "API `errors` <b>")}
    )
    said = status(site, "preview", "api")

    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "### ``API `errors` <b>``\n\n**Page:** Investigating, Critical impact\n- `API`: Major outage\n\n"
        "```text\nWe are looking into it.\n```\n\n"
        "**Feed entry:** ``Investigating: API `errors` <b>``, dated 2026-11-23 13:00 UTC\n\n"
        "**As an SMS:** 133 characters in UCS-2, 2 SMS (because of `` ` ``)\n\n"
        "```text\nExample Status: API `errors` <b> (Investigating). We are looking into it. "
        "https://status.example.org/incidents/2026-11-23-api-errors/\n```\n\n"
        "**Address:** https://status.example.org/incidents/2026-11-23-api-errors/\n\n"
    )


@pytest.fixture
def reviewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in repository.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    settings = sites.SETTINGS.replace("    renewed_by", "    require_review: true\n    renewed_by")
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": API_ERRORS}, settings=settings)
    repository.create(site)
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    git(site, "remote", "add", "origin", str(tmp_path / "hub.git"))
    git(site, "push", "-q", "-u", "origin", "main")
    return site


@pytest.mark.slow
def test_with_a_review_a_push_goes_to_a_branch(reviewed: Path) -> None:
    said = status(reviewed, "update", "-m", "Found it.", "--push")

    assert said.code == 0
    assert "Pushed 1 commit to origin/status/2026-11-23-api-errors-" in said.out
    assert "readers must not wait: status push --no-review\n" in said.out
    hub = reviewed.parent / "hub.git"
    assert "Found it." not in git(hub, "show", "main:incidents/2026-11-23-api-errors.md")
    shown = status(reviewed, "preview", "--since", "origin/main")
    assert shown.out.startswith("### `API errors`")


@pytest.mark.slow
@pytest.mark.parametrize("args", [["update", "-m", "Found it.", "--no-review"], ["push", "--no-review"]])
def test_without_review_it_is_public_and_says_loudly_who_did_it(args: list[str], reviewed: Path) -> None:
    if args[0] == "push":
        status(reviewed, "update", "-m", "Found it.", "--no-push")
    said = status(reviewed, *args)
    hub = reviewed.parent / "hub.git"

    assert said.code == 0, said.err
    assert "Pushed 2 commits to origin/main." in said.out
    assert "WITHOUT REVIEW, by x <x>. The history says so.\n" in said.out
    assert git(hub, "log", "-1", "--format=%s", "main") == "Publish without review, by x <x>\n"
    assert "Found it." in git(hub, "show", "main:incidents/2026-11-23-api-errors.md")
    assert json.loads(status(reviewed, "show", "--json").out)["updates"]
