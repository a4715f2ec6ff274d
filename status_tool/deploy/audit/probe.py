"""What a server answers over TLS and HTTP: its certificate, a page of it, or why neither is known.

It connects to the addresses that the audit found in DNS, by whichever resolver, and every answer ends with the time of
the audit; `system/web.py` asks as this machine does.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

from status_tool import __version__
from status_tool.deploy.audit import connections
from status_tool.deploy.audit.deadline import Deadline
from status_tool.deploy.audit.dns_lookup import Lookup
from status_tool.deploy.audit.facts import Certificate, NotKnown, Refused
from status_tool.model.endpoint import Endpoint

SECONDS = 10.0
"""How long one exchange with a server may take."""
MAX_BYTES = 1_000_000
MAX_REDIRECTS = 5
# A chain that leads to no authority this machine trusts: X509_V_ERR_* 18 to 21 in OpenSSL's x509_vfy.h.
_UNTRUSTED = (18, 19, 20, 21)
_READABLE = "%/?&=+:@,;~!$'()*"


@dataclass(frozen=True)
class Page:
    """An answer with status 200: where it was found after redirects, its headers, and at most MAX_BYTES of its body."""

    url: str
    links: tuple[str, ...]
    """The values of its `Link` headers."""
    body: bytes


class Probe:
    """Asks servers at the addresses that `lookup` has. Every method raises NotKnown when there is no answer."""

    def __init__(self, lookup: Lookup, deadline: Deadline) -> None:
        self._lookup, self._deadline = lookup, deadline
        self._context = ssl.create_default_context()

    def certificate(self, endpoint: Endpoint) -> Certificate | Refused:
        with self._opened(endpoint) as connection:
            try:
                with self._context.wrap_socket(connection, server_hostname=endpoint.host) as wrapped:
                    return _certificate(wrapped)
            except ssl.SSLCertVerificationError as error:
                return self._refused(error)

    def page(self, endpoint: Endpoint) -> Page:
        """The page at `endpoint`, after redirects."""
        for _ in range(MAX_REDIRECTS + 1):
            found = self._get(endpoint)
            if isinstance(found, Page):
                return found
            endpoint = found
        raise NotKnown(f"{endpoint.url} redirects more than {MAX_REDIRECTS} times")

    def _get(self, endpoint: Endpoint) -> Page | Endpoint:
        """The page at `endpoint`, or where it redirects to."""
        with self._opened(endpoint) as connection:
            try:
                sock = connection
                if endpoint.has_tls:
                    sock = self._context.wrap_socket(connection, server_hostname=endpoint.host)
                with contextlib.closing(sock):
                    return _exchange(sock, endpoint)
            except ssl.SSLCertVerificationError as error:
                raise NotKnown(f"the certificate of {endpoint.authority} is refused: {_text(error)}") from None

    @contextlib.contextmanager
    def _opened(self, endpoint: Endpoint) -> Iterator[socket.socket]:
        """A connection that ends in time; what goes wrong with it is NotKnown."""
        addresses = (endpoint.host,) if endpoint.is_ip else self._lookup.records(endpoint.host).addresses
        try:
            connection = connections.dial(addresses, endpoint.port, self._deadline.remaining(SECONDS))
            with connection, self._deadline.guarding(connection, SECONDS):
                yield connection
        except TimeoutError:
            raise NotKnown(f"{endpoint.authority} did not answer in time") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotKnown(f"{endpoint.authority}: {_text(error)}") from None

    def _refused(self, error: ssl.SSLCertVerificationError) -> Refused:
        if error.verify_code in _UNTRUSTED and not _has_authorities(self._context):
            raise NotKnown("this machine has no list of certificate authorities")
        return Refused(_text(error))


def _has_authorities(context: ssl.SSLContext) -> bool:
    paths = ssl.get_default_verify_paths()
    return bool(context.cert_store_stats()["x509_ca"] or (paths.capath and any(Path(paths.capath).iterdir())))


def _certificate(wrapped: ssl.SSLSocket) -> Certificate:
    found: dict[str, Any] = wrapped.getpeercert() or {}
    names = {key: value for part in found.get("issuer", ()) for key, value in part}
    issuer = names.get("organizationName") or names.get("commonName") or "an authority without a name"
    expires = datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC)
    return Certificate(issuer, expires)


def _exchange(sock: socket.socket, endpoint: Endpoint) -> Page | Endpoint:
    client = http.client.HTTPConnection(endpoint.host)
    client.sock = sock
    headers = {
        "Host": endpoint.authority,
        "User-Agent": f"incident-status/{__version__} (status audit)",
        "Accept-Encoding": "identity",
        "Cache-Control": "no-cache",
        "Connection": "close",
    }
    client.request("GET", quote(endpoint.path, safe=_READABLE), headers=headers)
    answer = client.getresponse()
    location = answer.headers.get("Location")
    if answer.status in (301, 302, 303, 307, 308) and location:
        return Endpoint.of(urljoin(endpoint.url, location).partition("#")[0])
    if answer.status != 200:
        raise NotKnown(f"{endpoint.url} answers {answer.status}")
    links = tuple(answer.headers.get_all("Link") or ())
    body = answer.read(MAX_BYTES)
    if answer.length and len(body) < MAX_BYTES:
        raise NotKnown(f"{endpoint.url} ends before its end")
    return Page(endpoint.url, links, body)


def _text(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message.rstrip(".")
    if isinstance(error, ssl.SSLError) and error.reason:
        return f"TLS fails ({error.reason.replace('_', ' ').lower()})"
    if isinstance(error, OSError):
        return (error.strerror or str(error) or type(error).__name__).lower()
    return str(error) or type(error).__name__
