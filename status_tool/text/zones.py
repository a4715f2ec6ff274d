"""What a time zone is called: in the settings, and on a page."""

from __future__ import annotations

import re
from datetime import datetime

_ONLY_HERE = re.compile(r"(?:posix|right)/|(?:localtime|posixrules|Factory)$")
"""What lies beside the zones in a system's folder of them; no browser knows it, and each machine has its own."""


def zone_name(time: datetime) -> str:
    """`UTC`, `CEST`; `UTC+03:00` where the zone has no letters of its own."""
    name = time.tzname() or "UTC"
    if name[0] in "+-":
        offset = time.strftime("%z")
        return f"UTC{offset[:3]}:{offset[3:5]}"
    return name


def is_only_here(name: str) -> bool:
    """Whether `name` is a file of this machine rather than a zone of the public list."""
    return _ONLY_HERE.match(name) is not None


def public(name: str) -> str:
    """`Europe/Paris` for `posix/Europe/Paris`."""
    return re.sub(r"^(posix|right)/", "", name)


def names() -> list[str]:
    """The public list of zones."""
    from zoneinfo import available_timezones  # reads a large table, so only where it is needed

    return sorted(name for name in available_timezones() if not is_only_here(name))
