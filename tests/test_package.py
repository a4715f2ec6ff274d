"""The wheel holds everything: a site can be made and built with nothing of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with our wheel, and the libraries of the one the tests run in."""
    place = tmp_path_factory.mktemp("package")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", place, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = place.glob("*.whl")
    venv.create(place / "env", with_pip=False, symlinks=True)
    python = place / "env" / "bin" / "python"
    target = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
    )
    subprocess.run([sys.executable, "-m", "zipfile", "-e", wheel, target], check=True)
    # The libraries, but no `.pth` of theirs, which would lead back to the checkout.
    (target / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def run(python: Path, folder: Path, *args: str) -> str:
    code = "import sys; from status_tool.cli.main import main; main(sys.argv[1:])"
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([python, "-c", code, *args], cwd=folder, capture_output=True, text=True, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_program_is_that_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = "import status_tool.system.package_files as t; print(t.__file__, t.OURS)"
    found = subprocess.run([installed, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    assert str(ROOT) not in found
    assert "status_tool/site_templates" in found


def test_a_site_is_made_and_built_with_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    run(installed, tmp_path, "init", "my-status")
    site = tmp_path / "my-status"
    run(installed, site, "open", "API errors", "-c", "api=major_outage", "-m", "We are on it.")
    run(installed, site, "resolve", "-m", "Done.")

    assert run(installed, site, "build").startswith("Built ")
    assert "status.css" in (site / "site" / "index.html").read_text()
    assert (site / "site" / "assets" / "status.css").stat().st_size > 1000


def test_the_manual_comes_with_the_wheel(installed: Path, tmp_path: Path) -> None:
    listed = run(installed, tmp_path, "manual").splitlines()[:-1]

    assert [line.split()[0] for line in listed] == sorted(
        path.stem for path in (ROOT / "docs").glob("*.md") if path.stem != "index"
    )
    assert run(installed, tmp_path, "manual", "settings") == (ROOT / "docs" / "settings.md").read_text("utf-8") + "\n"


def test_the_wheel_speaks_french(installed: Path, tmp_path: Path) -> None:
    run(installed, tmp_path, "init", "s")
    settings = tmp_path / "s" / "mkdocs.yml"
    settings.write_text(settings.read_text().replace("language: en ", "language: fr "))
    run(installed, tmp_path / "s", "build")

    assert "Tous les systèmes sont opérationnels" in (tmp_path / "s" / "site" / "index.html").read_text()


def test_the_tests_pass_in_an_unpacked_sdist(tmp_path: Path) -> None:
    """Those of documents and workflows, which read files of every sort."""
    build = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    (sdist,) = tmp_path.glob("*.tar.gz")
    subprocess.run(["tar", "-xzf", sdist, "-C", tmp_path], check=True)
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert sorted(path.name for path in unpacked.iterdir() if path.is_dir()) == [
        ".ci", ".github", "docs", "incidents", "site_templates", "status_tool", "tests", "theme"
    ]  # fmt: skip
    assert sorted(path.name for path in unpacked.iterdir() if path.is_file()) == [
        ".gitignore", ".pre-commit-config.yaml", "LICENSE", "Makefile", "PKG-INFO", "README.md", "mkdocs.yml",
        "pyproject.toml", "requirements-dev.lock",
    ]  # fmt: skip

    tests = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").glob("test_*.py")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *tests],
        cwd=unpacked,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
