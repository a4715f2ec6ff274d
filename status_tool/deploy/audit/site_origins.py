"""Which files a built site loads from other hosts: by its HTML, its stylesheets and its scripts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from status_tool.deploy.audit.facts import NotKnown, Origins
from status_tool.text.html_elements import Element, elements
from status_tool.text.html_tags import Tag

_IN_CSS = re.compile(r"""(?:url\(\s*|@import\s+)["']?\s*((?:https?:)?//[^\s"')]+)""", re.IGNORECASE)
_IN_SCRIPT = re.compile(r"""["'`]((?:https?:|wss?:)?//[a-z0-9-]+\.[a-z0-9][^\s"'`\\]*)""", re.IGNORECASE)
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
        if path.suffix in (".html", ".css", ".js", ".svg") and path.is_file():
            name, text = path.relative_to(site).as_posix(), _text(path)
            found = [*elements(text)] if path.suffix in (".html", ".svg") else []
            if path.suffix == ".html":
                is_protected = is_protected and forbids_calls(found, own)
            loads = _hosts(_IN_CSS, text) if path.suffix == ".css" else _loads(found)
            loaded = {**dict.fromkeys(loads, name), **loaded}
            scripts = [text] if path.suffix == ".js" else [part.content for part in found if part.name == "script"]
            scripted = {**dict.fromkeys(_in_scripts(scripts), name), **scripted}
    foreign = {host: name for host, name in loaded.items() if host not in own}
    others = {host: name for host, name in scripted.items() if host not in own and host not in foreign}
    return Origins(foreign, blocked=tuple(sorted(others))) if is_protected else Origins(foreign, others)


def forbids_calls(page: Iterable[Element], own: Collection[str]) -> bool:
    """Whether the page's policy lets scripts, and what they call, come from its own host and hosts in `own` only.

    Such a policy is `default-src 'self'; script-src 'self' 'sha256-...'; connect-src 'self' https://mirror.example.net`.
    """
    metas = (part.tag.attributes for part in page if part.name == "meta")
    named = "content-security-policy"
    policies = (meta.get("content", "") for meta in metas if meta.get("http-equiv", "").lower() == named)
    return any(_is_closed(policy, own) for policy in policies)


def _is_closed(policy: str, own: Collection[str]) -> bool:
    directives = {words[0].lower(): words[1:] for part in policy.split(";") if (words := part.split())}
    default = directives.get("default-src", ["*"])
    sources = [directives.get(name, default) for name in ("script-src", "connect-src")]
    return all(source.startswith("'") or _host(source) in own for found in sources for source in found)


def _loads(page: Iterable[Element]) -> Iterator[str]:
    for part in page:
        if "//" in part.text or "&#" in part.text:
            yield from filter(None, map(_host, _loaded(part.tag)))
            yield from _hosts(_IN_CSS, part.tag.attributes.get("style", ""))
        if part.name == "style":
            yield from _hosts(_IN_CSS, part.content)


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
            yield from (address for part in elements(value) for address in _loaded(part.tag))
        else:
            yield value


def _in_scripts(scripts: Iterable[str]) -> Iterator[str]:
    for script in scripts:
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
