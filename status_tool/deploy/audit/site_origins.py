"""Which files a built site loads from other hosts: by its HTML, its stylesheets and its scripts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from status_tool.deploy.audit.facts import NotKnown, Origins
from status_tool.text import html_tags
from status_tool.text.html_tags import Tag

# A comment, a whole script, of which the start tag matters, or a tag: what stands in the first two is no tag.
_TOKEN = re.compile(
    r"""<!--.*?-->|(<script(?:[^"'<>]|"[^"]*"|'[^']*')*>).*?</script|(<[a-z](?:[^"'<>]|"[^"]*"|'[^']*')*>)""",
    re.IGNORECASE | re.DOTALL,
)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.IGNORECASE | re.DOTALL)
_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.IGNORECASE | re.DOTALL)
_IN_CSS = re.compile(r"""(?:url\(\s*|@import\s+)["']?\s*((?:https?:)?//[^\s"')]+)""", re.IGNORECASE)
_IN_SCRIPT = re.compile(r"""["'`]((?:https?|wss?)://[a-z0-9][^\s"'`\\]*)""", re.IGNORECASE)
_LOADING = {
    "audio": ("src",),
    "base": ("href",),
    "embed": ("src",),
    "frame": ("src",),
    "iframe": ("src", "srcdoc"),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "object": ("data",),
    "script": ("src", "href", "xlink:href"),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
"""Tag -> the attributes from whose addresses a browser loads something by itself."""
_LOADING_LINKS = {
    "apple-touch-icon", "dns-prefetch", "icon", "manifest", "mask-icon", "modulepreload", "preconnect", "prefetch",
    "preload", "prerender", "stylesheet",
}  # fmt: skip
"""The values of `rel` with which a browser asks the host of a `<link>`."""
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\s\"']+)", re.IGNORECASE)
_ABSOLUTE = re.compile(r"(?:https?:|wss?:)?//", re.IGNORECASE)
# Names of vocabularies, which nothing is loaded from.
_NAMESPACES = ("www.w3.org", "purl.org", "ogp.me", "schema.org", "www.sitemaps.org")


def read(site: Path, own: Collection[str]) -> Origins:
    """What the site in the folder `site` loads from hosts that are not `own`; NotKnown when it is not built."""
    if not (site / "index.html").is_file():
        raise NotKnown("the site is not built")
    loaded: dict[str, str] = {}
    scripted: dict[str, str] = {}
    is_protected = True
    for path in sorted(site.rglob("*")):
        if path.suffix not in (".html", ".css", ".js", ".svg") or not path.is_file():
            continue
        name, text = path.relative_to(site).as_posix(), _text(path)
        is_page = path.suffix in (".html", ".svg")
        if path.suffix == ".html":
            is_protected = is_protected and forbids_calls(text, own)
        for host in _loads(text) if is_page else _hosts(_IN_CSS, text) if path.suffix == ".css" else ():
            loaded.setdefault(host, name)
        for host in _in_scripts(text, is_page=is_page) if path.suffix != ".css" else ():
            scripted.setdefault(host, name)
    foreign = {host: name for host, name in loaded.items() if host not in own}
    others = {host: name for host, name in scripted.items() if host not in own and host not in foreign}
    if is_protected:
        return Origins(foreign, blocked=tuple(sorted(others)))
    return Origins(foreign, others)


def forbids_calls(html: str, own: Collection[str]) -> bool:
    """Whether the page's policy lets scripts, and what they call, come from its own host and hosts in `own` only.

    Such a policy is `default-src 'self'; script-src 'self' 'sha256-...'; connect-src 'self' https://mirror.example.net`.
    """
    policies = [
        tag.attributes.get("content", "")
        for tag in _candidates(html, "content-security-policy")
        if tag.attributes.get("http-equiv", "").lower() == "content-security-policy"
    ]
    return any(_is_closed(policy, own) for policy in policies)


def _is_closed(policy: str, own: Collection[str]) -> bool:
    directives = {words[0].lower(): words[1:] for part in policy.split(";") if (words := part.split())}
    default = directives.get("default-src", ["*"])
    sources = [directives.get(name, default) for name in ("script-src", "connect-src")]
    return all(source.startswith("'") or _host(source) in own for found in sources for source in found)


def _loads(html: str) -> Iterator[str]:
    for tag in _candidates(html, "//"):
        yield from filter(None, map(_host, _loaded(tag)))
        yield from _hosts(_IN_CSS, tag.attributes.get("style", ""))
    for block in _STYLE.findall(html):
        yield from _hosts(_IN_CSS, block)


def _loaded(tag: Tag) -> Iterator[str]:
    """The addresses in `tag` from which a browser loads something."""
    if tag.name == "link" and not _LOADING_LINKS.isdisjoint(tag.attributes.get("rel", "").lower().split()):
        yield tag.attributes.get("href", "").strip()
    elif tag.name == "meta" and tag.attributes.get("http-equiv", "").lower() == "refresh":
        yield from _REFRESH.findall(tag.attributes.get("content", ""))
    for name in _LOADING.get(tag.name, ()):
        value = tag.attributes.get(name, "").strip()
        if name == "srcset":
            yield from value.split()
        elif name == "srcdoc":
            yield from (address for inner in html_tags.tags(value) for address in _loaded(inner))
        else:
            yield value


def _candidates(html: str, text: str) -> Iterator[Tag]:
    """The tags with `text` in them; the others need no parser, which takes 20 ms for a page."""
    for match in _TOKEN.finditer(html):
        tag = match[1] or match[2] or ""
        if text in tag.lower():
            yield from _parsed(tag)


@lru_cache(maxsize=2_000)  # most tags are the frame's, on every page
def _parsed(tag: str) -> tuple[Tag, ...]:
    return tuple(html_tags.tags(tag))


def _in_scripts(text: str, *, is_page: bool) -> Iterator[str]:
    for script in _SCRIPT.findall(text) if is_page else [text]:
        yield from (host for host in _hosts(_IN_SCRIPT, script) if host not in _NAMESPACES)


def _hosts(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return filter(None, map(_host, pattern.findall(text)))


def _host(address: str) -> str:
    """The host of an absolute address of http, https, ws or wss, with its port; empty when it is none."""
    if not _ABSOLUTE.match(address):
        return ""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.hostname}{port}" if parts.hostname else ""


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError as error:
        raise NotKnown(f"{path} cannot be read: {error.strerror}") from None
