"""The workflows: valid, pinned, with no more rights than they need, and their steps do what they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import hosts
import pytest
import repository
import sites
import workflows
import yaml
from workflows import steps

from status_tool.project import speech

ROOT = Path(__file__).parents[1]
OURS = (ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8")
THEIRS = workflows.of_a_new_site()
NEWEST = (ROOT / ".github" / "workflows" / "newest.yml").read_text("utf-8")
BOTH = pytest.mark.parametrize("text", [OURS, THEIRS], ids=["ours", "of a new site"])
INCIDENT, REVIEW = (workflows.of_a_new_site(name=name) for name in ("incident", "review"))
FORGEJO = [workflows.of_a_new_site(name=name, forge="forgejo") for name in ("publish", "incident")]
GITLAB = workflows.of_a_new_site(forge="gitlab")
ALL = pytest.mark.parametrize(
    "text", [OURS, THEIRS, NEWEST, INCIDENT, REVIEW], ids=["ours", "of a new site", "newest", "incident", "review"]
)


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

    uses = [line for line in uses if not line.startswith("./")]

    assert len(uses) == {NEWEST: 2, INCIDENT: 2, REVIEW: 2, OURS: 5, THEIRS: 10}[text]
    assert [line for line in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


@BOTH
def test_nothing_is_allowed_that_a_job_does_not_need(text: str) -> None:
    found = yaml.safe_load(text)

    assert found["permissions"] == {}
    rest = {"verify": {"contents": "read"}, "notify": {"contents": "write"}} if text == THEIRS else {}
    assert {name: job["permissions"] for name, job in found["jobs"].items()} == {
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
        **rest,
    }
    assert found["concurrency"]["cancel-in-progress"] is False


def test_a_form_may_write_and_a_preview_may_comment() -> None:
    found = {name: yaml.safe_load(text) for name, text in (("incident", INCIDENT), ("review", REVIEW))}

    assert [workflow["permissions"] for workflow in found.values()] == [{}, {}]
    assert {name: job["permissions"] for name, job in found["incident"]["jobs"].items()} == {
        "say": {"contents": "write"},
        "publish": {"contents": "write", "pages": "write", "id-token": "write"},
    }
    assert found["review"]["jobs"]["preview"]["permissions"] == {"contents": "read", "pull-requests": "write"}


@pytest.mark.parametrize("text", [INCIDENT, FORGEJO[1]], ids=["GitHub", "Forgejo"])
def test_a_phone_can_start_the_form(text: str) -> None:
    """The app of GitHub needs a default for every choice that is required."""
    inputs = yaml.safe_load(text)[True]["workflow_dispatch"]["inputs"]
    choices = {name: field for name, field in inputs.items() if field["type"] == "choice"}

    assert set(inputs) == set(speech.FIELDS)
    assert all(field["default"] in field["options"] for field in choices.values())
    assert sorted(choices["action"]["options"]) == sorted(speech.ACTIONS)
    assert {field["type"] for field in inputs.values()} == {"choice", "string"}


def test_what_was_said_is_published_from_the_newest_commit() -> None:
    publish = yaml.safe_load(INCIDENT)["jobs"]["publish"]

    assert (publish["needs"], publish["uses"]) == ("say", "./.github/workflows/publish.yml")
    assert "workflow_call" in yaml.safe_load(THEIRS)[True]
    assert steps(THEIRS)[0]["with"]["ref"] == "${{ github.ref_name }}"
    assert "uses: ./.github/workflows/publish-ops.yml\n" in workflows.of_a_new_site("ops", name="incident")


def test_what_is_public_is_looked_at_also_when_a_host_has_failed(tmp_path: Path) -> None:
    (verify,) = (step for step in steps(FORGEJO[0]) if step["name"] == "Verify")

    assert yaml.safe_load(THEIRS)["jobs"]["verify"]["if"] == "${{ !cancelled() && needs.build.result == 'success' }}"
    assert verify["if"] == "${{ !cancelled() && steps.build.outcome == 'success' }}"
    assert [step["name"] for step in steps(FORGEJO[0]) if step.get("id") == "build"] == ["Build"]
    assert yaml.safe_load(GITLAB)["verify"]["rules"][-1]["when"] == "always"
    (tmp_path / ".gitlab-ci.yml").write_text(GITLAB)
    assert validate("vendor.gitlab-ci", tmp_path / ".gitlab-ci.yml") == ""


def test_the_pipeline_of_gitlab_has_the_same_form_and_no_expression_in_a_shell_step() -> None:
    found = yaml.safe_load(GITLAB)
    form = {name: field for name, field in found["variables"].items() if name.startswith("STATUS_")}

    assert set(form) == {f"STATUS_{name.upper()}" for name in speech.FIELDS}
    assert all(field["value"] in field.get("options", [field["value"]]) for field in form.values())
    assert set(form["STATUS_ACTION"]["options"]) == {"", *speech.ACTIONS}
    assert not [line for line in found["say"]["script"] if "STATUS_MESSAGE" in line or "STATUS_TITLE" in line]


@pytest.mark.parametrize("text", FORGEJO, ids=["publish", "incident"])
def test_the_workflows_of_forgejo_need_no_action_of_anybody(text: str) -> None:
    assert "uses:" not in text
    assert [step["run"] for step in steps(text) if "${{" in step["run"]] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["incident", "review"])
def test_the_steps_of_a_form_and_of_a_preview_do_what_they_say(name: str, tmp_path: Path) -> None:
    """Without the installation: the program is the one that is tested."""
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": sites.API_ERRORS})
    (site / ".venv").symlink_to(Path(sys.executable).parents[1])
    (site / ".gitignore").write_text(".venv\n")
    repository.create(site)
    repository.git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    repository.git(site, "remote", "add", "origin", str(tmp_path / "hub.git"))
    repository.git(site, "push", "-q", "-u", "origin", "main")
    event = tmp_path / "event.json"
    form = {
        "action": "update",
        "status": "identified",
        "message": "$(touch pwned) `id` ${{ github.token }}",
        "next": "30m",
    }
    event.write_text(json.dumps({"inputs": form, "sender": {"login": "ann"}}))
    machine = {
        **os.environ,
        **repository.ENVIRONMENT,
        "SOURCE_DATE_EPOCH": sites.EPOCH,
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_ACTOR": "ann",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "RUNNER_TEMP": str(tmp_path),
        "BASE": "main",
    }
    if name == "review":
        repository.git(site, "checkout", "-q", "-b", "status/x")
        (site / "incidents" / "2026-11-23-api-errors.md").write_text(sites.API_ERRORS.replace("looking", "working"))
        repository.commit(site)
    done = dict(
        workflows.run(workflows.of_a_new_site(name=name), site, machine, jobs=(), without=("Install", "Comment"))
    )

    assert {step: (run.returncode, run.stderr[-400:]) for step, run in done.items() if run.returncode} == {}
    assert not list(tmp_path.rglob("pwned"))
    summary = (tmp_path / "summary.md").read_text()
    assert summary.startswith("### `API errors`")
    if name == "review":
        assert "We are working into it." in (tmp_path / "preview.md").read_text()
    else:
        assert form["message"] in repository.git(
            tmp_path / "hub.git", "show", "main:incidents/2026-11-23-api-errors.md"
        )


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
    setups = [step["with"] for step in steps(text) if step.get("uses", "").startswith("astral-sh/setup-uv@")]
    installs = [step["run"] for step in steps(text) if step.get("name") == "Install"]

    assert len(setups) == len(installs) == (3 if text == THEIRS else 1)
    for setup, install in zip(setups, installs, strict=True):
        assert setup["enable-cache"] is True
        assert re.search(rf"--require-hashes -r {re.escape(setup['cache-dependency-glob'])}[\n ]", install)


def test_a_site_is_installed_while_the_index_is_down() -> None:
    """From what an earlier run kept, which the action that keeps it must not thin out."""
    setups = [step["with"] for step in steps(THEIRS) if step.get("uses", "").startswith("astral-sh/setup-uv@")]
    installs = [step["run"] for step in steps(THEIRS) if step.get("name") == "Install"]

    assert [setup["prune-cache"] for setup in setups] == [False] * 3
    assert all("install --offline 2> /dev/null || install" in install for install in installs)


def test_each_forge_prints_what_each_step_took() -> None:
    texts = [THEIRS, FORGEJO[0], GITLAB]
    printed = [re.findall(r'TIMEFORMAT="(\w+): %1R s"', text) for text in texts]

    assert [sorted(set(names)) for names in printed] == [
        ["Build", "Check", "Deploy", "Install", "Notify", "Verify"]
    ] * 3


def test_channels_are_told_after_the_public_has_it_and_only_where_the_owner_wants_it() -> None:
    notify = yaml.safe_load(THEIRS)["jobs"]["notify"]
    (of_forgejo,) = (step for step in steps(FORGEJO[0]) if step["name"] == "Notify")
    of_gitlab = yaml.safe_load(GITLAB)["notify"]

    assert (notify["needs"], notify["if"]) == ("verify", "vars.STATUS_NOTIFY == 'yes'")
    assert of_forgejo["if"] == "${{ success() && vars.STATUS_NOTIFY == 'yes' }}"
    assert (of_gitlab["needs"], "when" in of_gitlab["rules"][-1]) == (["verify"], False)
    assert all(text.count("status notify --yes") == 1 for text in (THEIRS, FORGEJO[0], GITLAB))


def test_what_is_verified_is_exactly_what_was_published() -> None:
    (given,) = (step for step in steps(THEIRS, "build") if "upload-pages-artifact" in step.get("uses", ""))
    (taken,) = (step for step in steps(THEIRS, "verify") if "download-artifact" in step.get("uses", ""))

    assert "name" not in given["with"]  # its default is the name below
    assert taken["with"] == {"name": "github-pages", "path": "published"}


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
    found = [step["with"] for step in steps(text) if step.get("uses", "").startswith("actions/cache@")]
    assert all(each == found[0] for each in found)
    return found[0]


@BOTH
def test_a_run_finds_the_site_and_what_was_kept_for_it(text: str) -> None:
    names = [step.get("name", step.get("uses", "").partition("@")[0]) for step in steps(text)]

    assert cached(text) == {
        "path": "~/.cache/incident-status\nsite\n",
        "key": "site-${{ github.sha }}" if text == OURS else "site-${{ github.run_id }}-${{ github.run_attempt }}",
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
    (file,) = (tmp_path / ".github" / "workflows").glob("publish*")
    ran = dict(workflows.run(file.read_text(), tmp_path, os.environ, without=("Install",)))

    assert {name: done.returncode for name, done in ran.items()} == {"Check": 0, "Build": 0, "Deploy": 0}
    assert (site / "site" / "index.html").exists()


@pytest.mark.slow
def test_the_steps_of_a_new_site_put_it_on_a_second_host_and_look_at_it_there(tmp_path: Path) -> None:
    """As in one run: the site that was built is deployed and verified by jobs of their own."""
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    assert sites.status(tmp_path, "init", ".").code == 0
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "www").mkdir()
    text = (tmp_path / ".github" / "workflows" / "publish.yml").read_text()
    only_built = dict(workflows.run(text, tmp_path, os.environ, without=("Install",)))
    assert "No target is configured" in only_built["Deploy"].stdout
    with hosts.served(hosts.Host(tmp_path / "www")) as host:
        settings = (tmp_path / "mkdocs.yml").read_text().replace("https://status.example.org/ ", f"{host.url} ")
        target = f"    targets:\n    - {{name: second, kind: rclone, path: {tmp_path}/www, url: '{host.url}'}}\n"
        (tmp_path / "mkdocs.yml").write_text(settings.replace("    components:", f"{target}    components:", 1))
        jobs, environment = (
            ("build", "targets", "verify"),
            {**os.environ, "RUNNER_TEMP": str(tmp_path), "RCLONE_CONF": "[x]"},
        )
        ran = dict(workflows.run(text, tmp_path, environment, jobs=jobs[:1], without=("Install",)))
        (tmp_path / "published").mkdir()  # by the actions between the jobs
        subprocess.run(["tar", "-cf", "published/artifact.tar", "-C", "site", "."], cwd=tmp_path, check=True)
        shutil.rmtree(tmp_path / "site")
        ran |= dict(workflows.run(text, tmp_path, environment, jobs=jobs[1:], without=("Install",)))

    assert {name: done.returncode for name, done in ran.items()} == dict.fromkeys(
        ("Check", "Build", "Deploy", "Verify"), 0
    )
    assert all(re.search(rf"^{name}: \d+\.\d s$", done.stderr, re.MULTILINE) for name, done in ran.items())
    assert "second  OK: " in ran["Deploy"].stdout
    assert "second  OK: " in ran["Verify"].stdout
    assert (tmp_path / "rclone.conf").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_the_workflow_of_forgejo_publishes_on_its_branch(tmp_path: Path) -> None:
    """Nobody serves the branch here, or waits for news. `git config --global` must write to a file of the test."""
    site, hub = tmp_path / "s", tmp_path / "x" / "y.git"
    assert sites.status(tmp_path, "init", "./s", "--forge", "forgejo").code == 0
    repository.commit(site)
    repository.git(tmp_path, "init", "-q", "--bare", "-b", "main", str(hub))
    repository.git(site, "push", "-q", str(hub), "HEAD:main")
    own = {"GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"), "SOURCE_DATE_EPOCH": sites.EPOCH}
    job = {"SERVER": str(tmp_path), "REPOSITORY": "x/y.git", "BRANCH": "main", "TOKEN": "t", "RCLONE_CONF": ""}
    text = (site / ".forgejo" / "workflows" / "publish.yml").read_text()
    (tmp_path / "run").mkdir()
    env = {**os.environ, **repository.ENVIRONMENT, **own, **job}
    for name, done in workflows.run(text, tmp_path / "run", env, jobs=(), without=("Install", "Verify", "Notify")):
        assert (name, done.returncode, done.stderr[-400:] if done.returncode else "") == (name, 0, "")
        if name == "Clone":
            (tmp_path / "run" / "repository" / ".venv").symlink_to(sys.prefix)

    assert "manifest.json" in repository.git(hub, "ls-tree", "--name-only", "pages").split()


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
