"""The locks: what a new site installs is what `pyproject.toml` asks for, in the versions that are tested here."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from status_tool.mkdocs.engine import PACKAGES

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DEVELOPMENT = ROOT / "requirements-dev.lock"
THEMES = pytest.mark.parametrize("theme", PACKAGES)


def of_a_new_site(theme: str) -> Path:
    return ROOT / "site_templates" / "locks" / f"{theme}.lock"


def hashes(lock: Path) -> dict[tuple[str, str], set[str]]:
    """`("babel", "2.18.0")` -> its hashes, for each package; one may have several versions, for different Pythons."""
    text = re.sub(r"^ *#.*\n", "", lock.read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", "")
    return {
        (canonicalize_name(name), version): set(re.findall(r"--hash=(\S+)", line))
        for line in text.splitlines()
        for name, version in re.findall(r"^([\w.-]+)==(\S+)", line)
    }


def test_there_is_a_lock_for_each_theme() -> None:
    assert sorted(path.stem for path in (ROOT / "site_templates" / "locks").iterdir()) == sorted(PACKAGES)
    assert set(PACKAGES) == set(PROJECT["optional-dependencies"]) - {"apprise", "dev", "rclone"}


@THEMES
def test_every_package_has_hashes(theme: str) -> None:
    lock = of_a_new_site(theme)
    lines = [line for line in lock.read_text("utf-8").splitlines() if not line.startswith(" ")]

    assert len(hashes(lock)) == len(lines)
    assert all(hashes(lock).values())


@THEMES
def test_the_lock_has_what_the_project_asks_for(theme: str) -> None:
    locked = hashes(of_a_new_site(theme)).keys()
    asked = map(Requirement, [*PROJECT["dependencies"], *PROJECT["optional-dependencies"][theme]])
    unfit = []
    for requirement in asked:
        versions = [version for name, version in locked if name == canonicalize_name(requirement.name)]
        if not versions or not all(map(requirement.specifier.contains, versions)):
            unfit.append(str(requirement))

    assert unfit == [], "run: make lock"


@THEMES
def test_the_lock_has_the_versions_and_hashes_that_are_tested_here(theme: str) -> None:
    ours, tested = hashes(of_a_new_site(theme)), hashes(DEVELOPMENT)
    names = {name for name, _ in tested}
    others = {package for package in ours if package[0] not in names}

    assert {package for package in ours.keys() - others if ours[package] != tested.get(package)} == set(), (
        "run: make lock"
    )
    assert (others == set()) == (theme == "material")


def test_the_lock_has_what_each_of_its_packages_needs() -> None:
    """By the metadata of those that are installed here."""
    locked = {name for name, _ in hashes(of_a_new_site("material"))}
    installed = {canonicalize_name(found.metadata["Name"]) for found in metadata.distributions()}
    needed = {
        canonicalize_name(requirement.name)
        for name in locked & installed
        for requirement in map(Requirement, metadata.requires(name) or [])
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    }

    assert len(locked & installed) > 30
    assert needed - locked == set(), "run: make lock"
