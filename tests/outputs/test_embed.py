"""What a product's page gets from us: a small script, and a page for a frame."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS

from status_tool.errors import StatusError
from status_tool.incident_files import parser
from status_tool.outputs import embed, plan, security_policy
from status_tool.render import context
from status_tool.render.context import RenderContext
from status_tool.settings import settings
from status_tool.system import clock

EVIL = "</title></script><script>window.ran=1</script>\"'><img src=x onerror=window.ran=1> {{ 7*7 }} `${7*7}`"


def made(
    folder: Path,
    *texts: str,
    language: str = "en",
    name: str = "Example Status",
    templates: dict[str, str] | None = None,
) -> RenderContext:
    text = sites.SETTINGS.replace("Example Status", json.dumps(name).replace("{", "{{").replace("}", "}}"))
    file = sites.make(folder / "s", language=language, settings=text) / "mkdocs.yml"
    for own, template in (templates or {}).items():
        path = file.parent / "site_templates" / "pages" / own
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template)
    incidents = [
        parser.parse(text, f"x-{number}.md", components=["api", "website"]) for number, text in enumerate(texts)
    ]
    return context.make(settings.load(file), incidents, clock.parse_time(sites.NOW))


def words(page: bytes) -> str:
    """What a reader of the page sees, on one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.decode().partition('role="status" aria')[2].partition(">")[2]).split())


def test_the_script_is_smaller_than_four_kilobytes(tmp_path: Path) -> None:
    assert len(embed.script(made(tmp_path))) < 4096


def test_the_script_is_the_same_whatever_happens_and_whatever_the_language(tmp_path: Path) -> None:
    quiet, loud = made(tmp_path / "quiet"), made(tmp_path / "loud", API_ERRORS, language="fr", name=EVIL)

    assert embed.script(quiet) == embed.script(loud)


def test_the_script_keeps_nothing_and_writes_no_markup(tmp_path: Path) -> None:
    code = embed.script(made(tmp_path)).decode()

    assert re.findall(r"cookie|Storage|indexedDB|innerHTML|insertAdjacent|document\.write|eval|console", code) == []


def test_the_script_knows_every_state(tmp_path: Path) -> None:
    code = embed.script(made(tmp_path)).decode()
    states = json.loads(re.search(r"states=(\{.*?\})\n", code)[1])  # type: ignore[index]

    assert list(states) == [
        "operational", "under_maintenance", "unknown", "degraded_performance", "partial_outage", "major_outage"
    ]  # fmt: skip


def test_what_is_quoted_stays_as_it_is_and_a_statement_still_ends_with_its_line(tmp_path: Path) -> None:
    code = 'const a = { b: "x  =  y" } // a\n\n  const c = (d) =>\n `p  {\n q: ${ d } }`\n  return a - -b + c\n'
    found = made(tmp_path, templates={"embed.js": f"{{% filter minified %}}{code}{{% endfilter %}}"})

    assert embed.script(found) == b'const a={b:"x  =  y"}\nconst c=(d)=>`p  {\n q: ${ d } }`\nreturn a- -b+c'


def test_the_page_says_the_state_the_worst_incident_and_as_of_when(tmp_path: Path) -> None:
    minor = API_ERRORS.replace("major_outage", "degraded_performance").replace("API errors", "Slow API")
    found = embed.page(made(tmp_path, minor, API_ERRORS))

    assert words(found) == (
        "Major outage API errors · Investigating · 1 more on the page As of 23 November 2026, 14:05 UTC"
    )
    assert b'<a href="incidents/x-1/">' in found
    assert b'<base target="_top">' in found
    assert b'<meta name="robots" content="noindex">' in found


def test_the_page_of_a_quiet_site_leads_to_it(tmp_path: Path) -> None:
    found = embed.page(made(tmp_path))

    assert words(found) == "All systems operational Example Status · As of 23 November 2026, 14:05 UTC"


def test_the_page_speaks_the_sites_language(tmp_path: Path) -> None:
    found = embed.page(made(tmp_path, API_ERRORS, API_ERRORS, language="fr"))

    assert words(found) == (
        "Panne majeure API errors · En cours d’analyse · 1 de plus sur la page Au 23 novembre 2026, 14:05 UTC"
    )
    assert b'<html lang="fr" dir="ltr" ' in found


def test_any_page_may_frame_it_and_no_foreign_script_runs_in_it(tmp_path: Path) -> None:
    found = embed.page(made(tmp_path, API_ERRORS)).decode()

    assert (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{security_policy.policy([])}">'
        in found
    )
    assert "frame-ancestors" not in found + security_policy.headers([], []).decode()


def test_hosts_let_other_pages_read_what_the_script_needs() -> None:
    headers = security_policy.headers([], []).decode()

    for path in ("/*.json", "/embed.js"):
        assert f"\n{path}\n  Access-Control-Allow-Origin: *\n" in headers


def test_no_title_or_name_becomes_markup(tmp_path: Path) -> None:
    title = f"title: {json.dumps(EVIL)}"
    evil = embed.page(made(tmp_path / "evil", API_ERRORS.replace("title: API errors", title), name=EVIL)).decode()
    plain = embed.page(made(tmp_path / "plain", API_ERRORS)).decode()
    tags = [re.findall(r"<[a-z!/][^\s>]*", page) for page in (evil, plain)]

    assert tags[0] == tags[1]


def test_a_sites_own_script_and_page_come_first(tmp_path: Path) -> None:
    own = {"embed.js": "// ours\nlet a  =  1\n", "embed.html": "<head></head><p>{{ headline }}</p>"}
    found = made(tmp_path, templates=own)

    assert embed.script(found) == b"// ours\nlet a  =  1"
    assert embed.page(found).endswith(b"</head><p>All systems operational</p>")


def test_a_mistake_in_a_sites_own_script_has_its_place(tmp_path: Path) -> None:
    found = made(tmp_path, templates={"embed.js": "\n{{ nothing.here }}"})

    with pytest.raises(StatusError, match=r"site_templates/pages/embed\.js:2: 'nothing' is undefined"):
        embed.script(found)


def test_nobody_else_writes_there() -> None:
    assert plan.is_reserved("embed.js")
    assert plan.is_reserved("embed.html")
