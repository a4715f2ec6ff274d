"""Whatever another program writes while a file is replaced is still there afterwards."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from status_tool.system import compare_and_swap, disk

OLD, NEW, THEIRS = b"old\n", b"old\nours\n", b"old\ntheirs\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "x.yml"
    path.write_bytes(OLD)
    return path


@pytest.fixture(params=["atomic", "portable"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Linux, and a system whose C library knows no exchange."""
    if request.param == "portable":
        monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    return str(request.param)


def names(file: Path) -> list[str]:
    return [path.name for path in file.parent.iterdir()]


def saved(file: Path) -> None:
    """As an editor saves that writes a new file and renames it."""
    new = file.with_name("new")
    new.write_bytes(THEIRS)
    os.replace(new, file)


def around(
    monkeypatch: pytest.MonkeyPatch, before: Callable[[], object] = bool, after: Callable[[], object] = bool
) -> None:
    """Other programs that write just before, or just after, the first exchange."""
    real, calls = compare_and_swap.exchange, iter(range(9))

    def exchange(first: Path, second: Path) -> None:
        is_first = next(calls) == 0
        if is_first:
            before()
        real(first, second)
        if is_first:
            after()

    monkeypatch.setattr(compare_and_swap, "exchange", exchange)


@pytest.mark.usefixtures("system")
def test_what_nobody_else_has_changed_is_replaced(file: Path) -> None:
    file.chmod(0o640)

    assert compare_and_swap.swap(file, OLD, NEW)
    assert (file.read_bytes(), file.stat().st_mode & 0o777, names(file)) == (NEW, 0o640, ["x.yml"])


@pytest.mark.usefixtures("system")
def test_what_was_written_since_it_was_read_stays(file: Path) -> None:
    assert not compare_and_swap.swap(file, b"older\n", NEW)
    assert (file.read_bytes(), names(file)) == (OLD, ["x.yml"])


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("save", [saved, lambda file: file.write_bytes(THEIRS)])
def test_what_is_written_between_the_last_look_and_the_exchange_is_put_back(
    save: Callable[[Path], object], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    around(monkeypatch, before=lambda: save(file))

    assert not compare_and_swap.swap(file, OLD, NEW)
    assert (file.read_bytes(), names(file)) == (THEIRS, ["x.yml"])


@pytest.fixture
def opened(file: Path) -> Iterator[Callable[[], object]]:
    """A program that has opened the file to append to it, and now does."""
    with file.open("ab", buffering=0) as editor:
        yield lambda: editor.write(b"theirs\n")


@pytest.mark.usefixtures("system")
def test_what_is_written_to_the_file_that_was_replaced_is_put_back(
    file: Path, opened: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    around(monkeypatch, after=opened)

    assert not compare_and_swap.swap(file, OLD, NEW)
    assert (file.read_bytes(), names(file)) == (THEIRS, ["x.yml"])


def test_what_is_written_until_the_new_file_is_on_the_disk_is_put_back_too(
    file: Path, opened: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (file.read_bytes() == NEW and opened(), real(handle)))

    assert not compare_and_swap.swap(file, OLD, NEW)
    assert (file.read_bytes(), names(file)) == (THEIRS, ["x.yml"])


@pytest.mark.usefixtures("system")
def test_of_two_versions_of_others_both_are_kept(
    file: Path, opened: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    around(monkeypatch, after=lambda: (opened(), file.write_bytes(b"third\n")))
    (file.parent / ".x.yml.kept-1").touch()

    with pytest.raises(compare_and_swap.Overwritten) as refused:
        compare_and_swap.swap(file, OLD, NEW)
    assert refused.value.kept == file.parent / ".x.yml.kept-2"
    assert {file.read_bytes(), (file.parent / ".x.yml.kept-2").read_bytes()} == {THEIRS, b"third\n"}
    assert disk.NEW not in names(file)


def test_a_file_that_is_gone_for_a_moment_is_no_error(file: Path) -> None:
    file.unlink()

    assert not compare_and_swap.swap(file, OLD, NEW)
    assert names(file) == []


def test_a_new_file_never_takes_the_place_of_another(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = file.with_name("y.yml")

    assert (compare_and_swap.create(other, NEW), compare_and_swap.create(file, NEW)) == (True, False)
    monkeypatch.setattr(Path, "exists", lambda _: False)  # it came after the look
    assert not compare_and_swap.create(file, NEW)
    assert (file.read_bytes(), other.read_bytes(), sorted(names(file))) == (OLD, NEW, ["x.yml", "y.yml"])


def test_a_file_system_without_links_will_do(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())

    assert compare_and_swap.swap(file, OLD, NEW)
    assert compare_and_swap.create(file.with_name("y.yml"), NEW)
    assert sorted(names(file)) == ["x.yml", "y.yml"]
