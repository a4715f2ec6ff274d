"""Whether the public sees the site at an address, whole and as it was built."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlsplit

from status_tool.deploy import media_types
from status_tool.deploy.snapshot import STATE, State, is_in_the_future, read_state
from status_tool.outputs import manifest
from status_tool.outputs.manifest import Manifest
from status_tool.system import clock, fingerprint, threads, web
from status_tool.system.web import AT_ONCE, Answer, Web

LARGEST_MANIFEST = 50_000_000
LARGEST_FILE = 100_000_000
"""Bytes that are read of a manifest, and of a file, at most."""
_NOT_SERVED = ("_headers", "_redirects", ".nojekyll", "CNAME")
"""Files with which hosts are configured: some do not serve them."""
_OPEN_TO_ALL = (STATE, "api/v2/summary.json")
"""Documents that scripts on other sites read; these stand for all."""


_ENCODING = "the host says that it is compressed (%s), and it cannot be unpacked"


class Verdict(StrEnum):
    OK = "OK"
    """Every file is as it was built."""
    STALE = "STALE"
    """It is another build than the one here, or one that is too old."""
    DIFFERS = "DIFFERS"
    """Files are missing, or are not as they were built."""
    DOWN = "DOWN"
    """There is no site."""


@dataclass(frozen=True)
class Finding:
    """A file that is not as it was built, and why."""

    path: str
    why: str


@dataclass(frozen=True)
class Look:
    """What was seen at an address."""

    verdict: Verdict
    what: str
    """In a few words."""
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    """What readers get along with, or what should be put right some day."""
    files: int = 0
    """How many files were compared."""
    written: datetime | None = None
    """When the site that is there was built."""
    certificate_days: int | None = None
    is_signed: bool | None = None
    """Whether its signature is right; None when nobody asked."""
    feeds: tuple[tuple[str, str], ...] = ()
    """Path and SHA-256 of each feed that is there."""


@dataclass(frozen=True)
class Expected:
    """The site that should be there; without a manifest, any site of ours."""

    manifest: Manifest | None
    state: State | None
    stale_after: timedelta
    check_signature: Callable[[bytes, bytes], str] | None = None
    """`(manifest, signature)` -> what is wrong with it; empty when it is right."""


def look(url: str, expected: Expected, connections: Web, now: datetime) -> Look:
    """What the public sees at `url`, with a slash at its end."""
    listed = connections.get(url + manifest.NAME, LARGEST_MANIFEST)
    if listed.failure:
        what = f"{listed.failure}{'' if listed.error else f' for {manifest.NAME}'}."
        return Look(Verdict.DOWN, what[:1].upper() + what[1:], certificate_days=None)
    content = web.unpacked(listed, LARGEST_MANIFEST)
    if content is None:
        return Look(Verdict.DOWN, f"{manifest.NAME} cannot be read: {_ENCODING % listed.headers['content-encoding']}.")
    there = manifest.read(content)
    if there.is_foreign or there.is_damaged or not there.digests:
        return Look(Verdict.DOWN, f"{manifest.NAME} is not that of a status site.")
    state_answer = connections.get(url + STATE, LARGEST_FILE)
    state = None if state_answer.failure else read_state(web.unpacked(state_answer, LARGEST_FILE) or b"")
    days = _certificate_days(url, now)
    if stale := _stale(there, state, expected, now):
        return Look(Verdict.STALE, stale, written=state.written if state else None, certificate_days=days)
    seen = _compare(url, content, state, expected, connections, days)
    if listed.host and listed.host != urlsplit(url).netloc:
        note = f"its host sends readers on to {listed.host}, so it is no copy of its own"
        return replace(seen, notes=(note, *seen.notes))
    return seen


def _stale(there: Manifest, state: State | None, expected: Expected, now: datetime) -> str:
    """Why the site that is there is not the newest, or not new enough; empty when it is."""
    if not there.is_whole:
        return "A deployment is under way, or was interrupted."
    built = f"built at {clock.iso(state.written)}" if state else "built at an unknown time"
    is_same_build = bool(state and expected.state and state.written == expected.state.written)
    if expected.manifest is not None and there != expected.manifest and not is_same_build:
        here = f"the one here at {clock.iso(expected.state.written)}" if expected.state else "there is another one here"
        return f"Another build is there: {built}, and {here}."
    if state and is_in_the_future(state.written, now):
        return f"It was {built}, which is in the future: a clock is wrong, so its pages do not say when they are old."
    if state and state.written + expected.stale_after < now:
        return f"It was {built}, so its pages say that they are out of date."
    return ""


def _compare(
    url: str, listed: bytes, state: State | None, expected: Expected, connections: Web, days: int | None
) -> Look:
    """Every file against the manifest whose content is `listed`."""
    digests = manifest.read(listed).digests
    wanted = {path: digest for path, digest in sorted(digests.items()) if path not in _NOT_SERVED}

    def seen(path: str) -> tuple[str, str, list[str]]:
        """The path, why it differs, and its notes; the content is not kept."""
        answer = connections.get(url + address_of(path), LARGEST_FILE)
        return path, _difference(path, wanted[path], answer), list(_notes(path, answer))

    findings: list[Finding] = []
    if expected.manifest is not None and manifest.read(listed) != expected.manifest:
        findings.append(Finding(manifest.NAME, "is not the one of this build"))
    notes: dict[str, list[str]] = {}
    for path, why, noted in threads.run_all(seen, wanted, AT_ONCE):
        if why:
            findings.append(Finding(path, why))
        for note in noted:
            notes.setdefault(note, []).append(path)
    is_signed = None
    if expected.check_signature:
        signature = connections.get(url + manifest.SIGNATURE, LARGEST_FILE)
        why = signature.failure or expected.check_signature(listed, signature.content)
        is_signed = not why
        findings += [Finding(manifest.SIGNATURE, why)] if why else []
    said = [f"{note}: {paths[0]}{f' and {len(paths) - 1} more' if paths[1:] else ''}" for note, paths in notes.items()]
    if days is not None and days < web.RENEWED_BEFORE.days:
        said.append(f"its certificate ends in {days} days")
    files = len(wanted)
    what = f"{len(findings)} of {files} files differ." if findings else f"{files} files are as they were built."
    feeds = tuple((path, digest) for path, digest in wanted.items() if path.endswith(FEEDS))
    verdict = Verdict.DIFFERS if findings else Verdict.OK
    written = state.written if state else None
    return Look(verdict, what, tuple(findings), tuple(said), files, written, days, is_signed, feeds)


FEEDS = ("feed.atom", "feed.rss", "feed.json")


def address_of(path: str) -> str:
    """The address of a file below that of the site, as readers follow it."""
    folder, name = posixpath.split(path)
    return quote(f"{folder}/" if folder and name == "index.html" else "" if path == "index.html" else path)


def _difference(path: str, digest: str, answer: Answer) -> str:
    """Why readers do not get the file as it was built; empty when they do."""
    if answer.failure and not (path == "404.html" and answer.code == 404):
        return answer.failure
    content = web.unpacked(answer, LARGEST_FILE)
    if content is None:
        return _ENCODING % answer.headers["content-encoding"]
    if digest != fingerprint.digest(content):
        return f"has other content ({len(content):,} bytes)"
    kind = answer.media_type
    if not media_types.allows(path, kind) and not media_types.is_tolerable(path, kind):
        return f"is served as {kind or 'nothing in particular'}"
    return ""


def _notes(path: str, answer: Answer) -> Iterator[str]:
    if answer.failure:
        return
    kind = answer.media_type
    if not media_types.allows(path, kind) and media_types.is_tolerable(path, kind):
        suffix = posixpath.splitext(path)[1]
        yield f"the host does not know the type of files that end in {suffix}"
    if path in _OPEN_TO_ALL and answer.headers.get("access-control-allow-origin") != "*":
        yield "scripts on other sites cannot read it (it has no Access-Control-Allow-Origin: *)"


def _certificate_days(url: str, now: datetime) -> int | None:
    left = web.certificate_left(url, now)
    return None if left is None else left.days
