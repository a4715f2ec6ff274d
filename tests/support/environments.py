"""Python environments beside the one of the tests, made once and kept in `.venv`."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_UNREACHABLE = re.compile(r"(NewConnection|ConnectTimeout|ReadTimeout|NameResolution)Error.*|Could not fetch URL.*")


def made(name: str, *packages: str, without: str = "", state: str = "") -> Path:
    """The folder of programs of the environment `name`, in which `packages` are.

    Without a registry, the test is skipped. It is made again when the packages, Python or `state` have changed.
    """
    folder = ROOT / ".venv" / name
    wanted = hashlib.sha256("\n".join([*packages, without, state, sys.version]).encode()).hexdigest()
    programs, done = folder / "bin", folder / "made"
    if not done.is_file() or done.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        _pip(programs, "install", *packages)
        if without:
            _pip(programs, "uninstall", "-y", without)
        done.write_text(wanted)
    return programs


def _pip(programs: Path, *args: str) -> None:
    command = [programs / "python", "-m", "pip", args[0], "-q", "--disable-pip-version-check", *args[1:]]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode and (reason := _UNREACHABLE.search(done.stderr)):
        pytest.skip(f"no registry: {reason[0]}")
    assert done.returncode == 0, done.stderr
