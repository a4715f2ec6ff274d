"""Which incident a person means who types its id, or a part of its id or of its title."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from status_tool.errors import StatusError, nearest
from status_tool.incident_files import formats, update_files
from status_tool.model import recurrence
from status_tool.model.update import Text
from status_tool.text import romanized

LISTED = 5
"""How many incidents are listed when more than one matches."""


class Known(NamedTuple):
    """What the file of an incident says of it."""

    title: Text
    is_open: bool


Files = Mapping[str, Known]
"""By the id of the incident; without those whose file cannot be read."""


def find(ids: Sequence[str], query: str, read: Callable[[], Files]) -> str:
    """The id `query`; else the only id that contains it; else that of the only title that contains it.

    A title may be in any language and script; case and width do not matter. `read` reads the files, and is called only
    when no id contains `query`, or several do. Raises StatusError when no incident or more than one matches.
    """
    if not romanized.folded(query):
        raise StatusError("The name of the incident is empty.", hint="Omit it, or write a part of an id or a title.")
    ids = list(dict.fromkeys(ids))
    if query.endswith(formats.SUFFIXES):  # the path of the file, or of that of an update, as a shell completes it
        path = PurePath(query)
        query = path.stem if update_files.name_problem(path.name) else path.parent.name
    if query not in ids:
        query = recurrence.series_id(query)  # a window of recurring maintenance has no file of its own
    if query in ids:
        return query
    matches = _by_id(ids, query)
    if len(matches) == 1:
        return matches[0]
    files = read()
    matches = matches or _by_title(ids, query, files)
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise StatusError(f'"{query}" matches {len(matches)} incidents.', hint=_choice(matches, files))
    raise StatusError(f'No incident matches "{query}".', hint=_remedy(query, ids, files))


def completions(ids: Sequence[str], typed: str, read: Callable[[], Files]) -> list[str]:
    """The ids that contain `typed`; if none does, those of the titles that contain it."""
    return _by_id(ids, typed) or _by_title(ids, typed, read())


def _by_id(ids: Sequence[str], query: str) -> list[str]:
    part = romanized.folded(query)
    return [id for id in ids if part in id]


def _by_title(ids: Sequence[str], query: str, files: Files) -> list[str]:
    """The ids of the titles that are `query`; else that contain it; else that do when both are romanized."""
    part, spelt = romanized.folded(query), romanized.hyphenated(query)
    folded = {id: [romanized.folded(text) for text in _titles(files, id)] for id in ids}
    return (
        [id for id in ids if part in folded[id]]
        or [id for id in ids if any(part in title for title in folded[id])]
        or [id for id in ids if spelt and _is_spelt(spelt, id, files)]
    )


def _is_spelt(spelt: str, id: str, files: Files) -> bool:
    return spelt in id or any(spelt in romanized.hyphenated(title) for title in _titles(files, id))


def _titles(files: Files, id: str) -> Iterator[str]:
    """The title of `id` in each of its languages."""
    if id in files:
        yield from files[id].title.translations.values()


def _choice(matches: Sequence[str], files: Files) -> str:
    """LISTED of `matches`, the last ones and first of all those that are open, each with what to type for it."""
    by_relevance = sorted(matches, key=lambda id: id in files and files[id].is_open)
    which = "; some of them" if len(matches) > LISTED else ""
    lines = [f"  {id}{_described(files[id]) if id in files else ''}" for id in by_relevance[-LISTED:]]
    return "\n".join([f"Type the whole id of the one you mean{which}:", *lines])


def _described(known: Known) -> str:
    return f"  ({known.title}{', open' if known.is_open else ''})"


def _remedy(query: str, ids: Sequence[str], files: Files) -> str:
    """The id that is nearest to `query`, by itself, without its date, or by its title; else how to see all."""
    names = {name: id for id in ids for name in (id, id[11:], *_titles(files, id)) if name}
    name = nearest(query, names)
    remedy = f'Did you mean "{names[name]}"?' if name else "List all incidents: status list --all"
    unread = len(set(ids) - files.keys())
    if unread:
        remedy += f"\nTitles were not compared in {unread} file{'s' * (unread > 1)} with errors: status check"
    return remedy
