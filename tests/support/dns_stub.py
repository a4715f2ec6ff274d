"""A DNS server on this machine that answers from a few lines of zone file, or as badly as a test wants."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.message import Message

Misbehaviour = Callable[[Message], Message | None]
"""The answer to a query, or none at all."""


@dataclass
class Stub:
    """`port` takes UDP and TCP. `asked` has every question, such as `www.example.org. A`."""

    port: int
    asked: list[str] = field(default_factory=list)

    @property
    def option(self) -> str:
        """The value of --resolver."""
        return f"127.0.0.1:{self.port}"


def records(text: str) -> dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset]:
    """What lines such as `www.example.org CNAME d1.cloudfront.net` say; several lines may be one set."""
    found: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        owner, kind, value = line.split(None, 2)
        name, rdtype = dns.name.from_text(owner), dns.rdatatype.from_text(kind)
        new = dns.rrset.from_text(name, 300, "IN", kind, *(_absolute(kind, value),))
        if (name, rdtype) in found:
            found[name, rdtype].add(new[0])
        else:
            found[name, rdtype] = new
    return found


def _absolute(kind: str, value: str) -> str:
    if kind == "SOA":
        return f"{value}. hostmaster.{value}. 1 3600 600 86400 300"
    return f"{value}." if kind in ("CNAME", "NS") else value


def zone(name: str, *servers: str) -> str:
    """The lines of a zone and its name servers."""
    return "\n".join([f"{name} SOA {servers[0]}", *(f"{name} NS {server}" for server in servers)]) + "\n"


def network(address: str, number: int, name: str = "") -> str:
    """The lines with which Team Cymru says that the network `number` announces an IPv4 address."""
    reverse = ".".join(reversed(address.split(".")))
    lines = f'{reverse}.origin.asn.cymru.com TXT "{number} | {address}/24 | US | arin | 2010-07-14"\n'
    if name:
        lines += f'AS{number}.asn.cymru.com TXT "{number} | US | arin | 2010-07-14 | {name} - Example Inc., US"\n'
    return lines


@contextlib.contextmanager
def serving(text: str = "", misbehave: Misbehaviour | None = None, *, tcp: bool = True) -> Iterator[Stub]:
    """A server of these records; with `misbehave`, of what that returns."""
    data = records(text)
    answer = misbehave or (lambda query: answered(query, data))
    udp, stream = _bound()
    with udp, stream:
        stub = Stub(udp.getsockname()[1])
        if tcp:
            stream.listen()
            threading.Thread(target=_serve_tcp, args=(stream, stub, answer), daemon=True).start()
        threading.Thread(target=_serve_udp, args=(udp, stub, answer), daemon=True).start()
        try:
            yield stub
        finally:
            for opened in (udp, stream):
                with contextlib.suppress(OSError):
                    opened.shutdown(socket.SHUT_RDWR)


def _bound() -> tuple[socket.socket, socket.socket]:
    """A socket for UDP and one for TCP on the same port, which another program may have for one of the two."""
    while True:
        udp, stream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket()
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        udp.bind(("127.0.0.1", 0))
        try:
            stream.bind(udp.getsockname())
        except OSError:
            udp.close()
            stream.close()
            continue
        return udp, stream


def answered(
    query: Message, data: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset]
) -> dns.message.Message:
    """What a recursive server says: the whole chain of CNAME records, the set that is asked for, or NXDOMAIN."""
    response = dns.message.make_response(query, recursion_available=True)
    question = query.question[0]
    name = question.name
    while (alias := data.get((name, dns.rdatatype.CNAME))) and alias not in response.answer:
        response.answer.append(alias)
        name = alias[0].target
    if found := data.get((name, question.rdtype)):
        response.answer.append(found)
    elif not any(owner.is_subdomain(name) for owner, _ in data):
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response


def failing(query: Message) -> Message:
    """SERVFAIL."""
    response = dns.message.make_response(query)
    response.set_rcode(dns.rcode.SERVFAIL)
    return response


def silent(query: Message) -> None:
    """No answer."""


def truncated(query: Message) -> Message:
    """An answer that is cut, whatever is asked."""
    response = dns.message.make_response(query)
    response.flags |= dns.flags.TC
    return response


def _serve_udp(opened: socket.socket, stub: Stub, answer: Misbehaviour) -> None:
    with contextlib.suppress(OSError):
        while True:
            wire, sender = opened.recvfrom(65535)
            if wire and (response := _response(wire, stub, answer)):
                opened.sendto(response, sender)


def _serve_tcp(opened: socket.socket, stub: Stub, answer: Misbehaviour) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = opened.accept()
            with connection, contextlib.suppress(OSError, struct.error):
                (length,) = struct.unpack("!H", connection.recv(2))
                if response := _response(connection.recv(length), stub, answer, size=65535):
                    connection.sendall(struct.pack("!H", len(response)) + response)


def _response(wire: bytes, stub: Stub, answer: Misbehaviour, size: int = 1232) -> bytes | None:
    query = dns.message.from_wire(wire)
    stub.asked.append(f"{query.question[0].name} {dns.rdatatype.to_text(query.question[0].rdtype)}")
    response = answer(query)
    if response is None:
        return None
    try:
        return response.to_wire(max_size=size)
    except dns.exception.TooBig:
        return truncated(query).to_wire()
