"""What a time zone is called in the settings and on a page."""

from __future__ import annotations

import re
from datetime import datetime

_SYSTEM_ONLY = re.compile(r"(?:posix|right)/|(?:localtime|posixrules|Factory)$")
"""Files in a system's zone folder that are not public zones. Browsers do not support these names."""


def zone_name(time: datetime) -> str:
    """`UTC` or `CEST`; `UTC+03:00` where the zone has no abbreviation."""
    name = time.tzname() or "UTC"
    if name[0] in "+-":
        offset = time.strftime("%z")
        return f"UTC{offset[:3]}:{offset[3:5]}"
    return name


def is_system_only(name: str) -> bool:
    """Whether `name` is a file of this machine's zone folder, and not a public zone."""
    return _SYSTEM_ONLY.match(name) is not None


def public(name: str) -> str:
    """The public name of a zone: `Europe/Paris` for `posix/Europe/Paris`."""
    return re.sub(r"^(posix|right)/", "", name)


def names() -> list[str]:
    """The names of the public zones on this machine, sorted."""
    from zoneinfo import available_timezones  # reads a large table

    return sorted(name for name in available_timezones() if not is_system_only(name))
