"""How long and how often the public addresses are looked at, until they are right; and the receipt of that."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from status_tool.deploy import verify
from status_tool.deploy.verify import Expected, Look, Verdict
from status_tool.errors import StatusError, one_of
from status_tool.settings.settings import Settings
from status_tool.system import clock, threads
from status_tool.system.web import Web

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between looks; the last is repeated."""


@dataclass(frozen=True)
class Address:
    """A public address of the site, by the name of its target."""

    name: str
    url: str
    required: bool = True


@dataclass(frozen=True)
class Result:
    """What was seen last at an address, and when."""

    address: Address
    look: Look
    at: datetime
    waited: float
    """Seconds since the first look."""

    @property
    def age(self) -> timedelta | None:
        """How long after its build the public had the site; None when it has not, or nobody knows when it was built."""
        return self.at - self.look.written if self.look.written and self.look.verdict is Verdict.OK else None

    def document(self) -> dict[str, Any]:
        """The receipt, for JSON."""
        look = self.look
        return {
            "target": self.address.name,
            "url": self.address.url,
            "required": self.address.required,
            "verdict": look.verdict.value,
            "what": look.what,
            "at": clock.iso(self.at),
            "written": clock.iso(look.written) if look.written else None,
            "seconds_to_public": int(self.age.total_seconds()) if self.age is not None else None,
            "files": look.files,
            "differs": [{"path": finding.path, "why": finding.why} for finding in look.findings],
            "notes": list(look.notes),
            "certificate_days": look.certificate_days,
            "signed": look.is_signed,
        }


def addresses(settings: Settings, names: Sequence[str]) -> list[Address]:
    """The addresses of the targets with these names; without names, of all, and that of the site itself.

    StatusError when there is no such target, or none has an address.
    """
    known = {
        target.name: Address(target.name, target.url, target.required)
        for target in settings.targets
        if not target.is_scratch
    }
    urls = [address.url for address in known.values()]
    if settings.site_url and settings.site_url not in urls and "site" not in known:
        known = {"site": Address("site", settings.site_url), **known}
    for name in names:
        if name not in known:
            raise StatusError(f'there is no target "{name}".', hint=one_of(name, known))
        if not known[name].url:
            hint = "Add its public address to the target: url: https://status.example.net/"
            raise StatusError(f'the target "{name}" has no address.', settings.shown(settings.file), hint=hint)
    found = [known[name] for name in dict.fromkeys(names)] or [address for address in known.values() if address.url]
    if not found:
        hint = "Add, for example: site_url: https://status.example.org/"
        raise StatusError("there is no address to look at.", settings.shown(settings.file), hint=hint)
    return found


def verify_all(
    found: Sequence[Address],
    expected: Expected,
    connections: Web,
    wait: timedelta,
    report: Callable[[Address, Look], None],
) -> list[Result]:
    """Looks at all addresses at the same time, again and again until each is right, for at most `wait`.

    `report` is told of each first look that is not right, and when that changes; from any thread.
    """

    def one(address: Address) -> Result:
        begin, said, pauses = time.monotonic(), "", list(PAUSES)
        while True:
            look = verify.look(address.url, expected, connections, clock.now())
            waited = time.monotonic() - begin
            pause = pauses.pop(0) if len(pauses) > 1 else pauses[0]
            if look.verdict is Verdict.OK or waited + pause > wait.total_seconds():
                return Result(address, look, clock.now(), waited)
            if look.what != said:
                report(address, look)
                said = look.what
            time.sleep(pause)

    return threads.run_all(one, found, len(found))
