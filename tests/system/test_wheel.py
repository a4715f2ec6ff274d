"""The wheel of the running program: what a build would have made, and the same bytes each time."""

from __future__ import annotations

import base64
import csv
import hashlib
import subprocess
import sys
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from status_tool.errors import StatusError
from status_tool.system import wheel

ROOT = Path(__file__).parents[2]


def contents(content: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(BytesIO(content))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_has_the_same_bytes_each_time() -> None:
    assert wheel.of_this_program() == wheel.of_this_program()


def test_the_record_names_every_file_with_its_hash_and_size() -> None:
    files = contents(wheel.of_this_program().content)
    (record,) = (name for name in files if name.endswith(".dist-info/RECORD"))
    rows = list(csv.reader(StringIO(files.pop(record).decode())))
    stated = {name: (digest, size) for name, digest, size in rows if name != record}

    assert rows[-1] == [record, "", ""]
    assert stated == {name: (f"sha256={digest(content)}", str(len(content))) for name, content in files.items()}


def digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


def test_the_digest_is_that_of_the_file() -> None:
    found = wheel.of_this_program()

    assert found.digest == hashlib.sha256(found.content).hexdigest()


@pytest.mark.slow
def test_the_wheel_has_the_files_of_one_that_was_built(tmp_path: Path) -> None:
    """From this checkout, which is installed in place. Its description is that of the README at that time."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = tmp_path.glob("*.whl")
    ours, expected = contents(wheel.of_this_program().content), contents(built.read_bytes())
    differ = {name.rpartition("/")[2] for name in ours if ours[name] != expected.get(name)}

    assert (wheel.of_this_program().name, ours.keys()) == (built.name, expected.keys())
    assert differ <= {"RECORD", "METADATA"}
    (name,) = (name for name in ours if name.endswith("/METADATA"))
    assert ours[name].partition(b"\n\n")[0] == expected[name].partition(b"\n\n")[0]


def test_another_version_than_the_running_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "DISTRIBUTION", "click")

    with pytest.raises(StatusError, match=r"version 8\.\S+ of this program is installed, but 0\.1\.0 is running"):
        wheel.of_this_program()


def test_a_program_that_is_not_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "DISTRIBUTION", "no-such-distribution")

    with pytest.raises(StatusError, match="runs without being installed"):
        wheel.of_this_program()
