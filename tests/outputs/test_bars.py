"""What a component's page shows of its past: how many days a bar has, and which states count as downtime."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sites

from incidents import at, incident
from status_tool.model import summary, uptime
from status_tool.model.component import ComponentStatus
from status_tool.model.incident import Incident
from status_tool.outputs import pages
from status_tool.render import context
from status_tool.render.context import RenderContext
from status_tool.settings import settings

ROOT = Path(__file__).parents[2]


def made(folder: Path, *found: Incident, language: str = "en", now: float = 12, more: str = "") -> RenderContext:
    text = sites.SETTINGS.replace("    components:", f"{more}    components:")
    site = sites.make(folder / "s", {}, language=language, settings=text)
    return context.make(settings.load(site / "mkdocs.yml"), found, at(now))


def component(context: RenderContext) -> str:
    return pages.component(context, context.summary.of_component("api")).body


def test_a_component_page_lists_every_state_that_counts_as_downtime(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(uptime.DOWNTIME_WEIGHTS, ComponentStatus.DEGRADED_PERFORMANCE, 0.05)
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

    assert uptime.DOWNTIME_WEIGHTS == {ComponentStatus.MAJOR_OUTAGE: 1.0, ComponentStatus.PARTIAL_OUTAGE: 0.3}
    assert "a major outage counts as downtime with a weight of 1, in a partial outage with 0.3," in text


def home(context: RenderContext) -> str:
    return pages.home(context).body


def texts(body: str) -> list[str]:
    """What a bar and its legend say, and the heading of the past days."""
    shown = re.findall(r'<svg class="st-bar"[^>]*viewBox="([^"]*)"[^>]*aria-label="([^"]*)"', body)
    legend = re.findall(r'<p class="st-bar-legend"><span>([^<]*)</span>', body)
    past = re.findall(r"<h2>([^<]*(?:days|jours))</h2>", body)
    return [*(text for bar in shown for text in bar), *legend, *past]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "0 0 {days} 10",
                "1 of the last {days} days was not fully operational.",
                "0 0 {days} 10",
                "2 of the last {days} days were not fully operational.",
                "{days} days ago",
                "{days} days ago",
                "The last {past} days",
            ],
        ),
        (
            "fr",
            [
                "0 0 {days} 10",
                "1 des {days} derniers jours n’a pas été pleinement opérationnel.",
                "0 0 {days} 10",
                "2 des {days} derniers jours n’ont pas été pleinement opérationnels.",
                "Il y a {days} jours",
                "Il y a {days} jours",
                "Les {past} derniers jours",
            ],
        ),
    ],
)
@pytest.mark.parametrize(("days", "past"), [(90, 14), (60, 7)])
def test_bars_are_as_long_as_the_settings_and_past_days_as_the_constant_say(
    days: int, past: int, language: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "PAST_DAYS", past)
    found = incident("1 investigating api=major_outage website=partial_outage", "3 identified api=operational")
    more = "" if days == uptime.BAR_DAYS else f"    bar_days: {days}\n"
    body = home(made(tmp_path, found, language=language, now=36, more=more))

    assert body.count(f'style="--days:{days}"') == 2
    assert texts(body) == [text.format(days=days, past=past) for text in expected]
    assert body.count('class="st-day') == past


def test_figures_of_uptime_are_hidden_on_every_page_and_bars_are_not(tmp_path: Path) -> None:
    down = incident("1 investigating api=major_outage", "3 resolved", title="Down")
    shown, hidden = (
        sites.files_of(made(tmp_path / name, down, more=more))
        for name, more in (("a", ""), ("b", "    uptime: false\n"))
    )
    pages_with_figures = ["components/api/index.html", "components/website/index.html", "index.html"]

    assert sorted(path for path, text in shown.items() if b"uptime" in text and path.endswith("html")) == (
        pages_with_figures
    )
    assert [
        path
        for path, text in hidden.items()
        if not path.startswith("assets") and re.search(rb"\buptime|99\.\d", text, re.I)
    ] == []
    assert all(hidden[path].count(b"<rect") == shown[path].count(b"<rect") > 0 for path in pages_with_figures)


def days(body: str) -> list[str]:
    """What the lists of affected days say."""
    lists = re.findall(
        r'<details class="st-fold st-days"[^>]*>(.*?)</details>|<p class="st-days">(.*?)</p>', body, re.S
    )
    return [" ".join(re.sub("<[^>]*>", " ", "".join(texts)).split()) for texts in lists]


def test_every_day_that_was_not_fully_operational_is_a_text_that_links_to_what_happened(tmp_path: Path) -> None:
    slow = incident("1 investigating api=degraded_performance", "3 resolved", title="Slow")
    down = incident("2 investigating api=major_outage", "26.5 resolved", title="Down")
    body = component(made(tmp_path, replace(slow, id="slow"), replace(down, id="down"), now=36))

    assert days(body) == [
        "2 days not fully operational 2 December 2026: Major outage, 2 h 30 min Down"
        " 1 December 2026: Major outage, 22 h Down Slow"
    ]
    assert '<br><a href="../../incidents/down/">' in body


def test_the_home_page_lists_the_newest_days_and_the_component_all(tmp_path: Path) -> None:
    long = incident("1 investigating api=partial_outage", f"{24 * 12} resolved", title="Long")
    found = made(tmp_path, long, now=24 * 20)
    (listed,), (whole,) = days(home(found))[:1], days(component(found))

    assert listed.startswith("12 days not fully operational 12 December 2026: Partial outage, 1 d Long")
    assert listed.endswith("3 December 2026: Partial outage, 1 d Long 2 more")
    assert whole.endswith("1 December 2026: Partial outage, 23 h Long")


def test_days_without_data_are_named_and_not_counted(tmp_path: Path) -> None:
    down = incident("1 investigating website=major_outage", "3 resolved", title="Down")

    assert days(home(made(tmp_path / "a"))) == ["No data before 1 November 2026"]
    assert days(home(made(tmp_path / "b", down))) == [
        "1 day not fully operational 1 December 2026: Major outage, 2 h Down No data before 1 November 2026"
    ]


def test_a_legend_names_every_state_and_no_data(tmp_path: Path) -> None:
    for body in (home(made(tmp_path / "a")), component(made(tmp_path / "b"))):
        (legend,) = re.findall(r'<div class="st-key">(.*?)</div>', body, re.S)

        assert re.findall(r'<span class="st-icon st-(\w+)"[^>]*></span>([^<]*)<', legend) == [
            ("operational", "Operational"),
            ("under_maintenance", "Under maintenance"),
            ("unknown", "Unknown"),
            ("degraded_performance", "Degraded performance"),
            ("partial_outage", "Partial outage"),
            ("major_outage", "Major outage"),
            ("no_data", "No data"),
        ]


def test_the_stylesheet_and_the_manual_alone_repeat_how_long_bars_are() -> None:
    css = (ROOT / "site_templates" / "assets" / "status.css").read_text("utf-8")
    assert re.findall(r"var\(--days, (\d+)\)", css) == [str(uptime.BAR_DAYS)], "correct .st-bar in status.css"
    for file in ("pages/_macros.html", "pages/home.html", "pages/component.html"):
        rules = [line for line in (ROOT / "site_templates" / file).read_text("utf-8").splitlines() if "bar" in line]
        assert not [line for line in rules if re.search(r"\b90(?!deg)\b", line)], file
    assert f"## The last {uptime.BAR_DAYS} days" in (ROOT / "docs" / "reading.md").read_text("utf-8")
