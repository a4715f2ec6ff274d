"""Which settings and folders prevent a build of the site; commands that write incidents do not need them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from status_tool.errors import Problem, StatusError
from status_tool.settings import mkdocs_yml
from status_tool.settings.settings import Settings
from status_tool.system import disk, fingerprint
from status_tool.text import conflict_markers

_HOW_TO_MOVE_SITE = mkdocs_yml.HOW_TO_MOVE_SITE.capitalize()


def problems(settings: Settings) -> list[Problem]:
    """Every problem that prevents a build; none if the site can be built."""
    return [*_missing(settings), *_unreadable(settings), *_misplaced(settings), *_conflicts(settings)]


def _missing(settings: Settings) -> Iterator[Problem]:
    file = settings.shown(settings.file)
    if not settings.site_name:
        yield Problem("site_name is missing.", file, hint="Add, for example: site_name: Example Status")
    if not settings.site_url:
        hint = "Add, for example: site_url: https://status.example.org/"
        yield Problem("site_url is missing, and feeds need full URLs.", file, hint=hint)
    for what, hint in mkdocs_yml.unsupported(settings.configuration):
        yield Problem(what, file, hint=hint)
    yield from settings.configuration.halves


def _unreadable(settings: Settings) -> Iterator[Problem]:
    if not settings.docs.is_dir():
        what = "this folder does not exist. A site needs it for its own pages."
        yield Problem(what, settings.shown(settings.docs), hint=mkdocs_yml.HOW_TO_ADD_PAGES)
    for source in settings.sources:
        if source.is_dir() and not os.access(source, os.R_OK | os.X_OK):
            yield Problem("cannot be read.", settings.shown(source), hint="Check the permissions of the folder.")


def _misplaced(settings: Settings) -> Iterator[Problem]:
    site, shown = Path(os.path.realpath(settings.site)), settings.shown(settings.site)
    if ".git" in site.parts:
        yield Problem("the site cannot be built in a folder of git.", shown, hint=_HOW_TO_MOVE_SITE)
    for source in settings.sources:
        folder = Path(os.path.realpath(source))
        if site.is_relative_to(folder) or folder.is_relative_to(site):
            what = f"the site cannot be built in this folder: it is in, or contains, {settings.shown(source)}."
            yield Problem(what, shown, hint=_HOW_TO_MOVE_SITE)
            break


def _conflicts(settings: Settings) -> Iterator[Problem]:
    """Conflict markers in pages and templates; settings and incident files are searched when they are read."""
    folders = (settings.docs, settings.templates, *settings.theme_folders)
    for path in dict.fromkeys(path for folder in folders for path in fingerprint.files(folder)):
        try:
            content = disk.read_unless_binary(Path(path))
        except StatusError as error:
            yield from error.problems
            continue
        if conflict_markers.is_possible(content):
            text = content.decode("utf-8", "replace")
            conflict = conflict_markers.problem(text, settings.shown(Path(path)))
            if conflict:
                yield conflict
