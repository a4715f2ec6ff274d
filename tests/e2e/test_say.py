"""`/say/`: from a phone to the forge's page for a new file, with the right file in its address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import browsing
import pytest
import sites
from playwright.sync_api import Browser, BrowserContext, Page
from sites import API_ERRORS, status

from status_tool.incident_files import parser, update_files, writer
from status_tool.incident_files.update_files import FileText
from status_tool.model.forge import NewFilePage
from status_tool.settings import settings as site_settings
from status_tool.text import sms, yaml_text

pytestmark = pytest.mark.slow
NAME = "2026-11-23-api-errors"
SETTINGS = sites.SETTINGS.replace(
    "    renewed_by", "    timezone: Europe/Paris\n    say: https://github.com/example/status\n    renewed_by"
)
WORDS = [
    "---\nWe said:\n---", "- a\n- b", "#: *&!|>%@`", "'\"\\ \\n", "tab\there", "a  \n\n\n  indented", "été — €",
    "مرحبا \u200f",
    "\N{FIRE}\N{FIRE}", "<script>window.ran=1</script>", "{{ 7*7 }} ${{ x }}", "[x](https://example.org/)",
    "key: value",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = sites.make(tmp_path_factory.mktemp("say") / "s", {f"{NAME}.md": API_ERRORS}, settings=SETTINGS)
    assert status(made, "build").code == 0
    return made


@pytest.fixture
def page(site: Path, browser: Browser) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(viewport={"width": 390, "height": 844})
    with browsing.served(site / "site") as url:
        opened = context.new_page()
        opened.clock.set_fixed_time("2026-11-23T14:05:00Z")
        opened.goto(f"{url}say/")
        yield opened
    context.close()


def sent(page: Page) -> tuple[str, str, str]:
    """The forge's page, the path of the file, and its text, as the address says them."""
    address = urlsplit(page.get_attribute("#go", "href") or "")
    query = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
    path, text = (
        query.get(names[0]) or query.get(names[1]) or "" for names in (("filename", "file_name"), ("value", "content"))
    )
    return address._replace(query="").geturl(), path, text


def test_an_update_is_a_file_of_its_own_that_check_accepts(site: Path, page: Page) -> None:
    page.fill("#message", "The old version is back.\n\nWe watch.")
    page.select_option("#status", "monitoring")
    page.select_option("#c-api", "partial_outage")
    page.select_option("#next", "30")
    forge, path, text = sent(page)

    assert (forge, path) == ("https://github.com/example/status/new/main", f"incidents/{NAME}/20261123T140500Z.md")
    assert text == (
        "---\nstatus: monitoring\ncomponents: {api: partial_outage}\nnext: 2026-11-23T14:35:00Z\n---\n"
        "The old version is back.\n\nWe watch.\n"
    )
    assert path.rpartition("/")[2] == update_files.file_name(parser.parse(text_of(site, text), "x.md").last.at)
    assert browsing.violations(page) == []


def text_of(site: Path, update: str) -> str:
    """The incident with the update file, as one text; `status check` has accepted the file."""
    folder = site / "incidents" / NAME
    folder.mkdir(exist_ok=True)
    file = folder / "20261123T140500Z.md"
    file.write_text(update)
    try:
        said = status(site, "check")
        assert said.code == 0, said.err
        incident = parser.parse(API_ERRORS, f"{NAME}.md", files=[FileText(str(file), update)])
    finally:
        file.unlink()
        folder.rmdir()
    return writer.draft(incident)


@pytest.mark.parametrize("words", WORDS)
def test_whatever_is_typed_is_read_back_as_the_same_words(words: str, site: Path, page: Page) -> None:
    page.fill("#message", words)
    _, _, update = sent(page)
    page.select_option("#incident", "")
    page.fill("#title", " ".join(words.split()))
    _, path, incident = sent(page)

    expected = yaml_text.tidy(words)
    assert str(parser.parse(text_of(site, update), "x.md").last.message) == expected
    read = parser.parse(incident, path.rpartition("/")[2])
    assert (str(read.title), str(read.first.message)) == (" ".join(words.split()), expected)
    assert path.startswith("incidents/2026-11-23-")
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("---\ntitle: x\n---", "looks like a part of the file"),
        ("status: resolved", "looks like a part of the file"),
        ("<<<<<<< HEAD", "looks like a part of the file"),
        ("bell \x07", "U+0007"),
        ("  ", "Write what readers should know."),
    ],
)
def test_what_cannot_be_said_is_said_on_the_page(typed: str, said: str, page: Page) -> None:
    page.evaluate("text => { document.getElementById('message').value = text }", typed)
    page.dispatch_event("#message", "input", {"bubbles": True})

    assert said in page.inner_text("#problem")
    assert page.is_hidden("#result")


def test_a_text_too_long_for_an_address_is_offered_for_copying(page: Page) -> None:
    page.fill("#message", "é" * 3_000)
    _, path, text = sent(page)

    assert (text, path) == ("", f"incidents/{NAME}/20261123T140500Z.md")
    assert "too long" in page.inner_text("#too-long")
    assert page.input_value("#file").endswith("é\n")
    page.click("#copy")  # without the right to the clipboard, the text is selected
    page.wait_for_function("document.getElementById('copy').textContent !== 'Copy the text'")
    assert page.inner_text("#copy") in ("Copied", "Select the text and copy it")
    assert page.evaluate("document.activeElement.id") in ("file", "copy")


def test_what_was_typed_stays_until_it_is_thrown_away(page: Page) -> None:
    page.fill("#message", "Half a sentence")
    page.reload()
    assert page.input_value("#message") == "Half a sentence"
    page.click("#clear")
    page.reload()
    assert page.input_value("#message") == ""


def test_it_works_without_a_network_and_says_how_old_its_knowledge_is(page: Page) -> None:
    page.context.set_offline(True)
    page.clock.set_fixed_time("2026-11-23T14:47:00Z")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("document.getElementById('age').textContent.includes('cannot reach')")

    assert page.inner_text("#age") == (
        "What is open was known 42\u00a0min ago. This page cannot reach the site now. It works without it."
    )
    page.fill("#message", "Still here.")
    assert sent(page)[2].endswith("Still here.\n")


def test_lengths_are_those_of_the_program(page: Page) -> None:
    for text in ("a" * 200, "é€", "ê" * 70, "\N{FIRE}" * 40):
        page.fill("#message", text)
        shown = page.inner_text("#lengths tr:first-child td")
        label = f"Example Status: API errors (Investigating). {text} https://status.example.org/incidents/{NAME}/"
        expected = sms.measure(label)
        assert shown == f"{expected.units} characters, {expected.parts} SMS"


@pytest.mark.parametrize(
    ("say", "address"),
    [
        ("{url: https://gitlab.com/a/b, branch: ops/x}", "https://gitlab.com/a/b/-/new/ops/x?file_name="),
        ("https://codeberg.org/a/b.git", "https://codeberg.org/a/b/_new/main/?filename="),
        ("{url: https://git.example.org/sub/a/b/, forge: gitea, folder: ops/status}", "https://git.example.org/sub/a/b/_new/main/?filename=ops%2Fstatus%2Fincidents%2F"),
    ],
)  # fmt: skip
def test_every_forge_has_its_own_address(say: str, address: str, tmp_path: Path, browser: Browser) -> None:
    settings = SETTINGS.replace("https://github.com/example/status", say.replace("{", "{{").replace("}", "}}"))
    made = sites.make(tmp_path / "s", {f"{NAME}.md": API_ERRORS}, settings=settings)
    assert status(made, "build").code == 0
    with browsing.served(made / "site") as url:
        page = browser.new_page()
        page.goto(f"{url}say/")
        page.fill("#message", "Words.")
        assert (page.get_attribute("#go", "href") or "").startswith(address)
        assert sent(page)[2].endswith("Words.\n")
        page.close()


def test_no_reader_and_no_search_engine_is_led_to_it(site: Path) -> None:
    made = site / "site"
    named = [
        path.relative_to(made).as_posix()
        for path in made.rglob("*")
        if path.is_file()
        and path.suffix in (".html", ".xml", ".txt", ".json")
        and "say/" in path.read_text("utf-8", "replace")
    ]

    assert [path for path in named if not path.startswith("say/") and path != "manifest.json"] == []
    assert '<meta name="robots" content="noindex, nofollow">' in (made / "say" / "index.html").read_text()


def test_it_is_there_only_where_the_setting_is(tmp_path: Path) -> None:
    made = sites.make(tmp_path / "s", {f"{NAME}.md": API_ERRORS})
    files = sites.files_of(sites.context_at(made))
    assert not [path for path in files if path.startswith("say/")]


@pytest.mark.parametrize(
    ("say", "said"),
    [
        ("https://git.example.org/a/b", "which forge is at https://git.example.org/a/b is not known."),
        ("{url: https://git.example.org/a/b, forge: svn}", '"forge" is "svn".'),
        ("{url: example/status}", 'url is not a full URL: "example/status".'),
        ("{forge: github}", '"url" is missing.'),
        ("{url: https://github.com/a/b, branch: 'a b'}", '"a b" cannot be a branch.'),
        ("{url: https://github.com/a/b, folder: ../x}", '"../x" is not a folder of the repository.'),
    ],
)
def test_a_mistake_in_the_setting_is_named(say: str, said: str, tmp_path: Path) -> None:
    settings = SETTINGS.replace("https://github.com/example/status", say.replace("{", "{{").replace("}", "}}"))
    error = status(sites.make(tmp_path / "s", {}, settings=settings), "check").err

    assert error.startswith(f"mkdocs.yml:8: {said}"), error


def test_the_data_of_the_page_ends_no_script(tmp_path: Path) -> None:
    title = json.dumps("</script><script>window.ran=1</script>")
    made = sites.make(tmp_path / "s", {f"{NAME}.md": API_ERRORS.replace("API errors", title)}, settings=SETTINGS)
    content = sites.files_of(sites.context_at(made)).get("say/index.html", b"")

    assert content.count(b"</script>") == 2 or not content
    assert site_settings.load(made / "mkdocs.yml").say == NewFilePage(
        site_settings.load(made / "mkdocs.yml").say.forge, "https://github.com/example/status"
    )  # type: ignore[union-attr]
