"""Whether the product leads to the page, and whether the page is renewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sites

from status_tool.deploy.audit import upkeep
from status_tool.deploy.audit.facts import Freshness, Gap, Known, Links, Records, Role, Server
from status_tool.deploy.audit.findings import Verdict
from status_tool.deploy.audit.survey import Facts
from status_tool.errors import Problem, Unchecked
from status_tool.model.endpoint import Endpoint
from status_tool.settings import settings
from status_tool.system import clock

NOW = clock.parse_time(sites.NOW)
PAGE = "https://status.example.net/"


def server(url: str, role: Role) -> Server:
    return Server(Endpoint.of(url), role, Records(), (), Known(), None)


def facts(links: Links | Gap, ages: Mapping[str, Freshness | Gap]) -> Facts:
    page, product = server(PAGE, Role.PAGE), server("www.example.org", Role.MONITORED)
    return Facts([page], [product], Gap(""), {}, ages, links, {})


HOME = ("https://www.example.org/",)


@pytest.mark.parametrize(
    ("links", "verdict"),
    [
        (Links(HOME, (f"{PAGE}en/",)), Verdict.OK),
        (Links(HOME, ("https://other.example/", PAGE)), Verdict.OK),
        (Links(HOME), Verdict.WARN),
        (Links(HOME, ("https://other.example/", "mailto:x", "https://[")), Verdict.WARN),
        (Links(HOME, (), "api.example.org did not answer in time"), Verdict.UNKNOWN),
        (Gap("www.example.org: connection refused"), Verdict.UNKNOWN),
    ],
)
def test_the_product_leads_to_the_page_or_not(links: Links | Gap, verdict: Verdict) -> None:
    assert upkeep.link(facts(links, {})).verdict is verdict


def test_a_link_to_the_page_is_shown_with_what_to_write() -> None:
    found = upkeep.link(facts(Links(HOME, ("https://other.example/",)), {}))

    assert found.what == f'{HOME[0]}: rel="status" leads to https://other.example/, not to this page.'
    assert found.remedy == f'Add to the product’s pages: <link rel="status" href="{PAGE}">'


def written(**ago: int) -> Freshness:
    return Freshness(NOW - timedelta(**ago), timedelta(days=1))


@pytest.mark.parametrize(
    ("age", "verdict"),
    [
        (written(hours=23), Verdict.OK),
        (written(hours=24), Verdict.FAIL),
        (written(hours=-1), Verdict.UNKNOWN),
        (Gap("no answer"), Verdict.UNKNOWN),
    ],
)
def test_a_published_page_is_as_old_as_it_says(age: Freshness | Gap, verdict: Verdict, tmp_path: Path) -> None:
    found = settings.load(sites.make(tmp_path / "s") / "mkdocs.yml")
    findings = [*upkeep.heartbeat(facts(Links(), {PAGE: age}), found, [], [], NOW)]

    assert [finding.verdict for finding in findings] == [verdict]


def test_what_check_says_of_the_heartbeat_is_said_here_too(tmp_path: Path) -> None:
    found = replace(settings.load(sites.make(tmp_path / "s") / "mkdocs.yml"), renewed_by=None)
    problems, gaps = [Problem("nothing builds it.", hint="Do.")], [Unchecked("whether it is", "nobody knows")]
    findings = [*upkeep.heartbeat(facts(Links(), {PAGE: written(hours=1)}), found, problems, gaps, NOW)]

    assert [(finding.verdict, finding.what) for finding in findings] == [
        (Verdict.WARN, "Nothing builds it."),
        (Verdict.UNKNOWN, "Not known: whether it is (nobody knows)."),
    ]
