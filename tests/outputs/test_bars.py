"""What a component's page shows of its past: how many days a bar has, and which states count as downtime."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sites

from incidents import at, incident
from status_tool.model import uptime
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Incident
from status_tool.outputs import pages
from status_tool.render import context
from status_tool.render.context import RenderContext
from status_tool.settings import settings

ROOT = Path(__file__).parents[2]


def made(folder: Path, *found: Incident, language: str = "en") -> RenderContext:
    site = sites.make(folder / "s", {}, language=language)
    return context.make(settings.load(site / "mkdocs.yml"), found, at(12))


def component(context: RenderContext) -> str:
    return pages.component(context, context.summary.of_component("api")).body


def test_a_component_page_lists_every_state_that_counts_as_downtime(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(uptime.DOWNTIME, ComponentStatus.DEGRADED_PERFORMANCE, 0.05)
    slow = incident("1 investigating api=degraded_performance", "3 resolved")
    body = component(made(tmp_path, slow))
    (december,) = re.findall(r"<tr><th scope=\"row\">December 2026</th>.*?</tr>", body, re.DOTALL)

    assert re.findall(r'<th scope="col">([^<]*)</th>', body) == [
        "Month", "Uptime", "Major outage", "Partial outage", "Degraded performance",
    ]  # fmt: skip
    assert re.findall(r"<td[^>]*>([^<]*)</td>", december) == ["99.16%", "–", "–", "2 h"]
    assert '<td class="st-degraded_performance">' in december
    assert "Major outage 100%, Partial outage 30%, Degraded performance 5%." in body


def test_the_manual_states_the_weights_that_count() -> None:
    text = " ".join((ROOT / "docs" / "reading.md").read_text("utf-8").split())

    assert uptime.DOWNTIME == {ComponentStatus.MAJOR_OUTAGE: 1.0, ComponentStatus.PARTIAL_OUTAGE: 0.3}
    assert "a major outage counts as downtime with a weight of 1, in a partial outage with 0.3," in text
