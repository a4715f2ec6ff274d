"""Which scripts may run on a page: those of the site's own files, and inline those whose hash it names.

Looks at finished HTML with regular expressions, as only that has the scripts as a browser hashes them, and a parser
would take 20 ms a page. It runs before any word of an incident is in the page. What it took for a script too much would
only add a hash that nothing has.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(r"""^(?!.*\stype=)|\stype=["']?(?:module|(?:text|application)/javascript)\b""", re.DOTALL)


def inline_scripts(html: str) -> list[str]:
    """The hash of every script that stands in `html` itself, as a content security policy names it."""
    found = (code for attributes, code in _SCRIPT.findall(html) if _CODE.search(attributes))
    return sorted({f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in found})


def policy(scripts: Iterable[str]) -> str:
    """A content security policy (https://www.w3.org/TR/CSP3/): everything from this site, and scripts by hash."""
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self'", *scripts]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )


def guarded(html: str) -> str:
    """`html` with the policy that lets its own scripts run, and none that is put in later."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(inline_scripts(html))}">'
    return re.sub(r"<head[^>]*>(\s*<meta charset[^>]*>)?", lambda head: head[0] + meta, html, count=1)


def headers(scripts: Iterable[str], pages: Iterable[str]) -> bytes:
    """A `_headers` file, as Netlify and Cloudflare Pages read it; `scripts` are the hashes of all pages.

    `pages` are the paths of those that no other site may frame. Where two rules fit a path, one host joins their
    values and the other takes the last, so a header stands in rules that never meet: none fits `/embed.html`.
    """
    lines = [
        "/*",
        f"  Content-Security-Policy: {policy(scripts)}",
        "  X-Content-Type-Options: nosniff",
        "  Referrer-Policy: no-referrer",
        "/*.json",
        "  Access-Control-Allow-Origin: *",
        "/embed.js",
        "  Access-Control-Allow-Origin: *",
        "/*.atom",
        "  Content-Type: application/atom+xml; charset=utf-8",
        "/*.rss",
        "  Content-Type: application/rss+xml; charset=utf-8",
        "/*.ics",
        "  Content-Type: text/calendar; charset=utf-8",
    ]
    for path in pages:
        lines += [path, "  X-Frame-Options: SAMEORIGIN"]
    return "\n".join(lines).encode() + b"\n"
