"""Whether git is told to unite two versions of an incident file line by line, which fuses two updates into one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from status_tool.errors import Problem, Unchecked
from status_tool.incident_files import formats
from status_tool.project import git
from status_tool.project.git import Refused
from status_tool.settings.settings import Settings
from status_tool.system import disk

WHAT = "whether git fuses updates that two people wrote"
UNION = "union"
"""The merge driver of git that keeps the lines of both sides (https://git-scm.com/docs/gitattributes)."""
_NEW = ("9999-12-31-not-there-yet.md", "9999-12-31-not-there-yet/99991231T235959Z.md")
"""Files that somebody may write next."""
_PLAIN = ("unspecified", "set", "unset", "text", "binary")


def check(settings: Settings) -> tuple[list[Problem], list[Unchecked]]:
    """A warning for each place that makes git unite incident files; and what cannot be said about it.

    Nothing where there is no repository, as nothing is merged then.
    """
    folder = Path(os.path.realpath(settings.incidents))
    try:
        top = Path(os.fsdecode(git.read(folder, "rev-parse", "--show-toplevel").rstrip(b"\n")))
        found = _united(folder, _drivers(folder, _names(folder)))
        places = {_place(folder, top, name, driver) or _DEFAULT for name, driver in _one_of_each_kind(found)}
    except Refused as refused:
        is_outside = "no git repository" in str(refused)
        return [], [] if is_outside else [Unchecked(WHAT, refused.reason, refused.hint)]
    return [_problem(settings, top, *place) for place in sorted(places)], []


def _names(folder: Path) -> Iterator[str]:
    """The names of all incident and update files, below their folder, and of some that are not there yet."""
    for entry in os.scandir(folder):
        if entry.name.endswith(formats.SUFFIXES):
            yield entry.name
        elif entry.is_dir():
            yield from (f"{entry.name}/{name}" for name in os.listdir(entry) if name.endswith(formats.SUFFIXES))
    yield from _NEW


def _drivers(folder: Path, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """`(name, merge driver)` of each file, as git decides it from all of its attributes."""
    asked = b"".join(os.fsencode(name) + b"\0" for name in names)
    fields = os.fsdecode(git.read(folder, "check-attr", "--stdin", "-z", "merge", stdin=asked)).split("\0")
    return zip(fields[::3], fields[2::3], strict=False)


def _united(folder: Path, drivers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of `drivers` that unite; `""` for a driver that no attribute names, the default."""
    known: dict[str, bool] = {}
    found = []
    for name, driver in drivers:
        if driver not in known:
            known[driver] = _unites(folder, driver)
        if known[driver]:
            found.append((name, "" if driver == "unspecified" else driver))
    return found


def _unites(folder: Path, driver: str) -> bool:
    if driver == "unspecified":
        default = _setting(folder, "merge.default")
        return bool(default) and default not in _PLAIN and _unites(folder, default)
    return driver == UNION or (
        driver not in _PLAIN and bool(re.search(r"--union\b", _setting(folder, f"merge.{driver}.driver")))
    )


def _setting(folder: Path, key: str) -> str:
    try:
        return git.read(folder, "config", "--get", key).decode("utf-8", "replace").strip()
    except Refused:  # it is not set
        return ""


def _one_of_each_kind(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """One of the files in each folder that have the same ending and driver; ten folders are enough to find a line."""
    kinds = {(os.path.split(name)[0], os.path.splitext(name)[1], driver): (name, driver) for name, driver in found}  # noqa: PTH122
    yield from list(kinds.values())[:10]


Place = tuple[str, int, str]
"""The path of a file of attributes, empty for a setting; the line; and what is there."""
_DEFAULT: Place = "", 0, "merge.default"


def _place(folder: Path, top: Path, name: str, driver: str) -> Place | None:
    """The line that gives `name` its driver, as far as its pattern can be understood here; None for a default."""
    if not driver:
        return None
    file = folder / name
    above = [parent for parent in file.parents if parent == top or top in parent.parents]
    named = os.fsdecode(git.read(folder, "rev-parse", "--git-path", "info/attributes").rstrip(b"\n"))
    info = Path(os.path.normpath(folder / named))
    own = _setting(folder, "core.attributesFile") or os.path.join(  # noqa: PTH118
        os.environ.get("XDG_CONFIG_HOME") or "~/.config", "git", "attributes"
    )
    candidates = [info, *(parent / ".gitattributes" for parent in above), Path(own).expanduser()]
    texts = {path: _text(path) for path in candidates}
    words = {f"merge={driver}", *_macros(texts, driver)}
    places = [place for path in candidates for place in _lines(path, texts[path], words)]
    matching = [place for place in places if _may_match(place[2].split()[0], file, Path(place[0]).parent, top)]
    return next(iter([*matching, *places]), ("", 0, f"merge={driver}"))


def _text(path: Path) -> str:
    try:
        return disk.read_text(path) if path.is_file() else ""
    except Exception:  # it cannot be read; git could
        return ""


def _macros(texts: Mapping[Path, str], driver: str) -> set[str]:
    """The names of groups of attributes that contain the driver: `[attr]log merge=union`."""
    pattern = re.compile(rf"^\[attr\](\S+)\s(?:.*\s)?merge={re.escape(driver)}(?:\s|$)", re.MULTILINE)
    return {name for text in texts.values() for name in pattern.findall(text)}


def _lines(path: Path, text: str, words: set[str]) -> list[Place]:
    """The lines with one of `words`, the last first, as it counts for git."""
    lines = [(str(path), number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    is_rule = [place for place in lines if place[2] and not place[2].startswith(("#", "[attr]"))]
    return [place for place in reversed(is_rule) if words & set(place[2].split()[1:])]


def _may_match(pattern: str, file: Path, folder: Path, top: Path) -> bool:
    """Whether a pattern in a file of attributes in `folder` fits `file`, nearly as git reads it."""
    base = folder if folder in file.parents else top
    path = file.relative_to(base).as_posix() if base in file.parents else file.name
    wanted = pattern.strip('"').lstrip("/")
    if "/" not in pattern.strip('"'):
        return fnmatchcase(file.name, wanted)
    return any(fnmatchcase(path, form) for form in (wanted, wanted.replace("**/", "", 1), wanted.replace("**", "*")))


def _problem(settings: Settings, top: Path, path: str, line: int, text: str) -> Problem:
    what = "git unites two versions of an incident file line by line, which fuses two updates into one without a word"
    if not path:
        hint = (
            f"Look for it: git config --show-origin --get-regexp '^(merge\\.default|core\\.attributesfile)$' ({text})"
        )
        if (path, line, text) == _DEFAULT:
            hint = "Unset it: git config --unset merge.default (with --global, if it is your own setting)."
        return Problem(f"{what} ({text}).", settings.shown(settings.incidents), hint=hint)
    folder = Path(os.path.realpath(settings.incidents))
    pattern = f"/{folder.relative_to(top).as_posix()}/**" if top in folder.parents else "*"
    if folder in Path(path).parents:
        pattern = "*"
    hint = f"Remove it from that line, or write below it: {pattern} !merge"
    return Problem(f'{what}: "{text}".', settings.shown(Path(path)), line, hint)
