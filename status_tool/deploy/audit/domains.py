"""Which registrable domain a host is in, by the Public Suffix List (https://publicsuffix.org/list/)."""

from __future__ import annotations

from functools import cache

from publicsuffixlist import PublicSuffixList

from status_tool.model.endpoint import Endpoint


@cache
def _list() -> PublicSuffixList:
    return PublicSuffixList()  # reads the list that the package carries: 35 ms


def registrable(host: str) -> str | None:
    """`example.co.uk` for `www.example.co.uk`; None for an IP address, and for a name that nobody can register."""
    return None if Endpoint(host).is_ip else _list().privatesuffix(host)
