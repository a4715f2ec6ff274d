"""What `manifest.json` says: which files a site has, each with its SHA-256, and the commit it was built from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from pathlib import Path

NAME = "manifest.json"
SIGNATURE = f"{NAME}.sig"
COMMIT = "commit"
"""The only key that is no path; its value is that of `Manifest.commit`."""
_DIGEST = re.compile("[0-9a-f]{64}").fullmatch
_SURROGATE = re.compile("[\ud800-\udfff]").search
_COMMIT = re.compile("[0-9a-f]{40,64}(-dirty)?").fullmatch


@dataclass(frozen=True)
class Manifest:
    """The files of a site, as far as `manifest.json` is one that a build or a deployment wrote."""

    digests: Mapping[str, str] = field(default_factory=dict)
    """Path -> SHA-256 in hexadecimal; empty for a file that a deployment is replacing: it may have any content."""
    commit: str = ""
    """The commit of the repository, with `-dirty` where files had been changed since; empty where there is none."""
    is_foreign: bool = False
    """Whether it is that of another program, such as a web app."""
    is_damaged: bool = False
    """Whether it is ours most likely, but does not say which files are."""

    @property
    def is_whole(self) -> bool:
        """Whether no deployment is under way, or was interrupted."""
        return all(self.digests.values())

    def encoded(self) -> bytes:
        """The content of the file: the same files, the same bytes."""
        lines = [f'{encode_basestring(path)}: "{self.digests[path]}"' for path in sorted(self.digests)]
        if self.commit:
            lines.insert(0, f'"{COMMIT}": "{self.commit}"')
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8")


def read(content: bytes) -> Manifest:
    """The manifest with that content; paths that lead out of the site are left out."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return Manifest(is_damaged=True)
    if not isinstance(found, dict):
        return Manifest(is_damaged=True)
    commit = found.pop(COMMIT, "")
    if not isinstance(commit, str) or (commit and not _COMMIT(commit)):
        return Manifest(is_foreign=True)
    if all(isinstance(digest, str) and (not digest or _DIGEST(digest)) for digest in found.values()):
        inside = {path: digest for path, digest in found.items() if is_inside(path)}
        return Manifest(inside, commit, is_damaged=len(inside) < len(found))
    is_foreign = any(isinstance(value, list | dict) or (isinstance(value, str) and value) for value in found.values())
    return Manifest(is_foreign=is_foreign, is_damaged=not is_foreign)


def of_folder(folder: Path) -> Manifest:
    """The manifest of the site in `folder`, without files where there is none."""
    try:
        content = (folder / NAME).read_bytes()
    except FileNotFoundError:
        return Manifest()
    except OSError:
        return Manifest(is_damaged=True)
    return read(content)


def is_inside(path: str) -> bool:
    """Whether `path` is a path below the folder; the manifest may have been edited."""
    has_parent = ".." in path and ".." in path.split("/")
    return bool(path) and path[0] != "/" and "\\" not in path and not has_parent and not _SURROGATE(path)
