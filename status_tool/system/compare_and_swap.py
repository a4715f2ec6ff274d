"""How a file is replaced without losing what another program, such as an editor, writes to it at the same moment."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path

from status_tool.system import disk

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # <fcntl.h>, <linux/fs.h>


class Overwritten(Exception):
    """Other programs have written two versions of a file: one is in its place, the other in the file `kept`."""

    def __init__(self, kept: Path) -> None:
        super().__init__(f"a version of a file is kept in {kept}")
        self.kept = kept


def swap(target: Path, old: bytes, new: bytes) -> bool:
    """Replaces the content `old` of `target` by `new`, which is on the disk when this returns.

    False if another program has written to `target` after `old` was read; its content then stays or is put back. The
    file that was replaced is kept until the new one is on the disk, some milliseconds: what a program writes that had
    opened it before is noticed. Raises `Overwritten`, and OSError, after which `target` is unchanged.
    """
    spare = target.with_name(disk.NEW)
    try:
        _write(spare, new, target.stat().st_mode & 0o777)
        if target.read_bytes() != old:
            return False
        exchange(spare, target)
        if spare.read_bytes() == old:
            _sync_folder(target.parent)
            if spare.read_bytes() == old:
                return True
        exchange(spare, target)
        if spare.read_bytes() == new:
            return False
        raise Overwritten(_kept(spare, target))
    except FileNotFoundError:  # another program is replacing it in two steps
        return False
    finally:
        spare.unlink(missing_ok=True)


def create(target: Path, content: bytes) -> bool:
    """Writes a new file, which is on the disk when this returns; False if `target` exists. Raises OSError.

    Its folder is made if it is missing, and never seen without the file.
    """
    if not target.parent.exists() and _create_with_folder(target, content):
        return True
    spare = target.with_name(disk.NEW)
    try:
        _write(spare, content)
        if target.exists():
            return False
        try:
            os.link(spare, target)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            spare.replace(target)
    finally:
        spare.unlink(missing_ok=True)
    _sync_folder(target.parent)
    return True


def _create_with_folder(target: Path, content: bytes) -> bool:
    """Makes the folder of `target` with the file in it; False when another program has made the folder."""
    spare = target.parent.with_name(f"{disk.NEW}-folder")
    shutil.rmtree(spare, ignore_errors=True)
    spare.mkdir()
    try:
        _write(spare / target.name, content)
        _sync_folder(spare)
        spare.rename(target.parent)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    finally:
        shutil.rmtree(spare, ignore_errors=True)
    _sync_folder(target.parent.parent)
    return True


def exchange(first: Path, second: Path) -> None:
    """Exchanges two files. There is a file at `second` at any time; on Linux, the exchange is atomic."""
    import ctypes  # only a command that writes needs it

    with contextlib.suppress(AttributeError):  # of another system, or an old C library
        paths = os.fsencode(first), os.fsencode(second)
        if ctypes.CDLL(None, use_errno=True).renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0:
            return
        code = ctypes.get_errno()
        if code not in (errno.EINVAL, errno.ENOSYS):  # the file system or the kernel cannot exchange
            raise OSError(code, os.strerror(code), str(second))
    kept = first.with_name(f"{disk.NEW}-kept")
    kept.unlink(missing_ok=True)
    try:
        os.link(second, kept)
    except OSError:  # a file system without hard links
        shutil.copyfile(second, kept)
    first.replace(second)
    kept.replace(first)


def _write(path: Path, content: bytes, mode: int | None = None) -> None:
    """Writes `content` to the disk; with `mode` None, the file has the permissions of any new file."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())


def _kept(spare: Path, target: Path) -> Path:
    """`spare` under a name of its own, which no command reads or overwrites: `.2026-11-23-api-errors.md.kept-1`."""
    number = 1
    while (kept := target.with_name(f".{target.name}.kept-{number}")).exists():
        number += 1
    return spare.rename(kept)


def _sync_folder(folder: Path) -> None:
    """Writes the entries of `folder` to the disk."""
    with contextlib.suppress(OSError):  # some file systems cannot; the content of the file is on the disk already
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
