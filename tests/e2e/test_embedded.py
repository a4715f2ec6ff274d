"""The state on a page of another origin: it shows, hides, keeps time, and does no harm."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sites as small_sites
from browsing import HOSTILE, Live, build, served, violations
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sites import API_ERRORS

pytestmark = pytest.mark.slow

NOW = small_sites.NOW
BANNER = '<script src="{status}embed.js" defer></script>'
ALWAYS = '<script src="{status}embed.js" data-show="always" async></script>'
PILL = '<script src="{status}embed.js" data-look="pill" defer></script>'
AFTER = """\
<script>
addEventListener("load", () => {{
  const script = document.createElement("script")
  script.src = "{status}embed.js"
  document.head.append(script)
}})
</script>"""
PRODUCT = """\
<!doctype html>
<html lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Example Shop</title>
<link rel="icon" href="data:,">{head}</head>
<body><main><h1>Example Shop</h1><p>Everything for the <a href="/garden">garden</a>.</p><p id="here">Status</p></main>
</body>
</html>
"""
FINE = {"en": "All systems operational", "fr": "Tous les systèmes sont opérationnels"}
DOWN = {"en": "Major outage", "fr": "Panne majeure"}
WORK = {"en": "Maintenance in progress", "fr": "Maintenance en cours"}


def incident(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"2026-11-23-x-{number}",
        "title": "API errors",
        "titles": {"en": "API errors"},
        "url": "https://status.example.org/incidents/2026-11-23-x/",
        "status": "investigating",
        "impact": "critical",
        "started": "2026-11-23T13:00:00Z",
        "updated": "2026-11-23T13:00:00Z",
        "next": None,
        **changes,
    }


def planned(**changes: Any) -> dict[str, Any]:
    return {
        "id": "2026-11-23-work",
        "title": "Database upgrade",
        "titles": {},
        "url": "https://status.example.org/incidents/2026-11-23-work/",
        "from": "2026-11-23T15:00:00Z",
        "until": "2026-11-23T16:00:00Z",
        **changes,
    }


def transition(at: str, status: str, headlines: dict[str, str]) -> dict[str, Any]:
    return {"at": f"2026-11-23T{at}:00Z", "status": status, "headlines": headlines}


def status(state: str = "major_outage", headlines: dict[str, str] = DOWN, **changes: Any) -> dict[str, Any]:
    return {
        "version": 2,
        "name": "Example Status",
        "url": "https://status.example.org/",
        "written": NOW,
        "content": None,
        "stale_after": 86400,
        "digest": "1a2b3c4d5e6f7a8b",
        "status": state,
        "headline": headlines["en"],
        "headlines": headlines,
        "components": [],
        "open": [incident()] if state == "major_outage" else [],
        "planned": [],
        "transitions": [],
        "mirrors": [],
        **changes,
    }


class World:
    """A product's page and, on another port, a status site that answers as it is told, or not at all."""

    def __init__(self, script: bytes) -> None:
        self.script, self.page, self.policy = script, "", ""
        self.answer: bytes | None = b"{}"
        self.code = 200
        self.asked: list[dict[str, str]] = []
        self.silent = threading.Event()
        self.status, self.product = self._serving(self._of_status), self._serving(self._of_product)

    def _serving(self, answer: Any) -> str:
        class Handler(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                found = answer(self.path, dict(self.headers))
                if found is None:
                    return
                code, headers, content = found
                self.send_response(code)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}/"

    def _of_status(self, path: str, headers: dict[str, str]) -> Any:
        if path.partition("?")[0].endswith("/embed.js"):
            return 200, {"Content-Type": "text/javascript"}, self.script
        self.asked.append(headers)
        if self.answer is None:
            self.silent.wait(30)
            return None
        return self.code, {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}, self.answer

    def _of_product(self, path: str, headers: dict[str, str]) -> Any:
        policy = {"Content-Security-Policy": self.policy} if self.policy else {}
        return 200, {"Content-Type": "text/html; charset=utf-8", **policy}, self.page.encode()

    def says(self, document: Any) -> None:
        self.answer = document if isinstance(document, bytes) else json.dumps(document).encode()

    def carries(self, head: str, lang: str = "en", status: str = "") -> None:
        self.page = PRODUCT.format(lang=lang, head=head.format(status=status or self.status))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that was really built, in the middle of an outage."""
    folder = small_sites.make(tmp_path_factory.mktemp("embed") / "s", {"2026-11-23-api-errors.md": API_ERRORS})
    return build(folder / "mkdocs.yml", NOW, folder / "site")


@pytest.fixture
def world(site: Path) -> World:
    return World((site / "embed.js").read_bytes())


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = browser.new_context(timezone_id="UTC", locale="en-GB", viewport={"width": 390, "height": 600})
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page whose clock stands at NOW until it is moved, and which may not complain."""
    found = context.new_page()
    found.clock.install(time=NOW)
    return found


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    """What a page says in its console; a browser's own word on an address that does not answer is no word of ours."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda word: None if word.text.startswith("Failed to load") else found.append(word.text))
    yield found
    assert found == []


def shown(page: Page) -> Locator:
    return page.locator("status-embed [role=status] > div")


def words(page: Page) -> list[str]:
    """What stands in the page because of us, piece by piece; nothing when nothing does."""
    return page.locator("status-embed :is(b, a:not([hidden]))").all_inner_texts()


def gone(page: Page) -> None:
    """After the time in which it would have come."""
    page.wait_for_timeout(400)
    expect(page.locator("status-embed")).to_have_count(0)


def test_a_banner_says_the_state_and_the_worst_incident(world: World, page: Page) -> None:
    world.says(status(open=[incident(url=f"{world.status}incidents/x/"), incident(2, titles={"en": "Slow website"})]))
    world.carries(BANNER)
    page.goto(world.product)

    expect(shown(page)).to_be_visible()
    assert words(page) == ["Major outage", "API errors", "+1"]
    expect(page.get_by_role("link", name="API errors")).to_have_attribute("href", f"{world.status}incidents/x/")
    expect(page.get_by_role("link", name="+1: Slow website")).to_have_attribute("href", world.status)
    assert page.evaluate("document.body.firstElementChild.localName") == "status-embed"


def test_it_leaves_no_name_behind(world: World, page: Page) -> None:
    world.says(status())
    world.carries("<script>window.names = Object.keys(window)</script>" + BANNER)
    page.goto(world.product)
    expect(shown(page)).to_be_visible()

    assert page.evaluate("Object.keys(window).filter(name => !window.names.includes(name))") == ["names"]


def test_below_a_path_and_by_hand_it_finds_its_site(world: World, page: Page) -> None:
    world.says(status())
    world.carries(AFTER)
    world.page = world.page.replace("embed.js", "team/embed.js?v=1")
    page.goto(world.product)

    expect(shown(page)).to_be_visible()
    expect(page.get_by_role("link", name="API errors")).to_have_attribute("href", f"{world.status}team/")


def test_nothing_is_there_when_all_is_well(world: World, page: Page) -> None:
    world.says(status("operational", FINE))
    world.carries(BANNER)
    page.goto(world.product)
    gone(page)

    assert len(world.asked) == 1


def test_all_is_well_is_said_where_it_is_asked_for(world: World, page: Page) -> None:
    world.says(status("operational", FINE))
    world.carries(ALWAYS)
    page.goto(world.product)

    expect(shown(page)).to_be_visible()
    assert words(page) == ["All systems operational", "Example Status"]


def test_it_asks_for_one_file_without_cookies_or_a_referrer_and_leaves_nothing(world: World, page: Page) -> None:
    page.context.add_cookies([{"name": "secret", "value": "1", "url": world.status}])
    world.says(status())
    world.carries(BANNER)
    page.goto(world.product)
    expect(shown(page)).to_be_visible()

    assert [sorted({"Cookie", "Referer"} & set(headers)) for headers in world.asked] == [[]]
    assert len(page.context.cookies()) == 1
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


@pytest.mark.parametrize(
    ("attribute", "lang", "locale", "said"),
    [
        ("", "fr", "en-GB", "Panne majeure"),
        ("", "fr-CA", "en-GB", "Panne majeure"),
        ('data-lang="fr"', "en", "en-GB", "Panne majeure"),
        ("", "", "fr-FR", "Panne majeure"),
        ("", "de", "fr-FR", "Major outage"),
        ('data-lang="x y"', "not a language", "fr-FR", "Major outage"),
    ],
)
def test_it_speaks_the_readers_language(
    attribute: str, lang: str, locale: str, said: str, world: World, browser: Browser
) -> None:
    page = browser.new_context(locale=locale).new_page()
    page.clock.install(time=NOW)
    world.says(status(open=[incident(titles={"fr": "Erreurs de l’API"})]))
    world.carries(BANNER.replace("defer", f"{attribute} defer"), lang=lang)
    page.goto(world.product)
    title = "Erreurs de l’API" if said == DOWN["fr"] else "API errors"

    expect(shown(page)).to_be_visible()
    assert words(page) == [said, title]
    assert page.locator("status-embed div").get_attribute("lang") == ("fr" if said == DOWN["fr"] else "en")
    page.context.close()


def test_where_it_lacks_the_readers_language_it_speaks_the_sites_own(world: World, page: Page) -> None:
    world.says(status(headline=DOWN["fr"], open=[incident(title="Erreurs de l’API", titles={})]))
    world.carries(BANNER, lang="de")
    page.goto(world.product)
    expect(shown(page)).to_be_visible()

    assert words(page) == ["Panne majeure", "Erreurs de l’API"]
    assert page.locator("status-embed [lang]").evaluate_all("found => found.map(one => one.lang)") == ["fr", "fr"]


def test_it_reads_from_right_to_left_where_the_words_do(world: World, page: Page) -> None:
    headlines = {"en": "Major outage", "ar": "انقطاع كبير"}
    world.says(status(headlines=headlines))
    world.carries(BANNER, lang="ar")
    page.goto(world.product)
    expect(shown(page)).to_be_visible()

    assert words(page)[0] == headlines["ar"]
    assert (
        page.evaluate(
            "getComputedStyle(document.querySelector('status-embed').shadowRoot.querySelector('div')).direction"
        )
        == "rtl"
    )


@pytest.mark.parametrize(("target", "above"), [("", False), ("#here", True)])
def test_a_pill_stands_in_a_corner_or_where_it_is_put(target: str, above: bool, world: World, page: Page) -> None:
    world.says(status())
    world.carries(PILL.replace("defer", f'data-target="{target}" defer'))
    page.goto(world.product)
    box = page.locator("status-embed div").bounding_box()
    assert box is not None

    assert (box["y"] < 300) == above
    assert box["x"] + box["width"] < 390
    assert page.locator("#here status-embed").count() == (1 if target else 0)


@pytest.mark.parametrize("target", ["#nowhere", "[broken", "<b>"])
def test_where_there_is_no_place_nothing_is_put(target: str, world: World, page: Page) -> None:
    world.says(status())
    world.carries(PILL.replace("defer", f'data-target="{target}" defer'))
    page.goto(world.product)

    gone(page)


def test_two_of_them_do_not_disturb_each_other(world: World, page: Page) -> None:
    world.says(status())
    world.carries(BANNER + PILL)
    page.goto(world.product)

    expect(shown(page)).to_have_count(2)
    expect(shown(page).first).to_be_visible()
    expect(shown(page).last).to_be_visible()


def test_planned_work_begins_and_ends_by_the_readers_clock(world: World, page: Page) -> None:
    transitions = [transition("15:00", "under_maintenance", WORK), transition("16:00", "operational", FINE)]
    world.says(status("operational", FINE, planned=[planned()], transitions=transitions))
    world.carries(BANNER)
    page.goto(world.product)
    gone(page)
    page.clock.fast_forward("55:01")
    expect(shown(page)).to_be_visible()
    assert words(page) == ["Maintenance in progress", "Database upgrade"]
    page.clock.fast_forward("01:00:00")

    gone(page)


def test_work_that_was_running_ends_by_the_readers_clock(world: World, page: Page) -> None:
    running = incident(title="Database upgrade", titles={}, impact="maintenance", status="in_progress")
    transitions = [transition("16:00", "operational", FINE)]
    world.says(status("under_maintenance", WORK, open=[running], transitions=transitions))
    world.carries(ALWAYS)
    page.goto(world.product)
    expect(shown(page)).to_be_visible()
    assert words(page) == ["Maintenance in progress", "Database upgrade"]
    page.clock.fast_forward("01:56:00")
    expect(page.locator("status-embed b")).to_have_text("All systems operational")

    assert words(page) == ["All systems operational", "Example Status"]


def test_work_that_ends_leaves_other_work_and_the_outage(world: World, page: Page) -> None:
    ends = {"impact": "maintenance", "titles": {}}
    running = [
        incident(),
        *(incident(n, title=f"Work until {n}", until=f"2026-11-23T{n}:00:00Z", **ends) for n in (15, 16)),
    ]
    world.says(
        status(
            open=running,
            transitions=[transition("15:00", "major_outage", DOWN), transition("16:00", "major_outage", DOWN)],
        )
    )
    world.carries(BANNER)
    page.goto(world.product)
    expect(page.get_by_role("link", name="+2: Work until 15, Work until 16")).to_be_visible()
    page.clock.fast_forward("56:00")

    expect(page.get_by_role("link", name="+1: Work until 16")).to_be_visible()


FINE_NOW = status("operational", FINE)
NOT_UNDERSTOOD: dict[str, Any] = {
    "nothing": b"",
    "a page of a captive portal": b"<!doctype html><title>Log in to this network</title>",
    "null": b"null",
    "a list": b"[]",
    "no keys": b'{"version": 2}',
    "another version": {**FINE_NOW, "version": 1},
    "a day old": {**FINE_NOW, "written": "2026-11-22T14:05:00Z"},
    "no time": {**FINE_NOW, "written": "yesterday"},
    "no written": {**FINE_NOW, "written": None},
    "no stale_after": {**FINE_NOW, "stale_after": None},
    "stale_after in words": {**FINE_NOW, "stale_after": "long"},
    "an unknown word": {**FINE_NOW, "status": "splendid"},
    "a word of the language": {**FINE_NOW, "status": "constructor"},
    "no headline": {**FINE_NOW, "headlines": {}},
    "no headlines": {**FINE_NOW, "headlines": None},
    "no open": {**FINE_NOW, "open": None},
    "an empty incident": status(open=[None]),
    "an unknown transition": {**FINE_NOW, "transitions": [transition("14:00", "splendid", FINE)]},
    "a transition without words": {**FINE_NOW, "transitions": [transition("14:00", "operational", {})]},
}


@pytest.mark.parametrize("document", NOT_UNDERSTOOD.values(), ids=NOT_UNDERSTOOD)
def test_what_cannot_be_understood_or_is_old_is_never_all_well(document: Any, world: World, page: Page) -> None:
    world.says(document)
    world.carries(ALWAYS)
    page.goto(world.product)

    gone(page)


@pytest.mark.parametrize("code", [404, 500, 503])
def test_an_error_of_the_host_says_nothing(code: int, world: World, page: Page) -> None:
    world.says(status("operational", FINE))
    world.code = code
    world.carries(ALWAYS)
    page.goto(world.product)

    gone(page)


def test_news_take_the_place_of_the_old_and_the_focus_stays(world: World, page: Page) -> None:
    world.says(status())
    world.carries(BANNER)
    page.goto(world.product)
    page.get_by_role("link", name="API errors").focus()
    world.says(status(written="2026-11-23T14:06:00Z", open=[incident(titles={"en": "No logins"})]))
    page.clock.fast_forward("01:01")
    expect(page.locator("status-embed a").first).to_have_text("No logins")
    focused = "document.activeElement.shadowRoot.activeElement.textContent"
    assert page.evaluate(focused) == "No logins"
    world.says(status("operational", FINE))
    page.clock.fast_forward("01:01")

    gone(page)


def test_nothing_changes_while_there_is_no_news(world: World, page: Page) -> None:
    world.says(status())
    world.carries(BANNER)
    page.goto(world.product)
    expect(shown(page)).to_be_visible()
    page.evaluate(
        "new MutationObserver(() => window.moved = 1).observe(document.querySelector('status-embed').shadowRoot,"
        " {subtree: true, childList: true, attributes: true, characterData: true})"
    )
    page.clock.fast_forward("01:01")
    page.wait_for_timeout(300)

    assert len(world.asked) == 2
    assert page.evaluate("window.moved") is None


def test_a_page_nobody_looks_at_asks_nobody(world: World, page: Page) -> None:
    world.says(status())
    world.carries(BANNER)
    page.goto(world.product)
    expect(shown(page)).to_be_visible()
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    page.clock.fast_forward("10:00")
    page.wait_for_timeout(300)

    assert len(world.asked) == 1


def test_a_problem_stays_until_it_is_old_when_the_host_answers_no_more(world: World, page: Page) -> None:
    world.says(status(stale_after=3600))
    world.carries(BANNER)
    page.goto(world.product)
    expect(shown(page)).to_be_visible()
    world.code = 503
    page.clock.fast_forward("59:00")
    page.wait_for_timeout(300)
    assert words(page) == ["Major outage", "API errors"]
    page.clock.fast_forward("01:01")

    gone(page)


def test_all_is_well_goes_soon_when_the_host_answers_no_more(world: World, page: Page) -> None:
    world.says(status("operational", FINE))
    world.carries(ALWAYS)
    page.goto(world.product)
    expect(shown(page)).to_be_visible()
    world.code = 503
    page.clock.fast_forward("02:00")
    expect(shown(page)).to_be_visible()
    page.clock.fast_forward("03:01")

    gone(page)


def test_an_answer_that_cannot_be_read_ends_what_was_known(world: World, page: Page) -> None:
    world.says(status("operational", FINE))
    world.carries(ALWAYS)
    page.goto(world.product)
    expect(shown(page)).to_be_visible()
    world.says(b"{")
    page.clock.fast_forward("01:01")

    gone(page)


def closed() -> str:
    """An address of this machine at which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{found.getsockname()[1]}/"


def test_a_dead_host_leaves_the_page_alone(world: World, page: Page) -> None:
    world.carries(ALWAYS, status=closed())
    page.goto(world.product)
    gone(page)

    expect(page.locator("h1")).to_have_text("Example Shop")


def test_a_host_that_never_answers_is_given_two_seconds(world: World, page: Page) -> None:
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    world.answer = None
    world.carries(ALWAYS)
    page.goto(world.product, wait_until="load", timeout=1500)
    page.wait_for_timeout(1000)
    assert failed == []
    page.wait_for_timeout(1500)
    world.silent.set()

    assert failed == [f"{world.status}status.json"]
    gone(page)


def test_a_host_that_sends_not_even_the_script_holds_nothing_up(world: World, page: Page) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        world.carries(ALWAYS, status=address)
        page.goto(world.product, wait_until="domcontentloaded", timeout=1500)
        world.carries(AFTER, status=address)
        page.goto(world.product, wait_until="load", timeout=1500)

    expect(page.locator("h1")).to_have_text("Example Shop")


@pytest.mark.parametrize("look", [BANNER, PILL])
def test_a_strict_policy_of_the_page_is_no_obstacle(look: str, world: World, page: Page) -> None:
    world.policy = (
        f"default-src 'none'; style-src 'self'; img-src data:; script-src {world.status}; connect-src {world.status}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    world.says(status())
    world.carries(look)
    page.goto(world.product)

    expect(shown(page)).to_be_visible()
    assert words(page) == ["Major outage", "API errors"]
    color = "getComputedStyle(document.querySelector('status-embed').shadowRoot.querySelector('div')).backgroundColor"
    assert page.evaluate(color) == "rgb(193, 18, 31)"


def test_no_rule_of_the_page_reaches_it(world: World, page: Page) -> None:
    world.says(status())
    world.carries(BANNER + "<style>body * {{ display: none !important; color: red !important; margin: 9px }}</style>")
    page.goto(world.product)
    expect(page.locator("status-embed b")).to_have_css("color", "rgb(255, 255, 255)")

    expect(page.locator("status-embed")).to_have_css("display", "inline")


@pytest.mark.parametrize(
    "address",
    ["javascript:window.ran=1", "data:text/html,x", "https://example.com/", "//example.com/", "", "http://[", None],
)
def test_a_link_leads_to_the_status_site_or_nowhere_else(address: str | None, world: World, page: Page) -> None:
    world.says(status(open=[incident(url=address)]))
    world.carries(BANNER)
    page.goto(world.product)

    expect(page.get_by_role("link", name="API errors")).to_have_attribute("href", world.status)


def test_no_word_of_anybody_runs_on_the_product(world: World, page: Page) -> None:
    for text in HOSTILE:
        world.says(
            status(
                headline=text,
                headlines={"en": text},
                name=text,
                open=[incident(n, title=text, titles={"en": text}, url=text) for n in (1, 2)],
            )
        )
        world.carries(BANNER)
        page.goto(world.product)
        expect(page.locator("status-embed b")).to_have_text(text, use_inner_text=False)
        assert page.locator("status-embed a").first.text_content() == text
        assert page.locator("status-embed *").count() == 8
        assert page.evaluate("window.ran") is None


DARK = "<style>html {{ background: #14171c; color: #fff }} a {{ color: #9dbdff }}</style>"
LOOKS = {"banner": BANNER, "pill": PILL, "placed": PILL.replace("defer", 'data-target="#here" defer')}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("look", LOOKS)
def test_it_shuts_nobody_out(look: str, scheme: str, world: World, browser: Browser) -> None:
    page = browser.new_context(color_scheme=scheme).new_page()  # type: ignore[arg-type]
    page.clock.install(time=NOW)
    world.carries(LOOKS[look] + (DARK if scheme == "dark" else ""))
    found = {}
    for state in ("under_maintenance", "unknown", "degraded_performance", "partial_outage", "major_outage"):
        world.says(status(state, open=[incident(), incident(2)]))
        page.goto(world.product)
        expect(shown(page)).to_be_visible()
        found[state] = violations(page)
    world.says(status("operational", FINE))
    world.page = world.page.replace("embed.js", 'embed.js" data-show="always')
    page.goto(world.product)
    expect(shown(page)).to_be_visible()
    found["operational"] = violations(page)
    page.context.close()

    assert {state: wrong for state, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_a_narrow_page_scrolls_one_way(look: str, world: World, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 600}).new_page()
    page.clock.install(time=NOW)
    world.says(status(open=[incident(titles={"en": f"{'Unaussprechlichkeitsbeauftragter' * 3} of all"}), incident(2)]))
    world.carries(LOOKS[look])
    page.goto(world.product)
    expect(shown(page)).to_be_visible()
    box = page.locator("status-embed div").bounding_box()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.context.close()

    assert wide <= 0
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320


def test_the_words_come_after_the_region_so_that_they_are_heard(world: World, page: Page) -> None:
    world.says(status())
    world.carries(
        "<script>new MutationObserver(() => {{"
        " window.first ??= document.querySelector('status-embed')?.shadowRoot.textContent"
        "}}).observe(document, {{subtree: true, childList: true}})</script>" + BANNER
    )
    page.goto(world.product)
    expect(shown(page)).to_be_visible()

    assert page.evaluate("window.first") == ""


def test_a_site_that_was_really_built_is_understood(world: World, site: Path, page: Page) -> None:
    world.says((site / "status.json").read_bytes())
    world.carries(BANNER)
    page.goto(world.product)

    expect(shown(page)).to_be_visible()
    assert words(page) == ["Major outage", "API errors"]


# -- the page for a frame


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    found = Live(tmp_path / "s")
    yield found
    found.down()


FRAME = """\
<!doctype html><html lang="en"><head><title>Example Shop</title><link rel="icon" href="data:,"></head>
<body><main><h1>Shop</h1><iframe src="%sembed.html" title="Status" width="100%%" height="110"></iframe></main></body>
</html>
"""
RUNNING = """\
title: Database upgrade
kind: maintenance
scheduled: {from: 2026-11-23T14:00:00Z, until: 2026-11-23T16:00:00Z}
updates:
- {at: 2026-11-20T09:00:00Z, status: scheduled, components: {api: under_maintenance}, message: Reads keep working.}
"""


def test_a_frame_of_another_origin_shows_the_state_and_keeps_it_true(world: World, live: Live, page: Page) -> None:
    live.make({"2026-11-23-work.yml": RUNNING})
    world.page = FRAME % live.url
    page.goto(world.product)
    frame = page.frame_locator("iframe")
    expect(frame.locator(".st-hero div")).to_have_text(
        "Maintenance in progress Database upgrade · In progress As of 23 November 2026, 14:05 UTC"
    )
    page.clock.fast_forward("01:56:00")
    expect(frame.locator(".st-hero div")).to_have_text(
        "All systems operational Database upgrade · Completed As of 23 November 2026, 14:05 UTC, and as planned since"
    )
    live.write("2026-11-23-api-errors.md", API_ERRORS)
    live.build("2026-11-23T16:02:00Z")
    page.clock.fast_forward("02:00")
    expect(frame.locator(".st-hero div")).to_have_text(
        "Major outage API errors · Investigating As of 23 November 2026, 16:02 UTC"
    )
    page.clock.fast_forward("25:00:00")
    expect(frame.locator(".st-stale")).to_be_visible()
    expect(frame.locator("h1")).to_have_text("Not known: this page is out of date")
    expect(frame.get_by_role("status")).to_have_count(2)
    frame.get_by_role("link", name="API errors").click()
    expect(page).to_have_url(f"{live.url}incidents/2026-11-23-api-errors/")


def test_a_frame_is_true_without_javascript(world: World, site: Path, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    with served(site) as address:
        page.goto(address + "embed.html")
        expect(page.locator(".st-hero div")).to_have_text(
            "Major outage API errors · Investigating As of 23 November 2026, 14:05 UTC"
        )
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_frame_shuts_nobody_out(width: int, scheme: str, world: World, site: Path, browser: Browser) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 200}, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.clock.install(time=NOW)
    with served(site) as address:
        page.goto(address + "embed.html")
        found = violations(page)
        page.clock.fast_forward("25:00:00")
        expect(page.locator(".st-stale")).to_be_visible()
        found += violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        ink = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--st-ink')")
    context.close()

    assert found == []
    assert wide <= 0
    assert ink == ("#e8ebf0" if scheme == "dark" else "#1c2430")
