"""What embed.js shows on a page of another site, and that it does it no harm."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sites as small_sites
import yaml
from browsing import HOSTILE, build, violations
from playwright.sync_api import Browser, Page, expect
from product import Servers, answered, expect_nothing, expect_shown, open_page, pass_time
from sites import API_ERRORS

from status_tool.render import icons
from status_tool.system import clock

pytestmark = pytest.mark.slow

NOW = clock.parse_time(small_sites.NOW)
CASE_FILE = yaml.safe_load((Path(__file__).parents[1] / "cases" / "embed.yml").read_text("utf-8"))
OUTAGE, OPERATIONAL, INCIDENT = (CASE_FILE["names"][name] for name in ("outage", "operational", "incident"))
SHOWN_OUTAGE = ["Major outage", "API errors"]
ALWAYS = 'data-show="always" async'
INSERTED = """<script>
  addEventListener("load", () => document.head.append(Object.assign(document.createElement("script"), { src: "%s" })))
</script>"""
DETAILS = """(host, states) => {
  const root = host.shadowRoot, box = root.querySelector("div"), parent = host.parentElement
  const { backgroundColor, direction } = getComputedStyle(box), { x, y, right } = box.getBoundingClientRect()
  const { scrollWidth, clientWidth } = document.documentElement
  const color = "#" + backgroundColor.match(/\\d+/g).map(part => (+part).toString(16).padStart(2, 0)).join("")
  const shape = [color, ...Array.from(root.querySelectorAll("path"), path => path.getAttribute("d"))]
  return {
    direction,
    display: getComputedStyle(host).display,
    first: host === parent.firstElementChild,
    half: y < innerHeight / 2 ? "upper" : "lower",
    inside: x >= 0 && right < innerWidth && scrollWidth <= clientWidth,
    lang: Array.from(root.querySelectorAll("[lang]"), element => element.lang),
    parent: parent.id ? "#" + parent.id : parent.localName,
    state: Object.keys(states).find(state => states[state].join() === shape.join()),
    text_color: getComputedStyle(root.querySelector("b")).color,
  }
}"""
"""The facts that `details` of a case can name. `inside`: nothing reaches beyond the window; `state`: the one whose
colour and shape are shown."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site as it is built during an outage."""
    folder = small_sites.make(tmp_path_factory.mktemp("embed") / "s", {"2026-11-23-api-errors.md": API_ERRORS})
    return build(folder / "mkdocs.yml", small_sites.NOW, folder / "site")


@pytest.fixture(scope="module")
def shared_servers(site: Path) -> Servers:
    return Servers((site / "embed.js").read_bytes())


@pytest.fixture
def servers(shared_servers: Servers) -> Servers:
    shared_servers.reset()
    return shared_servers


@pytest.fixture(scope="module")
def pages(browser: Browser) -> Iterator[dict[str, Page]]:
    """Locale -> a page for all tests: to open a new one for each of them takes five times as long."""
    contexts = {locale: browser.new_context(timezone_id="UTC", locale=locale) for locale in ("en-GB", "fr-FR")}
    yield {locale: context.new_page() for locale, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def page(pages: dict[str, Page], request: pytest.FixtureRequest) -> Iterator[Page]:
    """An empty page at NOW, with the locale and width of its parameter; what is opened in it must print nothing."""
    browser = {"locale": "en-GB", "width": 390, **getattr(request, "param", {})}
    found = pages[browser["locale"]]
    found.context.clear_cookies()
    found.emulate_media(color_scheme="light")
    found.set_viewport_size({"width": browser["width"], "height": 600})
    found.clock.install(time=NOW)
    printed: list[str] = []

    def note(message: Any) -> None:
        printed.append(getattr(message, "text", str(message)))

    found.on("console", note)
    found.on("pageerror", note)
    yield found
    found.goto("about:blank")
    found.remove_listener("console", note)
    found.remove_listener("pageerror", note)
    # The browser itself reports an address that does not answer.
    assert [text for text in printed if not text.startswith("Failed to load")] == []


# -- the cases


@dataclass(frozen=True, kw_only=True)
class Step:
    """What the status site answers at a time, and what the page shows then; the case file explains the fields."""

    shows: list[str] | str
    at: datetime = NOW
    run: str | None = None
    document: dict[str, Any] | str | None = None
    http_status: int = 200
    requests: int = 1
    links: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)


def parameters(case: str, then: Sequence[dict[str, Any]] = (), **row: Any) -> Any:
    """A row of the case file: options of the fixture `page`, keywords of `Servers.write_page`, and steps."""
    browser, product = (
        {key: row.pop(key) for key in keys if key in row}
        for keys in (("locale", "width"), ("script", "lang", "head", "policy"))
    )
    return pytest.param(browser, product, [Step(**step) for step in (row, *then)], id=case)


@pytest.mark.parametrize(
    ("page", "product", "steps"), [parameters(**row) for row in CASE_FILE["cases"]], indirect=["page"]
)
def test_a_page_shows_what_its_case_says(
    page: Page, product: dict[str, str], steps: list[Step], servers: Servers
) -> None:
    servers.write_page(**product)
    for number, step in enumerate(steps):
        servers.http_status = step.http_status
        if step.document is not None:
            servers.answer(step.document)
        if step.run:
            page.evaluate(step.run)
        if number == 0:
            open_page(page, servers)
        else:
            pass_time(page, (step.at - steps[number - 1].at).total_seconds(), asks=step.requests > 0)
        check(page, step, servers.status)
        assert len(servers.requests) == sum(each.requests for each in steps[: number + 1])


def check(page: Page, step: Step, status_address: str) -> None:
    if step.shows == "nothing":
        expect_nothing(page)
    else:
        expect_shown(page, list(step.shows))
    for name, path in step.links.items():
        expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute("href", status_address + path)
    if step.details:
        found = page.locator("status-embed").evaluate(DETAILS, icons.SHAPES)
        assert {key: found[key] for key in step.details} == step.details
    assert {expression: page.evaluate(expression) for expression in step.values} == step.values


# -- what embed.js does to the page


def test_a_script_inserted_later_finds_the_status_site_below_a_path(servers: Servers, page: Page) -> None:
    servers.answer(OUTAGE)
    servers.write_page(None, head=INSERTED % "{status}team/embed.js?v=1")
    open_page(page, servers)

    expect_shown(page, SHOWN_OUTAGE)
    expect(page.get_by_role("link", name="API errors")).to_have_attribute("href", f"{servers.status}team/")


def test_the_script_sends_no_cookie_or_referrer_and_stores_nothing(servers: Servers, page: Page) -> None:
    page.context.add_cookies([{"name": "secret", "value": "1", "url": servers.status}])
    servers.answer(OUTAGE)
    servers.write_page()
    open_page(page, servers)

    expect_shown(page, SHOWN_OUTAGE)
    assert [sorted({"Cookie", "Referer"} & set(headers)) for headers in servers.requests] == [[]]
    assert len(page.context.cookies()) == 1
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_the_status_json_of_a_built_site_is_understood(servers: Servers, site: Path, page: Page) -> None:
    servers.answer((site / "status.json").read_text("utf-8"))
    servers.write_page()
    open_page(page, servers)

    expect_shown(page, SHOWN_OUTAGE)


def test_no_text_of_status_json_becomes_markup_or_runs(servers: Servers, page: Page) -> None:
    servers.write_page()
    for number, text in enumerate(HOSTILE):
        incident = {**INCIDENT, "title": text, "titles": {"en": text}, "url": text}
        words = {"headline": text, "headlines": {"en": text}, "name": text}
        servers.answer({**OUTAGE, **words, "open": [incident, incident]})
        if number == 0:
            open_page(page, servers)
        else:
            pass_time(page)

        expect(page.locator("status-embed b")).to_have_text(text, use_inner_text=False)
        assert page.locator("status-embed a").first.text_content() == text
        assert page.locator("status-embed *").count() == 8
        assert page.evaluate("window.ran") is None


# -- when there is news


def test_news_replaces_the_text_and_keyboard_focus_stays(servers: Servers, page: Page) -> None:
    servers.answer(OUTAGE)
    servers.write_page()
    open_page(page, servers)
    page.get_by_role("link", name="API errors").focus()
    servers.answer({**OUTAGE, "open": [{**INCIDENT, "titles": {"en": "No logins"}}]})
    pass_time(page)

    expect_shown(page, ["Major outage", "No logins"])
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.textContent") == "No logins"
    servers.answer(OPERATIONAL)
    pass_time(page)
    expect_nothing(page)


# -- when the status site does not answer


def test_without_a_status_site_the_page_is_as_before(servers: Servers, page: Page) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/embed.js"
    servers.write_page(None, head=f'<script src="{address}" data-show="always" async></script>')
    page.goto(servers.product)

    expect_nothing(page)
    expect(page.locator("h1")).to_have_text("Example Shop")


def test_a_status_site_that_never_answers_is_given_two_seconds(servers: Servers, page: Page) -> None:
    servers.may_answer.clear()
    servers.write_page(ALWAYS)
    with page.expect_request("**/status.json"):
        page.goto(servers.product, wait_until="commit")
    start = time.monotonic()
    with answered(page, "requestfailed"):
        pass
    seconds = time.monotonic() - start
    servers.may_answer.set()

    assert 1.5 < seconds < 4
    expect_nothing(page)


def test_a_script_that_never_arrives_does_not_delay_the_page(servers: Servers, page: Page) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/embed.js"
        servers.write_page(None, head=f'<script src="{address}" async></script>')
        page.goto(servers.product, wait_until="domcontentloaded", timeout=5000)
        servers.write_page(None, head=INSERTED % address)
        page.goto(servers.product, wait_until="load", timeout=5000)

    expect(page.locator("h1")).to_have_text("Example Shop")


# -- accessibility


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("look", ["", 'data-look="pill"', 'data-look="pill" data-target="#here"'])
def test_axe_finds_nothing_in_any_state(look: str, scheme: Any, servers: Servers, page: Page) -> None:
    page.emulate_media(color_scheme=scheme)
    dark_page = "<style>html { background: #14171c; color: #fff } a { color: #9dbdff }</style>"
    servers.write_page(f"{look} {ALWAYS}", head=dark_page if scheme == "dark" else "")
    servers.answer(OPERATIONAL)
    open_page(page, servers)
    expect_shown(page, ["All systems operational", "Example Status"])
    found = {"operational": violations(page)}
    for state in ("under_maintenance", "unknown", "degraded_performance", "partial_outage", "major_outage"):
        servers.answer({**OUTAGE, "status": state, "open": [INCIDENT, INCIDENT]})
        pass_time(page)
        expect_shown(page, [*SHOWN_OUTAGE, "+1"])
        found[state] = violations(page)

    assert {state: wrong for state, wrong in found.items() if wrong} == {}
