"""Which settings and folders prevent a build of the site; commands that write incidents do not need them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from status_tool.errors import Problem, StatusError
from status_tool.settings import kept_audit, mkdocs_yml
from status_tool.settings.settings import Settings
from status_tool.system import disk, fingerprint
from status_tool.text import conflict_markers

_HOW_TO_MOVE_SITE = mkdocs_yml.HOW_TO_MOVE_SITE.capitalize()


def problems(settings: Settings) -> list[Problem]:
    """Every problem that prevents a build; none if the site can be built."""
    checks = (_missing, _unreadable, _misplaced, _published_records, _contents, _audit)
    return [problem for check in checks for problem in check(settings)]


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


def _published_records(settings: Settings) -> Iterator[Problem]:
    """Incident files that MkDocs would publish as they are, with drafts and all."""
    incidents = f"{os.path.realpath(settings.incidents)}/"
    for folder in (settings.docs, *settings.theme_folders):
        inside = (path for path in fingerprint.files(folder) if os.path.realpath(path).startswith(incidents))
        if first := next(inside, None):
            what = f"incident files in {settings.shown(folder)} would be published as they are, drafts too."
            hint = "Move the folder of incidents elsewhere, or remove the link to it."
            yield Problem(what, settings.shown(Path(first)), hint=hint)


def _contents(settings: Settings) -> Iterator[Problem]:
    """Conflict markers in pages and templates, and files that no build can read.

    Settings and incident files are searched when they are read.
    """
    folders = (settings.docs, settings.templates, *settings.theme_folders)
    for path in dict.fromkeys(path for folder in folders for path in fingerprint.files(folder)):
        if not os.path.isfile(path):  # noqa: PTH113
            if Path(path).name.startswith("."):  # such as the lock of an editor; MkDocs ignores it, too
                continue
            what = "this is not a readable file, so the site cannot be built."
            yield Problem(what, settings.shown(Path(path)), hint="Remove it, or repair the link.")
            continue
        try:
            content = disk.read_unless_binary(Path(path))
        except StatusError as error:
            yield from error.problems
            continue
        if path.endswith((".md", ".po")) and b"\x00" not in content:
            try:
                content.decode("utf-8")
            except UnicodeDecodeError as error:
                line = content.count(b"\n", 0, error.start) + 1
                yield Problem("not UTF-8 text.", settings.shown(Path(path)), line, "Save the file as UTF-8.")
                continue
        if conflict_markers.is_possible(content):
            text = content.decode("utf-8", "replace")
            conflict = conflict_markers.problem(text, settings.shown(Path(path)))
            if conflict:
                yield conflict


def _audit(settings: Settings) -> Iterator[Problem]:
    """A file in place of the last audit that is none."""
    try:
        kept_audit.read(settings)
    except StatusError as error:
        yield from error.problems
