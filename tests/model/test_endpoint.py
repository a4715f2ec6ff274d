"""The address of a server, as people write it."""

from __future__ import annotations

import pytest

from status_tool.model.endpoint import Endpoint


@pytest.mark.parametrize(
    ("text", "endpoint", "url"),
    [
        ("www.example.org", Endpoint("www.example.org"), "https://www.example.org/"),
        ("WWW.Example.org.", Endpoint("www.example.org"), "https://www.example.org/"),
        ("api.example.org:8443", Endpoint("api.example.org", 8443), "https://api.example.org:8443/"),
        ("http://x.org/a?b=c#d", Endpoint("x.org", 80, False, "/a?b=c"), "http://x.org/a?b=c"),
        ("https://bücher.example/", Endpoint("xn--bcher-kva.example"), "https://xn--bcher-kva.example/"),
        ("192.0.2.1", Endpoint("192.0.2.1"), "https://192.0.2.1/"),
        ("2001:DB8::1", Endpoint("2001:db8::1"), "https://[2001:db8::1]/"),
        ("[2001:db8::1]:8443", Endpoint("2001:db8::1", 8443), "https://[2001:db8::1]:8443/"),
    ],
)
def test_an_address_is_read(text: str, endpoint: Endpoint, url: str) -> None:
    assert Endpoint.of(text) == endpoint
    assert endpoint.url == url
    assert Endpoint.of(url) == endpoint


@pytest.mark.parametrize(
    "text",
    ["", "a b", "ftp://x.org", "https://", "x.org:99999", "x.org:0", "-x.org", "a..b", "https://u:p@x.org", "https://[bad",
     f"{'a' * 64}.org", "x.org:port"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not the|is neither"):
        Endpoint.of(text)
