"""Which components a person means who types numbers, names or parts of names; and how the list of them is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import click

from status_tool.errors import did_you_mean
from status_tool.model.component import Component
from status_tool.text import romanized

LONG = 20
"""A list with more components is shown on demand only; it is searched by names."""


def grouped(components: Iterable[Component]) -> list[Component]:
    """The components with those of a group together, as groups first appear."""
    groups: dict[str, list[Component]] = {}
    for component in components:
        groups.setdefault(component.group, []).append(component)
    return [component for group in groups.values() for component in group]


def lines(components: Sequence[Component], shown: Iterable[Component] | None = None) -> Iterator[str]:
    """The list: each with its number among `components`, below the name of its group. `shown` is a part of it."""
    numbers = {component.id: number for number, component in enumerate(components, 1)}
    group = ""
    for component in components if shown is None else shown:
        if component.group != group:
            group = component.group
            yield group or "Other"
        described = "" if component.name.lower() == component.id else f"  ({component.id})"
        yield f"  {numbers[component.id]}  {component.name}{described}"


def chosen(typed: str, components: Sequence[Component]) -> list[Component]:
    """The components that `typed` names: `1,3`, `2-4`, `api, Website`, or a group; each once.

    UsageError, which lists what could be meant, when a part fits none or several.
    """
    found = [component for part in typed.split(",") if part.strip() for component in _part(part.strip(), components)]
    return list(dict.fromkeys(found))


def _part(typed: str, components: Sequence[Component]) -> list[Component]:
    if exact := _exact(typed, components):
        return exact
    words = typed.split()
    if len(words) > 1 and all(_exact(word, components) for word in words):
        return [component for word in words for component in _exact(word, components)]
    return [_containing(typed, components)]


def _exact(typed: str, components: Sequence[Component]) -> list[Component]:
    """What a number, a range of numbers, an id, a name or the name of a group means; nothing for anything else."""
    first, dash, last = typed.partition("-")
    if first.isdecimal() and (last.isdecimal() if dash else True):
        begin, end = int(first), int(last or first)
        if not 1 <= begin <= end <= len(components):
            raise click.UsageError(f'"{typed}": the numbers are 1 to {len(components)}.')
        return list(components[begin - 1 : end])
    folded = romanized.folded(typed)
    named = [component for component in components if folded in map(romanized.folded, (component.id, component.name))]
    return named[:1] or [component for component in components if romanized.folded(component.group) == folded]


def _containing(typed: str, components: Sequence[Component]) -> Component:
    """The only component whose id or name contains `typed`."""
    folded = romanized.folded(typed)
    fitting = [
        component
        for component in components
        if any(folded in romanized.folded(n) for n in (component.id, component.name))
    ]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        suggestion = did_you_mean(typed, [component.id for component in components], _names(components))
        raise click.UsageError(f'No component fits "{typed}". {suggestion or "Type * to see them all."}')
    listed = "\n".join(lines(components, fitting[:LONG]))
    more = f"\n{len(fitting) - LONG} more: type more of the name." if len(fitting) > LONG else ""
    raise click.UsageError(f'"{typed}" fits {len(fitting)}. Type numbers, or more of the name:\n{listed}{more}')


def _names(components: Sequence[Component]) -> Mapping[str, list[str]]:
    return {component.id: [component.name] for component in components}
