"""DNS: what is read from good answers, and that a bad one is unknown and ends in time."""

from __future__ import annotations

import time

import dns.message
import dns.rrset
import dns_stub
import pytest
from dns.message import Message

from status_tool.deploy.audit.deadline import Deadline
from status_tool.deploy.audit.dns_lookup import Lookup, resolver
from status_tool.deploy.audit.facts import Gap, NotKnown, Records


def lookup(stub: dns_stub.Stub, seconds: float = 5) -> Lookup:
    return Lookup(resolver("127.0.0.1", stub.port), Deadline(seconds))


def test_a_chain_is_followed_to_every_address() -> None:
    zones = (
        "www.example.org CNAME a.example.net\na.example.net CNAME B.example.com\n"
        "b.example.com A 192.0.2.2\nb.example.com A 192.0.2.1\nb.example.com AAAA 2001:db8::1\n"
    )
    with dns_stub.serving(zones) as stub:
        found = lookup(stub).records("www.example.org")

    assert found == Records(("a.example.net", "b.example.com"), ("192.0.2.1", "192.0.2.2", "2001:db8::1"))


def test_a_server_may_leave_the_rest_of_a_chain_to_us() -> None:
    data = dns_stub.records("www.example.org CNAME b.example.com\nb.example.com A 192.0.2.1\n")

    def one_step(query: Message) -> Message:
        response = dns_stub.answered(query, data)
        del response.answer[1:]
        return response

    with dns_stub.serving(misbehave=one_step) as stub:
        assert lookup(stub).records("www.example.org") == Records(("b.example.com",), ("192.0.2.1",))


@pytest.mark.parametrize("steps", [2, 40])
def test_a_chain_in_a_circle_or_without_end_is_unknown(steps: int) -> None:
    """Each answer has one step, so that only we can see that it leads nowhere."""

    def step(query: Message) -> Message:
        name = query.question[0].name
        number = int(name.labels[0]) if name.labels[0].isdigit() else 0
        response = dns.message.make_response(query)
        response.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", f"{(number + 1) % steps}.example.org."))
        return response

    with dns_stub.serving(misbehave=step) as stub, pytest.raises(NotKnown, match="lead in a circle, or too far"):
        lookup(stub).records("0.example.org")


def test_a_circle_in_one_answer_is_unknown() -> None:
    def circle(query: Message) -> Message:
        response = dns.message.make_response(query)
        for owner, target in (("a.example.org.", "b.example.org."), ("b.example.org.", "a.example.org.")):
            response.answer.append(dns.rrset.from_text(owner, 60, "IN", "CNAME", target))
        return response

    with dns_stub.serving(misbehave=circle) as stub, pytest.raises(NotKnown, match="lead in a circle, or too far"):
        lookup(stub).records("a.example.org")


def test_a_huge_answer_is_read_by_tcp() -> None:
    """1,000 addresses do not fit into UDP."""
    lines = "".join(f"big.example.org A 192.0.{number // 250}.{number % 250}\n" for number in range(1000))
    with dns_stub.serving(lines) as stub:
        assert len(lookup(stub).records("big.example.org").addresses) == 1000


@pytest.mark.parametrize(
    ("misbehave", "reason"),
    [
        (dns_stub.failing, r"the DNS servers have no answer for www\.example\.org \(SERVFAIL\)"),
        (dns_stub.truncated, r"the DNS servers have no answer for www\.example\.org|no DNS server answered"),
        (dns_stub.silent, "no DNS server answered for www.example.org"),
    ],
)
def test_a_server_that_cannot_answer_is_unknown_in_time(misbehave: dns_stub.Misbehaviour, reason: str) -> None:
    began = time.monotonic()
    with dns_stub.serving(misbehave=misbehave, tcp=False) as stub, pytest.raises(NotKnown, match=reason):
        lookup(stub, 0.5).records("www.example.org")

    assert time.monotonic() - began < 2


def test_a_name_that_does_not_exist_is_said_to_be_so() -> None:
    with dns_stub.serving("www.example.org A 192.0.2.1") as stub:
        with pytest.raises(NotKnown, match=r"^no\.example\.org does not exist in DNS$"):
            lookup(stub).records("no.example.org")
        with pytest.raises(NotKnown, match=r"^example\.org has no address in DNS$"):
            lookup(stub).records("example.org")


def test_nothing_is_asked_when_the_time_is_over_or_there_is_no_resolver() -> None:
    with dns_stub.serving("www.example.org A 192.0.2.1") as stub:
        with pytest.raises(NotKnown, match="the time limit was reached"):
            lookup(stub, 0).records("www.example.org")
        with pytest.raises(NotKnown, match="no resolver"):
            Lookup(Gap("no resolver"), Deadline(5)).records("www.example.org")

        assert stub.asked == []


def test_a_zone_is_where_a_name_has_a_start_of_authority() -> None:
    zones = dns_stub.zone("example.org", "NS1.example.net") + dns_stub.zone("sub.example.org", "ns2.example.net")
    zones += "a.b.sub.example.org A 192.0.2.1\nwww.example.org CNAME example.com\n"
    zones += dns_stub.zone("example.com", "ns3.example.net")
    with dns_stub.serving(zones) as stub:
        found = lookup(stub)

        assert found.zone("a.b.sub.example.org") == ("sub.example.org", ("ns2.example.net",))
        assert found.zone("www.example.org") == ("example.org", ("ns1.example.net",))
        with pytest.raises(NotKnown, match=r"no zone in DNS is known for www\.example\.test"):
            found.zone("www.example.test")


def test_each_question_is_asked_once() -> None:
    with dns_stub.serving("www.example.org A 192.0.2.1") as stub:
        found = lookup(stub)
        for _ in range(3):
            found.records("www.example.org")

        assert stub.asked == ["www.example.org. A", "www.example.org. AAAA"]
