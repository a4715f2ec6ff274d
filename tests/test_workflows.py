"""The workflows: valid, pinned, with no more rights than they need, and their steps do what they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sites
import workflows
import yaml
from workflows import steps

ROOT = Path(__file__).parents[1]
OURS = (ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8")
THEIRS = workflows.of_a_new_site()
NEWEST = (ROOT / ".github" / "workflows" / "newest.yml").read_text("utf-8")
BOTH = pytest.mark.parametrize("text", [OURS, THEIRS], ids=["ours", "of a new site"])
ALL = pytest.mark.parametrize("text", [OURS, THEIRS, NEWEST], ids=["ours", "of a new site", "newest"])


def validate(schema: str, *paths: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *paths], capture_output=True, text=True
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@ALL
def test_a_workflow_is_one(text: str, tmp_path: Path) -> None:
    (tmp_path / "workflow.yml").write_text(text)

    assert validate("vendor.github-workflows", tmp_path / "workflow.yml") == ""


def test_an_issue_form_is_one() -> None:
    assert validate("vendor.github-issue-forms", *(ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")) == ""


@ALL
def test_every_action_is_pinned_by_its_commit_and_names_its_tag(text: str) -> None:
    uses = re.findall(r"uses: (.+)", text)

    assert len(uses) == (2 if text == NEWEST else 5)
    assert [line for line in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


@BOTH
def test_nothing_is_allowed_that_a_job_does_not_need(text: str) -> None:
    found = yaml.safe_load(text)

    assert found["permissions"] == {}
    assert {name: job["permissions"] for name, job in found["jobs"].items()} == {
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    assert found["concurrency"]["cancel-in-progress"] is False


def test_the_newest_libraries_are_tested_once_a_week_with_no_right_but_to_read() -> None:
    found = yaml.safe_load(NEWEST)
    triggers = found[True]  # YAML 1.1 reads "on" as true
    ((minute, *_, day),) = (entry["cron"].split() for entry in triggers["schedule"])

    assert (found["permissions"], found["jobs"]["test"]["permissions"]) == ({}, {"contents": "read"})
    assert sorted(triggers) == ["schedule", "workflow_dispatch"]
    assert 0 < int(minute) < 60  # at the full hour, runs of everybody wait for each other
    assert int(day) in range(7)
    assert [step["run"] for step in steps(NEWEST) if "run" in step] == ["make test-newest"]
    assert "\ntest-newest:" in (ROOT / "Makefile").read_text()


@ALL
def test_no_expression_stands_in_a_shell_step(text: str) -> None:
    assert [step["run"] for step in steps(text) if "${{" in step.get("run", "")] == []


@BOTH
def test_a_page_is_renewed_every_six_hours_away_from_the_full_hour(text: str) -> None:
    """And the check of what was published has the whole history."""
    ((minute, hours, *days),) = (entry["cron"].split() for entry in yaml.safe_load(text)[True]["schedule"])
    first, *others = map(int, hours.split(","))

    assert (0 < int(minute) < 60, days) == (True, ["*", "*", "*"])
    assert [first, *others] == [first % 6 + 6 * time for time in range(4)]
    assert "workflow_dispatch" in yaml.safe_load(text)[True]
    assert steps(text)[0]["with"]["fetch-depth"] == 0


@BOTH
def test_uv_installs_what_the_lock_names_and_keeps_it_by_the_lock(text: str) -> None:
    (setup,) = (step["with"] for step in steps(text) if step.get("uses", "").startswith("astral-sh/setup-uv@"))
    (install,) = (step["run"] for step in steps(text) if step.get("name") == "Install")

    assert setup["enable-cache"] is True
    assert f"--require-hashes -r {setup['cache-dependency-glob']}\n" in install


def test_what_renews_our_own_page_does_not_test_it_again() -> None:
    assert [step["name"] for step in steps(OURS) if step.get("if") == "github.event_name != 'schedule'"] == ["Test"]


@pytest.mark.parametrize("branch", ["main", "release/1.x", "c++", "déploiement", 'a"b', "{x},#y!]"])
def test_a_new_site_is_published_from_its_branch(branch: str, tmp_path: Path) -> None:
    text = workflows.of_a_new_site(branch=branch)
    (pattern,) = yaml.safe_load(text)[True]["push"]["branches"]

    assert re.sub(r"\\(.)", r"\1", pattern) == branch
    assert not re.search(r"(?<!\\)[+!\]]", pattern)  # which have a meaning of their own in a pattern
    (tmp_path / "workflow.yml").write_text(text, "utf-8")
    assert validate("vendor.github-workflows", tmp_path / "workflow.yml") == ""


def test_the_workflow_of_a_site_in_a_subfolder_works_there() -> None:
    text = workflows.of_a_new_site("ops/our status")

    assert yaml.safe_load(text)["defaults"]["run"]["working-directory"] == "./ops/our status/"
    assert cached(text)["path"] == "~/.cache/incident-status\nops/our status/site\n"
    (artifact,) = (step["with"] for step in steps(text) if "upload-pages" in step.get("uses", ""))
    assert artifact["path"] == "ops/our status/site"


def cached(text: str) -> dict[str, str]:
    (found,) = (step["with"] for step in steps(text) if step.get("uses", "").startswith("actions/cache@"))
    return found


@BOTH
def test_a_run_finds_the_site_and_what_was_kept_for_it(text: str) -> None:
    names = [step.get("name", step.get("uses", "").partition("@")[0]) for step in steps(text)]

    assert cached(text) == {
        "path": "~/.cache/incident-status\nsite\n",
        "key": "site-${{ github.sha }}",
        "restore-keys": "site-",
    }
    assert names.index("actions/checkout") < names.index("actions/cache") < names.index("Check")


@pytest.mark.slow
def test_the_next_run_makes_only_what_changed(tmp_path: Path) -> None:
    """As on a runner: only what the workflow keeps is there again, and every other file has a new stamp."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    machine = {**os.environ, "PATH": path, "HOME": str(tmp_path / "home"), "SOURCE_DATE_EPOCH": sites.EPOCH}
    del machine["XDG_CACHE_HOME"]
    site = tmp_path / "s"
    folders = [line.replace("~", machine["HOME"]) for line in cached(THEIRS)["path"].split()]

    def run(*command: str) -> str:
        return subprocess.run(command, cwd=site, check=True, capture_output=True, text=True, env=machine).stdout

    sites.make(site, {"2026-11-23-api-errors.md": sites.API_ERRORS, "2026-11-20-slow-website.yml": sites.RESOLVED})
    run("status", "build", "--site-dir", "site")
    before = {path: path.stat().st_mtime_ns for path in (site / "site").rglob("*") if path.is_file()}
    run("tar", "--posix", "-P", "-cf", str(tmp_path / "kept.tar"), *folders)  # as actions/cache does
    for folder in (site, Path(machine["HOME"])):
        shutil.rmtree(folder)
    changed = sites.API_ERRORS.replace("looking into it", "still looking into it")
    sites.make(site, {"2026-11-23-api-errors.md": changed, "2026-11-20-slow-website.yml": sites.RESOLVED})
    run("tar", "-P", "-xf", str(tmp_path / "kept.tar"))
    said = run("status", "build", "--site-dir", "site", "-v")

    assert "MkDocs did not run" in said
    touched = {path.relative_to(site / "site") for path, time in before.items() if path.stat().st_mtime_ns != time}
    assert Path("incidents/2026-11-23-api-errors/index.html") in touched
    assert Path("incidents/2026-11-20-slow-website/index.html") not in touched
    assert not [path for path in touched if path.parts[0] in ("assets", "about", "404.html")]


@pytest.mark.slow
@pytest.mark.parametrize("subfolder", ["", "ops/our status"])
def test_the_steps_of_a_new_site_check_and_build_it(tmp_path: Path, subfolder: str) -> None:
    """Install is left out, as it needs an index; `e2e/test_second_day.py` runs it."""
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    site = tmp_path / subfolder
    assert sites.status(tmp_path, "init", f"./{subfolder}").code == 0
    (site / ".venv").symlink_to(sys.prefix)
    (file,) = (tmp_path / ".github" / "workflows").iterdir()
    ran = dict(workflows.run(file.read_text(), tmp_path, os.environ, without=("Install",)))

    assert {name: done.returncode for name, done in ran.items()} == {"Check": 0, "Build": 0}
    assert (site / "site" / "index.html").exists()


@pytest.mark.slow
def test_our_own_build_step_builds_the_demo(tmp_path: Path) -> None:
    """Check and Test are left out: they are the run that this test is part of."""
    (build,) = (step["run"] for step in steps(OURS) if step.get("name") == "Build")
    command = build.replace(".venv/bin/status", f"{sys.executable} -m status_tool").replace(
        "site-dir site", f"site-dir {tmp_path}"
    )
    subprocess.run(["bash", "-e", "-c", command], cwd=ROOT, check=True, capture_output=True)

    assert "As of <time" in (tmp_path / "index.html").read_text()


def test_the_demo_shows_the_same_moment_wherever_it_is_built() -> None:
    moments = {
        "Makefile": re.findall(r"^NOW \?= (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE),
        "publish.yml": re.findall(r"--now (\S+)$", OURS, re.MULTILINE),
    }

    assert moments == {"Makefile": ["2021-10-04T20:00:00Z"], "publish.yml": ["2021-10-04T20:00:00Z"]}


def test_make_says_what_it_installs_and_what_comes_next(tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "-n", "serve", "test", f"VENV={tmp_path}/v"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    said = re.findall(r"^echo '(.*)'$", done.stdout, re.MULTILINE)

    assert said == [
        f"1/3 Making a Python environment in {tmp_path}/v",
        "2/3 Installing the libraries of requirements-dev.lock into it: once, a minute or two",
        "3/3 Installing this program into it",
        "Building the demo as of 2021-10-04T20:00:00Z, in some seconds on http://127.0.0.1:8000/",
        "Running all tests, with a browser and whole builds: many minutes. make fast leaves the slow ones out.",
    ]
