"""Which scripts may run on a page: files of the site, and the inline scripts whose hashes its policy lists.

Finds the scripts in the finished HTML, as a browser hashes exactly those bytes; with regular expressions, as a parser
would take 20 ms per page. It runs before the text of incidents is in the page. If it took other text for a script, the
policy would only contain a hash that no script has.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence

_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(r"""^(?!.*\stype=)|\stype=["']?(?:module|(?:text|application)/javascript)\b""", re.DOTALL)


def inline_scripts(html: str) -> list[str]:
    """The hashes of all inline scripts in `html`, as in a content security policy: `'sha256-...'`."""
    scripts = (code for attributes, code in _SCRIPT.findall(html) if _CODE.search(attributes))
    return sorted({f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in scripts})


def policy(scripts: Iterable[str], asked: Sequence[str] = ()) -> str:
    """A content security policy (https://www.w3.org/TR/CSP3/): files of this site, and inline scripts by hash.

    `asked` are the addresses of files elsewhere that our script may download: the state, as other copies have it.
    """
    connections = [" ".join(["connect-src 'self'", *asked])] if asked else []
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self'", *scripts]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            *connections,
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )


def with_policy(html: str, asked: Sequence[str] = ()) -> str:
    """`html` with a policy that allows its inline scripts, and none that is inserted later; `asked` as in `policy`."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(inline_scripts(html), asked)}">'
    return re.sub(r"<head[^>]*>(\s*<meta charset[^>]*>)?", lambda head: head[0] + meta, html, count=1)


def headers(scripts: Iterable[str], pages: Iterable[str], asked: Sequence[str] = ()) -> bytes:
    """A `_headers` file, as Netlify and Cloudflare Pages read it; `scripts` are the hashes of all pages.

    `pages` are the paths of pages that no other site may show in a frame; `/embed.html` is none of them. If two rules
    match a path, one host joins the values of a header and the other takes the last value. So no two rules with the
    same header match the same path.
    """
    lines = [
        "/*",
        f"  Content-Security-Policy: {policy(scripts, asked)}",
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
        "/*.webmanifest",
        "  Content-Type: application/manifest+json",
        "/*.ics",
        "  Content-Type: text/calendar; charset=utf-8",
    ]
    for path in pages:
        lines += [path, "  X-Frame-Options: SAMEORIGIN"]
    return "\n".join(lines).encode() + b"\n"
