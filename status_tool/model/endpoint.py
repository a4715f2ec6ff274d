"""Which server an address leads to: its host, its port, and whether TLS is spoken there."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, order=True)
class Endpoint:
    """A server, and a page on it: `Endpoint("www.example.org", 443, True, "/en/")` is `https://www.example.org/en/`."""

    host: str
    """A name in ASCII and lower case without a dot at its end, or an IP address without brackets."""
    port: int = 443
    has_tls: bool = True
    path: str = "/"
    """With the query, if there is one."""

    @classmethod
    def of(cls, text: str) -> Endpoint:
        """The server at `https://www.example.org/en/`, `www.example.org`, `api.example.org:8443` or `192.0.2.1`.

        Raises ValueError when `text` is no such address.
        """
        scheme, parted, _ = text.partition("://")
        if parted and scheme.lower() not in PORTS:
            raise ValueError(f'"{scheme}" is neither https nor http')
        try:
            parts = urlsplit(text if parted else f"https://{_bracketed(text)}")
            port = PORTS[parts.scheme] if parts.port is None else parts.port
        except ValueError:  # invalid brackets, or an invalid port
            parts, port = urlsplit(""), 0
        if not parts.hostname or not port or parts.username is not None or re.search(r"\s", text):
            raise ValueError(f'"{text}" is not the address of a server')
        query = f"?{parts.query}" if parts.query else ""
        return cls(_host(parts.hostname), port, parts.scheme == "https", (parts.path or "/") + query)

    @property
    def is_ip(self) -> bool:
        return _is_ip(self.host)

    @property
    def authority(self) -> str:
        """`www.example.org`, or with a port that is not the usual one, `www.example.org:8443`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def scheme(self) -> str:
        return "https" if self.has_tls else "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _bracketed(text: str) -> str:
    """An IPv6 address in brackets, as addresses of pages have it."""
    return f"[{text}]" if ":" in text and _is_ip(text) else text


def _host(name: str) -> str:
    """A host's name in ASCII (IDNA), without a dot at its end; ValueError if no host can have it."""
    if _is_ip(name):
        return str(ipaddress.ip_address(name))
    try:
        ascii_name = name.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_name = ""
    if len(ascii_name) > 253 or not all(map(_LABEL.fullmatch, ascii_name.split("."))):
        raise ValueError(f'"{name}" is not the name of a host')
    return ascii_name
