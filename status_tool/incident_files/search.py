"""Which incident a person means who types its id, or a part of its id or of its title."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from status_tool.errors import StatusError, nearest
from status_tool.model import recurrence
from status_tool.model.update import Text
from status_tool.text import romanized

LISTED = 5
"""How many incidents are listed when more than one matches."""
Titles = Mapping[str, Text]
"""Id -> title, of every incident whose file can be read."""


def find(ids: Sequence[str], query: str, titles: Callable[[], Titles]) -> str:
    """The id `query`; else the only id that contains it; else that of the only title that contains it.

    A title may be in any language and script; case and width do not matter. `titles` is called only when no id
    contains `query`, or several do. Raises StatusError when no incident or more than one matches.
    """
    part = romanized.folded(query)
    if not part:
        raise StatusError("The name of the incident is empty.", hint="Omit it, or write a part of an id or a title.")
    ids = list(dict.fromkeys(ids))
    if query not in ids:
        query = recurrence.series_id(query)  # a window of recurring maintenance has no file of its own
        part = romanized.folded(query)
    if query in ids:
        return query
    matches = [id for id in ids if part in id]
    if len(matches) == 1:
        return matches[0]
    by_id = titles()
    matches = matches or _by_title(ids, query, by_id)
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise StatusError(f'"{query}" matches {len(matches)} incidents.', hint=_choice(matches, by_id))
    raise StatusError(f'No incident matches "{query}".', hint=_remedy(query, ids, by_id))


def _by_title(ids: Sequence[str], query: str, titles: Titles) -> list[str]:
    """The ids of the titles that contain `query`; if none does, of those that contain it when both are romanized."""
    part, spelt = romanized.folded(query), romanized.hyphenated(query)
    matches = [id for id in ids if any(part in romanized.folded(text) for text in _texts(titles, id))]
    if matches or not spelt:
        return matches
    return [id for id in ids if spelt in id or any(spelt in romanized.hyphenated(text) for text in _texts(titles, id))]


def _texts(titles: Titles, id: str) -> Iterator[str]:
    """The title of `id` in each of its languages."""
    if id in titles:
        yield from titles[id].translations.values()


def _choice(matches: Sequence[str], titles: Titles) -> str:
    """The last LISTED of `matches`, each with what to type for it."""
    which = f", for example of the last {LISTED}:" if len(matches) > LISTED else ":"
    lines = [f"  {id}  ({titles[id]})" if id in titles else f"  {id}" for id in matches[-LISTED:]]
    return "\n".join([f"Type the whole id of the one you mean{which}", *lines])


def _remedy(query: str, ids: Sequence[str], titles: Titles) -> str:
    """The id that is nearest to `query`, by itself, without its date, or by its title; else how to see all."""
    names = {name: id for id in ids for name in (id, id[11:], *_texts(titles, id)) if name}
    name = nearest(query, names)
    remedy = f'Did you mean "{names[name]}"?' if name else "List all incidents: status list --all"
    unread = len(set(ids) - titles.keys())
    if unread:
        remedy += f"\nTitles were not compared in {unread} file{'s' * (unread > 1)} with errors: status check"
    return remedy
