"""Onto the disk: only what changed, whole, in order, and nothing of anybody else's."""

from __future__ import annotations

import contextlib
import json
import os
import posixpath
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from sites import dead_links, snapshot

from status_tool.errors import StatusError
from status_tool.outputs import writer
from status_tool.outputs.writer import File, WriteResult

FIRST = [("a/index.html", b"old"), ("b.css", b"b"), ("index.html", b"home")]


def write(files: Iterable[tuple[str, bytes]], folder: Path) -> WriteResult:
    with writer.site_lock(folder):
        return writer.write((File(path, partial(bytes, content)) for path, content in files), folder)


def test_a_manifest_names_every_file_by_its_sum(tmp_path: Path) -> None:
    written = write(FIRST, tmp_path)

    assert (written.files, written.changed, written.removed) == (4, 4, 0)
    assert sorted(json.loads((tmp_path / "manifest.json").read_bytes())) == ["a/index.html", "b.css", "index.html"]
    assert sorted(snapshot(tmp_path)) == ["a/index.html", "b.css", "index.html", "manifest.json"]


def test_what_did_not_change_is_not_touched(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    for path in tmp_path.rglob("*"):
        os.utime(path, (1, 1))
    written = write([("a/index.html", b"new"), *FIRST[1:]], tmp_path)

    assert written.changed == 2
    assert (tmp_path / "b.css").stat().st_mtime == 1
    assert (tmp_path / "a/index.html").read_bytes() == b"new"


def test_what_is_gone_is_removed_after_everything_else_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(FIRST, tmp_path)
    order: list[str] = []
    replace, unlink = os.replace, Path.unlink
    monkeypatch.setattr(os, "replace", lambda new, to: (order.append(f"+{Path(to).name}"), replace(new, to))[1])
    monkeypatch.setattr(Path, "unlink", lambda self, **how: (order.append(f"-{self.name}"), unlink(self, **how))[1])
    write([("new.html", b"n"), ("index.html", b"home 2")], tmp_path)

    assert order == [
        "+new.html",
        "+index.html",
        "+manifest.json",
        "-index.html",
        "-b.css",
        "-.status-journal",
    ]
    assert sorted(snapshot(tmp_path)) == ["index.html", "manifest.json", "new.html"]
    assert not (tmp_path / "a").exists()


def test_a_new_folder_is_seen_whole_once_its_last_file_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(FIRST, tmp_path)
    order: list[str] = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda new, to: (order.append(os.path.relpath(to, tmp_path)), replace(new, to)))
    new = [("c/d/1.html", b"1"), ("b.css", b"b 2"), ("c/2.html", b"2"), ("a/3.html", b"3"), ("c/d/4.html", b"4")]
    write([*FIRST[:1], *new, *FIRST[2:]], tmp_path)

    assert order == ["b.css", "a/3.html", "c", "manifest.json"]
    assert {path: content for path, content in snapshot(tmp_path).items() if path != "manifest.json"} == dict(
        [*FIRST[:1], *new, *FIRST[2:]]
    )


def test_a_folder_that_somebody_removed_is_whole_again_with_what_is_new_in_it(tmp_path: Path) -> None:
    site, kept = tmp_path / "site", tmp_path / "kept"
    made(site, kept, {"a/1/x": "1", "a/2": "1", "index.html": "1"})
    shutil.rmtree(site / "a")
    made(site, kept, {"a/0": "1", "a/1/x": "1", "a/2": "1", "a/3/y": "1", "index.html": "1"})

    assert sorted(snapshot(site)) == ["a/0", "a/1/x", "a/2", "a/3/y", "index.html", "manifest.json"]


def test_a_folder_that_appears_while_a_build_makes_it_keeps_what_is_in_it(tmp_path: Path) -> None:
    def make() -> bytes:
        (tmp_path / "a/b").mkdir(parents=True)
        (tmp_path / "a/b/theirs").write_text("theirs")
        return b"ours"

    writer.write([File("a/b/c/ours", make), File("a/index.html", lambda: b"ours")], tmp_path)

    assert {path: content for path, content in snapshot(tmp_path).items() if path != "manifest.json"} == {
        "a/b/c/ours": b"ours",
        "a/b/theirs": b"theirs",
        "a/index.html": b"ours",
    }


@pytest.mark.parametrize(("place", "named"), [("b.css/x", "b.css/x"), ("c", "c"), ("c/d", "c/d")])
def test_what_lies_in_the_way_is_named_before_anything_changes(place: str, named: str, tmp_path: Path) -> None:
    write([FIRST[0], FIRST[2]], tmp_path)
    there = tmp_path / place
    there.parent.mkdir(exist_ok=True)
    there.write_text("theirs")
    before = snapshot(tmp_path)
    with pytest.raises(StatusError, match=f"(?s){named}: cannot write this page: .*Remove or rename"):
        write([("a/index.html", b"new"), FIRST[1], ("c/d/index.html", b"d"), FIRST[2]], tmp_path)

    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("place", ["b.css", "c/d/index.html"])
def test_an_empty_folder_in_the_way_of_a_page_makes_room(place: str, tmp_path: Path) -> None:
    (tmp_path / place).mkdir(parents=True)
    write([*FIRST[:2], ("c/d/index.html", b"d"), FIRST[2]], tmp_path)

    assert snapshot(tmp_path)[place] in (b"b", b"d")


def test_a_dangling_link_in_the_way_is_named(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    (tmp_path / "c").symlink_to("nowhere")
    with pytest.raises(StatusError, match="c: cannot write this page"):
        write([*FIRST, ("c/d", b"d")], tmp_path)

    assert (tmp_path / "c").is_symlink()


def test_whoever_stops_a_build_as_it_publishes_hears_that_it_is_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(FIRST, tmp_path)
    replace = os.replace

    def stopped(new: str, to: str) -> None:
        replace(new, to)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(StatusError, match=r"(?s)stopped while new pages were being published.*Build again"):
        write([("a/index.html", b"new"), *FIRST[1:]], tmp_path)
    monkeypatch.undo()
    write(FIRST, tmp_path)

    assert snapshot(tmp_path)["a/index.html"] == b"old"


def test_files_of_other_people_stay(tmp_path: Path) -> None:
    (tmp_path / "CNAME").write_text("status.example.org")
    write(FIRST, tmp_path)
    write(FIRST[:1], tmp_path)

    assert (tmp_path / "CNAME").read_text() == "status.example.org"


def test_a_tampered_manifest_leads_nowhere_else(tmp_path: Path) -> None:
    outside, site = tmp_path / "precious", tmp_path / "site"
    outside.write_text("x")
    write(FIRST, site)
    (site / "manifest.json").write_text(json.dumps({"../precious": "", "/etc/hostname": "", "a/../../precious": ""}))
    write(FIRST, site)

    assert outside.exists()


@pytest.mark.parametrize("manifest", ["", "[]", "{", "\xff", '{"a/index.html": 1}'])
def test_a_broken_manifest_hinders_nothing(manifest: str, tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    (tmp_path / "manifest.json").write_text(manifest, encoding="latin-1")

    assert write(FIRST, tmp_path).files == 4


def test_a_file_may_become_a_folder_and_a_folder_a_file(tmp_path: Path) -> None:
    write([("x", b"file"), ("y/z", b"deep")], tmp_path)
    write([("x/index.html", b"now a folder"), ("y", b"now a file")], tmp_path)

    assert sorted(snapshot(tmp_path)) == ["manifest.json", "x/index.html", "y"]


PAGES = ["a/index.html", "a/1/index.html", "b/index.html", "b/2/index.html", "c.html", "index.html"]


@st.composite
def linked_pages(draw: st.DrawFn) -> list[tuple[str, bytes]]:
    """The pages of a site in some order, the home page last; each links to some of the others."""
    pages = [*draw(st.lists(st.sampled_from(PAGES[:-1]), unique=True)), PAGES[-1]]
    links = [draw(st.lists(st.sampled_from(pages), unique=True)) for _ in pages]
    return [(path, _page(path, targets, draw(st.integers(0, 1)))) for path, targets in zip(pages, links, strict=True)]


def _page(path: str, targets: list[str], version: int) -> bytes:
    addresses = [posixpath.relpath(target, posixpath.dirname(path) or ".") for target in targets]
    return "".join(
        f'<a href="{address.removesuffix("index.html") or "./"}">{version}</a>' for address in addresses
    ).encode()


@contextlib.contextmanager
def after_each_step(check: Callable[[], object]) -> Iterator[None]:
    """Calls `check` each time that a file was moved or removed."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in ((os, "replace"), (Path, "unlink"), (Path, "rmdir")):
            real = getattr(owner, name)
            patch.setattr(owner, name, lambda *args, real=real, **how: (real(*args, **how), check())[0])
        yield


@example_settings(max_examples=60)
@given(linked_pages(), linked_pages())
def test_whenever_a_build_is_killed_every_link_leads_to_a_page(
    old: list[tuple[str, bytes]], new: list[tuple[str, bytes]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, states = Path(name), []
        write(old, folder)
        with after_each_step(lambda: states.append(dead_links(folder))):
            write(new, folder)

        assert [state for state in states if state] == []
        assert {path: content for path, content in snapshot(folder).items() if path != "manifest.json"} == dict(new)


KILLED = """
import os, signal
from pathlib import Path
from status_tool.outputs import writer
calls = 0
def killing(call, after):
    def instead(*args, **how):
        global calls
        calls += 1
        if calls > after:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **how)
    return instead
def files():
    yield writer.File("left/over.html", lambda: b"x")
    yield writer.File("a/index.html", lambda: b"new")
    yield writer.File("index.html", home)
home = lambda: b"home"
%s
writer.write(files(), Path(%r))
"""


def killed(folder: Path, when: str) -> dict[str, bytes]:
    """What stands in the site after a build that is killed at that moment."""
    assert subprocess.run([sys.executable, "-c", KILLED % (when, str(folder))]).returncode == -signal.SIGKILL
    return {path: content for path, content in snapshot(folder).items() if not path.startswith(".status")}


def test_a_build_killed_before_everything_is_made_changes_nothing(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    before = snapshot(tmp_path)

    assert killed(tmp_path, "home = killing(home, 0)") == before
    write(FIRST, tmp_path)
    assert snapshot(tmp_path) == before


def test_a_killed_build_leaves_whole_files_and_the_next_one_removes_its_leftovers(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    after = killed(tmp_path, "os.replace = killing(os.replace, 2)")
    assert (after["a/index.html"], after["index.html"], after["left/over.html"]) == (b"new", b"home", b"x")

    write(FIRST, tmp_path)
    assert sorted(snapshot(tmp_path)) == ["a/index.html", "b.css", "index.html", "manifest.json"]


def test_what_a_killed_build_did_not_come_to_remove_is_removed_by_the_next(tmp_path: Path) -> None:
    write([("gone/index.html", b"retracted"), ("old/index.html", b"old"), *FIRST], tmp_path)
    after = killed(tmp_path, "Path.unlink = killing(Path.unlink, 1)")
    assert "old/index.html" in after

    write(FIRST, tmp_path)
    assert sorted(snapshot(tmp_path)) == ["a/index.html", "b.css", "index.html", "manifest.json"]


def test_a_mistake_in_the_last_file_changes_nothing(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    before = snapshot(tmp_path)

    def mistaken() -> bytes:
        raise StatusError("no such filter.", "pages/home.html", 3, "Correct the template.")

    with pytest.raises(StatusError):
        writer.write([File("a/index.html", lambda: b"new"), File("index.html", mistaken)], tmp_path)
    assert snapshot(tmp_path) == before


def test_a_lost_manifest_is_made_again(tmp_path: Path) -> None:
    site, kept = tmp_path / "site", tmp_path / "kept"
    made(site, kept, {"index.html": "1", "gone.html": "1"})
    (site / "manifest.json").unlink()

    assert made(site, kept, {"index.html": "1"}) == []
    assert sorted(snapshot(site)) == ["index.html", "manifest.json"]


def test_a_full_disk_is_one_message_and_leaves_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(FIRST, tmp_path)

    def full(new: str, target: str) -> None:
        raise OSError(28, "No space left on device", target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StatusError, match="cannot be written: No space left on device"):
        write([("a/index.html", b"new")], tmp_path)

    assert {name: content for name, content in snapshot(tmp_path).items() if name[0] != "."} == {
        **dict(FIRST),
        "manifest.json": (tmp_path / "manifest.json").read_bytes(),
    }


def made(folder: Path, kept: Path, input_digest: dict[str, str]) -> list[str]:
    """The files that a build makes anew when each is made of what is said there."""
    found: list[str] = []

    def make(path: str) -> bytes:
        found.append(path)
        return f"{path} of {input_digest[path]}".encode()

    with writer.site_lock(folder):
        writer.write([File(path, partial(make, path), name) for path, name in input_digest.items()], folder, kept)
    return found


def test_what_is_made_of_the_same_is_not_made_again(tmp_path: Path) -> None:
    site, kept = tmp_path / "site", tmp_path / "kept"
    assert made(site, kept, {"a": "1", "b": "1", "c": ""}) == ["a", "b", "c"]
    assert made(site, kept, {"a": "1", "b": "2", "c": ""}) == ["b", "c"]
    assert made(site, kept, {"a": "1", "b": "2", "c": ""}) == ["c"]

    assert snapshot(site)["b"] == b"b of 2"


@pytest.mark.parametrize("harm", ["removed", "changed", "of another build", "a folder"])
def test_what_is_not_as_we_left_it_is_made_again(harm: str, tmp_path: Path) -> None:
    site, kept = tmp_path / "site", tmp_path / "kept"
    made(site, kept, {"a": "1", "b": "1"})
    if harm == "removed":
        (site / "a").unlink()
    elif harm == "changed":
        (site / "a").write_text("a of X")
    elif harm == "of another build":
        made(site, tmp_path / "kept elsewhere", {"a": "2", "b": "1"})
    else:
        (site / "a").unlink()
        (site / "a").mkdir()
        (site / "a").rmdir()
        (site / "a").symlink_to("b")
    assert made(site, kept, {"a": "1", "b": "1"}) == ["a"]

    assert snapshot(site)["a"] == b"a of 1"


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x92\xa0\x80", b"\x92\xa0\x81\xa1a\x01", b"\x80" * 4000])
def test_what_is_kept_may_be_anything_at_all(content: bytes, tmp_path: Path) -> None:
    site, kept = tmp_path / "site", tmp_path / "kept"
    kept.write_bytes(content)

    assert made(site, kept, {"a": "1"}) == ["a"]


def alone(program: str, *args: object) -> str:
    """What a program prints that runs alone: a process with threads, as that of a test may be, makes no others."""
    head = "import os, signal, sys\nfrom pathlib import Path\nfrom status_tool.outputs import writer\n"
    head += "from status_tool.errors import StatusError\nfrom status_tool.outputs.writer import File\n"
    head += "folder, here, count = Path(sys.argv[1]), os.getpid(), 2 * writer.FEW_FILES\n"
    done = subprocess.run([sys.executable, "-c", head + program, *map(str, args)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_many_files_are_made_by_several_processes(tmp_path: Path) -> None:
    written = alone(
        """
files = [File(f"{n}/index.html", lambda: str(os.getpid()).encode()) for n in range(count)]
written = writer.write([*files, File("index.html", lambda: b"home")], folder)
print(written.files, written.changed)
""",
        tmp_path,
    )
    makers = {content for path, content in snapshot(tmp_path).items() if path.endswith("/index.html")}

    assert written == f"{2 * writer.FEW_FILES + 2} {2 * writer.FEW_FILES + 2}\n"
    assert len(makers) == min(len(os.sched_getaffinity(0)), 2)


@pytest.mark.parametrize("wrong", [0, 1])
def test_a_mistake_in_any_process_is_told_and_the_site_stands(wrong: int, tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    said = alone(
        """
def mistaken():
    raise StatusError("no such filter.", "pages/home.html", 3, "Correct the template.")
try:
    writer.write([File(f"{n}.html", mistaken if n == int(sys.argv[2]) else bytes) for n in range(count)], folder)
except StatusError as error:
    print(error)
""",
        tmp_path,
        wrong,
    )

    assert said == "pages/home.html:3: no such filter.\nCorrect the template.\n"
    assert {name: snapshot(tmp_path)[name] for name, _ in FIRST} == dict(FIRST)


def test_a_process_that_dies_leaves_no_gap(tmp_path: Path) -> None:
    alone(
        """
def make():
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return b"made"
writer.write([File(f"{n}.html", make) for n in range(count)], folder)
""",
        tmp_path,
    )

    assert len(snapshot(tmp_path)) == 2 * writer.FEW_FILES + 1


names = st.sampled_from(["index.html", "a.html", "b/index.html", "b/c/index.html", "d.css", "e/f.json"])
sites = st.dictionaries(names, st.binary(max_size=4), max_size=6)


@given(st.lists(sites, min_size=1, max_size=4))
def test_whatever_was_there_the_folder_holds_what_was_asked(wanted: list[dict[str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "site")
        for site in wanted:
            files = [File(path, partial(bytes, content), str(content)) for path, content in site.items()]
            with writer.site_lock(folder):
                writer.write(files, folder, Path(place, "kept"))
            found = snapshot(folder)
            assert {name: found[name] for name in found if name != "manifest.json"} == site


@pytest.mark.parametrize("path", ["feed.atom", "a/index.html", "b.txt", "manifest.json"])
def test_a_file_of_others_is_never_overwritten(path: str, tmp_path: Path) -> None:
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text('{"name": "Their app", "icons": []}')
    before = snapshot(tmp_path)

    with pytest.raises(StatusError, match="a file that status did not create has its path"):
        write([*FIRST, ("feed.atom", b"ours"), ("b.txt", b"ours")], tmp_path)
    assert snapshot(tmp_path) == before


def test_a_link_of_others_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "b.txt").symlink_to("../precious")

    with pytest.raises(StatusError, match="did not create"):
        write([("b.txt", b"ours")], tmp_path / "site")
    assert (tmp_path / "site" / "b.txt").is_symlink()
