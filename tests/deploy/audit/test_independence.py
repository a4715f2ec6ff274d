"""What two servers share, by what is known of them: cases that a few records of DNS show badly."""

from __future__ import annotations

import pytest

from status_tool.deploy.audit import copies, foreign_files, independence
from status_tool.deploy.audit.facts import Gap, Known, Origins, Records, Role, Server, Zone
from status_tool.deploy.audit.findings import Check, Verdict
from status_tool.deploy.audit.survey import Facts
from status_tool.model.endpoint import Endpoint


def known(*values: str) -> Known:
    return Known(frozenset(values))


def zone(name: str, *servers: str, networks: Known = known("AS1")) -> Zone:  # noqa: B008
    return Zone(name, servers, networks)


def server(
    name: str, *zones: Zone, role: Role = Role.PAGE, chain: tuple[str, ...] = (), networks: Known | None = None
) -> Server:
    address = "192.0.2.1" if role is Role.MONITORED else "198.51.100.1"
    return Server(Endpoint.of(name), role, Records(chain, (address,)), zones, networks or Known(), None)


PRODUCT = server(
    "www.example.org", zone("example.org", "ns1.example.org"), role=Role.MONITORED, networks=known("AS64500")
)


def facts(*page: Server, origins: Origins | Gap = Gap("not built"), **foreign: Server) -> Facts:  # noqa: B008
    hosts = {found.name: found for found in foreign.values()}
    return Facts(page, [PRODUCT], origins, hosts, {}, Gap(""), {})


def said(check: Check, *page: Server) -> list[tuple[Verdict, str]]:
    found = [*independence.judge(facts(*page)), *copies.judge(facts(*page))]
    return [(finding.verdict, finding.what) for finding in found if finding.check is check]


@pytest.mark.parametrize("network", ["AS1", "AS64500"])
def test_name_servers_with_names_of_their_own_are_found_by_their_network(network: str) -> None:
    """In that of the product's name servers, or of the product itself."""
    page = server("x.example", zone("x.example", "a.dns.example", networks=known(network)))

    assert said(Check.NAME_SERVERS, page) == [
        (Verdict.FAIL, f"x.example (the page) shares name servers in {network} with www.example.org.")
    ]


def test_a_zone_with_one_server_outside_of_itself_is_not_inside_itself() -> None:
    assert zone("x.example", "ns1.x.example", "x.example").is_inside_itself
    assert not zone("x.example", "ns1.x.example", "ns2.y.example").is_inside_itself
    assert not zone("x.example", "ns1.notx.example").is_inside_itself


@pytest.mark.parametrize(
    ("host", "chain", "found"),
    [
        ("www.example.org", ["cdn.example.org"], set()),
        ("www.example.org", ["d1.cloudfront.net"], {"Amazon Web Services"}),
        ("www.example.org", ["x.unknown-cdn.example"], {"unknown-cdn.example"}),
        ("you.github.io", [], {"GitHub"}),
    ],
)
def test_the_names_in_a_chain_give_the_providers(host: str, chain: list[str], found: set[str]) -> None:
    assert server(host, chain=tuple(chain)).providers == known(*found)


def test_copies_that_share_an_operator_beside_another_do_not_need_it() -> None:
    both = "ns1.dns-one.example", "ns1.dns-two.example"
    one = server("x.example", zone("x.example", *both), networks=known("AS2"))
    two = server("y.example", zone("y.example", "ns1.dns-one.example"), networks=known("AS3"), role=Role.COPY)

    assert said(Check.COPIES, one, two) == [(Verdict.OK, "x.example and y.example: nothing that all of them need.")]


def test_copies_of_which_something_is_not_known_are_not_in_order() -> None:
    one = server("x.example", zone("x.example", "ns1.dns-one.example"), networks=known("AS2"))
    two = server("y.example", zone("y.example", "ns1.dns-two.example"), networks=Known(gap="no answer"))

    assert said(Check.COPIES, one, two) == [(Verdict.UNKNOWN, "Not known: no answer.")]


def test_a_foreign_file_whose_host_is_not_known_is_unknown() -> None:
    page = server("x.example", zone("x.example", "ns1.dns-one.example"))
    hosted = zone("cdn.example", "ns1.dns-two.example", networks=known("AS9"))
    cdn = server("cdn.example", hosted, networks=Known(gap="no answer"))
    origins = Origins({"cdn.example": "index.html"})
    known_host = [found.verdict for found in foreign_files.judge(facts(page, origins=origins, cdn=cdn))]
    no_host = [found.verdict for found in foreign_files.judge(facts(page, origins=origins))]

    assert known_host == no_host == [Verdict.WARN, Verdict.UNKNOWN]
