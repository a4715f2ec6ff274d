"""Which groups of components the home page has, and which of them it shows unfolded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from status_tool.model.component import OPERATIONAL, ComponentStatus
from status_tool.model.uptime import ComponentSummary

MAX_UNFOLDED = 20
"""The largest number of components that are all shown at once; of more, only the groups in which something is wrong."""


@dataclass(frozen=True)
class Group:
    """Components under one heading; with an empty `name`, those to which the settings give no group."""

    name: str
    components: tuple[ComponentSummary, ...]
    """In the order of the settings; at least one."""
    folds: bool
    """Whether readers can fold it; otherwise its components are always shown."""
    is_open: bool
    """Whether it is unfolded when the page is opened."""

    @property
    def status(self) -> ComponentStatus:
        """The worst status of its components, which readers of a folded group see."""
        return max(summary.status for summary in self.components)


def groups_of(components: Sequence[ComponentSummary]) -> list[Group]:
    """The groups in the order of the settings."""
    by_name: dict[str, list[ComponentSummary]] = {}
    for summary in components:
        by_name.setdefault(summary.component.group, []).append(summary)
    is_long = len(components) > MAX_UNFOLDED
    groups: list[Group] = []
    for name, summaries in by_name.items():
        if name:
            groups.append(_group(name, summaries, is_long))
        else:
            groups += _without_name(summaries)
    return groups


def _group(name: str, components: Sequence[ComponentSummary], is_long: bool) -> Group:
    is_affected = any(summary.status is not OPERATIONAL for summary in components)
    return Group(name, tuple(components), folds=True, is_open=is_affected or not is_long)


def _without_name(components: Sequence[ComponentSummary]) -> Iterator[Group]:
    """One group; of many components two: what is not operational, always shown, and the rest, which is folded."""
    if len(components) <= MAX_UNFOLDED:
        yield Group("", tuple(components), folds=False, is_open=True)
        return
    affected = tuple(summary for summary in components if summary.status is not OPERATIONAL)
    if affected:
        yield Group("", affected, folds=False, is_open=True)
    rest = tuple(summary for summary in components if summary.status is OPERATIONAL)
    if rest:
        yield Group("", rest, folds=True, is_open=False)
