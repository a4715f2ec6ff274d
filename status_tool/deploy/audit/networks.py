"""Which network an IP address is in: the autonomous system that announces it, as Team Cymru's DNS service says it.

https://team-cymru.com/community-services/ip-asn-mapping: a TXT record of the reversed address has
`13335 | 192.0.2.0/24 | US | arin | 2010-07-14`, of `AS13335.asn.cymru.com` `13335 | US | arin | 2010-07-14 | NAME, US`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10"),
    )
)
"""Networks that are announced nowhere: RFC 1918, 6598, 3927, 4193 and 4291."""


def query(address: str) -> str:
    """`1.2.0.192.origin.asn.cymru.com` for `192.0.2.1`; ValueError, with the reason, if it is in no public network."""
    parsed = ipaddress.ip_address(address)
    if parsed.is_loopback or parsed.is_unspecified:
        raise ValueError(f"{address} is the address of this machine itself")
    if any(parsed in network for network in PRIVATE):
        raise ValueError(f"{address} is the address of a private network")
    reverse, zone = parsed.reverse_pointer.rsplit(".", 2)[0], "origin" if parsed.version == 4 else "origin6"
    return f"{reverse}.{zone}.asn.cymru.com"


def numbers(texts: Iterable[str]) -> frozenset[int]:
    """The numbers in the answers to `query`; several where several networks announce an address. May be empty."""
    first = (text.partition("|")[0].split() for text in texts)
    return frozenset(int(word) for words in first for word in words if word.isascii() and word.isdigit())


def name_query(number: str) -> str:
    """`AS64500.asn.cymru.com` for `AS64500`."""
    return f"{number}.asn.cymru.com"


def name(texts: Iterable[str]) -> str:
    """`EXAMPLE-NET` in `64500 | US | arin | 2010-07-14 | EXAMPLE-NET - Example Inc., US`; empty when there is none."""
    last = next((text.rpartition("|")[2].strip() for text in texts if text.count("|") >= 4), "")
    return last.partition(" ")[0].rstrip(",")
