"""From a folder on a stick, a bare machine without a network publishes; and the folder of others is left alone."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import repository
from repository import git
from sites import snapshot, status

from status_tool.project import offline_kit
from status_tool.system import package_files


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site in a repository, with everything that a new site has."""
    status(tmp_path, "init", "s")
    site = tmp_path / "s"
    repository.commit(site)
    return site


def uncommitted(site: Path) -> Path:
    (site / "incidents" / "new.md").write_text("x")
    return site.parent / "kit"


def without_a_lock(site: Path) -> Path:
    git(site, "rm", "-q", "requirements.lock")
    git(site, "commit", "-q", "-m", "x")
    return site.parent / "kit"


def with_files_of_others(site: Path) -> Path:
    (site.parent / "kit").mkdir()
    (site.parent / "kit" / "precious.txt").write_text("x")
    return site.parent / "kit"


def a_file(site: Path) -> Path:
    (site.parent / "kit").write_text("x")
    return site.parent / "kit"


def without_a_repository(site: Path) -> Path:
    shutil.rmtree(site / ".git")
    return site.parent / "kit"


def a_shallow_clone(site: Path) -> Path:
    git(site, "commit", "-q", "--allow-empty", "-m", "x")
    (site / ".git" / "shallow").write_text(git(site, "rev-parse", "HEAD"))
    return site.parent / "kit"


def a_detached_head(site: Path) -> Path:
    git(site, "checkout", "-q", "--detach")
    return site.parent / "kit"


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (uncommitted, "not everything is committed: incidents/new.md."),
        (without_a_lock, "this site has no requirements.lock"),
        (with_files_of_others, "this folder has files of others, such as precious.txt."),
        (a_file, "this is not a folder."),
        (without_a_repository, "this site is in no git repository."),
        (lambda site: site / "kit", "the kit cannot be in the repository."),
        (a_shallow_clone, "this clone has only the newest commits, from which nobody can clone."),
        (a_detached_head, "no branch is checked out (detached HEAD)."),
    ],
)
def test_what_cannot_become_a_kit_is_refused_and_nothing_is_written(
    case: Callable[[Path], Path], said: str, site: Path
) -> None:
    folder = case(site)
    before = snapshot(site.parent)
    found = status(site, "init", "--offline-kit", str(folder))

    assert (found.code, said in found.err) == (1, True)
    assert snapshot(site.parent) == before


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ann:secret@git.example.org/a.git", "https://git.example.org/a.git"),
        ("https://token@git.example.org/a.git", "https://git.example.org/a.git"),
        ("git@git.example.org:a.git", "git@git.example.org:a.git"),
        ("../a.git", "../a.git"),
        ("https://[x", ""),
    ],
)
def test_no_secret_is_on_the_card(address: str, shown: str) -> None:
    assert offline_kit.without_secrets(address) == shown


def test_what_pip_compiled_is_no_template(tmp_path: Path) -> None:
    own = tmp_path / "site_templates" / "kit" / "__pycache__"
    own.mkdir(parents=True)
    (own / "check.cpython-311.pyc").write_bytes(b"\xa7")

    assert not [name for name in package_files.files(tmp_path / "site_templates", "kit") if name.endswith(".pyc")]


def test_packages_for_other_patches_of_python_are_known() -> None:
    lock = """\
a==1 ; python_full_version < '3.11.5' \\
    --hash=sha256:1 \\
    --hash=sha256:2
a==2 ; python_full_version >= '3.11.5' \\
    --hash=sha256:3
b==1 ; sys_platform == 'win32' \\
    --hash=sha256:4
c==1 \\
    --hash=sha256:5
"""
    first, second = offline_kit.of_other_patches(lock)

    assert first == "a==1 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2\n"
    assert second == "a==2 \\\n    --hash=sha256:3\n"


def alone(script: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Runs a script on a machine that has nothing but Python and git, and no connection at all."""
    home.mkdir(exist_ok=True)
    python = Path(os.path.realpath(shutil.which("python3") or ""))
    environment = {"HOME": str(home), "PATH": f"{python.parent}:/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    cut_off = ["unshare", "-n"] if os.getuid() == 0 else []
    command = [*cut_off, "env", "-i", *(f"{name}={value}" for name, value in environment.items()), "sh", "-ec", script]
    return subprocess.run(command, capture_output=True, text=True, cwd=home)


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("unshare"), reason="only root can cut a process off")
def test_a_bare_machine_publishes_from_the_kit_alone(site: Path, tmp_path: Path) -> None:
    settings = (site / "mkdocs.yml").read_text()
    target = f"    targets:\n    - {{name: folder, kind: rclone, path: {tmp_path}/www}}\n    components:"
    (site / "mkdocs.yml").write_text(settings.replace("    components:", target, 1))
    git(site, "remote", "add", "origin", 'https://ann:secret@git.example.org/$(touch pwned)".git')
    git(site, "checkout", "-q", "-b", "a$(touch${IFS}pwned)")  # a name that git allows
    repository.commit(site)
    stick = tmp_path / "a stick"
    made = status(site, "init", "--offline-kit", str(stick))
    assert (made.code, made.err) == (0, "")
    for line in (stick / "sums.txt").read_text().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((stick / name).read_bytes()).hexdigest() == digest
    assert "secret" not in (stick / "card.html").read_text() + (stick / "start.sh").read_text()
    shutil.rmtree(site)
    words = 'status open "From the kit" -c api=major_outage -m "Said without a network." --next 30m'
    said = alone(
        f'sh \'{stick}/start.sh\' "$HOME/site"; cd "$HOME/site"; . .venv/bin/activate\n'
        f"git config user.name A; git config user.email a@example.org\n{words}; status build; status deploy",
        tmp_path / "home",
    )

    assert said.returncode == 0, said.stderr
    assert "folder  OK: " in said.stdout
    assert not list(tmp_path.rglob("pwned"))
    assert "Said without a network." in (tmp_path / "www" / "index.html").read_text()
    (stick / "site.bundle").write_bytes(b"damaged")
    damaged = alone(f"sh '{stick}/start.sh' \"$HOME/again\"", tmp_path / "home")
    assert (damaged.returncode, "damaged or missing: site.bundle" in damaged.stderr) == (1, True)
