"""A new site: what is in it, what of a repository that is there stays, and what is left after a mistake."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sites
from repository import git
from sites import status

WHEEL = "incident_status-0.1.0-py3-none-any.whl"
FILES = [
    ".github/workflows/incident.yml",
    ".github/workflows/publish.yml",
    ".github/workflows/review.yml",
    ".gitignore",
    "README.md",
    "docs/about.md",
    "incidents/2026-11-23-test-of-this-page.md",
    "mkdocs.yml",
    "requirements.lock",
    "requirements.txt",
    f"vendor/{WHEEL}",
]


def names(folder: Path) -> list[str]:
    return sorted(name for name in sites.snapshot(folder) if not name.startswith(".git/"))


def test_init_makes_a_site_that_the_next_commands_work_in(tmp_path: Path) -> None:
    said = status(tmp_path, "init", "my-status")

    assert said.code == 0
    assert "  cd my-status\n" in said.out
    assert names(tmp_path / "my-status") == FILES
    checked = status(tmp_path / "my-status", "check")
    assert (checked.out, checked.err) == (
        "Checked 1 incident file: no errors found. "
        "Not checked: whether published words changed (nothing was committed yet).\nNext: status build\n",
        "",
    )


def test_no_placeholder_is_left_in_a_new_site(tmp_path: Path) -> None:
    for language in ("en", "fr"):
        status(tmp_path, "init", language, "--language", language)
        made = sites.snapshot(tmp_path / language)
        texts = {name: text.decode() for name, text in made.items() if not name.startswith((".git/", "vendor/"))}

        assert {name: re.findall(r"@\w+@", text) for name, text in texts.items() if re.search(r"@\w+@", text)} == {}


def test_the_lock_names_the_wheel_by_its_hash_and_its_path_from_the_settings(tmp_path: Path) -> None:
    status(tmp_path, "init")
    made = sites.snapshot(tmp_path)
    digest = hashlib.sha256(made[f"vendor/{WHEEL}"]).hexdigest()
    lock = made["requirements.lock"].decode()

    assert f"./vendor/{WHEEL}[material] \\\n    --hash=sha256:{digest}\nanyascii==" in lock
    assert made["requirements.txt"].decode().splitlines()[-1] == f"./vendor/{WHEEL}[material]"


def test_a_new_site_is_a_repository_with_the_branch_main(tmp_path: Path) -> None:
    said = status(tmp_path, "init", "s")

    assert git(tmp_path / "s", "symbolic-ref", "HEAD") == "refs/heads/main\n"
    assert '  git add . && git commit -m "A status site"\n' in said.out
    assert "  git remote add origin ADDRESS && git push -u origin main\n" in said.out
    assert said.out.index("Source: GitHub Actions") < said.out.index("git push")


def test_the_workflow_is_for_the_branch_that_is_there(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    git(tmp_path, "remote", "add", "origin", "https://example.org/status.git")
    (tmp_path / ".git" / "description").write_text("Ours.")
    before = sites.snapshot(tmp_path)
    said = status(tmp_path, "init")

    assert 'branches: ["trunk"]' in (tmp_path / ".github" / "workflows" / "publish.yml").read_text()
    assert "  git push\n" in said.out
    assert {name: sites.snapshot(tmp_path)[name] for name in before} == before


def test_a_site_in_a_folder_of_a_repository_has_its_workflow_at_the_top(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    said = status(tmp_path, "init", "status")

    workflows = [f".github/workflows/{name}-status.yml" for name in ("incident", "publish", "review")]
    assert names(tmp_path) == [*workflows, *(f"status/{name}" for name in FILES[3:])]
    assert "  git add . ../.github/workflows && git commit" in said.out
    assert status(tmp_path / "status", "check").code == 0


def test_what_git_would_leave_out_is_named(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / ".gitignore").write_text("vendor/\n*.lock\n")
    said = status(tmp_path, "init")

    assert f"Add them: git add --force requirements.lock vendor/{WHEEL}\n" in said.out


def test_a_rule_of_the_owners_for_every_repository_does_not_leave_out_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "git").mkdir()
    (tmp_path / "git" / "ignore").write_text("*.whl\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    status(tmp_path, "init", "s")
    git(tmp_path / "s", "add", ".")

    assert git(tmp_path / "s", "ls-files").splitlines() == FILES


def test_without_a_branch_the_owner_is_told_where_to_write_it(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")
    git(tmp_path, "checkout", "-q", "--detach")
    said = status(tmp_path, "init")

    assert "git names no branch, so .github/workflows/publish.yml publishes main." in said.out


def test_without_git_the_site_is_made_and_git_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = status(tmp_path, "init", "s")

    assert said.code == 0
    assert "git is not installed. Install it, then make the repository: git init -b main\n" in said.out
    assert names(tmp_path / "s") == FILES
    assert not (tmp_path / "s" / ".git").exists()


def test_where_git_cannot_make_a_repository_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".gitconfig").write_text("[core\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    before = sorted(tmp_path.rglob("*"))
    said = status(tmp_path, "init", "s")

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"{tmp_path}/s: git cannot make a repository: fatal: bad config line 1")
    assert said.err.endswith("All new files were removed again. Correct what git says, then run the command again.\n")
    assert sorted(tmp_path.rglob("*")) == before


def test_in_a_folder_that_is_gone_there_can_be_no_site(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f"rmdir {gone}; exec {sys.executable} -m status_tool init s"
    done = subprocess.run(["sh", "-c", command], cwd=gone, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "the working directory no longer exists.\nChange to the folder of your new site.\n"


def test_init_keeps_the_readme_of_a_repository_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Ours.")
    said = status(tmp_path, "init")

    assert said.code == 0
    assert "  README.md already exists and is unchanged\n" in said.out
    assert (tmp_path / "README.md").read_text() == "Ours."


def test_a_french_site_is_french_throughout(tmp_path: Path) -> None:
    status(tmp_path, "init", "s", "--language", "fr")
    site = tmp_path / "s"

    assert names(site) == sorted(
        {"docs/about.md": "docs/a-propos.md", FILES[6]: "incidents/2026-11-23-test-de-cette-page.md"}.get(name, name)
        for name in FILES
    )
    assert "  language: fr " in (site / "mkdocs.yml").read_text("utf-8")
    assert status(site, "check").code == 0
    assert "Résolu" not in status(site, "list").out  # the program itself speaks English
    assert "Test de cette page d’état" in status(site, "show", "test").out


def test_the_settings_of_every_language_differ_in_words_only(tmp_path: Path) -> None:
    kinds = {}
    for language in ("en", "fr"):
        status(tmp_path, "init", language, "--language", language)
        settings = (tmp_path / language / "mkdocs.yml").read_text("utf-8")
        kinds[language] = re.findall(r"^[ -]*(\w+):", settings, re.MULTILINE)

    assert kinds["en"] == kinds["fr"]


def test_the_language_of_settings_above_is_that_of_the_new_site(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: Guide\ntheme: {name: material, language: fr}\n")
    status(tmp_path, "init", "status")

    assert (tmp_path / "status" / "README.md").read_text("utf-8").startswith("# Notre page d’état\n")


def test_a_language_that_we_have_not_is_refused_with_those_that_we_have(tmp_path: Path) -> None:
    said = status(tmp_path, "init", "s", "--language", "de")

    assert said.code == 2
    assert "'de' is not one of 'en', 'fr'" in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_second_site_in_the_same_place_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    status(tmp_path, "init", "s")
    before = sites.snapshot(tmp_path)
    said = status(tmp_path, "init", "s")

    assert said.code == 1
    assert f"s/requirements.txt, s/vendor/{WHEEL}: already exists, so nothing was written." in said.err
    assert sites.snapshot(tmp_path) == before


def test_what_an_interrupted_init_wrote_is_removed(tmp_path: Path) -> None:
    code = (
        "import signal, os; from status_tool.project import git; from status_tool.cli.main import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a background process ignores it\n"
        "git.create = lambda folder: os.kill(os.getpid(), signal.SIGINT); main(['init', 's'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("forge", "workflows"),
    [
        ("gitlab", [".gitlab-ci.yml"]),
        ("forgejo", [".forgejo/workflows/incident.yml", ".forgejo/workflows/publish.yml"]),
    ],
)
def test_another_forge_gets_its_own_workflows(forge: str, workflows: list[str], tmp_path: Path) -> None:
    said = status(tmp_path, "init", "--forge", forge)

    assert said.code == 0
    assert names(tmp_path) == sorted([*workflows, *FILES[3:]])
    assert "GitHub" not in said.out
    texts = [(tmp_path / name).read_text() for name in workflows]
    assert [re.findall(r"@\w+@", text) for text in texts] == [[] for _ in texts]
