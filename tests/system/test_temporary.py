"""A temporary folder goes with its process; what a killed process left goes with the next one, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from status_tool.system import temporary

LONG_AGO = time.time() - 2 * temporary.LEFT_AFTER.total_seconds()


@pytest.fixture(autouse=True)
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_there_until_the_end_whatever_happens(parent: Path) -> None:
    with pytest.raises(KeyboardInterrupt), temporary.folder("status-x-") as folder:
        (folder / "sub").mkdir()
        assert folder.parent == parent
        raise KeyboardInterrupt
    assert list(parent.iterdir()) == []


def test_only_an_old_folder_that_nobody_has_locked_is_removed(parent: Path) -> None:
    for name in ("status-x-dead", "status-x-new", "status-y-old", "elsewhere"):
        (parent / name / "site").mkdir(parents=True)
    (parent / "status-x-link").symlink_to("elsewhere")
    (parent / "status-x-file").touch()
    with temporary.folder("status-x-") as alive:
        for path in parent.iterdir():
            if path.name != "status-x-new":
                os.utime(path, (LONG_AGO, LONG_AGO), follow_symlinks=False)
        with temporary.folder("status-x-"):
            left = {path.name for path in parent.iterdir()}

    gone = {"status-x-dead"}
    kept = {"status-x-new", "status-x-link", "status-x-file", "status-y-old", "elsewhere", alive.name}
    assert (left & gone, kept - left) == (set(), set())


KILLED = """
import os, sys
from status_tool.system import temporary
folder = temporary.folder("status-x-")
print(folder.__enter__(), flush=True)
if os.fork():
    os._exit(9)  # as after kill -9
sys.stdin.read()
"""


def test_a_process_that_was_forked_keeps_the_folder_of_a_killed_one(parent: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(parent),
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        left = Path(process.stdout.readline().strip())
        assert process.wait() == 9
        os.utime(left, (LONG_AGO, LONG_AGO))
        with temporary.folder("status-x-"):
            assert left.exists()
        process.stdin.close()
        process.stdout.read()  # until the forked process has ended
    with temporary.folder("status-x-"):
        assert not left.exists()


def environment(parent: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(parent)}
