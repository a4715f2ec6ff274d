"""What DNS says of a name: its addresses and the way to them, its zone and the name servers of that, its texts."""

from __future__ import annotations

import threading

import dns.exception
import dns.message
import dns.name
import dns.resolver
from dns.rdatatype import RdataType

from status_tool.deploy.audit.deadline import Deadline
from status_tool.deploy.audit.facts import Gap, NotKnown, Records

SECONDS = 5.0
"""How long one question may take, with every server and every repetition."""
MAX_UDP = 1232
"""Bytes of an answer by UDP that no network cuts (https://www.dnsflagday.net/2020/); more comes by TCP."""
MAX_CHAIN = 12
"""How many CNAME records are followed; resolvers stop there, too."""


def resolver(address: str = "", port: int = 53) -> dns.resolver.Resolver:
    """The resolver at `address`, or those of this machine; NotKnown when it has none."""
    try:
        found = dns.resolver.Resolver(configure=not address)
    except dns.resolver.NoResolverConfiguration:
        raise NotKnown("this machine has no DNS resolver (/etc/resolv.conf)") from None
    if address:
        found.nameservers, found.port = [address], port
    found.use_edns(0, payload=MAX_UDP)
    return found


class Lookup:
    """Asks a resolver, each question once. Every method raises NotKnown when there is no answer."""

    def __init__(self, resolver: dns.resolver.Resolver | Gap, deadline: Deadline) -> None:
        self._resolver, self._deadline = resolver, deadline
        self._answers: dict[tuple[str, RdataType], dns.resolver.Answer | NotKnown] = {}
        self._lock = threading.Lock()

    def records(self, host: str) -> Records:
        """The chain of CNAME records from `host`, and the IPv4 and IPv6 addresses at its end."""
        chain: list[str] = []
        name = host
        while True:
            found = [self._ask(name, kind) for kind in (RdataType.A, RdataType.AAAA)]
            chain += _targets(found[0]) or _targets(found[1])
            if len(chain) > MAX_CHAIN or len({host, *chain}) <= len(chain):
                raise NotKnown(f"the CNAME records of {host} lead in a circle, or too far")
            addresses = tuple(sorted(rdata.address for answer in found for rdata in answer.rrset or ()))
            if addresses:
                return Records(tuple(chain), addresses)
            if not chain or name == chain[-1]:
                raise NotKnown(f"{name} has no address in DNS")
            name = chain[-1]  # a server that leaves the rest to us

    def zone(self, name: str) -> tuple[str, tuple[str, ...]]:
        """`("example.org", ("ns1.example.net", "ns2.example.net"))`: the zone that `name` is in, and its name servers.

        A zone is where a name has a SOA record of its own.
        """
        found = dns.name.from_text(name)
        while len(found.labels) > 2:  # below a top-level domain; the last label is the root
            shown = _text(found)
            try:
                answer = self._ask(shown, RdataType.SOA)
            except NoSuchName:
                answer = None
            if answer and answer.rrset and answer.canonical_name == found:
                servers = sorted({_text(rdata.target) for rdata in self._ask(shown, RdataType.NS).rrset or ()})
                if not servers:
                    raise NotKnown(f"no name server is known of {shown}")
                return shown, tuple(servers)
            found = found.parent()
        raise NotKnown(f"no zone in DNS is known for {name}")

    def texts(self, name: str) -> list[str]:
        """The TXT records of `name`."""
        return [
            b"".join(rdata.strings).decode("utf-8", "replace") for rdata in self._ask(name, RdataType.TXT).rrset or ()
        ]

    def _ask(self, name: str, kind: RdataType) -> dns.resolver.Answer:
        key = (name, kind)
        with self._lock:
            known = self._answers.get(key)
        if known is None:
            try:
                known = self._resolve(name, kind)
            except NotKnown as reason:
                known = reason
            with self._lock:
                self._answers[key] = known
        if isinstance(known, NotKnown):
            raise known
        return known

    def _resolve(self, name: str, kind: RdataType) -> dns.resolver.Answer:
        if isinstance(self._resolver, Gap):
            raise NotKnown(self._resolver.reason)
        lifetime = self._deadline.remaining(SECONDS)
        try:
            return self._resolver.resolve(name, kind, raise_on_no_answer=False, search=False, lifetime=lifetime)
        except dns.resolver.NXDOMAIN:
            raise NoSuchName(f"{name} does not exist in DNS") from None
        except dns.exception.Timeout:
            raise NotKnown(f"no DNS server answered for {name}") from None
        except dns.resolver.NoNameservers as error:
            raise NotKnown(f"the DNS servers have no answer for {name}{_reason(error)}") from None
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise NotKnown(f"DNS cannot be asked for {name}: {error or type(error).__name__}") from None


class NoSuchName(NotKnown):
    """DNS says that a name does not exist."""


def _targets(answer: dns.resolver.Answer) -> list[str]:
    return [_text(rdata.target) for cname in answer.chaining_result.cnames for rdata in cname]


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _reason(error: dns.resolver.NoNameservers) -> str:
    """` (SERVFAIL)`: why the last server that was asked has no answer."""
    errors = error.kwargs.get("errors") or [(None, None, None, "")]
    last = errors[-1][3]
    if isinstance(last, dns.message.ChainTooLong):
        return ": its CNAME records lead in a circle, or too far"
    return f" ({last})" if str(last) else ""
