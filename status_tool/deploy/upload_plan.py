"""In which order files are uploaded, so that at any moment every link on the host leads to a page."""

from __future__ import annotations

from dataclasses import dataclass

from status_tool.outputs import manifest
from status_tool.outputs.manifest import Manifest
from status_tool.outputs.writer import LINKING

HOME = "index.html"


@dataclass(frozen=True)
class UploadPlan:
    """What is uploaded, in the order of the attributes; within one, in any order."""

    same: tuple[str, ...]
    """Files that should be there as they are."""
    before: Manifest
    """What the host says of itself meanwhile: a file that is to change has no digest, as it may have any content."""
    first: tuple[str, ...]
    """Files that lead to no other."""
    new_pages: tuple[str, ...]
    """Pages that are not there yet: without the links to files of `new_documents` and to each other."""
    new_documents: tuple[str, ...]
    """Other files that are not there yet, and lead to some that are there now."""
    last: tuple[str, ...]
    """The new pages, whole; and what is there and changes."""
    home: tuple[str, ...]
    """The home page, where there was none: nobody follows a link before."""
    gone: tuple[str, ...]
    """Files that the site no longer has, which are deleted."""

    @property
    def changed(self) -> int:
        return len(self.first) + len(self.new_documents) + len(self.last) + len(self.home)

    @property
    def absent(self) -> frozenset[str]:
        """The files to which no page may lead while `new_pages` are uploaded."""
        return frozenset((*self.new_pages, *self.new_documents))


def of(new: Manifest, there: Manifest, *, renew: bool = False) -> UploadPlan:
    """The plan that turns a host with the site `there` into one with the site `new`.

    `renew`: what the host says that it has is uploaded all the same.
    """
    if renew:
        there = Manifest(dict.fromkeys(there.digests, ""))
    changed = [path for path, digest in sorted(new.digests.items()) if there.digests.get(path) != digest]
    gone = tuple(path for path in sorted(there.digests) if path not in new.digests and path != manifest.NAME)
    before = Manifest({**there.digests, **dict.fromkeys((*changed, *gone), "")})
    is_changed = set(changed)
    same = tuple(path for path in new.digests if path not in is_changed)
    first = tuple(path for path in changed if not path.endswith(LINKING))
    linking = [path for path in changed if path.endswith(LINKING)]
    if HOME not in there.digests:
        home = tuple(path for path in linking if path == HOME)
        return UploadPlan(same, before, first, (), (), tuple(path for path in linking if path != HOME), home, gone)
    new_files = [path for path in linking if not there.digests.get(path)]
    new_pages = tuple(path for path in new_files if path.endswith(".html"))
    new_documents = tuple(path for path in new_files if path not in new_pages)
    last = tuple(path for path in linking if path not in new_documents)
    return UploadPlan(same, before, first, new_pages, new_documents, last, (), gone)
