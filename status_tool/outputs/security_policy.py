"""How a page reaches a browser: its words first, the theme's script last, and no script that we do not know.

Works on what MkDocs has rendered, before any word of an incident is in it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

_BUNDLE = re.compile(r'<script src="([^"]*assets/javascripts/bundle\.[^"]*)"></script>')
_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(r"""^(?!.*\stype=)|\stype=["']?(?:module|(?:text|application)/javascript)\b""", re.DOTALL)
_SCROLLS = re.compile(r"<table(?=>)|<pre>(?:<span></span>)?<code(?=[ >])")
_DIALOG = '<div class="md-search" data-md-component="search" role="dialog"'
_OURS = re.compile(r'<script src="([^"]*assets/status\.js\?v=[^"]*)"></script>')


def prepared(html: str) -> str:
    """`html` with the theme's large script left to ours, which fetches it after the page is there.

    What the theme owes to those who listen or use a keyboard is put right.
    """
    html = _accessible(html)
    html = _BUNDLE.sub(r'<script type="text/plain" class="st-late" data-src="\1"></script>', html)
    ours = _OURS.search(html)
    if ours is None:
        return html
    # Before the first paint, so that nothing moves when it runs; it waits for no more than the stylesheets do.
    early = f'<script src="{ours[1]}" defer blocking="render"></script>'
    return html.replace(ours[0], "", 1).replace("</head>", early + "</head>", 1)


def _accessible(html: str) -> str:
    """`html` with what the theme owes to those who listen or use a keyboard.

    Its search dialog gets a name, that of its field; what scrolls sideways can be reached.
    """
    field = re.search(r'<input[^>]*class="md-search__input"[^>]*aria-label="([^"]*)"', html)
    if field:
        html = html.replace(_DIALOG, f'{_DIALOG} aria-label="{field[1]}"', 1)
    return _SCROLLS.sub(r'\g<0> tabindex="0"', html)


def tightened(html: str, until: str) -> str:
    """`html` without blank lines and indentation before `until`, so that what matters comes sooner."""
    before, found, after = html.partition(until)
    return re.sub(r"\s*\n\s*", "\n", before).lstrip() + found + after if found else html


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
