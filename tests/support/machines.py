"""Machines that know nothing of this checkout: an owner's laptop, a colleague's, a runner of workflows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from repository import ENVIRONMENT

from status_tool.system import wheel

_UNREACHABLE = re.compile(
    r"\w+Error: .*(connection|resolve)|(error sending request|dns error|Could not fetch URL).*", re.I
)
_OURS = {"XDG_CACHE_HOME", "VIRTUAL_ENV", "SOURCE_DATE_EPOCH"}


@dataclass(frozen=True)
class Machine:
    """A machine with an empty home folder, git and Python, and the programs in `tools`."""

    home: Path
    tools: tuple[Path, ...] = ()

    def env(self, epoch: int | None = None) -> dict[str, str]:
        """The environment of its shell; its clock stands at `epoch`, in Unix seconds, if that is given."""
        here = str(Path(sys.prefix) / "bin")
        path = [*map(str, self.tools), *(part for part in os.environ["PATH"].split(os.pathsep) if part != here)]
        clock = {} if epoch is None else {"SOURCE_DATE_EPOCH": str(epoch)}
        rest = {name: value for name, value in os.environ.items() if name not in _OURS}
        return {**rest, **ENVIRONMENT, **clock, "HOME": str(self.home), "PATH": os.pathsep.join(path)}

    def type(self, script: str, folder: Path, epoch: int | None = None) -> str:
        """What a shell prints that runs `script` in `folder`; skips the test where a package index is out of reach."""
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
        return printed(subprocess.run(command, cwd=folder, env=self.env(epoch), capture_output=True, text=True))


def printed(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode and (reason := _UNREACHABLE.search(done.stderr + done.stdout)):
        pytest.skip(f"no package index: {reason[0]}")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def with_uv(folder: Path) -> Machine:
    """A machine on which `uv` is installed, below `folder`."""
    (folder / "home").mkdir(parents=True)
    bare = Machine(folder / "home")
    bare.type("python3 -m venv tools && tools/bin/pip install -q uv", folder)
    (folder / "bin").mkdir()
    (folder / "bin" / "uv").symlink_to(folder / "tools" / "bin" / "uv")
    return Machine(bare.home, (folder / "bin",))


def of_an_owner(folder: Path, runner: Machine) -> Machine:
    """A machine on which this program was installed from its wheel, with Material, below `folder`."""
    (folder / "home").mkdir(parents=True)
    program = wheel.of_this_program()
    (folder / program.name).write_bytes(program.content)
    runner.type(f"uv venv -q env && uv pip install -q --python env './{program.name}[material]'", folder)
    return Machine(folder / "home", (folder / "env" / "bin",))
