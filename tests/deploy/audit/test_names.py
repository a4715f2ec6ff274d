"""What the names in DNS and the answers about networks say: domains, providers, networks."""

from __future__ import annotations

import pytest

from status_tool.deploy.audit import domains, networks, providers


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.co.uk", "example.co.uk"),
        ("you.github.io", "you.github.io"),
        ("github.io", None),
        ("example.org", "example.org"),
        ("localhost", None),
        ("192.0.2.1", None),
        ("2001:db8::1", None),
        ("a.xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_the_registrable_domain(host: str, domain: str | None) -> None:
    assert domains.registrable(host) == domain


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("d111111abcdef8.cloudfront.net", "Amazon Web Services"),
        ("s3.eu-west-1.amazonaws.com", "Amazon Web Services"),
        ("ns-2048.awsdns-64.co.uk", "Amazon Web Services"),
        ("you.github.io", "GitHub"),
        ("www.example.com.edgesuite.net", "Akamai"),
        ("cname.vercel-dns-016.com", "Vercel"),
        ("notcloudfront.net", None),
        ("cloudfront.net.example.org", None),
        ("example.org", None),
    ],
)
def test_the_provider_is_known_by_whole_labels(name: str, provider: str | None) -> None:
    assert providers.of_name(name) == provider


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("192.0.2.1", "1.2.0.192.origin.asn.cymru.com"),
        ("2001:db8::1", f"1.{'0.' * 23}8.b.d.0.1.0.0.2.origin6.asn.cymru.com"),
    ],
)
def test_an_address_is_asked_for_backwards(address: str, query: str) -> None:
    assert networks.query(address) == query


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "0.0.0.0", "10.1.2.3", "100.64.0.1", "fd00::1", "169.254.1.1"])
def test_an_address_that_nobody_outside_reaches_is_in_no_network(address: str) -> None:
    with pytest.raises(ValueError, match=address):
        networks.query(address)


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["64500 | 192.0.2.0/24 | US | arin | 2010-07-14"], {64500}),
        (["64500 64501 | 192.0.2.0/24 | US | arin |"], {64500, 64501}),
        (["64500 | a", "64502 | b"], {64500, 64502}),
        (["NA | x", "", "\x1b[31m", "²"], set()),
        ([], set()),
    ],
)
def test_the_networks_in_an_answer(texts: list[str], numbers: set[int]) -> None:
    assert networks.numbers(texts) == numbers


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["64500 | US | arin | 2010-07-14 | EXAMPLE-NET - Example Inc., US"], "EXAMPLE-NET"),
        (["64500 | US | arin | 2010-07-14 | EXAMPLE, US"], "EXAMPLE"),
        (["rubbish"], ""),
        ([], ""),
    ],
)
def test_the_name_of_a_network(texts: list[str], name: str) -> None:
    assert networks.name(texts) == name
