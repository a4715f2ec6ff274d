"""MkDocs and its themes are known to one folder of the program and one of the templates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KNOWS = re.compile(r"mkdocs(?!\.yml)|properdocs|materialx?\b|\bmd-|\b__md|document\$", re.IGNORECASE)
COLOUR = re.compile(r"(--st-[\w-]+): (#\w+)")


@pytest.mark.parametrize("folder", ["errors.py", "text", "model", "system", "outputs"])
def test_no_lower_module_knows_the_engine_or_its_themes(folder: str) -> None:
    place = ROOT / "status_tool" / folder
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))

    assert [f"{file.name}: {found[0]}" for file in files for found in KNOWS.finditer(file.read_text())] == []


@pytest.mark.parametrize("file", ["assets/status.css", "assets/status.js", "pages/embed.html", "pages/embed.js"])
def test_our_assets_speak_of_our_own_classes_and_variables(file: str) -> None:
    text = (ROOT / "site_templates" / file).read_text()

    assert [found[0] for found in KNOWS.finditer(text)] == []
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= {
        f"--{name}" for name in ("c", "shape", "day", "days", "gap")
    } | set(re.findall(r"--st-[\w-]+", text))


def test_a_page_is_as_dark_by_the_theme_as_by_the_readers_device_and_light_on_paper() -> None:
    templates = ROOT / "site_templates"
    ours, theme = ((templates / folder / "status.css").read_text() for folder in ("assets", "theme/assets"))

    screen, _, paper = theme.partition("@media print")
    light, _, dark = ours.partition("prefers-color-scheme: dark")

    assert COLOUR.findall(screen) == COLOUR.findall(dark)
    assert COLOUR.findall(paper) == COLOUR.findall(light)
