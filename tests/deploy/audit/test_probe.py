"""Servers over TLS and HTTP: right, wrong, nearly expired, slow for ever, and what is said of each."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns_stub
import pytest
import tls_server

from status_tool.deploy.audit import certificates
from status_tool.deploy.audit.deadline import Deadline
from status_tool.deploy.audit.dns_lookup import Lookup, resolver
from status_tool.deploy.audit.facts import Certificate, Gap, Known, NotKnown, Records, Refused, Role, Server
from status_tool.deploy.audit.findings import Verdict
from status_tool.deploy.audit.probe import Probe
from status_tool.deploy.audit.survey import Facts
from status_tool.model.endpoint import Endpoint

HOST = "status.example.org"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tls_server.Authority:
    return tls_server.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def stub(authority: tls_server.Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[dns_stub.Stub]:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with dns_stub.serving(f"{HOST} A 127.0.0.1\nother.example.org A 127.0.0.1\n") as found:
        yield found


def probe(stub: dns_stub.Stub, seconds: float = 5) -> Probe:
    deadline = Deadline(seconds)
    return Probe(Lookup(resolver("127.0.0.1", stub.port), deadline), deadline)


def hello(host: str, path: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Link": "<https://x/>; rel=status"}, json.dumps([host, path]).encode()


def test_a_certificate_that_is_right_is_read(authority: tls_server.Authority, stub: dns_stub.Stub) -> None:
    with tls_server.serving(hello, authority.certificate(HOST)) as port:
        found = probe(stub).certificate(Endpoint(HOST, port))

    assert isinstance(found, Certificate)
    assert found.issuer == "Example Authority"
    assert timedelta(days=89) < found.expires - datetime.now(UTC) <= timedelta(days=90)


@pytest.mark.parametrize(
    ("names", "days", "reason"),
    [
        (["other.example.org"], 90, "Hostname mismatch, certificate is not valid for 'status.example.org'"),
        ([HOST], -1, "certificate has expired"),
    ],
)
def test_a_certificate_that_browsers_refuse_is_refused(
    names: list[str], days: int, reason: str, authority: tls_server.Authority, stub: dns_stub.Stub
) -> None:
    with tls_server.serving(hello, authority.certificate(*names, days=days)) as port:
        endpoint = Endpoint(HOST, port)

        assert probe(stub).certificate(endpoint) == Refused(reason)
        with pytest.raises(NotKnown, match=r"the certificate of status\.example\.org:\d+ is refused"):
            probe(stub).page(endpoint)


def test_a_certificate_of_an_unknown_authority_is_refused(stub: dns_stub.Stub, tmp_path: Path) -> None:
    stranger = tls_server.Authority(tmp_path / "stranger", "Nobody")
    with tls_server.serving(hello, stranger.certificate(HOST)) as port:
        found = probe(stub).certificate(Endpoint(HOST, port))

    assert isinstance(found, Refused)
    assert "local issuer certificate" in found.reason


def test_a_machine_without_authorities_knows_nothing_of_a_certificate(
    authority: tls_server.Authority, stub: dns_stub.Stub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It would call every certificate wrong."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with (
        tls_server.serving(hello, authority.certificate(HOST)) as port,
        pytest.raises(NotKnown, match="this machine has no list of certificate authorities"),
    ):
        probe(stub).certificate(Endpoint(HOST, port))


def test_a_page_is_found_behind_redirects_to_other_hosts(stub: dns_stub.Stub) -> None:
    def redirecting(host: str, path: str) -> tuple[int, dict[str, str], bytes]:
        if host.startswith(HOST):
            return 302, {"Location": f"http://other.example.org:{host.partition(':')[2]}/a%20b?c=d#e"}, b""
        return hello(host, path)

    with tls_server.serving(redirecting) as port:
        page = probe(stub).page(Endpoint(HOST, port, has_tls=False))

    assert json.loads(page.body) == [f"other.example.org:{port}", "/a%20b?c=d"]
    assert page.links == ("<https://x/>; rel=status",)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((302, {"Location": "/"}, b""), "redirects more than 5 times"),
        ((302, {"Location": "ftp://x/"}, b""), "neither https nor http"),
        ((404, {}, b""), "answers 404"),
        ((200, {"Content-Length": "1000"}, b"cut"), "ends before its end"),
    ],
)
def test_what_is_no_page_is_unknown(
    answer: tuple[int, dict[str, str], bytes], reason: str, stub: dns_stub.Stub
) -> None:
    with tls_server.serving(lambda host, path: answer) as port, pytest.raises(NotKnown, match=reason):
        probe(stub).page(Endpoint(HOST, port, has_tls=False))


def test_a_refused_connection_is_unknown(stub: dns_stub.Stub) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(NotKnown, match=f"^{HOST}:{port}: connection refused$"):
        probe(stub).certificate(Endpoint(HOST, port))


@pytest.mark.parametrize("has_tls", [False, True])
def test_a_server_that_sends_a_byte_now_and_then_does_not_hold_us_up(has_tls: bool, stub: dns_stub.Stub) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        threading.Thread(target=_drip, args=[server, TLS_RECORD if has_tls else HTTP_HEADER], daemon=True).start()
        began = time.monotonic()
        with pytest.raises(NotKnown, match="did not answer in time"):
            probe(stub, 1).page(Endpoint("127.0.0.1", server.getsockname()[1], has_tls))

    assert time.monotonic() - began < 4


HTTP_HEADER = b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100
TLS_RECORD = b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xfc" + bytes(100)
"""The begin of a handshake of 16 KB."""


def _drip(server: socket.socket, content: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        try:
            for byte in content:
                connection.sendall(bytes([byte]))
                time.sleep(0.1)
        except OSError:
            return


NOW = datetime(2026, 11, 23, tzinfo=UTC)


def server(name: str, certificate: Certificate | Refused | Gap | None, role: Role = Role.PAGE) -> Server:
    return Server(Endpoint.of(name), role, Records(), (), Known(), certificate)


def judged(page: Server, product: Server) -> list[tuple[Verdict, str]]:
    facts = Facts([page], [product], Gap(""), {}, {}, Gap(""), {})
    return [(found.verdict, found.what) for found in certificates.judge(facts, NOW)]


def ends(days: int, issuer: str = "One") -> Certificate:
    return Certificate(issuer, NOW + timedelta(days=days, hours=1))


PRODUCT = server("www.example.org", ends(60, "Two"), Role.MONITORED)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (server("x.example", ends(14)), [(Verdict.OK, "x.example: One, 14 days left.")]),
        (
            server("x.example", ends(13)),
            [(Verdict.WARN, "The certificate of x.example ends in 13 days, on 2026-12-06.")],
        ),
        (server("x.example", ends(1)), [(Verdict.WARN, "The certificate of x.example ends in 1 day, on 2026-11-24.")]),
        (server("x.example", ends(0)), [(Verdict.WARN, "The certificate of x.example ends today, on 2026-11-23.")]),
        (
            server("x.example", Refused("certificate has expired")),
            [(Verdict.FAIL, "The certificate of x.example is refused: certificate has expired.")],
        ),
        (server("http://x.example/", None), [(Verdict.WARN, "http://x.example/ is without TLS.")]),
        (server("x.example", Gap("no answer")), [(Verdict.UNKNOWN, "Not known: no answer.")]),
        (
            server("x.example", ends(60, "Two")),
            [(Verdict.WARN, "x.example and www.example.org have certificates of the same authority: Two.")],
        ),
    ],
)
def test_what_is_said_of_a_certificate(page: Server, said: list[tuple[Verdict, str]]) -> None:
    assert judged(page, PRODUCT) == said


def test_a_product_whose_authority_is_not_known_is_no_pass() -> None:
    product = server("www.example.org", Gap("no answer"), Role.MONITORED)

    assert judged(server("x.example", ends(60)), product) == [(Verdict.UNKNOWN, "Not known: no answer.")]
