"""The workflows: valid, pinned, with no more rights than they need, and their steps do what they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sites
import yaml

ROOT = Path(__file__).parents[1]
OURS = ROOT / ".github" / "workflows" / "publish.yml"
THEIRS = ROOT / "site_templates" / "init" / "dot.github" / "workflows" / "publish.yml"
NEWEST = ROOT / ".github" / "workflows" / "newest.yml"
BOTH = pytest.mark.parametrize("path", [OURS, THEIRS], ids=["ours", "of a new site"])
ALL = pytest.mark.parametrize("path", [OURS, THEIRS, NEWEST], ids=["ours", "of a new site", "newest"])


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in yaml.safe_load(path.read_text())["jobs"].values() for step in job["steps"]]


def validate(schema: str, *paths: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *paths], capture_output=True, text=True
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@ALL
def test_a_workflow_is_one(path: Path) -> None:
    assert validate("vendor.github-workflows", path) == ""


def test_an_issue_form_is_one() -> None:
    assert validate("vendor.github-issue-forms", *(ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")) == ""


@ALL
def test_every_action_is_pinned_by_its_commit_and_names_its_tag(path: Path) -> None:
    uses = re.findall(r"uses: (.+)", path.read_text())

    assert len(uses) == (2 if path is NEWEST else 5)
    assert [line for line in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


@BOTH
def test_nothing_is_allowed_that_a_job_does_not_need(path: Path) -> None:
    found = yaml.safe_load(path.read_text())

    assert found["permissions"] == {}
    assert {name: job["permissions"] for name, job in found["jobs"].items()} == {
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    assert found["concurrency"]["cancel-in-progress"] is False


def test_the_newest_libraries_are_tested_once_a_week_with_no_right_but_to_read() -> None:
    found = yaml.safe_load(NEWEST.read_text())
    triggers = found[True]  # YAML 1.1 reads "on" as true
    ((minute, *_, day),) = (entry["cron"].split() for entry in triggers["schedule"])

    assert (found["permissions"], found["jobs"]["test"]["permissions"]) == ({}, {"contents": "read"})
    assert sorted(triggers) == ["schedule", "workflow_dispatch"]
    assert 0 < int(minute) < 60  # at the full hour, runs of everybody wait for each other
    assert int(day) in range(7)
    assert [step["run"] for step in steps(NEWEST) if "run" in step] == ["make test-newest"]
    assert "\ntest-newest:" in (ROOT / "Makefile").read_text()


@ALL
def test_no_expression_stands_in_a_shell_step(path: Path) -> None:
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


def cached(path: Path) -> dict[str, str]:
    (found,) = (step["with"] for step in steps(path) if step.get("uses", "").startswith("actions/cache@"))
    return found


@BOTH
def test_a_run_finds_the_site_and_what_was_kept_for_it(path: Path) -> None:
    names = [step.get("name", step.get("uses", "").partition("@")[0]) for step in steps(path)]

    assert cached(path) == {
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
def test_the_steps_of_a_new_site_check_and_build_it(tmp_path: Path) -> None:
    """Install is left out: it would fetch this very program from a registry."""
    assert sites.status(tmp_path, "init", "s").code == 0
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = []
    for step in steps(tmp_path / "s" / ".github" / "workflows" / "publish.yml"):
        if "run" in step and step["name"] != "Install":
            subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=tmp_path / "s",
                check=True,
                env={**os.environ, "PATH": path},
            )
            ran.append(step["name"])

    assert ran == ["Check", "Build"]
    assert (tmp_path / "s" / "site" / "index.html").exists()


@pytest.mark.slow
def test_our_own_build_step_builds_the_demo(tmp_path: Path) -> None:
    """Check and Test are left out: they are the run that this test is part of."""
    (build,) = (step["run"] for step in steps(OURS) if step.get("name") == "Build")
    command = build.replace(".venv/bin/status", f"{sys.executable} -m status_tool").replace(
        "site-dir site", f"site-dir {tmp_path}"
    )
    subprocess.run(["bash", "-e", "-c", command], cwd=ROOT, check=True, capture_output=True)

    assert "As of <time" in (tmp_path / "index.html").read_text()
