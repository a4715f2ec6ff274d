"""Onto the disk: only what changed, whole, in order, and nothing of anybody else's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sites import snapshot

from status_tool import output
from status_tool.errors import StatusError

FIRST = [("a/index.html", b"old"), ("b.css", b"b"), ("index.html", b"home")]


def test_a_manifest_names_every_file_by_its_sum(tmp_path: Path) -> None:
    written = output.write(FIRST, tmp_path)

    assert (written.files, written.changed, written.removed) == (4, 4, 0)
    assert sorted(json.loads((tmp_path / "manifest.json").read_bytes())) == ["a/index.html", "b.css", "index.html"]
    assert sorted(snapshot(tmp_path)) == ["a/index.html", "b.css", "index.html", "manifest.json"]


def test_what_did_not_change_is_not_touched(tmp_path: Path) -> None:
    output.write(FIRST, tmp_path)
    for path in tmp_path.rglob("*"):
        os.utime(path, (1, 1))
    written = output.write([("a/index.html", b"new"), *FIRST[1:]], tmp_path)

    assert written.changed == 2
    assert (tmp_path / "b.css").stat().st_mtime == 1
    assert (tmp_path / "a/index.html").read_bytes() == b"new"


def test_what_is_gone_is_removed_after_everything_else_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output.write(FIRST, tmp_path)
    order: list[str] = []
    replace, unlink = Path.replace, Path.unlink
    monkeypatch.setattr(Path, "replace", lambda self, to: (order.append(f"+{Path(to).name}"), replace(self, to))[1])
    monkeypatch.setattr(Path, "unlink", lambda self, **how: (order.append(f"-{self.name}"), unlink(self, **how))[1])
    output.write([("new.html", b"n"), ("index.html", b"home 2")], tmp_path)

    assert order == [
        "+new.html",
        "+index.html",
        "+manifest.json",
        "-index.html",
        "-b.css",
        "-.status-journal",
        "-.status-new",
    ]
    assert sorted(snapshot(tmp_path)) == ["index.html", "manifest.json", "new.html"]
    assert not (tmp_path / "a").exists()


def test_files_of_other_people_stay(tmp_path: Path) -> None:
    (tmp_path / "CNAME").write_text("status.example.org")
    output.write(FIRST, tmp_path)
    output.write(FIRST[:1], tmp_path)

    assert (tmp_path / "CNAME").read_text() == "status.example.org"


def test_a_tampered_manifest_leads_nowhere_else(tmp_path: Path) -> None:
    outside, site = tmp_path / "precious", tmp_path / "site"
    outside.write_text("x")
    output.write(FIRST, site)
    (site / "manifest.json").write_text(json.dumps({"../precious": "", "/etc/hostname": "", "a/../../precious": ""}))
    output.write(FIRST, site)

    assert outside.exists()


@pytest.mark.parametrize("manifest", ["", "[]", "{", "\xff", '{"a/index.html": 1}'])
def test_a_broken_manifest_hinders_nothing(manifest: str, tmp_path: Path) -> None:
    output.write(FIRST, tmp_path)
    (tmp_path / "manifest.json").write_text(manifest, encoding="latin-1")

    assert output.write(FIRST, tmp_path).files == 4


def test_a_file_may_become_a_folder_and_a_folder_a_file(tmp_path: Path) -> None:
    output.write([("x", b"file"), ("y/z", b"deep")], tmp_path)
    output.write([("x/index.html", b"now a folder"), ("y", b"now a file")], tmp_path)

    assert sorted(snapshot(tmp_path)) == ["manifest.json", "x/index.html", "y"]


def test_a_killed_build_leaves_whole_files_and_the_next_one_removes_its_leftovers(tmp_path: Path) -> None:
    output.write(FIRST, tmp_path)
    program = f"""
import os, signal
from pathlib import Path
from status_tool import output
def files():
    yield "left/over.html", b"x"
    yield "a/index.html", b"new"
    os.kill(os.getpid(), signal.SIGKILL)
output.write(files(), Path({str(tmp_path)!r}))
"""
    assert subprocess.run([sys.executable, "-c", program]).returncode == -signal.SIGKILL
    after_kill = snapshot(tmp_path)
    assert (after_kill["a/index.html"], after_kill["index.html"], after_kill["left/over.html"]) == (
        b"new",
        b"home",
        b"x",
    )

    output.write(FIRST, tmp_path)
    assert sorted(snapshot(tmp_path)) == ["a/index.html", "b.css", "index.html", "manifest.json"]


def test_a_full_disk_is_one_message_and_leaves_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output.write(FIRST, tmp_path)

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StatusError, match="cannot be written: No space left on device"):
        output.write([("a/index.html", b"new")], tmp_path)

    assert {name: content for name, content in snapshot(tmp_path).items() if name[0] != "."} == {
        **dict(FIRST),
        "manifest.json": (tmp_path / "manifest.json").read_bytes(),
    }


names = st.sampled_from(["index.html", "a.html", "b/index.html", "b/c/index.html", "d.css", "e/f.json"])
sites = st.dictionaries(names, st.binary(max_size=4), max_size=6)


@given(st.lists(sites, min_size=1, max_size=4))
def test_whatever_was_there_the_folder_holds_what_was_asked(made: list[dict[str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for site in made:
            output.write(site.items(), Path(folder))
            found = snapshot(Path(folder))
            assert {name: found[name] for name in found if name != "manifest.json"} == site
