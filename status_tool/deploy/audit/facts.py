"""What an audit found out: a server's records in DNS, its networks and its certificate, or why they are not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar

from status_tool.deploy.audit import domains, providers
from status_tool.model.endpoint import Endpoint

Found = TypeVar("Found")


class NotKnown(Exception):
    """Something could not be found out. The message is the reason, such as `no DNS server answered`."""


@dataclass(frozen=True)
class Gap:
    """Something that is not known, and the reason."""

    reason: str


def attempt(call: Callable[..., Found], *args: object) -> Found | Gap:
    """What `call(*args)` returns; a gap when that is not known."""
    try:
        return call(*args)
    except NotKnown as reason:
        return Gap(str(reason))


@dataclass(frozen=True)
class Known:
    """What is known of something, and why that is not everything; empty when it is."""

    values: frozenset[str] = frozenset()
    gap: str = ""

    @classmethod
    def union(cls, parts: Iterable[Known]) -> Known:
        parts = list(parts)
        values = frozenset(value for part in parts for value in part.values)
        return cls(values, next((part.gap for part in parts if part.gap), ""))


class Role(Enum):
    """What a server is to the page. The value is how a report names it."""

    PAGE = "the page"
    COPY = "a copy"
    MAIL = "its mail"
    MONITORED = "the product"
    ORIGIN = "a file's host"


@dataclass(frozen=True)
class Records:
    """The names that a host's CNAME records lead to, in order, and the addresses at the end."""

    chain: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Zone:
    """A zone of DNS: its name, its name servers, and the networks that these are in, as `AS64500`."""

    name: str
    servers: tuple[str, ...]
    networks: Known

    @property
    def operators(self) -> frozenset[str]:
        """Who answers for it: the provider of each server or, without one, the registrable domain of its name."""
        return frozenset(providers.of_name(name) or domains.registrable(name) or name for name in self.servers)

    @property
    def is_inside_itself(self) -> bool:
        """Whether every name server has its name in this zone, as those of facebook.com did in 2021."""
        return all(server == self.name or server.endswith(f".{self.name}") for server in self.servers)


@dataclass(frozen=True)
class Certificate:
    """A certificate that was verified for its host."""

    issuer: str
    """The organisation of the authority, such as `Let's Encrypt`."""
    expires: datetime


@dataclass(frozen=True)
class Refused:
    """A certificate that no browser accepts, and the reason."""

    reason: str


@dataclass(frozen=True)
class Server:
    """Everything that was found out about one server."""

    endpoint: Endpoint
    role: Role
    records: Records | Gap
    zones: tuple[Zone, ...] | Gap
    """The zones of its name and of every name in its chain."""
    networks: Known
    """The networks of its addresses, as `AS64500`."""
    certificate: Certificate | Refused | Gap | None
    """None without TLS."""

    @property
    def name(self) -> str:
        return self.endpoint.authority

    @property
    def providers(self) -> Known:
        """The providers of its name and of the names in its chain; for one outside the table, the name's domain."""
        if isinstance(self.records, Gap):
            return Known(frozenset(filter(None, [providers.of_name(self.endpoint.host)])), self.records.reason)
        own = domains.registrable(self.endpoint.host)
        elsewhere = (name for name in self.records.chain if domains.registrable(name) != own)
        found = [providers.of_name(name) or domains.registrable(name) for name in elsewhere]
        return Known(frozenset(filter(None, [providers.of_name(self.endpoint.host), *found])))


@dataclass(frozen=True)
class Freshness:
    """What the published `status.json` says of its age."""

    written: datetime
    stale_after: timedelta


@dataclass(frozen=True)
class Links:
    """The addresses to which the product's pages lead with `rel="status"`, and the pages that were read."""

    read: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    gap: str = ""
    """Why another page could not be read; empty when all were."""


@dataclass(frozen=True)
class Origins:
    """What the built site loads from elsewhere: host -> the first page or file that names it."""

    loaded: Mapping[str, str] = field(default_factory=dict)
    in_scripts: Mapping[str, str] = field(default_factory=dict)
    """Hosts that stand in a script, on a site whose pages do not forbid to call them."""
    blocked: tuple[str, ...] = ()
    """Hosts that stand in a script, but that the pages' policy forbids to call."""
