"""No word that anybody writes can run, on any page, nor disturb the console."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sites as small_sites
from browsing import HOSTILE, build, served
from playwright.sync_api import Browser

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    files = {}
    for number, text in enumerate(HOSTILE):
        words = json.dumps(text)
        fields = "".join(f"{key}: {words}\n" for key in ("title", "who", "workaround", "contact"))
        at = f"2026-11-{1 + number // 2:02}T{1 + number % 2:02}:00:00Z"
        said = f"at: {at}, status: investigating, components: {{part-{number:02}: major_outage}}, message: {words}"
        files[f"x-{number:02}.md"] = f"---\n{fields}updates:\n- {{{said}}}\n---\n{text}\n"
    parts = ""
    for number, text in enumerate(HOSTILE):
        fields = ", ".join(f"{key}: {json.dumps(text)}" for key in ("name", "group", "description"))
        parts += f"    - {{id: part-{number:02}, {fields}}}\n"
    head = small_sites.SETTINGS.partition("    - {{id: api")[0].replace("Example Status", json.dumps(HOSTILE[2]))
    site = small_sites.make(folder / "s", files, settings=head + parts.replace("{", "{{").replace("}", "}}"))
    return build(site / "mkdocs.yml", small_sites.NOW, folder / "site")


def test_there_are_thirty_of_them_and_more() -> None:
    assert len(set(HOSTILE)) >= 30


def test_no_word_of_anybody_runs(browser: Browser, root: Path) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("dialog", lambda dialog: complaints.append(f"{page.url}: {dialog.message}"))
    paths = [f"{kind}/{name}/" for n in range(len(HOSTILE)) for kind, name in (("incidents", f"x-{n:02}"),)]
    paths += ["", "history/", "history/2026-11/", *(f"components/part-{n:02}/" for n in range(0, len(HOSTILE), 4))]
    with served(root) as address:
        for path in paths:
            page.goto(address + path, wait_until="load")
            page.evaluate("document.querySelectorAll('.st a').forEach(a => a.dispatchEvent(new Event('mouseover')))")
            assert page.evaluate("window.ran") is None, path
            assert page.url == address + path
    page.close()

    assert complaints == []


def test_every_word_is_shown_as_it_was_written(browser: Browser, root: Path) -> None:
    page = browser.new_page()
    with served(root) as address:
        for number, text in enumerate(HOSTILE):
            page.goto(f"{address}incidents/x-{number:02}/")
            assert page.locator("h1").text_content() == text
    page.close()
