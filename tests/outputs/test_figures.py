"""Figures that are fair: nothing is counted that nobody stated, and no share is made of a record of minutes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sites

from status_tool.outputs import pages
from status_tool.render.context import RenderContext

PROMISING = """\
title: Slow
started: 2026-11-20T09:50:00Z
updates:
- {at: 2026-11-20T10:00:00Z, status: investigating, message: We look.}
- {at: 2026-11-20T10:20:00Z, status: identified, next: 10m, message: We know.}
- {at: 2026-11-20T10:40:00Z, status: resolved, message: Over.}
"""


def at(folder: Path, now: str = sites.NOW, text: str = PROMISING, since: str = "", setting: str = "") -> RenderContext:
    settings = sites.SETTINGS.replace("    renewed_by", f"    promise: 30m\n{setting}    renewed_by")
    settings = settings.replace("description: REST", f"description: REST, since: {since or '2024-01-01'}")
    return sites.context_at(sites.make(folder / "s", {"slow.yml": text}, settings=settings), now)


def figures(html: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html))


@pytest.mark.parametrize(("setting", "kept"), [("", "0 of 1"), ("    count_default_promises: true\n", "1 of 2")])
def test_promises_count_that_somebody_made_or_that_the_owner_counts(setting: str, kept: str, tmp_path: Path) -> None:
    context = at(tmp_path, setting=setting)

    assert figures(pages.incident(context, context.summary.incidents[0]).body)["Promises kept"] == kept
    assert figures(pages.history(context).body)["Promises kept"] == kept


@pytest.mark.parametrize(("started", "first"), [(True, "10 min"), (False, "not recorded")])
def test_a_time_to_the_first_update_needs_a_stated_start(started: bool, first: str, tmp_path: Path) -> None:
    text = PROMISING if started else PROMISING.replace("started: 2026-11-20T09:50:00Z\n", "")
    context = at(tmp_path, text=text)

    assert figures(pages.incident(context, context.summary.incidents[0]).body)["Time to first update"] == first
    assert figures(pages.history(context).body)["Time to first update (median)"] == first


DOWN = PROMISING.replace("investigating,", "investigating, components: {api: major_outage},").replace("11-20", "11-23")


@pytest.mark.parametrize(
    ("since", "now", "text", "bar", "months"),
    [
        # A record of five minutes, with and without an outage; of a day; of no time.
        ("2026-11-23", "2026-11-23T00:05:00Z", PROMISING, "Less than a day of data", ["Less than a day of data"]),
        ("2026-11-23", "2026-11-23T12:00:00Z", DOWN, "Less than a day of data", ["Less than a day of data"]),
        ("2026-11-23", "2026-11-24T00:00:00Z", PROMISING, "100% uptime", ["100%"]),
        ("2026-11-24", "2026-11-23T12:00:00Z", PROMISING, "No data", []),
        # A month that has just begun: a failure has its share, its absence has none.
        ("2026-11-01", "2026-12-01T00:05:00Z", PROMISING, "100% uptime", ["Less than a day of data", "100%"]),
        ("2026-11-01", "2026-12-01T12:00:00Z", DOWN.replace("11-23", "12-01"), "99.88% uptime", ["93.05%", "100%"]),
    ],
)  # fmt: skip
def test_a_share_needs_a_day_of_data(
    since: str, now: str, text: str, bar: str, months: list[str], tmp_path: Path
) -> None:
    context = at(tmp_path, now, text, since)
    body = pages.component(context, context.summary.of_component("api")).body

    assert re.findall(r'<span class="st-share">(.*?)</span>', body) == [bar]
    if not bar.endswith("uptime") and text is PROMISING:
        assert f'role="img" aria-label="{bar}">' in body
    assert re.findall(r'<th scope="row">.*?</th>\n<td[^>]*>(.*?)</td>', body) == months


def test_a_second_of_downtime_is_not_100_percent(tmp_path: Path) -> None:
    second = DOWN.replace("10:20:00Z, status: identified, next: 10m", "10:00:01Z, status: resolved")
    context = at(tmp_path, text=second, since="2024-01-01")

    assert "99.99% uptime" in pages.home(context).body
