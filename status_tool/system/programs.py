"""How another program is run: without a terminal, within a time limit, and stopped with all that it has started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Answer(NamedTuple):
    """What a program printed, and its exit code; that is negative when a signal has ended it."""

    code: int
    output: bytes
    said: str
    """What it printed for people."""


class TookTooLong(Exception):
    """The program was stopped, as it took longer than it may."""


def run(
    command: Sequence[str],
    folder: Path | None,
    env: Mapping[str, str],
    *,
    stdin: bytes = b"",
    limit: float,
    ends_with_us: bool = False,
) -> Answer:
    """Runs a program in `folder`, or else in the working directory, for at most `limit` seconds.

    `env` is its whole environment. `ends_with_us`: it is stopped when this process is killed, where the system can.
    Raises OSError when it cannot be started, and `TookTooLong`.
    """
    pipe = subprocess.PIPE
    process = subprocess.Popen(  # a session of its own has no terminal, so that nothing waits for a person there
        command,
        cwd=folder,
        env=env,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        start_new_session=True,
        preexec_fn=_end_with_parent() if ends_with_us else None,
    )
    _running.add(process)
    try:
        output, said = process.communicate(stdin, timeout=limit)
    except subprocess.TimeoutExpired:
        _stop(process)
        raise TookTooLong from None
    except BaseException:
        _stop(process)
        raise
    finally:
        _running.discard(process)
    return Answer(process.returncode, output, said.decode("utf-8", "replace"))


_running: set[subprocess.Popen[bytes]] = set()
"""The programs that threads of this process wait for."""


def stop_all() -> None:
    """Stops every program that a thread waits for, with all that it has started; to the thread it has failed."""
    for process in tuple(_running):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGTERM)


_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


def _end_with_parent() -> Callable[[], None] | None:
    """What a child process calls so that Linux sends it SIGTERM when its parent is gone; None on other systems."""
    if sys.platform != "linux":
        return None
    import ctypes  # no command that only writes needs it

    prctl = ctypes.CDLL(None).prctl  # before the fork: a child of a process with threads must not load a library

    def set_signal() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    return set_signal


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stops a program and all that it has started, and waits for it."""
    for sent in (signal.SIGTERM, signal.SIGKILL):  # after SIGTERM, git removes its lock files
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sent)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(2)
            break
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout, process.stderr):
        with contextlib.suppress(OSError):
            pipe.close()  # type: ignore[union-attr]
