"""Which process a run of `status notify` is, and which of the others on this machine have ended."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from status_tool.notify.ledger import Ledger


@dataclass(frozen=True)
class Run:
    """A run; `by` is its process: the machine, its start, the number, and the start of the process."""

    id: str
    by: str

    @classmethod
    def begin(cls) -> Run:
        number = os.getpid()
        return cls(secrets.token_hex(6), "/".join([_machine(), _boot(), str(number), _began(number)]))


def dead(ledger: Ledger) -> frozenset[str]:
    """The runs of this machine that claimed something and ended without a word on it."""
    return frozenset(entry.run for entry in ledger.open_claims() if _has_ended(entry.by))


def _has_ended(by: str) -> bool:
    match by.split("/"):
        case [machine, boot, number, began] if machine == _machine() and number.isdigit():
            return boot != _boot() or began != _began(int(number))
    return False


def _machine() -> str:
    """The same for all processes that see each other, and no others."""
    try:
        processes = os.readlink("/proc/self/ns/pid")  # noqa: PTH115  no path
    except OSError:
        processes = ""
    return hashlib.sha256(f"{socket.gethostname()} {processes}".encode()).hexdigest()[:8]


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii")[:8]
    except OSError:
        return "-"


def _began(number: int) -> str:
    """When a process began, in the system's own unit; `-` when there is none, `+` when only that it lives is known."""
    try:
        return Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError, ValueError):
        pass
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return "-"
    except OSError:
        pass
    return "-" if Path("/proc/self/stat").exists() else "+"
