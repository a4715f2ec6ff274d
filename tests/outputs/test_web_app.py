"""The site as an app, and the icon of a tab with the owner's own."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sites
from sites import API_ERRORS, context_at, files_of

from status_tool.outputs import plan, web_app
from status_tool.render import icons

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


def site(folder: Path, favicon: str, content: bytes | None) -> Path:
    settings = sites.SETTINGS.replace("font: false", f"font: false, favicon: {favicon}")
    made = sites.make(folder, {"2026-11-23-api-errors.md": API_ERRORS, "w.yml": sites.WORK}, settings=settings)
    if content is not None:
        (made / "docs" / favicon).write_bytes(content)
    return made


def icon(html: bytes) -> str:
    return re.findall(b'<link rel="icon" href="([^"]*)"', html)[0].decode()


def test_the_manifest_of_the_app_leads_to_files_of_the_site_and_says_nothing_of_the_state(tmp_path: Path) -> None:
    files = files_of(context_at(sites.make(tmp_path / "s")))
    manifest = json.loads(files["app.webmanifest"])

    assert (manifest["name"], manifest["start_url"], manifest["scope"]) == ("Example Status", "./", "./")
    assert {item["src"] for item in manifest["icons"]} == set(web_app.ICONS) <= files.keys()
    assert all(plan.is_reserved(path) for path in ("app.webmanifest", *web_app.ICONS, "assets/tab-unknown.svg"))


@pytest.mark.parametrize(("name", "content"), [("icon.png", PIXEL), ("icon.SVG", SVG)])
def test_the_owners_icon_is_in_the_icon_of_each_state(name: str, content: bytes, tmp_path: Path) -> None:
    made = site(tmp_path / "s", name, content)
    files = files_of(context_at(made))
    shown = {path: html for path, html in files.items() if b'<link rel="icon"' in html}

    assert icon(files["embed.html"]).startswith("assets/tab-major_outage.svg?v=")
    assert shown.keys() == {"embed.html"}  # the other pages have a frame, from which their icon is taken
    for status, (color, *_) in icons.SHAPES.items():
        image = files[f"assets/tab-{status}.svg"]
        (owners,) = ElementTree.fromstring(image).iter("{http://www.w3.org/2000/svg}image")
        assert base64.b64decode(owners.attrib["href"].partition(",")[2]) == content
        assert color.encode() in image


@pytest.mark.parametrize(("name", "content"), [("icon.png", None), ("icon.txt", b"x")])
def test_without_an_icon_that_can_be_shown_the_state_is_shown_alone(
    name: str, content: bytes | None, tmp_path: Path
) -> None:
    files = files_of(context_at(site(tmp_path / "s", name, content)))

    assert icon(files["embed.html"]).startswith("data:image/svg+xml,")
    assert not [path for path in files if path.startswith("assets/tab-")]


def test_the_script_of_a_page_finds_the_icons_of_later_states(tmp_path: Path) -> None:
    html = files_of(context_at(site(tmp_path / "s", "icon.png", PIXEL)))["index.html"].decode()

    assert re.findall(r"&#34;icon&#34;: ?&#34;(assets/tab-\w+\.svg)", html)
    assert re.findall(r'data-old-icon="(assets/tab-unknown\.svg)', html)
