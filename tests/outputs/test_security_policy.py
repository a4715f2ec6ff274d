"""Which scripts may run on a page."""

from __future__ import annotations

import base64
import hashlib
from fnmatch import fnmatch

import pytest

from status_tool.outputs import security_policy


def digest(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


@pytest.mark.parametrize(
    ("html", "codes"),
    [
        ("<script>a()</script>", ["a()"]),
        ("<SCRIPT>a()</SCRIPT><script>b()</script><script>a()</script>", ["a()", "b()"]),
        ('<script type="module">a()</script>', ["a()"]),
        ("<script type='text/javascript' async>a()</script>", ["a()"]),
        ('<script id="x" type="application/json">{}</script>', []),
        ('<script type="text/plain" data-src="a.js"></script>', []),
        ('<script src="a.js"></script><script defer src="b.js">never</script>', []),
    ],
)
def test_every_script_in_a_page_is_known_by_its_hash(html: str, codes: list[str]) -> None:
    assert security_policy.inline_scripts(html) == sorted(map(digest, codes))


def test_the_policy_comes_before_any_script_and_after_the_charset() -> None:
    policy = security_policy.policy([digest("a()")])

    assert policy == (
        f"default-src 'self'; script-src 'self' {digest('a()')}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'"
    )
    assert security_policy.with_policy('<head>\n<meta charset="utf-8"><script>a()</script></head>') == (
        '<head>\n<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><script>a()</script></head>'
    )


@pytest.mark.parametrize(
    ("files", "type"),
    [("*.atom", "application/atom+xml"), ("*.rss", "application/rss+xml"), ("*.ics", "text/calendar")],
)
def test_hosts_are_told_what_a_format_is_called(files: str, type: str) -> None:
    assert f"\n/{files}\n  Content-Type: {type}; charset=utf-8\n" in security_policy.headers([], []).decode()


def headers_for(path: str) -> dict[str, list[str]]:
    """Every value that a rule of `_headers` has for `path`, whichever of them a host takes."""
    found: dict[str, list[str]] = {}
    fits = False
    for line in security_policy.headers([], ["/", "/about/*", "/incidents/*"]).decode().splitlines():
        if line.startswith("/"):
            fits = fnmatch(path, line)
        elif fits:
            name, _, value = line.strip().partition(": ")
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("path", ["/", "/about/", "/incidents/2026-11-23-api-errors/"])
def test_nobody_else_frames_a_page(path: str) -> None:
    assert headers_for(path)["X-Frame-Options"] == ["SAMEORIGIN"]


@pytest.mark.parametrize("path", ["/embed.html", "/embed"])
def test_the_page_for_frames_may_stand_in_any(path: str) -> None:
    assert "X-Frame-Options" not in headers_for(path)


@pytest.mark.parametrize(
    "path", ["/", "/embed.html", "/status.json", "/feed.atom", "/about/x.json", "/incidents/x/feed.atom"]
)
def test_no_two_rules_say_the_same_header_of_a_path(path: str) -> None:
    assert {name: values for name, values in headers_for(path).items() if len(values) > 1} == {}
