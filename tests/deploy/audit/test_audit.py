"""status audit on the set-ups of known outages, on an independent one, and where nobody answers."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dns_stub
import pytest
import sites
import tls_server
from dns_stub import network, zone
from sites import Said, snapshot, status

from status_tool.deploy.audit import connections
from status_tool.system import clock

PRODUCT = (
    zone("example.org", "ns1.dns-one.example", "ns2.dns-one.example")
    + zone("dns-one.example", "ns1.dns-one.example")
    + "www.example.org A 192.0.2.10\napi.example.org CNAME www.example.org\n"
    + "ns1.dns-one.example A 192.0.2.53\nns2.dns-one.example A 192.0.2.54\n"
    + network("192.0.2.10", 64500, "PRODUCT-NET")
    + network("192.0.2.53", 64510, "DNS-ONE")
    + network("192.0.2.54", 64510)
)
PAGE = (
    zone("status-example.net", "ns1.dns-two.example")
    + "status-example.net A 198.51.100.20\nns1.dns-two.example A 198.51.100.53\n"
    + network("198.51.100.20", 64501, "PAGE-NET")
    + network("198.51.100.53", 64511, "DNS-TWO")
)
COPY = (
    zone("status-example.com", "ns1.dns-three.example")
    + "status-example.com A 203.0.113.30\nns1.dns-three.example A 203.0.113.53\n"
    + network("203.0.113.30", 64502, "COPY-NET")
    + network("203.0.113.53", 64512, "DNS-THREE")
)
FACEBOOK = (
    zone("example.org", "a.ns.example.org", "b.ns.example.org")
    + "www.example.org A 192.0.2.10\nstatus.example.org A 192.0.2.11\n"
    + "a.ns.example.org A 192.0.2.53\nb.ns.example.org A 192.0.2.54\n"
    + "".join(network(f"192.0.2.{last}", 64500, "PRODUCT-NET") for last in (10, 11, 53, 54))
)
S3 = (
    zone("example.org", "ns1.dns-one.example")
    + zone("status-example.net", "ns1.dns-two.example")
    + zone("amazonaws.com", "ns-1.awsdns-01.com", "ns-2.awsdns-02.co.uk")
    + zone("cloudfront.net", "ns-3.awsdns-03.net")
    + "files.example.org CNAME s3.eu-west-1.amazonaws.com\ns3.eu-west-1.amazonaws.com A 192.0.2.10\n"
    + "www.status-example.net CNAME d1.cloudfront.net\nd1.cloudfront.net A 192.0.2.20\ns3.amazonaws.com A 192.0.2.30\n"
    + "ns1.dns-one.example A 198.51.100.51\nns1.dns-two.example A 198.51.100.52\n"
    + "ns-1.awsdns-01.com A 192.0.2.51\nns-2.awsdns-02.co.uk A 192.0.2.52\nns-3.awsdns-03.net A 192.0.2.53\n"
    + "".join(network(f"192.0.2.{last}", 16509, "AMAZON-02") for last in (10, 20, 30, 51, 52, 53))
    + network("198.51.100.51", 64511)
    + network("198.51.100.52", 64512)
)
DECLARED = """
    depends_on:
      product: {forge: github.com, mail: [smtp.example.org], login: Example Login}
      page: {forge: codeberg.org}
    offline_channels: [printed cards]"""
IN_ORDER = ["ok"] * 11
LINK = {"Link": '<https://status-example.net/>; rel="status"'}


def settings(monitors: str, more: str, url: str) -> str:
    text = sites.SETTINGS.format(url=url, language="en")
    return text.replace("    renewed_by", f"    monitors: [{monitors}]{more}\n    renewed_by")


def make(
    folder: Path,
    monitors: str = "www.example.org, api.example.org",
    more: str = "",
    html: str = "",
    url: str = "https://status-example.net/",
) -> Path:
    """A site that is built: one page, which contains `html`."""
    site = sites.make(folder / "s", settings="")
    (site / "mkdocs.yml").write_text(settings(monitors, more, url))
    (site / "site").mkdir()
    (site / "site" / "index.html").write_text(f"<!doctype html><title>x</title>{html}")
    return site


@dataclass
class Internet:
    """Address -> the port on this machine that answers for it; the others refuse."""

    ports: dict[str, int] = field(default_factory=dict)

    def dial(self, addresses: Sequence[str], port: int, seconds: float) -> socket.socket:
        if addresses[0] not in self.ports:
            raise ConnectionRefusedError(111, "Connection refused")
        return socket.create_connection(("127.0.0.1", self.ports[addresses[0]]), seconds)


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    found = Internet()
    monkeypatch.setattr(connections, "dial", found.dial)
    return found


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> tuple[tls_server.Authority, tls_server.Authority]:
    folder = tmp_path_factory.mktemp("authorities")
    return tls_server.Authority(folder / "one", "Authority One"), tls_server.Authority(folder / "two", "Authority Two")


def answer(host: str, path: str) -> tuple[int, dict[str, str], bytes]:
    """The product leads to the page; the page and its copy were written a minute ago."""
    if host.endswith("example.org"):
        return 200, LINK, b"<!doctype html>"
    written = clock.iso(clock.now())
    return 200, {}, json.dumps({"written": written, "stale_after": 86400}).encode()


@pytest.fixture
def answering(
    internet: Internet,
    authorities: tuple[tls_server.Authority, tls_server.Authority],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Internet]:
    """The servers of PRODUCT, PAGE and COPY, with certificates of two authorities."""
    one, two = authorities
    trusted = tmp_path / "trusted.pem"
    trusted.write_text(one.file.read_text() + two.file.read_text())
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    product = one.certificate("www.example.org", "api.example.org")
    page = two.certificate("status-example.net", "status-example.com", "status.example.org")
    with tls_server.serving(answer, product) as first, tls_server.serving(answer, page) as second:
        internet.ports |= {"192.0.2.10": first, "198.51.100.20": second, "203.0.113.30": second, "192.0.2.11": second}
        yield internet


def audit(site: Path, zones: str, *args: str) -> tuple[int, dict[str, Any]]:
    """The exit code of an audit where DNS has these records, and its document."""
    with dns_stub.serving(zones) as stub:
        said = status(site, "audit", "--json", "--resolver", stub.option, *args, now=clock.now())
    assert said.err == ""
    return said.code, json.loads(said.out)


def verdicts(document: dict[str, Any]) -> list[str]:
    return [check["verdict"] for check in document["checks"]]


def found(document: dict[str, Any], number: int) -> list[tuple[str, str]]:
    """`(verdict, what)` of every finding of a check."""
    return [(finding["verdict"], finding["found"]) for finding in document["checks"][number - 1]["findings"]]


MIRROR = "\n    mirrors: [https://status-example.com/]"


def test_an_independent_page_is_in_order(answering: Internet, tmp_path: Path) -> None:
    site = make(tmp_path, more=MIRROR + DECLARED)
    before = snapshot(site)
    code, document = audit(site, PRODUCT + PAGE + COPY, "--strict")

    assert (code, verdicts(document), document["in_order"]) == (0, IN_ORDER, True)
    assert document["counts"] == {"fail": 0, "unknown": 0, "warn": 0, "ok": 11}
    assert document["page"] == ["https://status-example.net/", "https://status-example.com/"]
    assert [found(document, number)[0][1] for number in (1, 2, 4)] == [
        "The page: status-example.com and status-example.net. The product: example.org.",
        "The page: dns-three.example and dns-two.example. The product: dns-one.example.",
        "The page: AS64501 (PAGE-NET) and AS64502 (COPY-NET). The product: AS64500 (PRODUCT-NET).",
    ]
    assert snapshot(site) == before


def test_a_person_reads_what_was_found_on_eighty_columns(answering: Internet, tmp_path: Path) -> None:
    site = make(tmp_path, more=MIRROR + DECLARED)
    with dns_stub.serving(PRODUCT + PAGE + COPY) as stub:
        said = status(site, "audit", "--resolver", stub.option, now=clock.now())

    assert said.code == 0
    assert said.out.splitlines()[-1] == "In order: all 11 checks."
    assert max(map(len, said.out.splitlines())) <= 80
    assert said.out.startswith(
        "Page: https://status-example.net/, https://status-example.com/\n"
        "Product: www.example.org, api.example.org\n\n"
        " 1  Domain: ok\n"
        "    The page: status-example.com and status-example.net. The product:\n    example.org.\n\n"
        " 2  Name servers: ok\n"
    )


def test_a_page_as_that_of_facebook_in_2021_fails(answering: Internet, tmp_path: Path) -> None:
    """Below the same domain, on name servers inside their own zone and in the network of the product."""
    site = make(tmp_path, "www.example.org", DECLARED, url="https://status.example.org/")
    code, document = audit(site, FACEBOOK)

    assert code == 1
    assert verdicts(document)[:4] == ["fail", "fail", "ok", "fail"]
    assert found(document, 1) == [
        ("fail", "status.example.org (the page) shares the domain example.org with www.example.org.")
    ]
    assert found(document, 2) == [
        ("fail", "status.example.org (the page) shares the name servers of example.org with www.example.org."),
        (
            "warn",
            "Every name server of example.org has its name inside example.org itself: "
            "a.ns.example.org and b.ns.example.org.",
        ),
    ]
    assert found(document, 4) == [
        ("fail", "status.example.org (the page) shares AS64500 (PRODUCT-NET) with www.example.org.")
    ]


def test_a_page_as_that_of_aws_in_2017_fails(internet: Internet, tmp_path: Path) -> None:
    """At the provider that it reports on, which also serves its icons; only the domain is another."""
    html = '<img src="https://s3.amazonaws.com/status/green.png" alt="">'
    site = make(tmp_path, "files.example.org", html=html, url="https://www.status-example.net/")
    code, document = audit(site, S3)

    assert code == 1
    assert verdicts(document)[:6] == ["ok", "fail", "fail", "fail", "unknown", "fail"]
    assert found(document, 3) == [
        ("fail", "www.status-example.net (the page) shares Amazon Web Services with files.example.org.")
    ]
    assert found(document, 6) == [
        (
            "fail",
            "Pages load files from s3.amazonaws.com (index.html), which shares AS16509 (AMAZON-02), "
            "Amazon Web Services and the name servers of Amazon Web Services with the product.",
        )
    ]


@pytest.mark.slow
def test_where_nobody_answers_nothing_is_in_order(internet: Internet, tmp_path: Path) -> None:
    """Within the time limit, and with a line that cannot be overlooked."""
    began = time.monotonic()
    with dns_stub.serving(misbehave=dns_stub.silent) as stub:
        said = status(make(tmp_path), "audit", "--resolver", stub.option, "--timeout", "1s")

    assert time.monotonic() - began < 8
    assert said.code == 0
    assert "NOT KNOWN, and so not in order: Name servers, Host or CDN, Network," in said.out
    assert "In order" not in said.out
    assert "no DNS server answered for status-example.net" in said.out


@pytest.mark.parametrize(
    ("misbehave", "args", "code"),
    [
        (dns_stub.failing, [], 0),
        (dns_stub.failing, ["--strict"], 1),
        (dns_stub.truncated, [], 0),
    ],
)
def test_a_server_that_cannot_answer_is_unknown(
    misbehave: dns_stub.Misbehaviour, args: list[str], code: int, internet: Internet, tmp_path: Path
) -> None:
    """Which is a failure only for somebody who asks for that."""
    with dns_stub.serving(misbehave=misbehave, tcp=False) as stub:
        said = status(make(tmp_path), "audit", "--json", "--resolver", stub.option, "--timeout", "2s", *args)

    assert (said.code, said.err) == (code, "")
    assert verdicts(json.loads(said.out))[1:5] == ["unknown"] * 4


def test_nothing_that_is_not_configured_is_in_order(internet: Internet, tmp_path: Path) -> None:
    site = make(tmp_path, "")
    (site / "site" / "index.html").unlink()
    code, document = audit(site, PAGE)

    assert code == 0
    assert verdicts(document) == ["unknown"] * 8 + ["warn", "unknown", "unknown"]
    assert found(document, 1) == [("unknown", "It is not known what this page reports on.")]
    assert found(document, 6) == [("unknown", "Not known: the site is not built.")]


def test_a_copy_and_the_mail_of_the_page_are_compared_too(internet: Internet, tmp_path: Path) -> None:
    more = "\n    mirrors: [https://mirror.example.org/]\n    depends_on: {page: {mail: smtp.example.org}}"
    zones = PRODUCT + PAGE + "mirror.example.org A 192.0.2.10\nsmtp.example.org A 192.0.2.10\n"
    _, document = audit(make(tmp_path, more=more), zones)

    assert found(document, 1) == [
        ("fail", f"{name} ({role}) shares the domain example.org with www.example.org and api.example.org.")
        for name, role in (("mirror.example.org", "a copy"), ("smtp.example.org", "its mail"))
    ]
    assert ("fail", "mirror.example.org (a copy) shares AS64500 (PRODUCT-NET) and the address 192.0.2.10") in [
        (verdict, what.split(" with ")[0]) for verdict, what in found(document, 4)
    ]


@pytest.mark.parametrize(
    ("name", "days", "code", "finding"),
    [
        ("status-example.net", 5, 0, "warn The certificate of status-example.net ends in "),
        ("other.example.net", 90, 1, "fail The certificate of status-example.net is refused: Hostname mismatch, "),
        ("status-example.net", -1, 1, "fail The certificate of status-example.net is refused: certificate has expired"),
    ],
)
def test_readers_get_along_with_the_certificate_or_not(
    name: str,
    days: int,
    code: int,
    finding: str,
    answering: Internet,
    authorities: tuple[tls_server.Authority, tls_server.Authority],
    tmp_path: Path,
) -> None:
    with tls_server.serving(answer, authorities[1].certificate(name, days=days)) as port:
        answering.ports["198.51.100.20"] = port
        found_code, document = audit(make(tmp_path, more=DECLARED), PRODUCT + PAGE)

    assert found_code == code
    assert " ".join(found(document, 5)[0]).startswith(finding)


def test_a_mail_service_without_a_host_name_is_compared_by_its_name_only(internet: Internet, tmp_path: Path) -> None:
    more = "\n    depends_on: {product: {mail: Example Mail}, page: {mail: example mail}}"
    _, document = audit(make(tmp_path, more=more), PRODUCT + PAGE)

    assert document["page"] == ["https://status-example.net/"]
    assert verdicts(document)[6] == "fail"


@pytest.mark.parametrize(
    ("lines", "number", "gap"),
    [
        (
            "".join(
                f"www.example.org A 192.0.2.{last}\n{network(f'192.0.2.{last}', 64500)}" for last in range(100, 120)
            ),
            4,
            "only 16 of 21 addresses were looked up",
        ),
        (
            "".join(f"example.org NS {n}.dns-one.example\n{n}.dns-one.example A 192.0.2.53\n" for n in "abcdefghi"),
            2,
            "only 8 of 11 name servers were looked up",
        ),
        (
            "www.example.org A 192.0.2.77\n77.2.0.192.origin.asn.cymru.com TXT NA\n",
            4,
            "no network is known to announce 192.0.2.77",
        ),
        (
            "www.example.org A 10.0.0.1\n",
            4,
            "the network of 10.0.0.1 is not known: 10.0.0.1 is the address of a private network",
        ),
    ],
)
def test_what_is_known_in_part_is_not_in_order(
    lines: str, number: int, gap: str, internet: Internet, tmp_path: Path
) -> None:
    _, document = audit(make(tmp_path), PRODUCT + PAGE + lines)

    assert ("unknown", f"Not known: {gap}.") in [
        (verdict, re.sub(r": .*?(only \d+ of)", r": \1", what)) for verdict, what in found(document, number)
    ]


def test_an_operator_beside_the_shared_one_makes_it_a_warning(internet: Internet, tmp_path: Path) -> None:
    zones = PRODUCT + PAGE + "status-example.net NS ns1.dns-one.example\nstatus-example.net A 192.0.2.99\n"
    _, document = audit(make(tmp_path), zones + network("192.0.2.99", 64500))

    name = "status-example.net (the page)"
    both = "with www.example.org and api.example.org. It has another one beside it."
    assert found(document, 2) == [("warn", f"{name} shares the name servers of dns-one.example {both}")]
    assert found(document, 4) == [("warn", f"{name} shares AS64500 (PRODUCT-NET) {both}")]


def test_a_service_that_both_need_fails(internet: Internet, tmp_path: Path) -> None:
    more = "\n    depends_on: {product: {login: Example Login, ci: [GitHub, x]}, page: {forge: git hub}}"
    code, document = audit(make(tmp_path, more=more), PRODUCT + PAGE)

    assert code == 1
    assert found(document, 7) == [("fail", "Both need git hub: the product as ci, the page as forge.")]


@pytest.mark.parametrize(
    ("channels", "verdict"),
    [
        ("[printed cards]", "ok"),
        ("[]", "fail"),
        ("[hotline at Example Telecom]", "fail"),
        ("[hotline at Example Telecom, printed cards]", "ok"),
    ],
)
def test_a_channel_counts_if_the_product_does_not_need_it(
    channels: str, verdict: str, internet: Internet, tmp_path: Path
) -> None:
    more = f"\n    depends_on: {{product: {{network: Example Telecom}}, page: {{}}}}\n    offline_channels: {channels}"
    _, document = audit(make(tmp_path, more=more), PRODUCT + PAGE)

    assert verdicts(document)[7] == verdict


def test_copies_at_one_provider_are_a_warning(internet: Internet, tmp_path: Path) -> None:
    zones = (
        PRODUCT
        + PAGE
        + (
            zone("status-example.com", "ns2.dns-two.example")
            + "status-example.com A 198.51.100.30\nns2.dns-two.example A 198.51.100.53\n"
            + network("198.51.100.30", 64501)
        )
    )
    _, document = audit(make(tmp_path, more=MIRROR), zones)

    assert found(document, 9) == [
        ("warn", "Both copies need the same operator of name servers: dns-two.example."),
        ("warn", "Both copies need the same network: AS64501 (PAGE-NET)."),
    ]


def test_the_address_of_a_target_is_a_copy(internet: Internet, tmp_path: Path) -> None:
    more = "\n    targets: [{name: two, kind: git, url: 'https://status-example.com/'}]"
    _, document = audit(make(tmp_path, more=more), PRODUCT + PAGE + COPY)

    assert document["page"] == ["https://status-example.net/", "https://status-example.com/"]


def test_an_audit_is_kept_when_it_is_asked_for(internet: Internet, tmp_path: Path) -> None:
    site = make(tmp_path)
    code, document = audit(site, PRODUCT + PAGE, "--write")

    assert code == 0
    assert json.loads((site / "audit.json").read_text()) == document
    assert sorted(snapshot(site)) == [
        "audit.json", "docs/about.md", "incidents/2026-11-20-slow-website.yml", "mkdocs.yml", "site/index.html",
    ]  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["audited_at"])


def test_an_audit_that_cannot_be_written_keeps_the_last_one(tmp_path: Path) -> None:
    site = make(tmp_path)
    (site / "audit.json").write_text("the last one")
    before = snapshot(site)
    with dns_stub.serving(misbehave=dns_stub.failing) as stub:
        done = sites.on_a_full_disk(500, ["audit", "--write", "--resolver", stub.option], site)

    assert done.returncode == 1
    assert done.stderr.startswith("audit.json: cannot be written: File too large.")
    assert snapshot(site) == before


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--resolver", "dns.example.org"], "--resolver dns.example.org: write the address of a DNS server"),
        (["--resolver", "127.0.0.1:99999"], "--resolver 127.0.0.1:99999: write the address of a DNS server"),
        (["--timeout", "soon"], '--timeout: "soon" is not a duration.'),
    ],
)
def test_a_mistake_in_the_command_line_is_named(args: list[str], said: str, tmp_path: Path) -> None:
    result: Said = status(make(tmp_path), "audit", *args)

    assert result.code == 2
    assert said in result.err


def test_the_example_in_the_manual_is_what_is_printed(internet: Internet, tmp_path: Path) -> None:
    manual = (Path(__file__).parents[3] / "docs" / "audit.md").read_text("utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", manual, re.DOTALL)
    site = make(tmp_path, url="https://status.example.org/")
    _, document = audit(site, PRODUCT + "status.example.org A 198.51.100.20\n")

    assert json.loads(example).keys() == document.keys()
    assert json.loads(example)["checks"] == document["checks"][:1]
