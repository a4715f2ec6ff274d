"""Whether something builds the site again: what the repository shows of it, and what it cannot show."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sites

from status_tool.project import heartbeat
from status_tool.settings import settings

PUBLISH = """\
name: publish
on:
  push:
  schedule:
  - cron: "{cron}"
jobs:
  build:
    steps:
    - uses: actions/checkout@v7
    - run: .venv/bin/status build --site-dir site
"""
NOTHING = (
    "{}mkdocs.yml: nothing is known to build the site again, and 1 d after a build its pages say that they are out of "
    "date.\nBuild it on a schedule: status manual deploying. If something does that already, say what: "
    "renewed_by: cron on host-2"
)
EVERY_SIX_HOURS = PUBLISH.format(cron="17 */6 * * *")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    unset = sites.SETTINGS.replace("    renewed_by: cron on host-2\n", "")
    monkeypatch.chdir(sites.make(tmp_path / "s", settings=unset))
    return tmp_path / "s"


def said(site: Path) -> list[str]:
    """Every warning, then what cannot be said."""
    warnings, unchecked = heartbeat.check(settings.load(site / "mkdocs.yml"))
    return [*map(str, warnings), *(f"? {gap}" for gap in unchecked)]


def write(site: Path, name: str, text: str) -> None:
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).write_text(text)


def test_a_site_that_nothing_builds_again_is_warned_of(site: Path) -> None:
    assert said(site) == [NOTHING.format("")]


def test_an_owner_can_say_what_builds_it(site: Path) -> None:
    write(site, "mkdocs.yml", sites.SETTINGS.format(url="https://status.example.org/", language="en"))

    assert said(site) == []


@pytest.mark.parametrize("folder", [".github", ".forgejo", ".gitea"])
@pytest.mark.parametrize("suffix", ["yml", "yaml"])
@pytest.mark.parametrize("on", ["on:", '"on":'])
def test_a_workflow_on_a_schedule_that_builds_is_enough(site: Path, folder: str, suffix: str, on: str) -> None:
    write(site, f"{folder}/workflows/publish.{suffix}", EVERY_SIX_HOURS.replace("\non:", f"\n{on}"))

    assert said(site) == []


@pytest.mark.parametrize(
    "text",
    [
        EVERY_SIX_HOURS.replace("status build", "status check"),
        EVERY_SIX_HOURS.replace('  schedule:\n  - cron: "17 */6 * * *"\n', ""),
        "on: [push, schedule]\njobs: {a: {steps: [{run: status build}]}}\n",
        "on: push\n",
        "on: {schedule: }\njobs: \n",
    ],
)
def test_a_workflow_that_builds_only_on_a_push_is_not(site: Path, text: str) -> None:
    write(site, ".github/workflows/publish.yml", text)

    assert said(site) == [NOTHING.format("")]


def test_a_workflow_may_call_the_one_that_builds(site: Path) -> None:
    write(site, ".github/workflows/publish.yml", EVERY_SIX_HOURS.replace("  schedule:\n", "  other:\n"))
    write(
        site,
        ".github/workflows/heartbeat.yml",
        'on: {schedule: [{cron: "5 */6 * * *"}]}\njobs: {again: {uses: ./.github/workflows/publish.yml}}\n',
    )

    assert said(site) == []


def test_the_workflows_of_a_site_in_a_subfolder_are_at_the_top_of_its_repository(site: Path) -> None:
    (site / ".git").rename(site.parent / ".git")
    write(site.parent / ".git", "HEAD", "ref: refs/heads/main\n")
    write(site, ".github/workflows/publish.yml", EVERY_SIX_HOURS)
    assert said(site) == [NOTHING.format("")]

    write(site.parent, ".github/workflows/publish-status.yml", EVERY_SIX_HOURS)
    assert said(site) == []


@pytest.mark.parametrize(
    ("cron", "pause"), [("0 0 */2 * *", "2 d"), ("0 0 * * *", "1 d"), ("0 9-17 * * 1-5", "2 d 16 h")]
)
def test_a_schedule_that_is_rarer_than_pages_expire_is_warned_of(site: Path, cron: str, pause: str) -> None:
    write(site, ".github/workflows/publish.yml", PUBLISH.format(cron=cron))

    assert said(site) == [
        f".github/workflows/publish.yml: up to {pause} pass between two builds on schedule, but a page says after 1 d "
        "that it is out of date.\n"
        'Build more often, for example: - cron: "17 */6 * * *"\n'
        "Or set stale_after in mkdocs.yml."
    ]


def test_what_cannot_be_seen_is_said(site: Path) -> None:
    write(site, ".gitlab-ci.yml", "pages: {script: status build}\n")
    what = "? whether the pages are built again in time: "
    assert said(site) == [
        f"{what}the schedule of .gitlab-ci.yml is in the settings of its host.\n"
        "If there is one, say so in mkdocs.yml: renewed_by: cron on host-2"
    ]

    write(site, ".github/workflows/a.yml", "on: [\n")
    assert said(site) == [
        f"{what}.github/workflows/a.yml cannot be read.\n"
        "Correct it; or, if something else builds the site, say what in mkdocs.yml: renewed_by: cron on host-2"
    ]

    write(site, ".github/workflows/b.yml", PUBLISH.format(cron="@every 6h"))
    assert said(site)[0].startswith(f"{what}the schedule in .github/workflows/b.yml is not understood: ")


def test_an_hour_is_not_enough_for_a_schedule_of_six(site: Path) -> None:
    file = site / "mkdocs.yml"
    file.write_text(file.read_text().replace("- status:\n", "- status:\n    stale_after: 1h\n"))
    write(site, ".github/workflows/publish.yml", EVERY_SIX_HOURS)

    assert settings.load(file).stale_after == timedelta(hours=1)
    assert "up to 6 h pass between two builds on schedule" in said(site)[0]
