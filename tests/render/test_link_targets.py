"""Where a relative link in a text of an incident leads, or why it leads nowhere and what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites

from status_tool.errors import Problem
from status_tool.project.project import END_OF_TIME, Project
from status_tool.render.link_targets import LinkTargets, Target
from status_tool.settings import settings as site_settings
from status_tool.system import clock

POSTMORTEM = sites.API_ERRORS.replace("---\n", "---\nreplay: true\n", 1) + "## What happened\n\n## 何が起きたか\n"
RULE = sites.WORK.replace("04:00:00Z}", "04:00:00Z, repeat: FREQ=WEEKLY;COUNT=3}")
FILES = {
    "2026-11-23-api-errors.md": POSTMORTEM,
    "2026-11-20-slow-website.yml": sites.RESOLVED,
    "2026-11-21-draft.yml": f"draft: true\n{sites.RESOLVED}",
    "2026-12-01-work.yml": RULE,
}
DOCS = ("guide/index.md", "guide/steps.md", "more/README.md", "a b.pdf", "日本.md", ".hidden.md", "incidents.md")


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> LinkTargets:
    site = sites.make(tmp_path_factory.mktemp("links") / "s", FILES, url="https://example.org/status/")
    for name in DOCS:
        (site / "docs" / name).parent.mkdir(exist_ok=True)
        (site / "docs" / name).touch()
    (site / "README.md").touch()
    settings = site_settings.load(site / "mkdocs.yml")
    now = clock.parse_time(sites.NOW)
    return LinkTargets(settings, Project(settings, now).incidents(latest=END_OF_TIME))


def found(targets: LinkTargets, address: str, id: str = "2026-11-23-api-errors") -> Target | Problem:
    return targets.find(targets.incidents[id], address)


@pytest.mark.parametrize(
    ("address", "address_on_the_site"),
    [
        ("../docs/about.md", "about/"),
        ("../docs/about.md?x=1#how", "about/?x=1#how"),
        ("../docs/guide/", "guide/"),
        ("../docs/guide", "guide/"),
        ("../docs/guide/index.md", "guide/"),
        ("../docs/guide/steps.md", "guide/steps/"),
        ("../docs/more/README.md", "more/"),
        ("../docs/a%20b.pdf", "a b.pdf"),
        ("../docs/%E6%97%A5%E6%9C%AC.md", "日本/"),
        ("/docs/about.md", "about/"),
        ("/about/", "about/"),
        ("/about", "about/"),
        ("/about/index.html#how", "about/#how"),
        ("/status/about/", "about/"),
        ("/", ""),
        ("/status/", ""),
        ("about/", "about/"),
        ("../about/", "about/"),
        ("../../about/", "about/"),
        ("../../", ""),
        ("/a%20b.pdf", "a b.pdf"),
        ("/history/", "history/"),
        ("/history/2026-11/", "history/2026-11/"),
        ("/history/2026-11.json", "history/2026-11.json"),
        ("/components/api/", "components/api/"),
        ("/feed.atom", "feed.atom"),
        ("2026-11-20-slow-website.yml", "incidents/2026-11-20-slow-website/"),
        ("./2026-11-20-slow-website.yml#u-20261120T100000Z", "incidents/2026-11-20-slow-website/#u-20261120T100000Z"),
        ("/incidents/2026-11-20-slow-website/", "incidents/2026-11-20-slow-website/"),
        ("../2026-11-20-slow-website/", "incidents/2026-11-20-slow-website/"),
        ("2026-12-01-work.yml", "incidents/2026-12-01-work/"),
        ("/incidents/2026-12-01-work-20261208t0200z/", "incidents/2026-12-01-work-20261208t0200z/"),
        ("#what-happened", "incidents/2026-11-23-api-errors/#pm-what-happened"),
        ("#pm-what-happened", "incidents/2026-11-23-api-errors/#pm-what-happened"),
        ("#%E4%BD%95%E3%81%8C%E8%B5%B7%E3%81%8D%E3%81%9F%E3%81%8B", "incidents/2026-11-23-api-errors/#pm-何が起きたか"),
        ("#post-mortem", "incidents/2026-11-23-api-errors/#post-mortem"),
        ("#u-20261123T130000Z", "incidents/2026-11-23-api-errors/#u-20261123T130000Z"),
        ("#top", "incidents/2026-11-23-api-errors/#top"),
        ("#", "incidents/2026-11-23-api-errors/"),
        (
            "/incidents/2026-11-23-api-errors/replay/20261123T130000Z/",
            "incidents/2026-11-23-api-errors/replay/20261123T130000Z/",
        ),
    ],
)
def test_a_link_leads_to_a_place_on_the_site(targets: LinkTargets, address: str, address_on_the_site: str) -> None:
    target = found(targets, address)

    assert isinstance(target, Target), target
    query, fragment = (f"{mark}{part}" if part else "" for mark, part in (("?", target.query), ("#", target.fragment)))
    assert f"{target.path}{query}{fragment}" == address_on_the_site


@pytest.mark.parametrize(
    ("address", "what", "hint"),
    [
        ("../docs/abuot.md", 'the link "../docs/abuot.md" leads nowhere.', 'Did you mean "../docs/about.md"?'),
        ("..%5Cdocs%5Cabout.md", r'the link "..\docs\about.md" leads nowhere.', 'Did you mean "../docs/about.md"?'),
        ("/abuot/", 'the link "/abuot/" leads nowhere.', 'Did you mean "/about/"?'),
        ("../docs/ABOUT.md", 'the link "../docs/ABOUT.md" leads nowhere.', 'Did you mean "../docs/about.md"?'),
        ("../README.md", 'the link "../README.md" leads to a file that is not published.', "Move it to"),
        ("/README.md", 'the link "/README.md" leads to a file that is not published.', "Move it to"),
        ("../docs/.hidden.md", 'the link "../docs/.hidden.md" leads to a file', "MkDocs leaves it out"),
        ("../../../about/", 'the link "../../../about/" leads nowhere.', "Write a file"),
        ("2026-11-20-slow-websites.yml", "leads nowhere.", 'Did you mean "2026-11-20-slow-website.yml"?'),
        ("2026-11-20-slow-website.md", "leads nowhere.", 'Did you mean "2026-11-20-slow-website.yml"?'),
        ("2026-11-21-draft.yml", 'the link "2026-11-21-draft.yml" leads to a draft', "Publish it too"),
        ("/incidents/2026-11-20-slow-website/replay/20261120T100000Z/", "leads nowhere.", "Did you mean"),
        ("/incidents/2026-11-23-api-errors-20261208t0200z/", "leads nowhere.", "Did you mean"),
        ("/history/2026-13/", "leads nowhere.", 'Did you mean "/history/"?'),
        ("#what-hapened", 'the link "#what-hapened" leads to no place on that page.', 'Did you mean "#what-happened"?'),
        ("#u-20261123T130001Z", "leads to no place on that page.", 'Did you mean "#u-20261123T130000Z"?'),
        ("2026-11-20-slow-website.yml#post-mortem", "leads to no place on that page.", "Write a heading"),
        ("//example.org/a", 'the link "//example.org/a" has no scheme.', "Write https://example.org/a"),
        ("www.example.org/a", "leads nowhere.", "Did you mean https://www.example.org/a?"),
        ("example.org", "leads nowhere.", "Did you mean https://example.org?"),
        ("a@example.org", "leads nowhere.", "Did you mean mailto:a@example.org?"),
        ("+1%20555%200100", "leads nowhere.", "Did you mean tel:+15550100?"),
        ("?x", 'the link "?x" leads nowhere.', "Write a file"),
        ("", "a link has no address.", "Write a file"),
        ("//[x", "", "Write"),
    ],
)
def test_a_link_that_leads_nowhere_is_a_problem(targets: LinkTargets, address: str, what: str, hint: str) -> None:
    problem = found(targets, address)

    assert isinstance(problem, Problem)
    assert what in problem.what
    assert problem.hint.startswith(hint)


def test_a_draft_may_lead_to_a_draft(targets: LinkTargets) -> None:
    assert isinstance(found(targets, "2026-11-21-draft.yml", "2026-11-21-draft"), Target)


def test_every_file_of_a_site_that_does_not_come_and_go_can_be_linked_to(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": POSTMORTEM})
    context = sites.context_at(site)
    targets = LinkTargets(context.settings, context.record)
    paths = set(sites.files_of(context)) - {"_headers"}
    paths = {
        path for path in paths if not path.startswith("assets/") and not path.endswith(("/feed.atom", ".png", ".gz"))
    }

    assert [path for path in paths if isinstance(found(targets, f"/{path}"), Problem)] == []
