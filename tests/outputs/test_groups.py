"""Which groups of components readers see unfolded, and what a folded one says of its components."""

from __future__ import annotations

import re
from pathlib import Path

import sites

from incidents import at, incident
from status_tool.model.component import Component, ComponentStatus
from status_tool.model.incident import Incident
from status_tool.model.uptime import ComponentSummary
from status_tool.outputs import groups, pages
from status_tool.outputs.groups import MAX_UNFOLDED, groups_of
from status_tool.render import context
from status_tool.settings import settings

OPERATIONAL, MAINTENANCE, PARTIAL, MAJOR = (
    ComponentStatus.OPERATIONAL,
    ComponentStatus.UNDER_MAINTENANCE,
    ComponentStatus.PARTIAL_OUTAGE,
    ComponentStatus.MAJOR_OUTAGE,
)


def components(group: str, *statuses: ComponentStatus) -> list[ComponentSummary]:
    return [
        ComponentSummary(Component(f"{group or 'c'}-{n}", f"C {n}", group), status, at(0), at(0).tzinfo, [], ())
        for n, status in enumerate(statuses)
    ]


def shape(found: list[groups.Group]) -> list[tuple[str, int, str, bool, bool]]:
    return [(group.name, len(group.components), group.status.value, group.folds, group.is_open) for group in found]


def test_of_few_components_all_are_in_sight() -> None:
    listed = components("a", *[OPERATIONAL] * (MAX_UNFOLDED - 1)) + components("", OPERATIONAL)

    assert shape(groups_of(listed)) == [("a", 19, "operational", True, True), ("", 1, "operational", False, True)]


def test_of_many_only_groups_in_which_something_is_wrong_are_unfolded() -> None:
    listed = [
        *components("fine", *[OPERATIONAL] * 20),
        *components("down", OPERATIONAL, PARTIAL, MAJOR),
        *components("work", MAINTENANCE, OPERATIONAL),
        *components("", OPERATIONAL, MAJOR),
    ]

    assert shape(groups_of(listed)) == [
        ("fine", 20, "operational", True, False),
        ("down", 3, "major_outage", True, True),
        ("work", 2, "under_maintenance", True, True),
        ("", 2, "major_outage", False, True),
    ]


def test_many_components_without_a_group_fold_into_one_and_what_is_wrong_stays_outside() -> None:
    many = components("", *[OPERATIONAL] * 30, MAJOR, *[OPERATIONAL] * 30)

    assert shape(groups_of(many)) == [("", 1, "major_outage", False, True), ("", 60, "operational", True, False)]
    assert shape(groups_of(many[:30])) == [("", 30, "operational", True, False)]
    assert shape(groups_of(components("", *[MAJOR] * 30))) == [("", 30, "major_outage", False, True)]


def home(folder: Path, found: Incident, count: int, group: str) -> str:
    listed = "".join(f"    - {{{{id: c-{n}, name: C {n}{group}}}}}\n" for n in range(count))
    text = sites.SETTINGS.partition("    - {{id: api")[0] + listed
    site = sites.make(folder / "s", {}, settings=text)
    return pages.home(context.make(settings.load(site / "mkdocs.yml"), [found], at(12))).body


def summaries(body: str) -> list[tuple[bool, str]]:
    """Whether each group of the home page is unfolded, and what its summary says."""
    found = re.findall(r'<details class="st-fold st-group"[^>]*?( open)?>\s*<summary>(.*?)</summary>', body, re.DOTALL)
    return [(bool(is_open), " ".join(re.sub("<[^>]*>", " ", text).split())) for is_open, text in found]


def test_a_folded_group_says_its_state_in_a_word_and_how_many_components_it_has(tmp_path: Path) -> None:
    body = home(tmp_path, incident("1 investigating c-3=major_outage"), 21, ", group: '<Core>'")

    assert summaries(body) == [(True, "&lt;Core&gt; 21 components Major outage")]


def test_components_without_a_group_have_a_name_when_they_are_folded(tmp_path: Path) -> None:
    down, over = (
        incident("1 investigating c-3=major_outage"),
        incident("1 investigating c-3=major_outage", "2 resolved"),
    )

    assert summaries(home(tmp_path / "a", down, 23, "")) == [(False, "Other components 22 components Operational")]
    assert summaries(home(tmp_path / "b", over, 23, "")) == [(False, "All components 23 components Operational")]
