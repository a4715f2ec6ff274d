"""Which of MkDocs' pages become frames, and the result of a finished MkDocs build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from status_tool.errors import Problem, StatusError
from status_tool.mkdocs import indexes
from status_tool.outputs import frame, plan
from status_tool.outputs.host_pages import HostPages
from status_tool.render.phrases import N_
from status_tool.settings.settings import Settings
from status_tool.system import fingerprint

HOME, HISTORY, SUBSCRIBE = "index.html", "history/index.html", "subscribe/index.html"
DEEP, DEEPER = f"{frame.DEEP}index.html", f"{frame.DEEPER}index.html"
FRAMES = (HOME, HISTORY, SUBSCRIBE, DEEP, DEEPER)
"""The files of MkDocs' own that become frames, and so no part of the site: one for each page of ours in the
navigation, and one for each depth of all others."""
TITLES = {HOME: N_("Status"), HISTORY: N_("History"), SUBSCRIBE: N_("Subscribe")}
"""Their titles in the navigation, unless the owner gave others."""


def refuse_collisions(files: Iterable[tuple[str, str, bool]], settings: Settings) -> None:
    """StatusError when an owner's file has the same address as a file of ours, which would replace it.

    Each file is `(path below docs, path below the site, whether it is a page)`. The owner's home page is shown on ours.
    """
    taken = sorted(
        source for source, path, is_page in files if plan.is_reserved(path) or (path == HOME and not is_page)
    )
    if taken:
        raise StatusError.of(
            Problem(
                "the status pages use this address themselves.",
                settings.shown(settings.docs / path),
                hint="Move the file to another name or folder.",
            )
            for path in taken
        )


def missing(built: Path, named: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A warning for each relative address that a key of the settings names, and that is no file in `built`."""
    for key, address in named:
        parts = urlsplit(address)
        is_elsewhere = parts.scheme or parts.netloc or parts.path.startswith("/")
        if parts.path and not is_elsewhere and not (built / unquote(parts.path)).exists():
            hint = "Put the file into docs, correct the name, or take it out of exclude_docs."
            yield f"the site does not have {address}, which {key} names. {hint}"


def collect(built: Path, frames: Mapping[str, str], scripts: Iterable[str], settings: Settings) -> HostPages:
    """The result of MkDocs' build in the folder `built`, with the frames (path -> HTML) that it rendered."""
    for path in FRAMES:
        if path.removesuffix("index.html") not in frames:
            raise StatusError(
                f"MkDocs left out {path}, which the status pages need as a frame.",
                settings.shown(settings.file),
                hint="Remove it from exclude_docs and draft_docs.",
            )
        if frame.BODY_ELEMENT not in frames[path.removesuffix("index.html")]:
            raise StatusError(
                "the theme's template does not show the content of a page.",
                settings.shown(_page_template(settings)),
                hint="Write {{ super() }} or {{ page.content }} into its block content.",
            )
    paths = sorted(path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file())
    files = {path: (built / path).read_bytes() for path in paths}
    files.pop(f"{indexes.SITEMAP}.gz", b"")
    sitemap, search = (files.pop(name, b"") for name in (indexes.SITEMAP, indexes.SEARCH_INDEX))
    return HostPages(
        id=fingerprint.digest_of(*(part for path in files for part in (path, fingerprint.digest(files[path])))),
        frames=dict(frames),
        files=files,
        sitemap=indexes.sitemap(sitemap),
        search=indexes.search(search, settings.site_name),
        scripts=tuple(sorted(scripts)),
        warnings=(),
    )


def _page_template(settings: Settings) -> Path:
    """The owner's override of the theme's page template; `mkdocs.yml` when there is none."""
    folders = (settings.templates / "theme", *settings.theme_folders)
    names = ("main.html", "base.html", "partials/content.html")
    return next((folder / name for folder in folders for name in names if (folder / name).is_file()), settings.file)


def refuse_losses(built: Path, assets: Iterable[str]) -> None:
    """StatusError when a file that MkDocs copied is missing from its folder."""
    if not all((built / path).exists() for path in assets):
        hint = "Another program removed them during the build. Build again."
        raise StatusError("files are missing from the folder in which MkDocs builds.", str(built), hint=hint)
