"""rel="status": in a header or in HTML, as RFC 8631 and RFC 8288 write it."""

from __future__ import annotations

import pytest

from status_tool.deploy.audit import status_links

PAGE = "https://www.example.org/en/"


@pytest.mark.parametrize(
    ("headers", "html", "found"),
    [
        (['<https://s.example/>; rel="status"'], "", ["https://s.example/"]),
        (["</a>; rel=preload, <https://s.example/>; title=x; rel=status"], "", ["https://s.example/"]),
        (['<https://s.example/>; rel="help STATUS"'], "", ["https://s.example/"]),
        (['<https://s.example/>; rel="help"; rel="status"'], "", []),
        (['<https://s.example/>; title="rel=status"'], "", []),
        ([], '<link rel="status" href="../status">', ["https://www.example.org/status"]),
        ([], '<a REL="external status" href="//s.example/">Status</a>', ["https://s.example/"]),
        ([], '<!-- <link rel="status" href="/x"> -->', []),
        ([], '<div rel="status" href="/x">', []),
        (["<https://s.example/>; rel=status"], '<link rel=status href="https://s.example/">', ["https://s.example/"]),
        (["<https://[bad/>; rel=status", "not a link"], "<link rel=status href='https://[bad'>", []),
    ],
)
def test_the_targets_are_found(headers: list[str], html: str, found: list[str]) -> None:
    assert list(status_links.targets(PAGE, headers, html)) == found
