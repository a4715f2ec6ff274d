"""The kit for people: words for each place, what they note, and a plan on paper that keeps contacts private."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import channel_stub
import pytest
import repository
import sites
from playwright.sync_api import sync_playwright
from sites import snapshot, status

from status_tool.notify import qr_code

LINES = """\
    channels:
    - {{name: yubo, kind: person, mode: manual}}
    - {{name: call, kind: person, mode: manual}}
"""
CONTACTS = """\
name,role,phone,mail,decides,calls
Ann,"Lead, nights",+33 1 99 00 12 34,ann@example.org,yes,Bob
Bob,Operations,+33199001235,,,
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    settings = sites.SETTINGS.replace("    components:", f"{LINES}    components:")
    made = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": sites.API_ERRORS}, settings=settings)
    repository.create(made)
    return made


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [value or "" for name, value in attrs if name in ("src", "srcset")] + [tag] * (tag == "link")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def read(file: Path) -> _Text:
    found = _Text()
    found.feed(file.read_text("utf-8"))
    return found


def test_the_kit_has_the_words_for_each_place_and_loads_nothing(site: Path, tmp_path: Path) -> None:
    before = snapshot(site)
    said = status(site, "kit", "--output", str(tmp_path / "kit"))
    page = read(tmp_path / "kit" / "kit.html")
    text = (tmp_path / "kit" / "kit.txt").read_text()

    assert said.code == 0, said.err
    assert snapshot(site) == before
    assert sorted(path.name for path in (tmp_path / "kit").iterdir()) == ["kit.html", "kit.txt", "poster.html"]
    assert page.loads == read(tmp_path / "kit" / "poster.html").loads == []
    for place in ("X", "Bluesky", "Mastodon", "Telegram", "Signal", "Trust Café", "MeWe", "Yubo", "SMS", "E-mail"):
        assert f"=== {place} (" in text
    assert "API errors, since 23 November 2026, 13:00 UTC." in text
    html = (tmp_path / "kit" / "kit.html").read_text()
    assert "https://bsky.app/intent/compose?text=Example%20Status%0AInvestigating" in html
    assert "<svg" in (tmp_path / "kit" / "poster.html").read_text()


def test_hostile_words_stay_words(site: Path, tmp_path: Path) -> None:
    file = site / "incidents" / "2026-11-23-api-errors.md"
    file.write_text(file.read_text().replace("API errors", '"</title><script>alert(1)</script>&"'))
    status(site, "kit", "--output", str(tmp_path / "kit"))

    for name in ("kit.html", "poster.html"):
        assert "<script>alert" not in (tmp_path / "kit" / name).read_text()


def test_what_a_person_has_said_is_noted_once(site: Path) -> None:
    asked = status(site, "notify", "--dry-run")
    noted = status(site, "kit", "--mark-sent", "yubo")
    again = status(site, "kit", "api", "--mark-sent", "yubo")
    later = status(site, "notify", "--dry-run")

    assert "yubo, by hand: Investigating, API errors." in asked.out
    assert (noted.code, noted.out) == (0, "Noted: Investigating, API errors is said on yubo.\n")
    assert again.out == "It was noted already that 2026-11-23-api-errors is said on yubo.\n"
    assert ("yubo, by hand" in later.out, "call, by hand" in later.out) == (False, True)
    assert "yubo: delivered by hand" in status(site, "ledger").out
    assert 'there is no channel "yubu".' in status(site, "kit", "--mark-sent", "yubu").err


def test_a_note_settles_what_nobody_knew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with channel_stub.serving(channel_stub.Reply(500)) as service:
        line = "    channels:\n    - {{name: chat, kind: slack, url_env: T_URL, mode: auto}}\n"
        settings = sites.SETTINGS.replace("    components:", f"{line}    components:")
        site = sites.make(tmp_path / "s", {"2026-11-23-api-errors.md": sites.API_ERRORS}, settings=settings)
        repository.create(site)
        monkeypatch.setenv("T_URL", service.url)
        first = status(site, "notify", "--yes")
        assert ("nobody knows whether it was said" in first.err, len(service.requests)) == (True, 1), first.err
        status(site, "kit", "--mark-sent", "chat")

        assert status(site, "notify", "--yes").out == "On the channels of mode auto, everything is said.\n"
        assert len(service.requests) == 1


def test_the_plan_says_who_calls_whom_and_what_to_type(site: Path, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(CONTACTS)
    said = status(site, "kit", "--plan", "--contacts", str(tmp_path / "c.csv"), "--output", str(tmp_path / "k"))
    html = (tmp_path / "k" / "plan.html").read_text()

    assert (said.code, said.err) == (0, "")
    assert '<a href="tel:+33199001234">+33 1 99 00 12 34</a>' in html
    assert "Lead, nights" in html
    assert html.count("Ann") == 2
    assert 'status open "What is wrong" -c api=major_outage' in html
    assert read(tmp_path / "k" / "plan.html").loads == []


def test_a_plan_without_contacts_has_lines_to_fill_in(site: Path, tmp_path: Path) -> None:
    said = status(site, "kit", "--plan", "--output", str(tmp_path / "k"))

    assert (said.code, (tmp_path / "k" / "plan.html").read_text().count('<tr class="blank">')) == (0, 7)


def test_contact_data_is_refused_in_the_repository_and_the_site(site: Path, tmp_path: Path) -> None:
    (site / "c.csv").write_text(CONTACTS)
    (tmp_path / "c.csv").write_text(CONTACTS)
    (tmp_path / "link.csv").symlink_to(site / "c.csv")
    inside = status(site, "kit", "--plan", "--contacts", "c.csv", "--output", str(tmp_path / "k"))
    linked = status(site, "kit", "--plan", "--contacts", str(tmp_path / "link.csv"), "--output", str(tmp_path / "k"))
    output = status(site, "kit", "--plan", "--contacts", str(tmp_path / "c.csv"), "--output", "docs")

    for said in (inside, linked, output):
        assert (said.code, "contact data may not be in the repository or the site." in said.err) == (1, True)
    assert not (tmp_path / "k").exists()
    assert not (site / "docs" / "plan.html").exists()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "the first line has no column name."),
        ("name,fon\nAnn,1\n", 'unknown column "fon".'),
        ("name\n", "nobody is in the file."),
        ("name,phone\nAnn,0199\n", "c.csv:2: this is no telephone number with + and the country code."),
        ("name,mail\nAnn,ann\n", "c.csv:2: this is no mail address."),
        ("name,calls\nAnn,Bob\n", 'c.csv:2: "Ann" calls "Bob", who is not in the file.'),
        ("name,role\nAnn,Lead, nights\n", "c.csv:2: more values than columns."),
        ('name\n"Ann\n', "not CSV"),
        ("name,role\n,Lead\n", "c.csv:2: nobody is named."),
    ],
)
def test_what_is_wrong_with_the_contacts_is_named(text: str, error: str, site: Path, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(text)
    said = status(site, "kit", "--plan", "--contacts", str(tmp_path / "c.csv"), "--output", str(tmp_path / "k"))

    assert (said.code, error in said.err) == (1, True), said.err
    assert not (tmp_path / "k").exists()


def test_what_the_command_line_cannot_mean_is_told(site: Path) -> None:
    assert status(site, "kit", "--contacts", "x.csv").code == 2
    assert status(site, "kit", "api", "--plan").code == 2


@pytest.mark.slow
def test_the_pages_print_whole_and_the_code_leads_to_the_page(site: Path, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(CONTACTS)
    status(site, "kit", "--output", str(tmp_path / "k"))
    status(site, "kit", "--plan", "--contacts", str(tmp_path / "c.csv"), "--output", str(tmp_path / "k"))
    counts = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        for name in ("kit", "poster", "plan"):
            page = browser.new_page(viewport={"width": 390, "height": 800})
            page.goto(f"file://{tmp_path}/k/{name}.html")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            page.pdf(path=tmp_path / f"{name}.pdf", prefer_css_page_size=True)
            counts[name] = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / f"{name}.pdf").read_bytes()))
        page.goto(f"file://{tmp_path}/k/poster.html")
        page.locator("svg").screenshot(path=tmp_path / "code.png")
        browser.close()

    assert counts["poster"] == 1
    assert (counts["plan"] <= 2, counts["kit"] <= 6) == (True, True)
    if shutil.which("zbarimg"):
        decoded = subprocess.run(["zbarimg", "-q", "--raw", tmp_path / "code.png"], capture_output=True, text=True)
        assert decoded.stdout.strip() == "https://status.example.org/"


def test_a_code_is_black_on_white_in_any_colours() -> None:
    svg = qr_code.svg("https://status.example.org/")

    assert ('fill="#fff"' in svg, 'stroke="#000"' in svg, "viewBox" in svg) == (True, True, True)
